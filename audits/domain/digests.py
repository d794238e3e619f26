"""The one mail a day: everything that waits for a person, on days that ask for it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agencies import mail
from agencies.domain import activity
from agencies.models import Activity, Membership, Partnership, User
from audits.domain.chasing import waiting_for
from audits.domain.waiting import Waiting, counted
from audits.models import AgencyReturn

REMINDED = "reminded the agency by the daily mail"


@dataclass(frozen=True)
class Part:
    """What waits in one partnership, what is late first."""

    partnership: Partnership
    late: list[Waiting]
    to_come: list[Waiting]


@dataclass(frozen=True)
class Digest:
    user: User
    today: date
    waiting: list[Waiting]

    @property
    def is_due(self) -> bool:
        return any(each.asks for each in self.waiting)

    @property
    def late(self) -> int:
        return sum(each.is_late(self.today) for each in self.waiting)

    @property
    def subject(self) -> str:
        number = len(self.waiting)
        words = f"{counted(number, 'thing')} {'waits' if number == 1 else 'wait'} for you"
        return f"{words}, {self.late} late" if self.late else words

    @property
    def parts(self) -> list[Part]:
        rows = sorted(self.waiting, key=lambda each: (each.partnership.name, each.partnership.pk))
        return [
            self._part(partnership, list(each))
            for partnership, each in groupby(rows, key=lambda each: each.partnership)
        ]

    def _part(self, partnership: Partnership, rows: list[Waiting]) -> Part:
        return Part(
            partnership,
            late=[row for row in rows if row.is_late(self.today)],
            to_come=[row for row in rows if not row.is_late(self.today)],
        )


def digest_for(user: User, today: date) -> Digest:
    return Digest(user, today, waiting_for(user, today))


def send_digests() -> int:
    """Write today's to everybody for whom today asks for one; says to how many.

    May run any number of times a day: each person's mail has a key of that day.
    """
    today = timezone.localdate()
    reminded: set[UUID] = set()
    written = 0
    for user in _people():
        digest = digest_for(user, today)
        if digest.is_due:
            _send(digest)
            written += 1
            reminded |= {each.about for each in digest.waiting if each.about and each.asks}
    _note(reminded, today)
    return written


def _people() -> list[User]:
    current = Membership.objects.current().values("user")
    return list(User.objects.filter(is_active=True, pk__in=current).order_by("email"))


@transaction.atomic
def _send(digest: Digest) -> None:
    partnerships = {each.partnership.pk: each.partnership for each in digest.waiting}
    mail.send(
        digest.user.email,
        "digest",
        {"digest": digest, "person": digest.user, "link": mail.link("home")},
        key=f"digest:{digest.user.pk}:{digest.today:%Y-%m-%d}",
        partnership=next(iter(partnerships.values())) if len(partnerships) == 1 else None,
    )


@activity.gathered()
def _note(returns: set[UUID], today: date) -> None:
    """Each return's list says when its agency was last written to, by whomever."""
    noted = Activity.objects.filter(
        verb=REMINDED, at__date=today, subject_id__in=[str(pk) for pk in returns]
    ).values_list("subject_id", flat=True)
    rows = AgencyReturn.objects.filter(pk__in=returns).exclude(pk__in=list(noted))
    for row in rows.select_related("audit"):
        activity.record(
            REMINDED,
            by=None,
            partnership=row.audit.partnership_id,
            subject=row,
            audit_id=row.audit_id,
        )
