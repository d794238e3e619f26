import pytest

from audits.domain.completeness import Content, gaps, progress
from audits.questions import asked_of, in_play, unanswered
from tests.factories import AgencyFactory, QuestionFactory, ToolkitFactory

pytestmark = pytest.mark.django_db


def test_questions_for_named_agencies_are_put_to_those_alone() -> None:
    toolkit = ToolkitFactory()
    police, health = (AgencyFactory(partnership=toolkit.partnership) for _ in range(2))
    everybody = QuestionFactory(toolkit=toolkit)
    for_both = QuestionFactory(toolkit=toolkit)
    for_both.agencies.set([police, health])
    for_police = QuestionFactory(toolkit=toolkit)
    for_police.agencies.add(police)

    assert list(asked_of(police.pk, toolkit.pk)) == [everybody, for_both, for_police]
    assert list(asked_of(health.pk, toolkit.pk)) == [everybody, for_both]


def test_a_follow_up_of_a_follow_up_needs_both_answers() -> None:
    toolkit = ToolkitFactory()
    first = QuestionFactory(toolkit=toolkit)
    second = QuestionFactory(toolkit=toolkit, follows=first, follows_answers=["yes", "partly"])
    third = QuestionFactory(toolkit=toolkit, follows=second, follows_answers=["no"])
    questions = [first, second, third]

    assert in_play(questions, {first.pk: "partly", second.pk: "no"}) == questions
    assert in_play(questions, {first.pk: "no", second.pk: "no"}) == [first]
    assert in_play(questions, {}) == [first]


def test_points_answer_a_question_of_points() -> None:
    toolkit = ToolkitFactory()
    asked = QuestionFactory(toolkit=toolkit, kind="points", point_kind="challenge")
    optional = QuestionFactory(toolkit=toolkit, required=False)

    assert unanswered([asked, optional], {}, set()) == [asked]
    assert unanswered([asked, optional], {}, {"challenge"}) == []


def test_what_is_left_names_its_place_on_the_page() -> None:
    question = QuestionFactory(code="toolkit-used", text="Was it used?")
    content = Content(known="", not_known_reason="", answers={}, kinds=set())

    assert [(gap.sentence, gap.anchor) for gap in gaps(content, [question])] == [
        ("Say whether the child, a sibling or a carer is known to you.", "id_known_field"),
        ("Answer question 1: Was it used?", "question-toolkit-used"),
    ]


def test_progress_counts_the_questions_in_play() -> None:
    toolkit = ToolkitFactory()
    first = QuestionFactory(toolkit=toolkit)
    follow = QuestionFactory(toolkit=toolkit, follows=first, follows_answers=["yes"])
    content = Content("child", "", {first.pk: "no"}, set())

    counted = progress(content, [first, follow])

    assert (counted.done, counted.total) == (1, 1)
