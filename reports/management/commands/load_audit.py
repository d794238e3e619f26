from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.documents.checks import remarks
from reports.documents.source import DocumentSource
from reports.files import FileRefused, load


class Command(BaseCommand):
    help = "Load an audit from a file and print its id; a file with faults is refused whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            audit = load(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except FileRefused as refused:
            count = len(refused.faults)
            title = f"{path} was refused, and nothing was loaded. {count} fault(s):"
            lines = [f"  {found}" for found in refused.faults]
            raise CommandError("\n".join([title, *lines])) from refused
        self.stdout.write(str(audit.pk))
        for remark in remarks(DocumentSource(audit)):
            self.stderr.write(remark)
