"""Where an agency stands with those it asks: who owes, who replied, by contributor and by case."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import timezone

from agencies.models import Agency, Contributor
from audits.domain.contributor_links import to_chase
from audits.models import (
    AgencyReturn,
    ContributorLink,
    ContributorPoint,
    ContributorRequest,
    LinkState,
)

Stage = ContributorRequest.Stage


def request_rows(agency_return: AgencyReturn, contributor: Contributor) -> list[ContributorRequest]:
    """What one contributor was asked in a return, by case, for cases still in the sample."""
    return list(
        ContributorRequest.objects.of_return(agency_return)
        .filter(contributor=contributor)
        .select_related("case_return__case")
        .order_by("case_return__case__number")
    )


@dataclass(frozen=True)
class ContributorRow:
    """One contributor with the cases it was asked about, by what became of them."""

    id: UUID
    name: str
    email: str
    active: bool
    asked: int
    owing: int
    replied: int
    nothing: int
    declined: int
    link: ContributorLink | None

    @property
    def answered(self) -> int:
        return self.asked - self.owing

    @property
    def can_be_sent(self) -> bool:
        """Owes something, and holds no link by which to answer."""
        return self.owing > 0 and not (self.link and self.link.lets_in)

    @property
    def state(self) -> tuple[str, str]:
        """In a word, with its tone."""
        if not self.owing:
            only_declined = self.declined == self.asked
            return ("Declined", "warn") if only_declined else ("Answered", "good")
        if self.link is None:
            return ("No link sent", "neutral")
        tones = {LinkState.OPENED: "info", LinkState.SENT: "neutral"}
        return (str(self.link.state.label), tones.get(self.link.state, "bad"))


@dataclass(frozen=True)
class CaseTally:
    """One case with how many contributors were asked about it, and what came of it."""

    case_return_id: UUID
    number: int
    asked: int
    replied: int
    declined: int
    to_take_over: int

    @property
    def owing(self) -> int:
        return self.asked - self.replied - self.declined


@dataclass(frozen=True)
class Totals:
    """Distinct contributors, each counted once however many cases it was asked about."""

    asked: int
    opened: int
    replied: int
    declined: int
    owing: int


def _in_stages(*stages: str) -> Count:
    return Count("pk", filter=Q(stage__in=stages))


class ContributorsPage:
    """Reads lazily, each part once, in a number of queries that does not grow."""

    def __init__(self, agency_return: AgencyReturn) -> None:
        self.agency_return = agency_return

    @property
    def agency(self) -> Agency:
        return self.agency_return.agency

    @property
    def noun(self) -> str:
        return self.agency.contributor_noun or "contributor"

    @property
    def nouns(self) -> str:
        return self.agency.contributor_noun_plural or "contributors"

    @cached_property
    def links(self) -> dict[UUID, ContributorLink]:
        standing = ContributorLink.objects.standing().filter(agency_return=self.agency_return)
        return {link.contributor_id: link for link in standing.select_related("contributor")}

    @property
    def learns_by(self) -> str:
        """What those written to last were told of how they learn who the children are."""
        newest = max(self.links.values(), key=lambda link: link.sent_at, default=None)
        return newest.learns_by if newest else ""

    @cached_property
    def rows(self) -> list[ContributorRow]:
        found = (
            ContributorRequest.objects.of_return(self.agency_return)
            .values(
                "contributor",
                "contributor__name",
                "contributor__email",
                "contributor__active",
            )
            .annotate(
                asked=Count("pk"),
                owing=_in_stages(*ContributorRequest.OWING_STAGES),
                replied=_in_stages(Stage.REPLIED),
                nothing=_in_stages(Stage.HOLDS_NOTHING),
                declined=_in_stages(Stage.DECLINED),
            )
            .order_by("contributor__name", "contributor")
        )
        return [
            ContributorRow(
                id=each["contributor"],
                name=each["contributor__name"],
                email=each["contributor__email"],
                active=each["contributor__active"],
                link=self.links.get(each["contributor"]),
                asked=each["asked"],
                owing=each["owing"],
                replied=each["replied"],
                nothing=each["nothing"],
                declined=each["declined"],
            )
            for each in found
        ]

    @property
    def totals(self) -> Totals:
        return Totals(
            asked=len(self.rows),
            opened=sum(_was_opened(row) for row in self.rows),
            replied=sum(bool(row.replied + row.nothing) for row in self.rows),
            declined=sum(row.declined == row.asked for row in self.rows),
            owing=sum(row.owing > 0 for row in self.rows),
        )

    @cached_property
    def cases(self) -> list[CaseTally]:
        found = (
            ContributorRequest.objects.of_return(self.agency_return)
            .values("case_return", "case_return__case__number")
            .annotate(
                asked=Count("pk"),
                replied=_in_stages(*ContributorRequest.REPLIED_STAGES),
                declined=_in_stages(Stage.DECLINED),
            )
            .order_by("case_return__case__number")
        )
        return [
            CaseTally(
                each["case_return"],
                each["case_return__case__number"],
                each["asked"],
                each["replied"],
                each["declined"],
                self._open_points.get(each["case_return"], 0),
            )
            for each in found
        ]

    @cached_property
    def _open_points(self) -> dict[UUID, int]:
        return dict(
            ContributorPoint.objects.filter(
                request__case_return__agency_return=self.agency_return,
                request__stage=Stage.REPLIED,
                taken_over=False,
            )
            .order_by()
            .values_list("request__case_return")
            .annotate(number=Count("pk"))
        )

    @property
    def to_send(self) -> list[ContributorRow]:
        """Whoever owes and can be reached, and has no link by which to answer."""
        return [row for row in self.rows if row.can_be_sent and row.email and row.active]

    @property
    def unreachable(self) -> list[ContributorRow]:
        return [row for row in self.rows if row.owing and not (row.email and row.active)]

    @cached_property
    def to_chase(self) -> list[ContributorRow]:
        due = {link.contributor_id for link in to_chase(self.agency_return)}
        return [row for row in self.rows if row.id in due]

    @property
    def written_today(self) -> list[ContributorRow]:
        """Those who owe and were written to today already."""
        today = timezone.localdate()
        return [
            row
            for row in self.rows
            if row.owing
            and row.link
            and row.link.lets_in
            and timezone.localdate(row.link.sent_at) == today
        ]

    def mail_words(self, template: str, last_day: date) -> str:
        """The mail as one of them will read it, its link left out."""
        due = self.agency_return.due_on
        context = {
            "agency": self.agency,
            "partnership": self.agency_return.audit.partnership,
            "number": 5,
            "answer_by": min(due, last_day) if due else last_day,
            "expires_at": last_day,
            "link": "(the link)",
        }
        return render_to_string(f"mail/{template}.txt", context).strip()


def _was_opened(row: ContributorRow) -> bool:
    return bool(row.answered) or bool(row.link and row.link.opened_at)
