"""Where a Chromium is for the browser tests; playwright brings none of its own."""

import os
import shutil
from pathlib import Path

UNPACKED = Path(__file__).resolve().parents[2] / "var" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this computer can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def executable() -> Path | None:
    """MACA_CHROMIUM if it is set, then a system one, then the one bin/test has unpacked."""
    if named := os.environ.get("MACA_CHROMIUM"):
        return Path(named)
    found = (shutil.which(name) for name in NAMES)
    candidates = [*(Path(path) for path in found if path), MAC, UNPACKED / "chromium"]
    return next((path for path in candidates if os.access(path, os.X_OK)), None)
