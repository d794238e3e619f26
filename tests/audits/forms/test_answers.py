from decimal import Decimal

import pytest
from django import forms

from audits.domain.case_returns import AnswerDraft
from audits.forms.answers import AnswersForm, as_stored, question_field
from audits.models import Question
from tests.factories import QuestionFactory, ToolkitFactory

pytestmark = pytest.mark.django_db

Kind = Question.Kind


@pytest.mark.parametrize(
    ("kind", "choices", "field", "widget"),
    [
        (Kind.YES_NO, [], forms.ChoiceField, forms.RadioSelect),
        (Kind.CHOICE, ["One", "Two"], forms.ChoiceField, forms.RadioSelect),
        (Kind.CHOICE, [str(n) for n in range(8)], forms.ChoiceField, forms.Select),
        (Kind.NUMBER, [], forms.DecimalField, forms.NumberInput),
        (Kind.DATE, [], forms.DateField, forms.DateInput),
        (Kind.TEXT, [], forms.CharField, forms.Textarea),
    ],
)
def test_each_kind_of_question_has_its_field(
    kind: str, choices: list[str], field: type[forms.Field], widget: type[forms.Widget]
) -> None:
    question = QuestionFactory.build(kind=kind, choices=choices, toolkit=None, position=0)

    made = question_field(question)

    assert isinstance(made, field)
    assert isinstance(made.widget, widget)
    assert (made.required, made.label) == (False, question.text)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Decimal("4.00"), "4"),
        (Decimal("10"), "10"),
        (Decimal("2.50"), "2.5"),
        (None, ""),
        (" words ", "words"),
    ],
)
def test_an_answer_is_stored_as_plain_text(value: object, stored: str) -> None:
    assert as_stored(value) == stored


def test_what_was_typed_comes_out_by_question() -> None:
    toolkit = ToolkitFactory()
    yes_no = QuestionFactory(toolkit=toolkit, code="a")
    day = QuestionFactory(toolkit=toolkit, code="b", kind=Kind.DATE, asks_evidence=False)
    points = QuestionFactory(toolkit=toolkit, code="c", kind=Kind.POINTS, point_kind="challenge")
    typed = {"answer_a": "not_recorded", "evidence_a": "No file.", "answer_b": "3/5/2026"}

    form = AnswersForm(typed, questions=[yes_no, day, points])

    assert form.is_valid()
    assert form.drafts() == {
        yes_no.pk: AnswerDraft("not_recorded", "No file."),
        day.pk: AnswerDraft("2026-05-03", ""),
    }


def test_a_wrong_number_is_told_beside_its_field_and_kept() -> None:
    question = QuestionFactory(code="visits", kind=Kind.NUMBER)

    form = AnswersForm({"answer_visits": "about four"}, questions=[question])

    assert form.errors == {"answer_visits": ["Enter a number."]}
    assert form["answer_visits"].value() == "about four"


def test_a_follow_up_says_what_it_waits_for() -> None:
    toolkit = ToolkitFactory()
    first = QuestionFactory(toolkit=toolkit, code="used")
    follow = QuestionFactory(toolkit=toolkit, follows=first, follows_answers=["yes", "partly"])

    row = AnswersForm(questions=[first, follow]).rows[1]

    assert (row.follows_name, row.follows_answers, row.follows_labels) == (
        "answer_used",
        "yes|partly",
        "Yes or Partly",
    )
