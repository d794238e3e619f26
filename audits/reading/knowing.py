"""What the first step of an agency's return shows: every case, and how many have an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.urls import reverse

from agencies.models import User
from audits.models import KNOWN_TO_AGENCY, AgencyReturn, CaseReturn, CaseReturnStage, Known
from audits.reading.agency_returns import AgencyReturnPage


@dataclass(frozen=True)
class Tally:
    """Cases in the sample by what was answered; a case that is not known waits for `how`."""

    total: int
    known: int
    not_known: int
    unsure: int
    waiting: int

    @property
    def answered(self) -> int:
        return self.known + self.not_known + self.unsure

    @property
    def left(self) -> int:
        return self.total - self.answered

    @property
    def is_done(self) -> bool:
        """Nothing left to ask; “can't tell yet” is an answer that has to be followed up."""
        return self.left == 0 and self.waiting == 0

    @property
    def as_numbers(self) -> dict[str, int]:
        names = ("total", "answered", "known", "not_known", "unsure", "left", "waiting")
        return {name: getattr(self, name) for name in names}


def tally(rows: Iterable[CaseReturn]) -> Tally:
    rows = list(rows)
    no = [row for row in rows if row.known == Known.NO]
    return Tally(
        total=len(rows),
        known=sum(row.known in KNOWN_TO_AGENCY for row in rows),
        not_known=len(no),
        unsure=sum(row.known == Known.UNSURE for row in rows),
        waiting=sum(row.stage != CaseReturnStage.NOT_KNOWN for row in no),
    )


@dataclass(frozen=True)
class Onward:
    url: str
    label: str
    words: str


class KnownPage:
    def __init__(self, agency_return: AgencyReturn, user: User) -> None:
        self.agency_return = agency_return
        self.whole = AgencyReturnPage(agency_return, user)

    @cached_property
    def rows(self) -> list[CaseReturn]:
        rows = self.agency_return.case_returns.in_sample().select_related("case")
        return list(rows.order_by("case__number"))

    @property
    def tally(self) -> Tally:
        return tally(self.rows)

    @property
    def how_checked(self) -> str:
        """The words given last for a case that is not known."""
        said = [row for row in self.rows if row.not_known_reason and row.completed_at]
        last = max(said, key=attrgetter("completed_at"), default=None)
        return last.not_known_reason if last else ""

    @property
    def url(self) -> str:
        return reverse("agency-return-known", args=[self.agency_return.pk])

    @property
    def onward(self) -> Onward:
        """Where the first step leads to once every case has an answer."""
        case = self.first_to_audit
        if case is None:
            url = reverse("agency-return-detail", args=[self.agency_return.pk])
            return Onward(url, "Back to the return", "Those that are not known are returned.")
        return Onward(
            reverse("case-return-edit", args=[self.agency_return.pk, case.pk]),
            f"Go on with {case.case}",
            "Now the audits of those you know. “Can’t tell yet” stays open until you know.",
        )

    @property
    def first_to_audit(self) -> CaseReturn | None:
        """The first case that is known and whose audit is not finished."""
        return next(
            (row for row in self.rows if row.known in KNOWN_TO_AGENCY and not row.is_finished), None
        )
