"""What the texts of a return are called, and how what they say is read."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from uuid import UUID

from audits.domain.engagement import Line
from audits.models import (
    AgencyReturn,
    CaseReturn,
    Grade,
    Known,
    Point,
    PointKind,
    PointPlacement,
    Question,
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
ANSWER, EVIDENCE = "answer", "evidence"
ORDER = [*LABELS, "entry", ANSWER, EVIDENCE, "point", "action"]


class TextNames:
    """Reads lazily, each part once, in a fixed number of queries; `keys` are those to be named."""

    def __init__(self, agency_return: AgencyReturn, keys: Iterable[str]) -> None:
        self.agency_return = agency_return
        self.keys: Collection[str] = set(keys)

    def _ids(self, *kinds: str) -> set[UUID]:
        parts = (key.partition(":") for key in self.keys)
        return {UUID(pk) for kind, _, pk in parts if kind in kinds}

    @cached_property
    def _questions(self) -> Mapping[UUID, Question]:
        return Question.objects.in_bulk(list(self._ids(ANSWER, EVIDENCE)))

    @cached_property
    def _kinds(self) -> Mapping[UUID, str]:
        """Under what each point stands in its return; the first, if several."""
        rows = PointPlacement.objects.filter(
            point__in=Point.objects.filter(pk__in=self._ids("point")), agreed=False
        ).values_list("point", "kind")
        order = list(PointKind.values)
        return dict(sorted(rows, key=lambda row: -order.index(row[1])))

    @cached_property
    def _grades(self) -> Mapping[str, str]:
        grades = Grade.objects.filter(audit=self.agency_return.audit_id)
        return dict(grades.values_list("code", "label"))

    def place(self, key: str) -> tuple[int, int]:
        """In the order of the return's page."""
        name, _, pk = key.partition(":")
        question = self._questions.get(UUID(pk)) if name in (ANSWER, EVIDENCE) else None
        if question is not None:
            return ORDER.index(ANSWER), question.position * 2 + (name == EVIDENCE)
        return ORDER.index(name), 0

    def label(self, key: str) -> str:
        name, _, pk = key.partition(":")
        if name in (ANSWER, EVIDENCE):
            number = f"Question {self._questions[UUID(pk)].number}"
            return f"{number}, evidence" if name == EVIDENCE else number
        words = {"point": "Point", "entry": "Chronology", "action": "Restorative action"}
        return words.get(name) or LABELS[name]

    def about(self, key: str) -> str:
        """What the label alone does not say: the words of a question; may be empty."""
        name, _, pk = key.partition(":")
        if name in (ANSWER, EVIDENCE):
            return self._questions[UUID(pk)].text
        kind = self._kinds.get(UUID(pk)) if name == "point" else None
        return str(PointKind(kind).label) if kind else ""

    def read(self, key: str, words: str) -> str:
        """What the text says, as people read it."""
        name, _, pk = key.partition(":")
        if name == ANSWER:
            return in_words(self._questions[UUID(pk)], words)
        if name == "entry":
            return _line(words)
        labels: Mapping[str, str] = {"own_grade": self._grades, "known": dict(Known.choices)}.get(
            name, {}
        )
        return str(labels.get(words, words))


def _line(text: str) -> str:
    """A line of a chronology as people read its days."""
    line = Line.parse(text)
    if line.is_empty:
        return ""
    began = f"{line.began:%d/%m/%Y}" if line.began else "No date"
    ended = f"{line.ended:%d/%m/%Y}" if line.ended else "today"
    return f"{began} to {ended}: {line.words}"
