"""What a correction changed: each text as it was and as it is, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from audits.comparing import Stretch, stretches
from audits.domain.engagement import Line
from audits.models import (
    CaseReturn,
    Correction,
    Grade,
    Known,
    Point,
    PointKind,
    PointPlacement,
    Question,
    TextRevision,
)
from audits.reading.case_returns import in_words

LABELS = {
    "known": "Known to the agency",
    "not_known_reason": "How they checked",
    "engagement_past": "Past engagement",
    "engagement_present": "Present engagement",
    "voice_practitioners": "What practitioners say",
    "voice_child": str(CaseReturn._meta.get_field("voice_child").verbose_name).capitalize(),
    "voice_family": "What the family says",
    "own_grade": "Own grade",
    "grade_reason": "Why this grade",
    "overview": "Overview of the summative report",
}
ANSWERS, EVIDENCE = "answer", "evidence"


@dataclass(frozen=True)
class ChangedText:
    """One text before and after a correction, both cut where they part."""

    label: str
    about: str
    """What the label alone does not say: the words of a question; may be empty."""
    old: str
    new: str

    @cached_property
    def _stretches(self) -> list[Stretch]:
        return stretches(self.old, self.new)

    @property
    def before(self) -> list[Stretch]:
        return [each for each in self._stretches if each.side != "new"]

    @property
    def after(self) -> list[Stretch]:
        return [each for each in self._stretches if each.side != "old"]


class CorrectionPage:
    """Reads lazily, each part once, in a fixed number of queries."""

    def __init__(self, correction: Correction) -> None:
        self.correction = correction
        self.agency_return = correction.agency_return

    @property
    def title(self) -> str:
        row = self.correction.case_return
        return f"{row.case}: what was corrected" if row else "Summative report: what was corrected"

    @property
    def caption(self) -> str:
        return f"{self.agency_return.agency} · {self.agency_return.audit}"

    @property
    def back_url(self) -> str:
        row = self.correction.case_return
        if row is not None:
            return reverse("case-return-edit", args=[self.agency_return.pk, row.pk])
        return reverse("agency-return-detail", args=[self.agency_return.pk])

    @property
    def back_label(self) -> str:
        row = self.correction.case_return
        return str(row.case) if row else "The return"

    @cached_property
    def _pairs(self) -> list[tuple[TextRevision, str]]:
        """Each text of the correction with what it said before."""
        mine = list(self.correction.revisions.all())
        history = TextRevision.objects.filter(
            agency_return=self.agency_return,
            case_return=self.correction.case_return,
            key__in=[each.key for each in mine],
        )
        last: dict[str, str] = {}
        pairs = []
        for each in history.order_by("at", "pk"):
            if each.correction_id == self.correction.pk:
                pairs.append((each, last.get(each.key, "")))
            last[each.key] = each.words
        return pairs

    def _ids(self, *kinds: str) -> set[UUID]:
        keys = (revision.key.partition(":") for revision, _ in self._pairs)
        return {UUID(pk) for kind, _, pk in keys if kind in kinds}

    @cached_property
    def _questions(self) -> Mapping[UUID, Question]:
        return Question.objects.in_bulk(list(self._ids(ANSWERS, EVIDENCE)))

    @cached_property
    def _kinds(self) -> Mapping[UUID, str]:
        """Under what each corrected point stands in its return; the first, if several."""
        rows = PointPlacement.objects.filter(
            point__in=Point.objects.filter(pk__in=self._ids("point")), agreed=False
        ).values_list("point", "kind")
        order = list(PointKind.values)
        return dict(sorted(rows, key=lambda row: -order.index(row[1])))

    @cached_property
    def _grades(self) -> Mapping[str, str]:
        grades = Grade.objects.filter(audit=self.agency_return.audit_id)
        return dict(grades.values_list("code", "label"))

    @property
    def changes(self) -> list[ChangedText]:
        found = [
            (self._place(each.key), self._changed(each.key, old, each.words))
            for each, old in self._pairs
        ]
        return [change for _, change in sorted(found, key=lambda pair: pair[0])]

    def _place(self, key: str) -> tuple[int, int]:
        """In the order of the return's page."""
        name, _, pk = key.partition(":")
        order = [*LABELS, "entry", ANSWERS, EVIDENCE, "point", "action"]
        question = self._questions.get(UUID(pk)) if name in (ANSWERS, EVIDENCE) else None
        if question is not None:
            return order.index(ANSWERS), question.position * 2 + (name == EVIDENCE)
        return order.index(name), 0

    def _changed(self, key: str, old: str, new: str) -> ChangedText:
        name, _, pk = key.partition(":")
        if name in (ANSWERS, EVIDENCE):
            return self._of_question(name, self._questions[UUID(pk)], old, new)
        if name == "point":
            kind = self._kinds.get(UUID(pk))
            return ChangedText("Point", str(PointKind(kind).label) if kind else "", old, new)
        if name == "entry":
            return ChangedText("Chronology", "", _line(old), _line(new))
        if name == "action":
            return ChangedText("Restorative action", "", old, new)
        labels = {"known": dict(Known.choices), "own_grade": self._grades}.get(name, {})
        return ChangedText(LABELS[name], "", str(labels.get(old, old)), str(labels.get(new, new)))

    def _of_question(self, name: str, question: Question, old: str, new: str) -> ChangedText:
        label = f"Question {question.number}"
        if name == EVIDENCE:
            return ChangedText(f"{label}, evidence", question.text, old, new)
        return ChangedText(label, question.text, in_words(question, old), in_words(question, new))


def _line(text: str) -> str:
    """A line of a chronology as people read its days."""
    line = Line.parse(text)
    if line.is_empty:
        return ""
    began = f"{line.began:%d/%m/%Y}" if line.began else "No date"
    ended = f"{line.ended:%d/%m/%Y}" if line.ended else "today"
    return f"{began} to {ended}: {line.words}"
