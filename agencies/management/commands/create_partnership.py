from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies import mail
from agencies.domain.invitations import token_for
from agencies.domain.partnerships import start_partnership
from agencies.models import Invitation


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
        self.stdout.write(_next_step(options["administrator_email"].lower()))


def _next_step(email: str) -> str:
    """The link is printed too: a new installation's mail may not leave yet."""
    invitation = Invitation.objects.open().filter(user__email=email).first()
    if invitation is None:
        return f"{email} has an account already and signs in as before."
    address = mail.link("invitation-accept", token_for(invitation))
    return (
        f"An invitation is on its way to {email}. Should it not arrive, hand over this link, "
        f"which works once, until {invitation.expires_at:%-d %B %Y}:\n{address}"
    )
