"""What the holder of a contributor's link reads: its own cases, by number, and its own answers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from agencies.models import Agency
from audits.domain.contributor_links import answer_by
from audits.domain.contributor_replies import SAYS, texts_of
from audits.domain.drafts import Basis, Text
from audits.models import (
    AgencyReturn,
    Audit,
    Case,
    ContributorAnswer,
    ContributorLink,
    ContributorPoint,
    ContributorRequest,
    PointKind,
    Question,
)
from audits.questions import asked_of_contributors

Stage = ContributorRequest.Stage
STATE_WORDS = {
    Stage.ASKED: "To answer",
    Stage.OPENED: "To answer",
    Stage.REPLIED: "Answered",
    Stage.HOLDS_NOTHING: "Nothing held",
    Stage.DECLINED: "Declined",
}


def told_otherwise(agency_return: AgencyReturn) -> str:
    """How a contributor learns who the children are, where whoever sent the link says nothing.

    What is sealed is for the agencies asked alone, so the audit's own way is not theirs.
    """
    audit = agency_return.audit
    if audit.identity_channel and not audit.seals.exists():
        return audit.identity_channel
    nouns = audit.partnership.subject_noun_plural
    return (
        f"{agency_return.agency} will tell you, in its own secure way, who the {nouns} are. "
        "Ask it if you have not heard."
    )


@dataclass
class ContributionPage:
    """All cases a contributor is asked about; reads lazily, each part once."""

    link: ContributorLink

    @property
    def audit(self) -> Audit:
        return self.link.agency_return.audit

    @property
    def learns_by(self) -> str:
        return self.link.learns_by or told_otherwise(self.link.agency_return)

    @property
    def agency(self) -> Agency:
        return self.link.agency_return.agency

    @cached_property
    def requests(self) -> list[ContributorRequest]:
        return list(
            ContributorRequest.objects.held_by(self.link)
            .select_related("case_return__case")
            .order_by("case_return__case__number")
        )

    @property
    def left(self) -> list[ContributorRequest]:
        return [each for each in self.requests if each.stage in ContributorRequest.OWING_STAGES]

    @property
    def done(self) -> int:
        return len(self.requests) - len(self.left)

    @property
    def rows(self) -> list[tuple[ContributorRequest, str]]:
        return [(each, STATE_WORDS[Stage(each.stage)]) for each in self.requests]

    @property
    def answer_by(self) -> date:
        return answer_by(self.link)

    def find(self, request_id: UUID) -> ContributorRequest | None:
        return next((each for each in self.requests if each.pk == request_id), None)

    def after(self, request: ContributorRequest) -> ContributorRequest | None:
        """The next case to answer, beginning again at the first."""
        here = self.requests.index(request)
        turned = self.requests[here + 1 :] + self.requests[:here]
        return next((each for each in turned if each in self.left), None)


@dataclass
class ReplyPage:
    """One case: the questions, and what was answered so far."""

    whole: ContributionPage
    request: ContributorRequest

    @property
    def case(self) -> Case:
        return self.request.case_return.case

    @cached_property
    def questions(self) -> list[Question]:
        """Numbered as contributors meet them: the questions between are not for them."""
        link = self.whole.link
        asked = list(
            asked_of_contributors(link.agency_return.agency_id, self.whole.audit.toolkit_id)
        )
        for position, question in enumerate(asked):
            question.position = position
        return asked

    @property
    def to_answer(self) -> list[Question]:
        return [each for each in self.questions if each.kind != Question.Kind.POINTS]

    @property
    def points_asked(self) -> dict[str, Question]:
        """The question that asks for points, by kind; the first where two ask for the same."""
        asked: dict[str, Question] = {}
        for question in self.questions:
            if question.kind == Question.Kind.POINTS:
                asked.setdefault(question.point_kind, question)
        return asked

    @cached_property
    def answers(self) -> dict[UUID, ContributorAnswer]:
        return {each.question_id: each for each in self.request.answers.all()}

    @cached_property
    def points(self) -> list[ContributorPoint]:
        return list(self.request.points.all())

    @property
    def points_words(self) -> dict[str, str]:
        """The points that can still change, a line each, by kind."""
        return {kind: self.texts[f"points:{kind}"].words for kind in PointKind.values}

    @property
    def taken_over(self) -> list[ContributorPoint]:
        return [each for each in self.points if each.taken_over]

    @property
    def says(self) -> str:
        begun = "answers" if self.answers or self.points else ""
        return SAYS.get(Stage(self.request.stage), begun)

    @cached_property
    def texts(self) -> dict[str, Text]:
        return texts_of(self.request, self.answers.values(), self.points)

    @property
    def basis(self) -> Basis:
        return Basis.of(self.texts)

    @property
    def next(self) -> ContributorRequest | None:
        return self.whole.after(self.request)
