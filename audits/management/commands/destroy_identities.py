from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.domain.identity_destruction import clear_away, destroy_all_due


class Command(BaseCommand):
    help = (
        "Destroy the identities of every audit whose day has come. The timetable does this each "
        "night; a legal hold stops it."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if back := clear_away(by=None):
            self.stdout.write(f"Cleared away, their key was destroyed before: {back}")
        try:
            done = destroy_all_due(today=timezone.localdate(), by=None)
        except OSError as error:
            raise CommandError(
                f"A folder of keys is out of reach ({error.strerror}: {error.filename}). What "
                "depends on it is not destroyed yet; see docs/operators/keys.md."
            ) from error
        for seal in done:
            self.stdout.write(f"{seal.audit.code}: {len(seal.destroyed_cases)} destroyed")
        if not done:
            self.stdout.write("Nothing is due.")
