"""What `check --deploy` says about the key folder and its copies."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

SEE = "See docs/operators/keys.md."


@checks.register(checks.Tags.security, deploy=True)
def check_key_folder(**_kwargs: Any) -> list[checks.CheckMessage]:
    return [*_folder(Path(settings.KEY_FOLDER)), *_neighbours(Path(settings.KEY_FOLDER))]


def _folder(folder: Path) -> Iterator[checks.CheckMessage]:
    if not folder.is_dir():
        yield checks.Error(
            "MACA_KEY_FOLDER names no folder that is there.",
            hint=f"Make it for the application alone: install -d -m 700. {SEE}",
            id="maca.E001",
        )
    elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield checks.Error(
            "Others than the application may look into MACA_KEY_FOLDER.",
            hint=f"chmod 700 on the folder. {SEE}",
            id="maca.E002",
        )
    elif open_to_others(folder):
        yield checks.Error(
            "Others than the application may read keys in MACA_KEY_FOLDER.",
            hint=f"chmod 600 on the files. {SEE}",
            id="maca.E003",
        )


def open_to_others(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*.key") if stat.S_IMODE(file.stat().st_mode) & 0o077]


def _neighbours(folder: Path) -> Iterator[checks.CheckMessage]:
    """A key that lies beside the database goes into the same backup."""
    database = settings.DATABASES["default"]
    name = Path(str(database["NAME"]))
    beside = folder.resolve().is_relative_to(name.resolve().parent)
    if database["ENGINE"].endswith("sqlite3") and name.is_absolute() and beside:
        yield checks.Warning(
            "MACA_KEY_FOLDER lies in the folder of the database.",
            hint=f"Whatever copies that folder copies the keys with it: move them apart. {SEE}",
            id="maca.W001",
        )
