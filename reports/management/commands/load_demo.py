from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.demonstration.accounts import ACCOUNTS
from reports.demonstration.loading import BRIEFING_OF, SUMMARY_REPORT_OF, load_demonstration
from reports.demonstration.password import demonstration_password
from reports.files import FileRefused


class Command(BaseCommand):
    help = "Load the demonstration partnership, its audits and its accounts; again does no harm."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "A demonstration never runs with production settings: its password is printed."
            )
        password = demonstration_password()
        try:
            loaded = load_demonstration(password=password, today=timezone.localdate())
        except FileRefused as refused:
            raise CommandError(f"The demonstration does not fit here:\n{refused}") from refused
        for account in ACCOUNTS:
            self.stdout.write(account.described)
        self.stdout.write(f"Password for all of them: {password}")
        self.stdout.write(f"summary-report {loaded.audits[SUMMARY_REPORT_OF].pk}")
        self.stdout.write(f"six-step-briefing {loaded.audits[BRIEFING_OF].pk}")
