"""Who has access, line by line, for the review that is open; and what one of them said."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from agencies.domain.people import grantable_roles
from agencies.models import AccessReview, AccessReviewLine, Membership, User
from agencies.reading.second_factors import second_factors_of
from agencies.roles import Role

Decision, Change = AccessReviewLine.Decision, AccessReviewLine.Change


@dataclass(frozen=True)
class Row:
    """One role of one person today or later, with what helps to decide about it."""

    membership: Membership
    second_factor: str
    change: str
    decision: str
    can_end: bool
    is_self: bool

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def key(self) -> str:
        return f"role-{self.membership.pk}"

    @property
    def whose(self) -> str:
        return f"{self.user.name}, {self.membership}"

    @property
    def is_new(self) -> bool:
        return self.change == Change.NEW


def rows_of(review: AccessReview, *, by: User) -> list[Row]:
    """Every role that is held today or later, by name; `by` is who looks."""
    memberships = list(
        review.partnership.memberships.unfinished()
        .select_related("user", "agency")
        .prefetch_related("user__invitations")
        .order_by("user__name", "user", "role", "starts_on")
    )
    factors = second_factors_of([each.user for each in memberships])
    decided = dict(review.lines.values_list("membership", "decision"))
    known = known_before(review)
    endable = grantable_roles(by, review.partnership)
    return [
        Row(
            membership=each,
            second_factor=factors[each.user_id],
            change=_change(each, known),
            decision=decided.get(each.pk, ""),
            can_end=Role(each.role) in endable,
            is_self=each.user_id == by.pk,
        )
        for each in memberships
    ]


def previous(review: AccessReview) -> AccessReview | None:
    """The last one that was completed before this one began."""
    before = review.partnership.access_reviews.completed()
    return before.filter(begun_at__lt=review.begun_at).order_by("-completed_at").first()


def known_before(review: AccessReview) -> set[UUID | None] | None:
    """The roles that the last review confirmed; None if there was no review yet."""
    last = previous(review)
    if last is None:
        return None
    kept = last.lines.filter(decision=Decision.CONFIRMED)
    return set(kept.values_list("membership", flat=True))


def _change(membership: Membership, known: set[UUID | None] | None) -> str:
    if known is None:
        return Change.FIRST
    return Change.SAME if membership.pk in known else Change.NEW


def gone_since(review: AccessReview, rows: Iterable[Row]) -> list[AccessReviewLine]:
    """Lines that the last review confirmed and whose role is over by now."""
    last = previous(review)
    if last is None:
        return []
    there = {row.membership.pk for row in rows}
    kept = last.lines.filter(decision=Decision.CONFIRMED).select_related("membership")
    return [line for line in kept if line.membership_id not in there]


@dataclass(frozen=True)
class Counts:
    roles: int
    people: int
    new: int
    without_factor: int


def counts_of(rows: list[Row]) -> Counts:
    return Counts(
        roles=len(rows),
        people=len({row.user.pk for row in rows}),
        new=sum(row.is_new for row in rows),
        without_factor=len({row.user.pk for row in rows if not row.second_factor}),
    )


@dataclass(frozen=True)
class Record:
    """A completed review as it reads for ever."""

    lines: list[AccessReviewLine]
    gone: list[AccessReviewLine]

    @property
    def confirmed(self) -> int:
        return sum(line.decision == Decision.CONFIRMED for line in self.lines)

    @property
    def ended(self) -> int:
        return len(self.lines) - self.confirmed


def record_of(review: AccessReview) -> Record:
    lines = list(review.lines.select_related("decided_by").order_by("name", "email", "role", "pk"))
    return Record(
        lines=[line for line in lines if line.decision],
        gone=[line for line in lines if not line.decision],
    )
