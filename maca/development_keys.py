"""A master key for this computer alone, so that a demonstration needs no settings."""

import os
from base64 import b64encode
from pathlib import Path

from agencies.key_folder import write_once


def made_once(path: Path) -> str:
    """The keys in this file, which is made where it is missing; nobody else may read it."""
    if not path.exists():
        write_once(path, f"1:{b64encode(os.urandom(32)).decode()}\n")
    return path.read_text().strip()
