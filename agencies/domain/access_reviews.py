"""The quarterly look at who has access: each role is confirmed or ended, and that is kept."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agencies.domain import activity, people
from agencies.domain.refusal import RefusedError
from agencies.models import AccessReview, AccessReviewLine, ActivityKind, Partnership, User
from agencies.models.partnership import next_access_review
from agencies.reading.access_review import Change, Decision, Row, gone_since, rows_of

Decisions = Mapping[UUID, str]


@transaction.atomic
def begin(*, partnership: Partnership, by: User) -> AccessReview:
    """The review that is open, or a new one: there is never more than one."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    review, is_new = AccessReview.objects.get_or_create(
        partnership=partnership, completed_at=None, defaults={"begun_by": by}
    )
    if is_new:
        activity.record("began a review of access", by=by, partnership=partnership, subject=review)
    return review


@transaction.atomic
def keep(*, review: AccessReview, by: User, decisions: Decisions) -> None:
    """Keep what was decided so far; nothing comes of it before the review is completed.

    A decision that stands already stays with whoever took it, so that somebody else's about one's
    own role does not become one's own when one completes the review.
    """
    locked = _locked(review)
    held = {each.pk: each for each in locked.partnership.memberships.unfinished()}
    standing = dict(locked.lines.values_list("membership", "decision"))
    for pk, decision in decisions.items():
        if pk in held and standing.get(pk) != decision:
            locked.lines.update_or_create(
                membership=held[pk],
                defaults={
                    "user_id": held[pk].user_id,
                    "decision": decision,
                    "decided_by": by,
                    "decided_at": timezone.now(),
                },
            )


@activity.gathered()
def complete(*, review: AccessReview, by: User, decisions: Decisions) -> None:
    """End what is to end, and keep every line as it reads today. Raises RefusedError."""
    keep(review=review, by=by, decisions=decisions)
    locked = _locked(review)
    rows = rows_of(locked, by=by)
    if open_ones := [row.whose for row in rows if not row.decision]:
        raise RefusedError(f"Nothing is decided yet about {open_ones[0]}. Look once more.")
    gone = gone_since(locked, rows)
    _freeze(locked, rows)
    _end(rows, by=by)
    _add_gone(locked, gone)
    locked.completed_at, locked.completed_by = timezone.now(), by
    locked.save(update_fields=["completed_at", "completed_by"])
    locked.partnership.access_review_due_on = next_access_review()
    locked.partnership.save(update_fields=["access_review_due_on"])
    activity.record(
        "completed a review of access", by=by, partnership=locked.partnership, subject=locked
    )


def _locked(review: AccessReview) -> AccessReview:
    rows = AccessReview.objects.select_for_update(of=("self",), no_key=True).select_related(
        "partnership"
    )
    locked: AccessReview = rows.get(pk=review.pk)
    if locked.completed_at is not None:
        raise RefusedError("This review was completed meanwhile: nothing in it changes any more.")
    return locked


def _end(rows: Iterable[Row], *, by: User) -> None:
    for row in rows:
        if row.decision == Decision.ENDED:
            try:
                people.end_membership(membership=row.membership, by=by)
            except RefusedError as refusal:
                raise RefusedError(f"{row.whose}: {refusal}") from refusal


def _freeze(review: AccessReview, rows: Iterable[Row]) -> None:
    """A role that ended by itself since it was decided about has no line in the record."""
    facts: dict[UUID | None, dict[str, Any]] = {row.membership.pk: as_read(row) for row in rows}
    lines = list(review.lines.filter(membership__in=facts))
    review.lines.exclude(membership__in=facts).delete()
    for line in lines:
        for name, value in facts[line.membership_id].items():
            setattr(line, name, value)
    AccessReviewLine.objects.bulk_update(lines, FROZEN)


FROZEN = [
    "change",
    "name",
    "email",
    "role",
    "agency",
    "account",
    "second_factor",
    "starts_on",
    "ends_on",
    "last_signed_in",
]


def as_read(row: Row) -> dict[str, Any]:
    """What a line says of a role, as text that does not change with it."""
    membership, user = row.membership, row.user
    return {
        "change": row.change,
        "name": user.name,
        "email": user.email,
        "role": membership.get_role_display(),
        "agency": membership.agency.name if membership.agency else "",
        "account": user.account_state.label,
        "second_factor": row.second_factor,
        "starts_on": membership.starts_on,
        "ends_on": membership.ends_on,
        "last_signed_in": user.last_login,
    }


def _add_gone(review: AccessReview, gone: Iterable[AccessReviewLine]) -> None:
    """What the last review confirmed and is over by now: nothing to decide, but worth knowing."""
    copied = ("user_id", "name", "email", "role", "agency", "starts_on")
    AccessReviewLine.objects.bulk_create(
        AccessReviewLine(
            review=review,
            change=Change.GONE,
            ends_on=line.membership.ends_on if line.membership else None,
            **{name: getattr(line, name) for name in copied},
        )
        for line in gone
    )


def record_download(review: AccessReview, *, by: User) -> None:
    activity.record(
        "downloaded a review of access",
        by=by,
        partnership=review.partnership_id,
        subject=review,
        kind=ActivityKind.EXPORT,
    )
