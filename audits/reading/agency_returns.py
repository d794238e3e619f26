"""What the pages of agencies' returns put together."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from agencies.models import User
from agencies.roles import Permission
from audits.domain import guards
from audits.domain.leading import is_inside, may_fill
from audits.domain.points import last_places
from audits.domain.returns import may_lead
from audits.domain.transitions import Transition, available
from audits.models import (
    AgencyReturn,
    Case,
    CaseReturn,
    CaseReturnStage,
    Concern,
    ContributorRequest,
    Point,
    PointKind,
    PointPlacement,
    ReturnStage,
    StatusChange,
)
from audits.reading.differences import can_differ
from audits.reading.picking import origins
from audits.reading.points import ListedPoint, listed

CHANGE = JSONObject(transition="transition", reason="reason")
IN_SAMPLE = Q(case_returns__case__withdrawn_at=None)


@dataclass(frozen=True)
class CaseRow:
    """One case on the agency's page. `counts` are its points by kind, in the kinds' order."""

    case_return: CaseReturn
    counts: list[tuple[str, int]]
    sent_back: str

    @property
    def points(self) -> int:
        return sum(number for _, number in self.counts)


class AgencyReturnPage:
    """Reads lazily, each part once."""

    def __init__(self, agency_return: AgencyReturn, user: User) -> None:
        self.agency_return = agency_return
        self.user = user

    @cached_property
    def cases(self) -> list[CaseRow]:
        last = (
            StatusChange.objects.filter(case_return=OuterRef("pk"))
            .order_by("-at", "-pk")
            .values(change=CHANGE)[:1]
        )
        rows = (
            self.agency_return.case_returns.in_sample()
            .select_related("case", "auditor", "own_grade")
            .annotate(last_change=Subquery(last))
        )
        return [
            CaseRow(
                each, self._counts.get(each.pk, []), _sent_back(getattr(each, "last_change", None))
            )
            for each in rows
        ]

    @cached_property
    def _counts(self) -> dict[UUID, list[tuple[str, int]]]:
        rows = (
            PointPlacement.objects.filter(
                point__agency_return=self.agency_return,
                point__case_return__isnull=False,
                agreed=False,
            )
            .values_list("point__case_return", "kind")
            .annotate(number=Count("pk"))
            .order_by()
        )
        counts: dict[UUID, dict[str, int]] = {}
        for case_return, kind, number in rows:
            counts.setdefault(case_return, {})[kind] = number
        return {
            case_return: [
                (str(PointKind(kind).label), by_kind[kind])
                for kind in PointKind.values
                if kind in by_kind
            ]
            for case_return, by_kind in counts.items()
        }

    @cached_property
    def open_concerns(self) -> list[Concern]:
        """Those of this return that wait for a name, if the reader is one of those who may know."""
        found = Concern.objects.visible_to(self.user).open()
        return list(found.filter(agency_return=self.agency_return).select_related("case", "audit"))

    @property
    def may_raise_concern(self) -> bool:
        return may_fill(self.agency_return, self.user)

    @property
    def caption(self) -> str:
        return f"{self.agency_return.agency} · {self.agency_return.audit}"

    @property
    def list_url(self) -> str:
        return reverse("agency-return-list", args=[self.agency_return.audit_id])

    @property
    def ask_title(self) -> str:
        noun = self.agency_return.agency.contributor_noun_plural or "contributors"
        return f"Ask {noun}"

    @property
    def finished(self) -> int:
        return sum(row.case_return.is_finished for row in self.cases)

    @property
    def not_known(self) -> int:
        return sum(row.case_return.stage == CaseReturnStage.NOT_KNOWN for row in self.cases)

    @property
    def unanswered(self) -> int:
        """Cases of which the agency has not said whether it knows them."""
        return sum(row.case_return.known == "" for row in self.cases)

    @property
    def answered(self) -> int:
        return len(self.cases) - self.unanswered

    @property
    def next_unfinished(self) -> CaseReturn | None:
        """The next case to fill in: one's own, then anybody's."""
        left = [row.case_return for row in self.cases if not row.case_return.is_finished]
        ordered = sorted(
            left, key=lambda each: (each.auditor_id != self.user.pk, each.auditor_id is not None)
        )
        return ordered[0] if ordered else None

    @cached_property
    def auditors(self) -> list[User]:
        return list(User.objects.answering_for(self.agency_return.agency_id))

    @cached_property
    def placements(self) -> list[PointPlacement]:
        """Of the points of the summative report."""
        return list(
            PointPlacement.objects.filter(
                point__agency_return=self.agency_return, point__case_return=None, agreed=False
            )
            .select_related("point")
            .annotate(themes=Count("point__learning_themes"))
            .order_by("position", "pk")
        )

    @cached_property
    def points(self) -> dict[str, list[ListedPoint]]:
        return listed(self.placements)

    @property
    def went_well(self) -> list[ListedPoint]:
        return self.points.get(PointKind.WENT_WELL, [])

    @property
    def can_be_improved(self) -> list[ListedPoint]:
        return self.points.get(PointKind.CAN_BE_IMPROVED, [])

    @property
    def distinct_points(self) -> list[Point]:
        return list({each.point_id: each.point for each in self.placements}.values())

    def last_kinds(self, gone: Collection[UUID]) -> dict[UUID, str]:
        """Where points of the summative report had been listed that were taken out."""
        history = self.agency_return.revisions.filter(case_return=None)
        return {pk: place.kind for pk, place in last_places(history, gone).items()}

    @cached_property
    def history(self) -> list[StatusChange]:
        """What happened to the return itself, the last first."""
        return list(self.agency_return.status_changes.select_related("by").order_by("-at", "-pk"))

    @property
    def last_reason(self) -> str:
        return self.history[0].reason if self.history else ""

    @cached_property
    def _origins(self) -> dict[UUID, Case]:
        return origins(self.agency_return) if self.placements else {}

    def _with_origins(self, kind: str) -> list[tuple[ListedPoint, Case | None]]:
        """Points of the report, each with the case it was begun from, if from one."""
        listed_here = self.points.get(kind, [])
        return [(each, self._origins.get(each.point.pk)) for each in listed_here]

    @property
    def works_well(self) -> list[tuple[ListedPoint, Case | None]]:
        return self._with_origins(PointKind.WENT_WELL)

    @property
    def needs_to_improve(self) -> list[tuple[ListedPoint, Case | None]]:
        return self._with_origins(PointKind.CAN_BE_IMPROVED)

    @property
    def auditors_can_differ(self) -> bool:
        """Whether there is something to compare, for whoever answers for the return."""
        rows = [row.case_return for row in self.cases]
        return can_differ(rows) and may_lead(self.agency_return, self.user)

    @cached_property
    def contributors(self) -> "Replies | None":
        agency = self.agency_return.agency
        if not agency.coordinates_contributors:
            return None
        return replies(self.agency_return)

    @property
    def steps(self) -> list[tuple[str, Transition]]:
        return offered(self.agency_return, self.user)

    @property
    def waits_for_step_back(self) -> bool:
        """Whether this person could reopen it, had the audit not gone on."""
        able = {name for name, _ in available(self.agency_return, self.user)}
        return "reopen" in able and not self.steps

    @property
    def is_open(self) -> bool:
        return self.agency_return.stage == ReturnStage.OPEN

    @property
    def is_late(self) -> bool:
        return self.agency_return.is_late

    @property
    def is_inside(self) -> bool:
        return is_inside(self.agency_return, self.user)

    @property
    def is_of_agency(self) -> bool:
        return self.agency_return.agency_id in self.user.agencies_with(Permission.ANSWER_RETURN)

    @property
    def may_fill(self) -> bool:
        return self.is_open and (self.is_of_agency or self.may_lead)

    @property
    def may_lead(self) -> bool:
        return self.is_open and may_lead(self.agency_return, self.user)


def offered(agency_return: AgencyReturn, user: User) -> list[tuple[str, Transition]]:
    """What this person could do next with it; nothing once the audit has gone on, when all of it
    would fail."""
    if guards.collecting_or_meeting(agency_return):
        return []
    return available(agency_return, user)


def _sent_back(change: dict[str, str] | None) -> str:
    if not change or change.get("transition") != "send-back":
        return ""
    return change.get("reason", "")


@dataclass(frozen=True)
class Replies:
    """Distinct contributors asked and replied, in the agency's own word for them."""

    replied: int
    asked: int
    noun: str

    def __str__(self) -> str:
        return f"{self.replied} of {self.asked} {self.noun} replied"


def replies(agency_return: AgencyReturn) -> Replies:
    """Whoever answered about one case at least has replied; “holds nothing” is a reply too."""
    counts = ContributorRequest.objects.filter(
        case_return__agency_return=agency_return, case_return__case__withdrawn_at=None
    ).aggregate(
        asked=Count("contributor", distinct=True),
        replied=Count(
            "contributor", distinct=True, filter=Q(stage__in=ContributorRequest.REPLIED_STAGES)
        ),
    )
    agency = agency_return.agency
    noun = agency.contributor_noun
    if counts["asked"] != 1:
        noun = agency.contributor_noun_plural or f"{noun}s"
    return Replies(counts["replied"], counts["asked"], noun)
