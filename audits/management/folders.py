"""What commands about keys share: folders named beside those that settings know of."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.key_folder import KeyFolder, key_copies, key_folder


class FoldersCommand(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="*", type=Path, help="A copy of the key folder.")

    def folders(self, options: dict[str, Any]) -> list[KeyFolder]:
        """The key folder, its copies, and those that were named; a missing one is an error."""
        named: list[Path] = options["folder"]
        for path in named:
            if not path.is_dir():
                raise CommandError(f"{path} is no folder that is there.")
        return [key_folder(), *key_copies(), *map(KeyFolder, named)]
