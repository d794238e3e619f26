"""A master key for this computer alone, so that a demonstration needs no settings."""

import os
import tempfile
from base64 import b64encode
from pathlib import Path


def made_once(path: Path) -> str:
    """The keys in this file, which is made where it is missing; nobody else may read it.

    Several processes may start at once: a whole file is linked into place, and the first stays.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        draft = Path(name)
        with os.fdopen(handle, "w") as file:
            file.write(f"1:{b64encode(os.urandom(32)).decode()}\n")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
