from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from audits.models import Audit
from reports.domain.printing import DOWNLOAD_NAMES, AlteredError, current_pdf
from reports.domain.reading_documents import record_print


class Command(BaseCommand):
    help = "Writes both documents of an audit as PDF: drafts until they are published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("audit", type=UUID, help="the audit's id, as in its address")
        parser.add_argument("--out", type=Path, default=Path(), help="the folder to write to")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            audit = Audit.objects.with_names().get(pk=options["audit"])
        except Audit.DoesNotExist:
            raise CommandError("There is no audit with this id.") from None
        record_print(audit)
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        for kind, name in DOWNLOAD_NAMES.items():
            path = folder / name
            try:
                path.write_bytes(current_pdf(audit, kind))
            except AlteredError as error:
                raise CommandError(str(error)) from None
            self.stdout.write(str(path))
