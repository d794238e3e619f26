"""The agency's own answers to what its contributors were asked, on the page that collates."""

from functools import cached_property
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from audits.domain.case_returns import AnswerDraft, CaseReturnDraft
from audits.domain.drafts import Basis, Text
from audits.forms.answers import AnswersForm, QuestionRow, answer_name, evidence_name
from audits.forms.basis import BasisField
from audits.reading.collation import CollationPage, QuestionTally


class OwnForm(forms.Form):
    basis = BasisField()


class CollationSheet:
    """Only the answers to these questions are of the draft: nothing else in the case return."""

    def __init__(self, page: CollationPage, data: QueryDict | None = None) -> None:
        self.page = page
        stored = page.case_page.answers
        said = {pk: AnswerDraft(each.value, each.evidence) for pk, each in stored.items()}
        self.own = OwnForm(data)
        self.answers = AnswersForm(data, questions=page.questions, answers=said)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.own, self.answers]

    def is_valid(self) -> bool:
        return all([self.own.is_valid(), self.answers.is_valid()])

    @property
    def rows(self) -> list[tuple[QuestionTally, QuestionRow]]:
        """What the contributors said to each question, beside the agency's own answer to it."""
        return list(zip(self.page.tallies, self.answers.rows, strict=True))

    def draft(self) -> CaseReturnDraft:
        said = self.answers.drafts()
        return CaseReturnDraft(own={}, answers=said, only=self._keys(said))

    @staticmethod
    def _keys(ids: "dict[UUID, AnswerDraft]") -> list[str]:
        return [f"{kind}:{pk}" for pk in ids for kind in ("answer", "evidence")]

    @cached_property
    def texts(self) -> dict[str, Text]:
        keys = {
            f"{kind}:{each.pk}" for each in self.page.questions for kind in ("answer", "evidence")
        }
        return {key: text for key, text in self.page.case_page.texts.items() if key in keys}

    @property
    def fresh_basis(self) -> Basis:
        return Basis.of(self.texts)

    @property
    def basis(self) -> Basis:
        basis: Basis = self.own.cleaned_data["basis"]
        return basis

    def field_for(self, key: str) -> BoundField:
        """The field of a text that somebody else changed too."""
        kind, _, pk = key.partition(":")
        question = next(each for each in self.page.questions if str(each.pk) == pk)
        name = answer_name(question) if kind == "answer" else evidence_name(question)
        return self.answers[name]
