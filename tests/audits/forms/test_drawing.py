from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.utils.safestring import SafeString

from audits.domain.case_returns import AnswerDraft
from audits.forms import drawing, drawn_lists
from audits.forms.answers import AnswersForm, QuestionRow
from audits.forms.points import PointsBlock, PointsForm, block, point_name
from audits.models import Point, PointKind, Question
from audits.reading.points import ListedPoint, listed
from tests.factories import CaseReturnFactory, QuestionFactory, ToolkitFactory, returned_point

pytestmark = pytest.mark.django_db

Kind = Question.Kind
HOSTILE = "<script>alert(1)</script> \"quoted\" & 'apostrophe'"
Element = tuple[str, dict[str, str | None]]


class Reader(HTMLParser):
    """What a browser would find: elements in order, and the words between them."""

    def __init__(self, markup: SafeString) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def row_of(question: Question, data: dict[str, str] | None = None) -> QuestionRow:
    return AnswersForm(data, questions=[question]).rows[0]


def questions_of(markup: SafeString) -> Reader:
    reader = Reader(markup)
    assert reader.open == []
    return reader


def test_words_of_a_toolkit_cannot_break_the_page() -> None:
    question = QuestionFactory(
        text=HOSTILE, help_text=HOSTILE, kind=Kind.CHOICE, choices=["<b>One", 'Two" x="']
    )

    drawn = questions_of(drawing.question(row_of(question), None))

    assert HOSTILE in drawn.words
    assert {tag for tag, _ in drawn.elements}.isdisjoint({"script", "b"})
    values = [each["value"] for each in drawn.attributes("input")]
    assert values == ["<b>One", 'Two" x="']


def test_a_question_is_a_group_of_radio_buttons_with_its_evidence() -> None:
    question = QuestionFactory(code="voice", position=4, text="Was the child heard?")
    answers = {question.pk: AnswerDraft("partly", HOSTILE)}

    row = AnswersForm(questions=[question], answers=answers).rows[0]
    drawn = questions_of(drawing.question(row, None))

    assert drawn.elements[0] == (
        "div",
        {
            "class": "maca-question",
            "id": "question-voice",
            "tabindex": "-1",
            "data-maca-number": "5",
            "data-maca-answer": "answer_voice",
            "data-maca-required": None,
        },
    )
    chosen = [each["value"] for each in drawn.attributes("input") if "checked" in each]
    assert chosen == ["partly"]
    (evidence,) = drawn.attributes("textarea")
    assert (evidence["name"], evidence["id"]) == ("evidence_voice", "id_evidence_voice")
    assert {"for": "id_evidence_voice", "class": "govuk-label maca-evidence__label"} in (
        drawn.attributes("label")
    )
    assert f"\n{HOSTILE}" in drawn.words
    assert "Question 5: " in drawn.words


def test_a_follow_up_says_when_it_is_asked() -> None:
    toolkit = ToolkitFactory()
    first = QuestionFactory(toolkit=toolkit, code="used", position=0)
    follow = QuestionFactory(
        toolkit=toolkit, position=1, follows=first, follows_answers=["yes", "partly"]
    )

    row = AnswersForm(questions=[first, follow]).rows[1]
    drawn = questions_of(drawing.question(row, None))

    asked = drawn.elements[0][1]
    assert (asked["data-maca-follows"], asked["data-maca-answers"]) == ("answer_used", "yes|partly")
    assert "If yes or partly to question 1" in drawn.words


def test_what_is_wrong_stands_beside_the_radio_buttons() -> None:
    question = QuestionFactory(code="voice", help_text="As the record shows it.")

    row = row_of(question, {"answer_voice": "perhaps"})
    drawn = questions_of(drawing.question(row, None))

    (group,) = drawn.attributes("fieldset")
    described = "id_answer_voice_helptext id_answer_voice_error"
    assert group["aria-describedby"] == described
    ids = [attrs.get("id") for _, attrs in drawn.elements]
    assert set(described.split()) <= set(ids)


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.DATE, Kind.TEXT])
def test_other_answers_are_fields_of_the_design_system(kind: Question.Kind) -> None:
    question = QuestionFactory(code="visits", kind=kind, asks_evidence=False)

    drawn = questions_of(drawing.question(row_of(question), None))

    named = [attrs["name"] for _, attrs in drawn.elements if "name" in attrs]
    assert named == ["answer_visits"]


def test_a_question_of_points_says_where_it_is_answered() -> None:
    question = QuestionFactory(kind=Kind.POINTS, point_kind=PointKind.WENT_WELL)

    drawn = questions_of(drawing.question(row_of(question), None))

    assert "Answered in points, one a line." in drawn.words
    assert drawn.attributes("textarea") == []


@pytest.fixture
def points() -> Callable[..., PointsBlock]:
    def make(*texts: str, data: dict[str, str] | None = None) -> PointsBlock:
        case_return = CaseReturnFactory()
        made = [returned_point(case_return, text) for text in texts]
        placements = [each.placements.get() for each in made]
        emptied = {point_name(each.pk): "" for each in made}
        sent = None if data is None else emptied | data
        form = PointsForm(sent, points=made, kinds=PointKind.values)
        return block(form, PointKind.WENT_WELL, listed(placements))

    return make


def test_points_are_boxes_with_what_can_be_done_to_each(
    points: Callable[..., PointsBlock],
) -> None:
    drawn = questions_of(drawn_lists.points_editor(points("First.", HOSTILE)))

    assert [words for words in drawn.words if words.startswith("\n")] == [
        "\nFirst.",
        f"\n{HOSTILE}",
        "\n",
    ]
    buttons = [(str(each["value"]), "disabled" in each) for each in drawn.attributes("button")]
    verbs = [(value.split(":")[0], disabled) for value, disabled in buttons]
    assert verbs == [
        ("up", True), ("down", False), ("point", False), ("remove", False),
        ("up", False), ("down", True), ("point", False), ("remove", False),
        ("add", False),
    ]  # fmt: skip
    assert buttons[-1][0] == "add::went_well"


def test_a_point_without_words_is_told_so_beside_its_box(
    points: Callable[..., PointsBlock],
) -> None:
    drawn = questions_of(drawn_lists.points_editor(points("First.", data={"new_went_well": "<i>"})))

    first, new = drawn.attributes("textarea")
    assert (first["aria-invalid"], first["aria-describedby"]) == ("true", f"{first['id']}_error")
    assert "Write the point, or remove it." in drawn.words
    assert "\n<i>" in drawn.words
    assert new["name"] == "new_went_well"


def test_a_point_listed_twice_has_its_box_once(points: Callable[..., PointsBlock]) -> None:
    there = points("First.")
    again = ListedPoint(
        Point(text=HOSTILE), "challenge", themes=2, first=True, last=True, editable=False
    )

    drawn = questions_of(
        drawn_lists.points_editor(
            PointsBlock("challenge", "Challenges", [(again, None)], there.new)
        )
    )

    assert f"{HOSTILE} " in drawn.words
    assert "Themes (2)" in drawn.words
    assert [each["name"] for each in drawn.attributes("textarea")] == ["new_went_well"]
