"""The password of the demonstration's accounts: given, kept from the last time, or made up."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def demonstration_password() -> str:
    if given := os.environ.get("MACA_DEMO_PASSWORD", ""):
        return given
    path: Path = settings.VAR_DIR / "demo" / "password"
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    made_up = "-".join(secrets.token_hex(3) for _ in range(3))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made_up + "\n")
    return made_up
