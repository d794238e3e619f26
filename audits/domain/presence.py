"""Who has a page of a return open just now."""

from uuid import UUID

from django.utils import timezone

from agencies.models import User
from audits.models import Presence


def note(agency_return_id: UUID, *, place: UUID, by: User) -> None:
    """They were seen there; one row a person and page, written over and over."""
    seen = Presence(agency_return_id=agency_return_id, place=place, user=by, seen_at=timezone.now())
    Presence.objects.bulk_create(
        [seen],
        update_conflicts=True,
        unique_fields=["place", "user"],
        update_fields=["seen_at"],
    )
