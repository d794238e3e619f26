"""Something is wrong now: a worry that a child is at immediate risk, raised from a return.

It replaces no referral. It tells the agency's lead and the officer that somebody worries, and
stays open until one of them, other than who raised it, has put their name to it.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import mail
from agencies.domain import activity
from agencies.domain.again import once_more
from agencies.models import User
from agencies.roles import Permission
from audits.domain.leading import may_fill
from audits.models import AgencyReturn, Case, Concern

ANSWERS = (Permission.LEAD_RETURN, Permission.RUN_AUDIT)


class AlreadyAcknowledgedError(Exception):
    """Somebody was there first; `concern` is the row with their name."""

    def __init__(self, concern: Concern) -> None:
        super().__init__("Somebody has acknowledged this already.")
        self.concern = concern


def may_acknowledge(concern: Concern, user: User) -> bool:
    return concern.raised_by_id != user.pk and user.may_any_of(
        ANSWERS, concern.audit.partnership_id, concern.agency_id
    )


def who_answers(concern: Concern) -> list[User]:
    """The agency's leads and the officers, without whoever raised it."""
    found: dict[object, User] = {}
    for permission in ANSWERS:
        people = User.objects.who_may(
            permission, partnership=concern.audit.partnership_id, agency=concern.agency_id
        )
        found |= {person.pk: person for person in people if person.pk != concern.raised_by_id}
    return sorted(found.values(), key=lambda person: person.name)


@once_more
@transaction.atomic
def raise_concern(
    agency_return: AgencyReturn,
    *,
    by: User,
    words: str,
    done_already: str = "",
    case: Case | None = None,
) -> tuple[Concern, list[User]]:
    """Write it down and tell those who answer for it, by a mail without content.

    Whoever fills in the return may, at any stage. Returns the concern and the people told. Raises
    PermissionDenied.
    """
    if not may_fill(agency_return, by):
        raise PermissionDenied
    concern = Concern.objects.create(
        audit=agency_return.audit,
        agency=agency_return.agency,
        agency_return=agency_return,
        case=case,
        words=words.strip(),
        done_already=done_already.strip(),
        raised_by=by,
    )
    told = who_answers(concern)
    for person in told:
        _tell(person, concern, "concern_raised")
    _record("raised a concern about immediate risk", concern, by=by)
    return concern, told


@transaction.atomic
def acknowledge(concern: Concern, *, by: User, acknowledgement: str) -> Concern:
    """Put one's name to it, once. Raises PermissionDenied or AlreadyAcknowledgedError."""
    row = Concern.objects.select_for_update(of=("self",), no_key=True).get(pk=concern.pk)
    if not may_acknowledge(row, by):
        raise PermissionDenied
    if not row.is_open:
        raise AlreadyAcknowledgedError(row)
    row.acknowledged_by = by
    row.acknowledged_at = timezone.now()
    row.acknowledgement = acknowledgement.strip()
    row.save(update_fields=["acknowledged_by", "acknowledged_at", "acknowledgement"])
    _tell(row.raised_by, row, "concern_acknowledged")
    _record("acknowledged a concern about immediate risk", row, by=by)
    return row


def may_reword(concern: Concern, user: User) -> bool:
    """Whoever raised it while they still read it, and the officer."""
    return concern.raised_by_id == user.pk or user.may(
        Permission.RUN_AUDIT, concern.audit.partnership_id
    )


@transaction.atomic
def reword(concern: Concern, *, by: User, words: str, done_already: str) -> Concern:
    """Put other words in the place of those that were sent, which are not kept: a name among them
    would stay with them. Raises PermissionDenied."""
    row = Concern.objects.select_for_update(of=("self",), no_key=True).get(pk=concern.pk)
    if not may_reword(row, by):
        raise PermissionDenied
    row.words, row.done_already = words.strip(), done_already.strip()
    row.save(update_fields=["words", "done_already"])
    _record("reworded a concern about immediate risk", row, by=by)
    return row


def _tell(person: User, concern: Concern, template: str) -> None:
    context = {
        "person": person,
        "audit": concern.audit,
        "by": concern.acknowledged_by or concern.raised_by,
        "link": mail.link("concern-detail", concern.pk),
    }
    mail.send(
        person.email,
        template,
        context,
        key=f"{template}:{concern.pk}:{person.pk}",
        partnership=concern.audit.partnership,
    )


def _record(verb: str, concern: Concern, *, by: User) -> None:
    activity.record(
        verb,
        by=by,
        partnership=concern.audit.partnership_id,
        subject=concern,
        audit_id=concern.audit_id,
    )
