"""What the page of one case return puts together, in a fixed number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from agencies.models import User
from agencies.models.compiled import compiled
from agencies.roles import Permission
from audits.domain.case_texts import texts_of
from audits.domain.completeness import Content, Gap, Progress, gaps, progress
from audits.domain.drafts import Basis, Text
from audits.domain.leading import is_inside, may_fill
from audits.domain.points import last_places
from audits.models import (
    FINISHED,
    Answer,
    Audit,
    CaseReturn,
    CaseReturnStage,
    Concern,
    EngagementEntry,
    Grade,
    Point,
    PointKind,
    PointPlacement,
    Question,
    ReturnStage,
    StatusChange,
    YesNoAnswer,
)
from audits.models.seal import is_sealed
from audits.questions import asked_of, in_play
from audits.reading.chronology import entries_from, lines_of
from audits.reading.points import ListedPoint, listed


@cache
def _told_with_it() -> Mapping[str, RawSQL]:
    """What the pages of a case return say of it besides its own columns, whoever looks."""
    concern = Concern.objects.open().filter(agency_return=OuterRef("agency_return"))
    last_change = (
        StatusChange.objects.filter(case_return=OuterRef("pk"))
        .order_by("-at", "-pk")
        .values(change=JSONObject(transition="transition", reason="reason"))[:1]
    )
    return compiled(
        CaseReturn,
        chronology=lines_of(),
        last_change=Subquery(last_change),
        open_concern=Subquery(concern.values("pk")[:1]),
        is_sealed=is_sealed(),
    )


def case_returns_for(user: User) -> QuerySet[CaseReturn]:
    """Case returns this person may read, with what their page names."""
    return (
        CaseReturn.objects.visible_to(user)
        .select_related("audit", "agency", "agency_return", "case", "own_grade")
        .annotate(**_told_with_it())
    )


@dataclass(frozen=True)
class Said:
    """One question with its answer in words."""

    question: Question
    value: str
    evidence: str
    points: list[ListedPoint]
    is_apart: bool
    """“Not recorded” and “not applicable” say nothing about the question itself."""


@dataclass(frozen=True)
class Sibling:
    """Another case of the same return, on the strip."""

    id: UUID
    number: int
    stage: str
    label: str
    mine: bool


def said_of(question: Question) -> dict[str, Any]:
    said: dict[str, Any] = getattr(question, "said", None) or {}
    return said


class CaseReturnPage:
    """Reads lazily, each part once."""

    def __init__(self, case_return: CaseReturn, user: User) -> None:
        self.case_return = case_return
        self.user = user

    @cached_property
    def questions(self) -> list[Question]:
        """Those put to this agency, each with its answer as `said` (or None)."""
        said = (
            Answer.objects.filter(case_return=self.case_return, question=OuterRef("pk"))
            # One row at most: their usual order would join the questions once more.
            .order_by()
            .values(said=JSONObject(value="value", evidence="evidence", revision="revision"))
        )
        asked = asked_of(self.case_return.agency_id, self.case_return.audit.toolkit_id)
        return list(asked.annotate(said=Subquery(said)).order_by("position"))

    @cached_property
    def answers(self) -> dict[UUID, Answer]:
        """Answers by question, without a key of their own: for reading only."""
        return {
            each.pk: Answer(question_id=each.pk, **said_of(each))
            for each in self.questions
            if said_of(each)
        }

    @cached_property
    def placements(self) -> list[PointPlacement]:
        return list(
            PointPlacement.objects.filter(point__case_return=self.case_return, agreed=False)
            .select_related("point")
            .annotate(themes=Count("point__learning_themes"))
            .order_by("position", "pk")
        )

    @cached_property
    def points(self) -> dict[str, list[ListedPoint]]:
        return listed(self.placements)

    @cached_property
    def distinct_points(self) -> list[Point]:
        return list({each.point_id: each.point for each in self.placements}.values())

    def last_kinds(self, gone: Collection[UUID]) -> dict[UUID, str]:
        """Where points had been listed that were taken out."""
        places = last_places(self.case_return.revisions.all(), gone)
        return {pk: place.kind for pk, place in places.items()}

    @cached_property
    def entries(self) -> list[EngagementEntry]:
        return entries_from(getattr(self.case_return, "chronology", None))

    @cached_property
    def grades(self) -> list[Grade]:
        return list(self.case_return.audit.grades.all())

    @cached_property
    def siblings(self) -> list[Sibling]:
        rows = (
            CaseReturn.objects.filter(agency_return=self.case_return.agency_return_id)
            .in_sample()
            .order_by("case__number")
            .values_list("pk", "case__number", "stage", "auditor")
        )
        labels = dict(CaseReturnStage.choices)
        return [
            Sibling(pk, number, stage, labels[CaseReturnStage(stage)], auditor == self.user.pk)
            for pk, number, stage, auditor in rows
        ]

    @property
    def left(self) -> int:
        """Cases of this return whose audit is not finished."""
        return sum(each.stage not in FINISHED for each in self.siblings)

    @property
    def previous(self) -> Sibling | None:
        before = [each for each in self.siblings if each.number < self.case_return.case.number]
        return before[-1] if before else None

    @property
    def next(self) -> Sibling | None:
        number = self.case_return.case.number
        return next((each for each in self.siblings if each.number > number), None)

    @property
    def next_unfinished(self) -> Sibling | None:
        """The next case to fill in, one's own first, beginning again at the first case."""
        here = self.case_return.case.number
        left = [
            each
            for each in self.siblings
            if each.number != here and each.stage in ("not_started", "in_progress")
        ]
        ordered = sorted(left, key=lambda each: (not each.mine, each.number < here, each.number))
        return ordered[0] if ordered else None

    @cached_property
    def content(self) -> Content:
        return Content(
            self.case_return.known,
            self.case_return.not_known_reason,
            {pk: answer.value for pk, answer in self.answers.items()},
            set(self.points),
            self.entries,
        )

    @property
    def gaps(self) -> list[Gap]:
        return gaps(self.content, self.questions)

    @property
    def progress(self) -> Progress:
        return progress(self.content, self.questions)

    @property
    def texts(self) -> dict[str, Text]:
        return texts_of(self.case_return, self.answers.values(), self.distinct_points, self.entries)

    @property
    def basis(self) -> Basis:
        return Basis.of(self.texts)

    @property
    def other_kinds(self) -> list[str]:
        """Kinds of points that no question put to the agency asks for."""
        asked = {each.point_kind for each in self.questions if each.kind == Question.Kind.POINTS}
        return [kind for kind in PointKind.values if kind not in asked]

    @property
    def sent_back_reason(self) -> str:
        """Why the lead sent it back, if that is the last that happened to it."""
        change: dict[str, str] = getattr(self.case_return, "last_change", None) or {}
        return change.get("reason", "") if change.get("transition") == "send-back" else ""

    @property
    def is_open(self) -> bool:
        """Whether the agency's return can still change."""
        row = self.case_return
        return row.agency_return.stage == ReturnStage.OPEN and not row.case.is_withdrawn

    @property
    def may_fill(self) -> bool:
        return self.is_open and may_fill(self.case_return, self.user)

    @property
    def open_concern(self) -> UUID | None:
        """The id of a concern of this return that waits for a name, if the reader may know."""
        found: UUID | None = getattr(self.case_return, "open_concern", None)
        return found if may_fill(self.case_return, self.user) else None

    @property
    def may_raise_concern(self) -> bool:
        return may_fill(self.case_return, self.user)

    @property
    def is_inside(self) -> bool:
        return is_inside(self.case_return, self.user)

    @property
    def may_look_back(self) -> bool:
        """Whether the earlier versions of its texts are the reader's to see."""
        return may_fill(self.case_return, self.user)

    @property
    def is_of_agency(self) -> bool:
        return self.case_return.agency_id in self.user.agencies_with(Permission.ANSWER_RETURN)

    def writes_here(self, *, asked: bool) -> bool:
        """Whether its page is a form: for the agency's people, for the officer when asked for."""
        return self.may_fill and not self.case_return.is_finished and (self.is_of_agency or asked)

    @property
    def caption(self) -> str:
        return f"{self.case_return.agency} · {self.case_return.audit}"

    @property
    def return_url(self) -> str:
        return reverse("agency-return-detail", args=[self.case_return.agency_return_id])

    @property
    def back_label(self) -> str:
        return f"All cases of {self.case_return.agency.short_name}"

    @property
    def points_heading(self) -> str:
        return "Points" if len(self.other_kinds) == len(PointKind) else "More points"

    @property
    def said(self) -> list[Said]:
        """The questions that came up, answered in words, for reading."""
        values = {pk: answer.value for pk, answer in self.answers.items()}
        return [self._said(each) for each in in_play(self.questions, values)]

    def _said(self, question: Question) -> Said:
        answer = self.answers.get(question.pk)
        value = answer.value if answer else ""
        return Said(
            question,
            in_words(question, value),
            answer.evidence if answer else "",
            self.points.get(question.point_kind, []),
            question.kind == Question.Kind.YES_NO
            and value in (YesNoAnswer.NOT_RECORDED, YesNoAnswer.NOT_APPLICABLE),
        )

    @property
    def has_engagement(self) -> bool:
        row = self.case_return
        return bool(self.entries or row.engagement_past or row.engagement_present)

    @property
    def voices(self) -> list[tuple[str, str]]:
        return voices_of(self.case_return, self.case_return.audit)

    @property
    def other_points(self) -> list[tuple[str, list[ListedPoint]]]:
        return [
            (str(PointKind(kind).label), self.points[kind])
            for kind in self.other_kinds
            if kind in self.points
        ]


def voices_of(case_return: CaseReturn, audit: Audit) -> list[tuple[str, str]]:
    """What practitioners, the child and the family say, each under its name, as far as asked."""
    named = {name: case_return._meta.get_field(name) for name in audit.voices}
    return [
        (capfirst(str(getattr(field, "verbose_name", ""))), getattr(case_return, name))
        for name, field in named.items()
    ]


def in_words(question: Question, value: str) -> str:
    """A stored answer as people read it."""
    if question.kind == Question.Kind.DATE and value:
        return date_format(date.fromisoformat(value), "j F Y")
    return dict(question.answers).get(value, value)
