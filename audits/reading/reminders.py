"""What the officer sees before agencies are reminded: who is written to, and in which words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from agencies import mail
from audits.domain.reminders import (
    TEMPLATE,
    Owing,
    Reminder,
    context_of,
    last_reminders,
    owing,
)
from audits.models import Audit


@dataclass(frozen=True)
class Addressed:
    """An agency that can be reminded; ticked unless somebody reminded it today."""

    owing: Owing
    last: Reminder | None
    ticked: bool
    position: int

    @property
    def html_id(self) -> str:
        """As Django numbers the boxes of a choice, so that the error summary finds the first."""
        return f"id_agency_{self.position}"

    @property
    def pk(self) -> str:
        return str(self.owing.agency_return.pk)

    @property
    def reminded_today(self) -> bool:
        return was_today(self.last)


def was_today(last: Reminder | None) -> bool:
    """By a person: the daily mail, which names all that waits, is no reason to hold back."""
    return last is not None and last.by_hand and timezone.localdate(last.at) == timezone.localdate()


class ReminderPreview:
    """`wanted`: ids of returns, as text; none at all means everybody who owes."""

    def __init__(self, audit: Audit, wanted: Collection[str] = ()) -> None:
        self.audit = audit
        self.wanted = set(wanted)

    @cached_property
    def owing(self) -> list[Owing]:
        return owing(self.audit)

    @cached_property
    def _last(self) -> dict[str, Reminder]:
        return last_reminders(self.audit)

    @cached_property
    def reachable(self) -> list[Addressed]:
        rows = []
        for position, each in enumerate(each for each in self.owing if each.people):
            pk = str(each.agency_return.pk)
            last = self._last.get(pk)
            chosen = not self.wanted or pk in self.wanted
            rows.append(Addressed(each, last, chosen and not was_today(last), position))
        return rows

    @property
    def fresh(self) -> list[Addressed]:
        return [each for each in self.reachable if not each.reminded_today]

    @property
    def again(self) -> list[Addressed]:
        return [each for each in self.reachable if each.reminded_today]

    @property
    def unreachable(self) -> list[Owing]:
        return [each for each in self.owing if not each.people]

    @property
    def ticked(self) -> Sequence[str]:
        return [each.pk for each in self.reachable if each.ticked]

    @property
    def people(self) -> int:
        """How many get a mail if nothing is ticked or unticked."""
        ticked = [each for each in self.reachable if each.ticked]
        return len({person for each in ticked for person in each.owing.people})

    @property
    def example(self) -> tuple[str, str] | None:
        """Subject and body of one mail, word for word."""
        rows = [each for each in self.reachable if each.ticked] or self.reachable
        if not rows:
            return None
        first = rows[0].owing
        return mail.words(TEMPLATE, context_of(first.agency_return, first.people[0]))
