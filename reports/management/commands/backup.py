import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.backups import BackupError, Box
from reports.domain import backups


class Command(BaseCommand):
    help = "Writes the whole database into one encrypted file, or checks one that is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="where to put the file")
        parser.add_argument("--check", type=Path, metavar="FILE", help="only read this backup")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if file := options["check"]:
                self._check(file)
            elif folder := options["folder"]:
                self._make(folder)
            else:
                raise CommandError("Name the folder to put the backup into.")
        except BackupError as error:
            raise CommandError(str(error)) from None

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        began = time.perf_counter()
        box = Box(folder / f"maca-{timezone.now():%Y%m%dT%H%M%SZ}.backup")
        backups.make(box)
        size = box.path.stat().st_size / (1 << 20)
        self.stdout.write(f"{box.path}: {size:.1f} MiB in {time.perf_counter() - began:.1f} s")

    def _check(self, file: Path) -> None:
        box = Box(file)
        box.check()
        about = box.about()
        self.stdout.write(f"{file} is whole: {about.engine}, {about.made:%-d %B %Y, %H:%M %Z}.")
