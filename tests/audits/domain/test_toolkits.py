from typing import Any

import pytest
from django.utils import timezone

from agencies.domain.refusal import RefusedError
from agencies.models import User
from agencies.roles import Role
from audits.domain import toolkits as domain
from audits.forms.question import QuestionForm, initial_of
from audits.forms.toolkit import ToolkitForm
from audits.models import Question, Toolkit
from tests.factories import AgencyFactory, AuditFactory, QuestionFactory, ToolkitFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def toolkit() -> Toolkit:
    made: Toolkit = ToolkitFactory(name="Neglect")
    return made


@pytest.fixture
def officer(toolkit: Toolkit) -> User:
    return person(Role.OFFICER, toolkit.partnership)


def texts(toolkit: Toolkit) -> list[tuple[int, str]]:
    return [(question.number, question.text) for question in toolkit.questions.all()]


def three(toolkit: Toolkit) -> list[Question]:
    return [QuestionFactory(toolkit=toolkit, text=text) for text in ("One?", "Two?", "Three?")]


class TestQuestions:
    def test_a_new_one_comes_last_with_a_code_made_of_its_words(
        self, toolkit: Toolkit, officer: User
    ) -> None:
        agency = AgencyFactory(partnership=toolkit.partnership)
        values = {"text": "Has the neglect tool been used?"}
        domain.add_question(toolkit=toolkit, by=officer, values=values)
        question = domain.add_question(
            toolkit=toolkit, by=officer, values=values, agencies=[agency]
        )
        assert list(toolkit.questions.values_list("position", "code")) == [
            (0, "has-the-neglect-tool-been-used"),
            (1, "has-the-neglect-tool-been-used-2"),
        ]
        assert list(question.agencies.all()) == [agency]

    def test_a_change_keeps_the_code(self, toolkit: Toolkit, officer: User) -> None:
        question = QuestionFactory(toolkit=toolkit, code="tool-used")
        domain.update_question(
            question=question, by=officer, values={"text": "Was it used?", "code": ""}
        )
        question.refresh_from_db()
        assert (question.text, question.code) == ("Was it used?", "tool-used")

    def test_moving(self, toolkit: Toolkit, officer: User) -> None:
        one, two, _ = three(toolkit)
        domain.move_question(question=two, by=officer, up=True)
        assert texts(toolkit) == [(1, "Two?"), (2, "One?"), (3, "Three?")]
        domain.move_question(question=two, by=officer, up=True)
        domain.move_question(question=one, by=officer, up=False)
        assert texts(toolkit) == [(1, "Two?"), (2, "Three?"), (3, "One?")]

    @pytest.mark.parametrize("up", [True, False])
    def test_a_follow_up_stays_below_what_it_follows(
        self, toolkit: Toolkit, officer: User, up: bool
    ) -> None:
        one, two, _ = three(toolkit)
        two.follows, two.follows_answers = one, ["yes"]
        two.save()
        with pytest.raises(RefusedError) as refused:
            domain.move_question(question=two if up else one, by=officer, up=up)
        assert str(refused.value) == "Question 2 follows question 1, so it stays below it."

    def test_removing_closes_the_gap(self, toolkit: Toolkit, officer: User) -> None:
        one, _, _ = three(toolkit)
        domain.remove_question(question=one, by=officer)
        assert texts(toolkit) == [(1, "Two?"), (2, "Three?")]

    def test_one_that_others_follow_stays(self, toolkit: Toolkit, officer: User) -> None:
        one, two, _ = three(toolkit)
        two.follows = one
        two.save()
        with pytest.raises(RefusedError) as refused:
            domain.remove_question(question=one, by=officer)
        assert str(refused.value) == "Question 2 follows this one. Change or remove it first."


class TestFreezing:
    def test_a_frozen_version_takes_no_change(self, toolkit: Toolkit, officer: User) -> None:
        question = QuestionFactory(toolkit=toolkit)
        toolkit.frozen_at = timezone.now()
        toolkit.save()
        calls: list[Any] = [
            lambda: domain.update_toolkit(toolkit=toolkit, by=officer, name="X", description=""),
            lambda: domain.add_question(toolkit=toolkit, by=officer, values={"text": "Why?"}),
            lambda: domain.update_question(question=question, by=officer, values={"text": "Why?"}),
            lambda: domain.move_question(question=question, by=officer, up=True),
            lambda: domain.remove_question(question=question, by=officer),
            lambda: domain.remove_toolkit(toolkit=toolkit, by=officer),
        ]
        for call in calls:
            with pytest.raises(RefusedError, match="This version is frozen"):
                call()

    def test_a_new_version_copies_questions_follow_ups_and_agencies(
        self, toolkit: Toolkit, officer: User
    ) -> None:
        one, two, _ = three(toolkit)
        agency = AgencyFactory(partnership=toolkit.partnership)
        two.follows, two.follows_answers = one, ["yes", "partly"]
        two.save()
        two.agencies.add(agency)
        copy = domain.new_version(toolkit=toolkit, by=officer)
        assert (copy.name, copy.version, copy.is_frozen) == ("Neglect", 2, False)
        assert texts(copy) == texts(toolkit)
        twin = copy.questions.get(code=two.code)
        assert twin.follows == copy.questions.get(code=one.code)
        assert twin.follows_answers == ["yes", "partly"]
        assert list(twin.agencies.all()) == [agency]
        assert domain.new_version(toolkit=toolkit, by=officer).version == 3


class TestRemovingAToolkit:
    def test_one_that_nobody_uses(self, toolkit: Toolkit, officer: User) -> None:
        one, two, _ = three(toolkit)
        two.follows = one
        two.save()
        domain.remove_toolkit(toolkit=toolkit, by=officer)
        assert not Toolkit.objects.exists()
        assert not Question.objects.exists()

    def test_one_that_an_audit_uses(self, toolkit: Toolkit, officer: User) -> None:
        AuditFactory(partnership=toolkit.partnership, toolkit=toolkit)
        with pytest.raises(RefusedError) as refused:
            domain.remove_toolkit(toolkit=toolkit, by=officer)
        assert (
            str(refused.value) == "An audit uses this toolkit. Choose another toolkit for it first."
        )


def test_making_and_naming_a_toolkit(toolkit: Toolkit, officer: User) -> None:
    made = domain.create_toolkit(partnership=toolkit.partnership, by=officer, name="Front door")
    domain.update_toolkit(toolkit=made, by=officer, name="The front door", description="Referrals.")
    made.refresh_from_db()
    assert (str(made), made.description) == ("The front door, version 1", "Referrals.")
    assert ToolkitForm({"name": "neglect"}, partnership=toolkit.partnership).errors == {
        "name": ["There is a toolkit of this name already. Open it and make a new version."]
    }
    own = ToolkitForm({"name": "Neglect"}, partnership=toolkit.partnership, toolkit=toolkit)
    assert own.is_valid()


def test_a_new_version_leaves_nothing_of_a_question_behind(toolkit: Toolkit, officer: User) -> None:
    QuestionFactory(
        toolkit=toolkit,
        kind="choice",
        choices=["A", "B"],
        help_text="Look at the notes.",
        asks_evidence=False,
        for_contributors=True,
        required=False,
    )
    copy = domain.new_version(toolkit=toolkit, by=officer)
    own = {"id", "toolkit_id"}
    first, twin = (
        {name: value for name, value in each.questions.values().get().items() if name not in own}
        for each in (toolkit, copy)
    )
    assert first == twin


class TestQuestionForm:
    def form(self, toolkit: Toolkit, question: Question | None = None, **sent: Any) -> QuestionForm:
        data = {"text": "Was it used?", "kind": "yes_no", **sent}
        return QuestionForm(data, toolkit=toolkit, question=question)

    def test_a_plain_question(self, toolkit: Toolkit) -> None:
        form = self.form(toolkit, asks_evidence="on", choices="left\nover", point_kind="went_well")
        assert form.is_valid(), form.errors
        assert form.question_values == {
            "text": "Was it used?",
            "kind": "yes_no",
            "choices": [],
            "point_kind": "",
            "help_text": "",
            "for_contributors": False,
            "asks_evidence": True,
            "required": False,
            "code": "",
            "follows": None,
            "follows_answers": [],
        }

    def test_choices_are_lines(self, toolkit: Toolkit) -> None:
        form = self.form(toolkit, kind="choice", choices=" Early help \n\nEarly help\nUniversal")
        assert form.is_valid()
        assert form.question_values["choices"] == ["Early help", "Universal"]
        assert self.form(toolkit, kind="choice", choices="One").errors == {
            "choices": ["List at least two answers, one a line."]
        }

    def test_points_are_of_a_kind_and_bring_no_evidence(self, toolkit: Toolkit) -> None:
        assert self.form(toolkit, kind="points").errors == {
            "point_kind": ["Choose which points answer it."]
        }
        form = self.form(toolkit, kind="points", point_kind="challenge", asks_evidence="on")
        assert form.is_valid()
        assert not form.question_values["asks_evidence"]

    def test_nothing_can_be_followed_yet(self, toolkit: Toolkit) -> None:
        QuestionFactory(toolkit=toolkit, kind=Question.Kind.TEXT)
        assert "follows" not in QuestionForm(toolkit=toolkit).fields

    def test_it_follows_answers_of_an_earlier_question(self, toolkit: Toolkit) -> None:
        first = QuestionFactory(toolkit=toolkit, text="Was it used?")
        form = self.form(toolkit, follows=str(first.pk), follows_answers=["yes", "partly"])
        assert form.is_valid(), form.errors
        assert form.question_values["follows"] == first
        assert form.question_values["follows_answers"] == ["yes", "partly"]
        assert "1. Was it used?" in str(form["follows"])

    def test_after_which_answers_has_to_be_said(self, toolkit: Toolkit) -> None:
        first = QuestionFactory(toolkit=toolkit)
        choice = QuestionFactory(toolkit=toolkit, kind="choice", choices=["A", "B"])
        assert self.form(toolkit, follows=str(first.pk)).errors == {
            "follows_answers": ["Tick the answers after which it is asked."]
        }
        assert self.form(toolkit, follows=str(choice.pk), follows_answers=["yes"]).errors == {
            "follows_answers": ["“Yes” is not an answer to question 2."]
        }

    def test_only_earlier_questions_can_be_followed(self, toolkit: Toolkit) -> None:
        first, second, third = three(toolkit)
        form = QuestionForm(toolkit=toolkit, question=second)
        assert list(form.fields["follows"].queryset) == [first]  # type: ignore[attr-defined]
        assert third not in form.earlier

    def test_an_answer_that_others_follow_cannot_be_taken_away(self, toolkit: Toolkit) -> None:
        first, second, _ = three(toolkit)
        second.follows, second.follows_answers = first, ["yes"]
        second.save()
        assert self.form(toolkit, first, kind="number").errors == {
            "kind": ["Question 2 follows an answer this would take away."]
        }
        assert self.form(toolkit, first).is_valid()

    def test_it_can_be_put_to_contributors_too(self, toolkit: Toolkit) -> None:
        for sent, expected in (("", False), ("on", True)):
            form = self.form(toolkit, for_contributors=sent)
            assert form.is_valid(), form.errors
            assert form.question_values["for_contributors"] is expected

    def test_codes_are_used_once(self, toolkit: Toolkit) -> None:
        question = QuestionFactory(toolkit=toolkit, code="tool-used")
        assert self.form(toolkit, code="tool-used").errors == {
            "code": ["Another question of this toolkit has this code."]
        }
        assert self.form(toolkit, question, code="tool-used").is_valid()

    def test_what_is_there_already_is_shown(self, toolkit: Toolkit) -> None:
        question = QuestionFactory(toolkit=toolkit, kind="choice", choices=["A", "B"])
        shown = initial_of(question)
        assert (shown["choices"], shown["kind"], shown["agencies"]) == ("A\nB", "choice", [])


def test_a_follow_up_says_when_it_is_asked(toolkit: Toolkit) -> None:
    first, second, _ = three(toolkit)
    second.follows, second.follows_answers = first, ["yes", "partly"]
    assert second.follows_words == "after Yes or Partly to question 1"
    assert first.follows_words == ""
