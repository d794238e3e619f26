from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.key_folder import KeyFolder, key_copies, key_folder
from audits.domain.identity_destruction import destroyed_keys


class Command(BaseCommand):
    help = (
        "Destroy, in the key folder, its copies, and the folders named, every key that was "
        "destroyed before: after a restore, or for a copy that this server did not reach."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="*", type=Path, help="A copy of the key folder.")

    def handle(self, *_args: Any, folder: list[Path], **_options: Any) -> None:
        for path in folder:
            if not path.is_dir():
                raise CommandError(f"{path} is no folder that is there.")
        copies = [KeyFolder(path) for path in folder]
        gone = destroyed_keys().union(*(copy.destroyed() for copy in copies))
        for keys in [key_folder(), *key_copies(), *copies]:
            self.stdout.write(f"{keys.path}: {keys.purge(gone)} destroyed")
