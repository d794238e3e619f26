"""What this app puts on the timetable."""

from django.utils import timezone

from agencies.timetable import daily
from audits.domain import digests, identity_destruction


@daily(at="07:00")
def send_digests() -> None:
    digests.send_digests()


@daily(at="02:40")
def destroy_identities() -> None:
    """Who the children were, of every audit whose day has come; and what a restore brought back."""
    identity_destruction.clear_away(by=None)
    identity_destruction.destroy_all_due(today=timezone.localdate(), by=None)
