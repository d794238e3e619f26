"""The texts that are screened before something is signed off or published, each with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.text import capfirst

from agencies.roles import Permission
from audits.domain.mailed_names import WHY_ASKED
from audits.domain.screened import Scope, Screener
from audits.models import (
    Action,
    AgencyReturn,
    AgreedGrade,
    Answer,
    Audit,
    CaseReturn,
    Discussion,
    EngagementEntry,
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    LearningTheme,
    Point,
    PointPlacement,
    Question,
    SeenBefore,
)
from audits.models.seal import is_being_filled
from audits.screening import Hit
from audits.screening.numbers import as_typed

OWN_LABELS = {
    "not_known_reason": "How you checked",
    "engagement_past": "Past engagement",
    "engagement_present": "Present engagement",
    "voice_practitioners": "What practitioners say",
    "voice_child": "What the child says",
    "voice_family": "What the family says",
    "grade_reason": "Why this grade",
}
WRITTEN = {Question.Kind.TEXT, Question.Kind.NUMBER}
"""Kinds of questions that are answered in what somebody writes."""


@dataclass(frozen=True)
class Place:
    """Where a text is mended: what the page calls it, its route, and its box on that page."""

    group: str
    label: str
    route: str
    args: tuple[Any, ...]
    box: str = ""
    needs: Permission | None = None
    """To mend it there; none where whoever is told of the words may."""


@dataclass(frozen=True)
class Passage:
    place: Place
    words: str


@dataclass(frozen=True)
class Flagged:
    """One thing found in one text."""

    place: Place
    passage: str
    hit: Hit


def flagged(passages: Iterable[Passage], screener: Screener) -> list[Flagged]:
    """Everything undecided, in the order of the texts. Raises ScreeningDownError."""
    return [
        Flagged(passage.place, passage.words, hit)
        for passage in passages
        for hit in screener.flags(passage.words)
    ]


def told_by_group(found: Iterable[Flagged]) -> list[str]:
    """How many things wait where, in sentences that repeat none of them.

    The same words twice in one place are one thing, as they are decided once.
    """
    things: dict[str, set[tuple[str, str]]] = {}
    for each in found:
        words = " ".join(each.hit.text.casefold().split())
        things.setdefault(each.place.group, set()).add((each.hit.rule, words))
    return [
        f"{group}: {len(there)} {'thing' if len(there) == 1 else 'things'} in the words may say "
        "who somebody is. Clear each with a reason, or reword it."
        for group, there in things.items()
    ]


def flagged_in_return(agency_return: AgencyReturn, passages: list[Passage]) -> list[Flagged]:
    """What whoever answers for the return is shown of it, how much of it included."""
    looking = is_being_filled(agency_return.audit, agency_return)
    screener = Screener(Scope.of_return(agency_return), may_look=looking)
    return flagged(passages, screener)


def return_passages(agency_return: AgencyReturn) -> list[Passage]:
    """Every text of a return that somebody wrote, case by case; in five queries."""
    cases = list(agency_return.case_returns.in_sample().select_related("case"))
    ids = [row.pk for row in cases]
    entries = _by_case(EngagementEntry.objects.filter(case_return__in=ids))
    answers = _by_case(_written_answers(ids))
    points = _by_case(Point.objects.filter(agency_return=agency_return).order_by("pk"))
    found = [
        passage
        for row in sorted(cases, key=lambda each: each.case.number)
        for passage in _of_case(
            row, entries.get(row.pk, []), answers.get(row.pk, []), points.get(row.pk, [])
        )
    ]
    found += _of_summative(agency_return, points.get(None, []))
    return [passage for passage in found if passage.words.strip()]


def _written_answers(case_returns: list[UUID]) -> Any:
    return Answer.objects.filter(case_return__in=case_returns).select_related("question")


def answer_words(answer: Answer) -> str:
    is_number = answer.question.kind == Question.Kind.NUMBER
    return as_typed(answer.value) if is_number else answer.value


def _by_case(rows: Iterable[Any]) -> dict[UUID | None, list[Any]]:
    grouped: dict[UUID | None, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.case_return_id, []).append(row)
    return grouped


def _of_case(
    row: CaseReturn,
    entries: list[EngagementEntry],
    answers: list[Answer],
    points: list[Point],
) -> Iterator[Passage]:
    def place(label: str, box: str) -> Place:
        args = (row.agency_return_id, row.pk)
        return Place(str(row.case), label, "case-return-edit", args, box)

    for entry in entries:
        yield Passage(place("Chronology", f"id_entry_{entry.pk}_words"), entry.words)
    for name, label in OWN_LABELS.items():
        yield Passage(place(label, f"id_{name}"), getattr(row, name))
    for answer in sorted(answers, key=lambda each: each.question.position):
        number, code = answer.question.number, answer.question.code
        if answer.question.kind in WRITTEN:
            yield Passage(place(f"Question {number}", f"id_answer_{code}"), answer_words(answer))
        yield Passage(place(f"Question {number}, evidence", f"id_evidence_{code}"), answer.evidence)
    for point in points:
        yield Passage(place("Point", f"id_point_{point.pk}"), point.text)


def _of_summative(agency_return: AgencyReturn, points: list[Point]) -> Iterator[Passage]:
    def place(label: str, box: str = "") -> Place:
        return Place("Summative report", label, "summative-edit", (agency_return.pk,), box)

    yield Passage(place("Overview", "id_overview"), agency_return.overview)
    for point in points:
        yield Passage(place("Point", f"id_point_{point.pk}"), point.text)
    for action in agency_return.restorative_actions.all():
        yield Passage(place("Restorative action"), action.text)
        yield Passage(place("Restorative action, how you will know"), action.measure)


def audit_passages(audit: Audit) -> list[Passage]:
    """Every text of an audit that its documents print, in a fixed number of queries.

    The prose of the documents is known to `reports`, which adds it.
    """
    parts = (
        _settings(audit),
        _setup(audit),
        _conclusions(audit),
        _actions(audit),
        _from_the_meeting(audit),
    )
    return [passage for part in parts for passage in part if passage.words.strip()]


def _settings(audit: Audit) -> Iterator[Passage]:
    def place(label: str, box: str) -> Place:
        args = (audit.pk,)
        return Place("The audit", label, "audit-update", args, box, Permission.RUN_AUDIT)

    yield Passage(place("Title", "id_title"), audit.title)
    yield Passage(place("Why it was asked for", "id_asked_for_reason"), audit.asked_for_reason)
    for field in WHY_ASKED:
        label = capfirst(str(Audit._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
        yield Passage(place(label, f"id_{field}"), getattr(audit, field))
    for label, box, words in (
        ("Name", "id_name", audit.theme.name),
        ("Priority", "id_priority", audit.theme.priority),
    ):
        args = (audit.theme_id,)
        theme = Place("Theme", label, "theme-update", args, box, Permission.MANAGE_SETUP)
        yield Passage(theme, words)


def _setup(audit: Audit) -> Iterator[Passage]:
    """What the documents print of toolkit, learning themes and grade scale."""
    for question in Question.objects.filter(toolkit=audit.toolkit_id).select_related("toolkit"):
        at = _place_of_question(question)
        for words in (question.text, *question.choices):
            yield Passage(at, str(words))
    for theme in _learning_themes(audit):
        route = ("learning-theme-update", (theme.pk,), "id_name")
        yield Passage(Place("Learning themes", "Name", *route, Permission.MANAGE_SETUP), theme.name)
    fixed = audit.is_locked
    scale = ("audit-detail" if fixed else "audit-grades", (audit.pk,), "", Permission.RUN_AUDIT)
    label = "Grade of a scale that stands fast" if fixed else "Grade"
    for grade in audit.grades.all():
        yield Passage(Place("The audit", label, *scale), grade.label)


def _place_of_question(question: Question) -> Place:
    """A toolkit that an audit has used is frozen: what stands there can only be cleared."""
    number, needs = f"Question {question.number}", Permission.MANAGE_SETUP
    if question.toolkit.is_frozen:
        box = f"question-{question.code}"
        label = f"{number}, which stands fast"
        return Place("Toolkit", label, "toolkit-detail", (question.toolkit_id,), box, needs)
    args = (question.toolkit_id, question.pk)
    return Place("Toolkit", number, "question-update", args, "id_text", needs)


def _learning_themes(audit: Audit) -> Iterable[LearningTheme]:
    """Those to which anything is coded that the documents may count or print."""
    placed = PointPlacement.objects.filter(audit=audit).values("point")
    coded = Point.learning_themes.through.objects.filter(point__in=placed)
    themes = Q(pk__in=coded.values("learningtheme")) | Q(
        pk__in=Finding.learning_themes.through.objects.filter(finding__audit=audit).values(
            "learningtheme"
        )
    )
    return LearningTheme.objects.filter(themes)


def _conclusions(audit: Audit) -> Iterator[Passage]:
    args = (audit.pk,)
    findings = "Findings"
    for finding in audit.findings.all():
        at = Place(findings, "Finding", "finding-update", (*args, finding.pk), "id_text")
        yield Passage(at, finding.text)
    placements = FindingPlacement.objects.filter(finding__audit=audit)
    for placement in placements.exclude(wording=""):
        at = Place(
            findings,
            "Finding, own wording",
            "placement-update",
            (*args, placement.pk),
            "id_wording",
        )
        yield Passage(at, placement.wording)
    for lead_in in LeadIn.objects.filter(audit=audit):
        at = Place(findings, "Lead-in", "lead-in-update", (*args, lead_in.pk), "id_text")
        yield Passage(at, lead_in.text)
    for heading in GapHeading.objects.filter(audit=audit):
        at = Place(
            findings, "Heading of gaps", "gap-heading-update", (*args, heading.pk), "id_label"
        )
        yield Passage(at, heading.label)
    for seen in SeenBefore.objects.filter(finding__audit=audit):
        here = ("finding-update", (*args, seen.finding_id), "id_on_paper")
        yield Passage(Place(findings, "Seen in an earlier audit", *here), str(seen))
    yield from _figures(audit)


def _figures(audit: Audit) -> Iterator[Passage]:
    for figure in Figure.objects.filter(audit=audit):
        words = {
            "What was counted": figure.label,
            "Unit": figure.unit,
            "Who said so": figure.stated_by,
        }
        for label, text in words.items():
            yield Passage(
                Place("Figures", label, "figure-update", (audit.pk, figure.pk)),
                text,
            )


def _actions(audit: Audit) -> Iterator[Passage]:
    for action in Action.objects.filter(audit=audit):
        args = (action.pk,)
        yield Passage(Place("Actions", "Action", "action-update", args, "id_text"), action.text)
        success = Place("Actions", "Done when", "action-update", args, "id_measure_of_success")
        yield Passage(success, action.measure_of_success)


def _from_the_meeting(audit: Audit) -> Iterator[Passage]:
    points = Point.objects.filter(audit=audit, placements__agreed=True).distinct()
    for point in points.select_related("case").order_by("case__number", "pk"):
        group = str(point.case or "The audit as a whole")
        route = ("agreed-point-update", (audit.pk, point.pk))
        yield Passage(Place(group, "Agreed point", *route, "id_text"), point.text)
    grades = AgreedGrade.objects.filter(case_return__audit=audit)
    for grade in grades.select_related("case_return__case"):
        args = (audit.pk, grade.case_return.case_id)
        at = Place(str(grade.case_return.case), "Why the grade changed", "meeting-case", args)
        yield Passage(at, grade.reason)
    for row in Discussion.objects.filter(case__audit=audit).select_related("case"):
        at = Place(str(row.case), "Why this overall grade", "meeting-case", (audit.pk, row.case_id))
        yield Passage(at, row.overall_grade_reason)
