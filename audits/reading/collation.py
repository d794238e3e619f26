"""What the contributors said about one case, side by side, with what the agency makes of it."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from agencies.models import Agency
from audits.models import (
    CaseReturn,
    ContributorAnswer,
    ContributorPoint,
    ContributorRequest,
    PointKind,
    Question,
)
from audits.questions import asked_of_contributors
from audits.reading.case_returns import CaseReturnPage, Sibling, in_words

Stage = ContributorRequest.Stage
NO_ANSWER = "No answer"


@dataclass(frozen=True)
class Said:
    """One contributor's answer to one question, as people read it."""

    who: str
    answer: str
    evidence: str


@dataclass(frozen=True)
class Alike:
    """Those who gave the same answer."""

    answer: str
    said: list[Said]

    @property
    def with_evidence(self) -> list[Said]:
        return [each for each in self.said if each.evidence]

    @property
    def names_alone(self) -> str:
        return ", ".join(each.who for each in self.said if not each.evidence)


@dataclass(frozen=True)
class QuestionTally:
    """One question with what each said: grouped where there are answers to choose from, in the
    order of the answers and leaving out those that nobody gave."""

    question: Question
    said: list[Said]
    alike: list[Alike]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many contributors gave each answer."""
        return [(each.answer, len(each.said)) for each in self.alike]


@dataclass(frozen=True)
class PointsOfKind:
    kind: str
    label: str
    points: list[ContributorPoint]


@dataclass
class CollationPage:
    """Reads lazily, each part once, in a number of queries that does not grow."""

    case_page: CaseReturnPage

    @property
    def case_return(self) -> CaseReturn:
        return self.case_page.case_return

    @property
    def agency(self) -> Agency:
        return self.case_return.agency

    @property
    def nouns(self) -> str:
        return self.agency.contributor_noun_plural or "contributors"

    @cached_property
    def requests(self) -> list[ContributorRequest]:
        return list(
            self.case_return.contributor_requests.select_related("contributor").order_by(
                "contributor__name"
            )
        )

    def _in(self, *stages: str) -> list[ContributorRequest]:
        return [each for each in self.requests if each.stage in stages]

    @property
    def replied(self) -> list[ContributorRequest]:
        return self._in(*ContributorRequest.REPLIED_STAGES)

    @property
    def answered(self) -> list[ContributorRequest]:
        """Those with something to tell; what is only saved for later is not shown."""
        return self._in(Stage.REPLIED)

    @property
    def holding_nothing(self) -> list[ContributorRequest]:
        return self._in(Stage.HOLDS_NOTHING)

    @property
    def declined(self) -> list[ContributorRequest]:
        return self._in(Stage.DECLINED)

    @property
    def owing(self) -> list[ContributorRequest]:
        return self._in(*ContributorRequest.OWING_STAGES)

    @cached_property
    def questions(self) -> list[Question]:
        asked = asked_of_contributors(self.case_return.agency_id, self.case_return.audit.toolkit_id)
        return [each for each in asked if each.kind != Question.Kind.POINTS]

    @cached_property
    def _answers(self) -> dict[tuple[UUID, UUID], ContributorAnswer]:
        found = ContributorAnswer.objects.filter(
            request__case_return=self.case_return, request__stage=Stage.REPLIED
        )
        return {(each.request_id, each.question_id): each for each in found}

    @property
    def tallies(self) -> list[QuestionTally]:
        return [self._tally(question) for question in self.questions]

    def _tally(self, question: Question) -> QuestionTally:
        said = [
            Said(
                each.contributor.name,
                in_words(question, answer.value) if answer else "",
                answer.evidence if answer else "",
            )
            for each in self.answered
            for answer in [self._answers.get((each.pk, question.pk))]
        ]
        if not question.answers:
            return QuestionTally(question, [each for each in said if each.answer], [])
        labels = [*(label for _, label in question.answers), ""]
        alike = [
            Alike(label or NO_ANSWER, same)
            for label in labels
            if (same := [each for each in said if each.answer == label])
        ]
        return QuestionTally(question, said, alike)

    @cached_property
    def points(self) -> list[PointsOfKind]:
        found = list(
            ContributorPoint.objects.filter(
                request__case_return=self.case_return, request__stage=Stage.REPLIED
            )
            .select_related("request__contributor", "point")
            .order_by("request__contributor__name", "position", "pk")
        )
        return [
            PointsOfKind(kind, str(PointKind(kind).label), of_kind)
            for kind in PointKind.values
            if (of_kind := [each for each in found if each.kind == kind])
        ]

    @property
    def to_take_over(self) -> int:
        return sum(not each.taken_over for block in self.points for each in block.points)

    @property
    def previous(self) -> Sibling | None:
        return self.case_page.previous

    @property
    def next(self) -> Sibling | None:
        return self.case_page.next
