"""What a case return still lacks before it can be complete, and where on its page that is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_date

from audits.domain.engagement import in_order
from audits.models import CaseReturn, EngagementEntry, Known, Question
from audits.questions import asked_of, in_play, is_answered, unanswered

KNOWN = "id_known_field"


@dataclass(frozen=True)
class Gap:
    """One thing left to do; `anchor` is the id of the place on the page of the case return."""

    sentence: str
    anchor: str


@dataclass(frozen=True)
class Content:
    """What a case return says, as far as completeness is concerned."""

    known: str
    not_known_reason: str
    answers: Mapping[UUID, str]
    kinds: Collection[str]
    entries: Sequence[EngagementEntry] = ()

    @property
    def unfinished_lines(self) -> list[tuple[int, UUID, str]]:
        """Lines of the chronology that lack something: number, id, and what to do."""
        lines = ((n, each.pk, _lacks(each)) for n, each in enumerate(self.entries, start=1))
        return [line for line in lines if line[2]]

    @classmethod
    def of(cls, case_return: CaseReturn) -> "Content":
        return cls(
            case_return.known,
            case_return.not_known_reason,
            dict(case_return.answers.values_list("question", "value")),
            set(
                case_return.points.filter(placements__agreed=False).values_list(
                    "placements__kind", flat=True
                )
            ),
            in_order(case_return.engagement_entries.all()),
        )


def _lacks(entry: EngagementEntry) -> str:
    if not entry.words:
        return "say what you did."
    if entry.began_on is None:
        return "say from when it was."
    is_to_come = max(entry.began_on, entry.ended_on or entry.began_on) > timezone.localdate()
    return "its date is still to come. Say when it was." if is_to_come else ""


def dates_to_come(content: Content, questions: Iterable[Question]) -> list[tuple[Question, date]]:
    """Questions answered with a day still to come: some may mean it, so nothing stops at it."""
    found = []
    for question in in_play(questions, content.answers):
        said = content.answers.get(question.pk, "")
        if question.kind == Question.Kind.DATE and said:
            day = parse_date(said)
            if day is not None and day > timezone.localdate():
                found.append((question, day))
    return found


def gaps(content: Content, questions: Iterable[Question]) -> list[Gap]:
    """Left to do before the case return is finished; `questions` are those put to the agency."""
    if content.known == Known.NO:
        if content.not_known_reason.strip():
            return []
        return [Gap("Say how you checked.", "id_not_known_reason")]
    found = []
    if content.known == Known.UNSURE:
        found.append(Gap("Find out whether the family is known to you, and say so.", KNOWN))
    elif not content.known:
        found.append(Gap("Say whether the child, a sibling or a carer is known to you.", KNOWN))
    found += [
        Gap(f"Line {number} of the chronology: {lacks}", f"entry-{pk}")
        for number, pk, lacks in content.unfinished_lines
    ]
    missing = unanswered(questions, content.answers, content.kinds)
    found += [
        Gap(f"Answer question {each.number}: {each.text}", f"question-{each.code}")
        for each in missing
    ]
    return found


def gaps_of(case_return: CaseReturn) -> list[Gap]:
    questions = asked_of(case_return.agency_id, case_return.audit.toolkit_id)
    return gaps(Content.of(case_return), questions)


@dataclass(frozen=True)
class Progress:
    """How many of the questions in play have an answer."""

    done: int
    total: int


def progress(content: Content, questions: Iterable[Question]) -> Progress:
    shown = in_play(questions, content.answers)
    done = sum(is_answered(each, content.answers, content.kinds) for each in shown)
    return Progress(done, len(shown))
