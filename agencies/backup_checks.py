"""What `check --deploy` says about the key of backups."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def check_backup_keys(**_kwargs: Any) -> list[checks.CheckMessage]:
    hint = "See docs/operators/backups.md."
    if not settings.BACKUP_KEYS:
        return [
            checks.Warning(
                "MACA_BACKUP_KEYS is not set: no backup can be made.", hint=hint, id="maca.W020"
            )
        ]
    if settings.BACKUP_KEYS == settings.MASTER_KEYS:
        return [
            checks.Error(
                "MACA_BACKUP_KEYS are the master keys: who opens a backup could open all of it.",
                hint=f"Make another key for backups. {hint}",
                id="maca.E020",
            )
        ]
    return []
