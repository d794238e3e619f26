"""What `check` says about the file of stolen passwords (docs/operators/passwords.md)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from agencies.breached import BreachedFile, BreachedFileError

HINT = "docs/operators/passwords.md says how to make one."


@checks.register(checks.Tags.security, deploy=True)
def stolen_passwords_are_refused(**_asked: Any) -> list[checks.CheckMessage]:
    """Its absence is a warning: the rest of the rules for passwords stand without it."""
    if not settings.BREACHED_PASSWORDS:
        return [
            checks.Warning(
                "MACA_BREACHED_PASSWORDS names no file, so a password that was stolen elsewhere "
                "can be chosen here.",
                hint=HINT,
                id="maca.W010",
            )
        ]
    try:
        BreachedFile(Path(settings.BREACHED_PASSWORDS)).examine()
    except (OSError, BreachedFileError) as error:
        said = error if isinstance(error, BreachedFileError) else "it cannot be read"
        return [
            checks.Error(
                f"The file named in MACA_BREACHED_PASSWORDS is of no use: {said}. Until it is put "
                "right nobody can choose a password.",
                hint=HINT,
                id="maca.E010",
            )
        ]
    return []
