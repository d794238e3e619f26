from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from agencies.domain.partnerships import start_partnership


class Command(BaseCommand):
    help = "Begin an installation: a partnership and its first system administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the partnership's full name")
        parser.add_argument("--short-name", required=True, help="letters, digits and hyphens")
        parser.add_argument("--administrator-name", required=True)
        parser.add_argument("--administrator-email", required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            partnership = start_partnership(
                name=options["name"],
                short_name=options["short_name"],
                administrator_name=options["administrator_name"],
                administrator_email=options["administrator_email"],
            )
        except ValidationError as error:
            faults = error.message_dict.items()
            lines = [f"{field}: {' '.join(messages)}" for field, messages in faults]
            raise CommandError("\n".join(lines)) from error
        self.stdout.write(f"Created {partnership}.")
        self.stdout.write(
            f"{options['administrator_email']} chooses a password at "
            f"{reverse('account_reset_password')} and signs in."
        )
