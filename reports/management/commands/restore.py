import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.backups import BackupError, Box
from reports.domain import backups

REPLACES = (
    "The database is not empty. A restore replaces everything in it: stop the site, make a backup "
    "of what is there, and say --replace."
)


class Command(BaseCommand):
    help = "Puts a backup in the place of the database, and settles what must not come back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a backup that `backup` made")
        parser.add_argument(
            "--replace", action="store_true", help="replace the database that is there"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["replace"] and not backups.is_empty():
            raise CommandError(REPLACES)
        began = time.perf_counter()
        try:
            settled = backups.put_back(Box(options["file"]))
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Restored in {time.perf_counter() - began:.1f} s.")
        for line in settled.lines():
            self.stdout.write(line)
