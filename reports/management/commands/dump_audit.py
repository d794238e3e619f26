from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from audits.models import Audit
from reports.files import dump


class Command(BaseCommand):
    help = "Write an audit as a file, to the standard output or to --out FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=UUID, help="the audit's id, as in its address")
        parser.add_argument("--out", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        audit = Audit.objects.with_names().filter(pk=options["id"]).first()
        if audit is None:
            raise CommandError(f"There is no audit {options['id']}.")
        content = dump(audit)
        out: Path | None = options["out"]
        if out is None:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
