"""A bad file is refused whole, with every fault named by its place."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Activity, Agency, Partnership, User
from audits.models import Audit, Toolkit
from reports.files import FileRefused, checks, load, schema
from tests.reports.files.examples import EVERYTHING, as_bytes, everything, small

pytestmark = pytest.mark.django_db

type Change = Callable[[dict[str, Any]], None]


def faults_of(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(FileRefused) as refused:
        load(content)
    assert not Audit.objects.exists()
    return [(fault.place, fault.words) for fault in refused.value.faults]


def set_at(path: str, value: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        *way, last = path.strip("/").split("/")
        here: Any = data
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here[step]
        if isinstance(here, list):
            here[int(last)] = value
        else:
            here[last] = value

    return change


# Places count from 0 and follow the order of everything.json: returns by agency, GPs first.
ONE_FAULT = [
    ("/format", "maca-audit-9", "This should be “maca-audit-1”."),
    ("/partnership/name", " ", "This must not be empty."),
    ("/partnership/colour", "red", "There is no such key here."),
    ("/audit/stage", "finished", "“finished” is not one of: planned, nominating"),
    ("/audit/meeting_on", "2026-02-30", "“2026-02-30” is not a day, such as 2026-05-14."),
    ("/audit/lookback_to", "2020-01-01", "This is before 2025-01-01."),
    ("/audit/title", 7, "This should be a text."),
    ("/audit/asked_for_by", "Navy", "There is no agency “Navy” in this file."),
    ("/audit/code", "x" * 41, "This is longer than 40 characters."),
    ("/people/0/email", "nobody", "“nobody” is not an e-mail address."),
    ("/status_changes/0/by", "x@example.org", "There is no person “x@example.org”"),
    ("/status_changes/0/at", "yesterday", "“yesterday” is not a moment"),
    ("/cases/1/draw", "d9", "There is no draw “d9” in this file."),
    ("/cases/1/draw_row", 18, "This row was not drawn."),
    ("/cases/3/replaces", 9, "There is no case “9” in this file."),
    ("/cases/3/replaces", 4, "A case cannot replace itself."),
    ("/draws/0/rows/1", 41, "The list has only 40 rows."),
    ("/nominations/0/stage", "proposed", "A nomination that became a case was selected."),
    ("/toolkit/questions/1/choices", [], "Give the labels to choose from."),
    ("/toolkit/questions/1/follows", "last", "There is no earlier question “last”."),
    ("/toolkit/questions/1/follows_answers/0", "x", "“x” is no answer of question “seen”."),
    ("/toolkit/questions/0/point_kind", "went_well", "A question that points answer needs"),
    ("/returns/2/cases/0/own_grade", "fair", "There is no grade “fair” in this file."),
    ("/returns/2/cases/0/auditor", "x@example.org", "There is no person “x@example.org”"),
    ("/returns/2/cases/0/answers/where", "Away", "“Away” is not one of: At home, Elsewhere."),
    ("/returns/2/cases/0/answers/visits", "many", "“many” is no number."),
    ("/returns/2/cases/0/answers/last", "May", "“May” is no day, such as 2026-05-14."),
    ("/returns/2/cases/0/answers/well", "yes", "This question is answered by points"),
    ("/returns/2/cases/0/answers/who", "yes", "The toolkit has no question “who”."),
    ("/returns/0/cases/0/contributors/0/contributor", "X", "“X” is no contributor of “GPs”"),
    ("/returns/0/cases/0/contributors/0/answered_on", "2026-01-01", "This is before 2026-03-05."),
    ("/returns/2/cases/0/engagement/0/until", "2024-01-01", "This is before 2025-01-10."),
    ("/returns/2/cases/0/engagement/1/from", "June", "“June” is not a day, such as 2026-05-14."),
    ("/meeting/cases/0/agreed/went_well/0", "p99", "There is no point “p99” in this file."),
    ("/meeting/cases/0/agreed/went_well/1", "p3", "Point “p3” stands under this kind twice."),
    ("/meeting/cases/0/agreed/went_well/0", "p1", "Point “p1” is not about this case."),
    ("/meeting/cases/1/passed_over_reason", "", "Say why the case was passed over."),
    ("/meeting/attendance/0/body", "Club", "There is no body “Club” in this file."),
    ("/figures/0/numerator", 3, "A counted figure is counted from the returns."),
    ("/figures/1/question", "who", "There is no question “who” in this file."),
    ("/figures/1/question", "where", "Only answers of yes or no are counted."),
    ("/figures/2/unit", "", "Give the unit: a number alone says nothing."),
    ("/sections/findings/0/points/0", "p99", "There is no point “p99” in this file."),
    ("/sections/findings/0/figures/0", "x", "There is no figure “x” in this file."),
    ("/sections/findings/1/findings/1", "x", "There is no finding “x” in this file."),
    ("/sections/findings/2/findings", ["f2"], "This does not go with “text”."),
    ("/sections/gaps/1/learning_theme", "x", "There is no learning theme “x” in this file."),
    ("/actions/0/findings/0", "x", "There is no finding “x” in this file."),
]


@pytest.mark.parametrize(("place", "value", "words"), ONE_FAULT, ids=[row[0] for row in ONE_FAULT])
def test_a_fault_is_named_by_its_place(place: str, value: Any, words: str) -> None:
    data = everything()
    set_at(place, value)(data)

    found = faults_of(as_bytes(data))

    assert any(where == place and what.startswith(words) for where, what in found), found


def test_what_is_missing_is_named() -> None:
    data = everything()
    del data["audit"]["title"]
    del data["sections"]["gaps"][0]["heading"]

    assert faults_of(as_bytes(data)) == [
        ("/audit", "“title” is missing."),
        ("/sections/gaps/0", "“heading” is missing."),
    ]


def test_every_fault_is_named_at_once() -> None:
    data = everything()
    data["colour"] = "red"
    data["audit"]["kind"] = "usual"
    data["returns"][2]["cases"][0]["answers"]["seen"] = "perhaps"
    data["actions"][1]["owner_body"] = "Club"

    assert sorted(place for place, _ in faults_of(as_bytes(data))) == [
        "/actions/1/owner_body",
        "/audit/kind",
        "/colour",
        "/returns/2/cases/0/answers/seen",
    ]


def stated(**figure: Any) -> bytes:
    return as_bytes(small(figures=[{"code": "f", **figure}]))


def test_a_stated_figure_makes_sense() -> None:
    assert faults_of(stated(numerator=9, denominator=4, unit="homes")) == [
        ("/figures/0/denominator", "It cannot be less than the number.")
    ]
    assert faults_of(stated(denominator=4, unit="homes", label="visited")) == [
        ("/figures/0/numerator", "Give the number that goes with the denominator.")
    ]
    assert faults_of(stated(stated_by="The lead")) == [
        ("/figures/0/label", "A figure without a number says in words what it is.")
    ]


def test_a_list_of_names_has_each_of_them_once() -> None:
    names = {
        "agencies": [{"short_name": "Police", "name": "Police"}],
        "learning_themes": [{"code": "voice", "name": "Voice"}],
    }
    finding = {"code": "a", "text": "A.", "learning_themes": ["voice", "voice"]}
    data = small(
        **names,
        toolkit={"name": "T", "questions": [{"code": "q", "text": "Q?"}]},
        meeting={
            "agreed": {"challenge": [{"text": "Who?", "learning_themes": ["voice", "voice"]}]}
        },
        sections={"findings": [finding, "a"], "worries": ["a", "a"]},
        actions=[{"text": "Do it.", "findings": ["a", "a"]}],
    )
    data["toolkit"]["questions"][0]["agencies"] = ["Police", "Police"]

    assert sorted(faults_of(as_bytes(data))) == [
        ("/actions/0/findings/1", "“a” stands here twice."),
        ("/meeting/agreed/challenge/0/learning_themes/1", "“voice” stands here twice."),
        ("/sections/findings/0/learning_themes/1", "“voice” stands here twice."),
        ("/toolkit/questions/0/agencies/1", "“Police” stands here twice."),
    ]


TWICE = [
    "agencies",
    "bodies",
    "people",
    "learning_themes",
    "cases",
    "returns",
    "figures",
    "actions",
    "toolkit/questions",
    "audit/grade_scale",
    "meeting/cases",
    "sections/gaps",
    "draws",
    "contributors",
]


@pytest.mark.parametrize("path", TWICE)
def test_what_stands_twice_is_named(path: str) -> None:
    data = everything()
    rows: Any = data
    for step in path.split("/"):
        rows = rows[step]
    rows.append(rows[0])

    found = faults_of(as_bytes(data))

    assert any(
        place.startswith(f"/{path}/{len(rows) - 1}/") and words.endswith("stands here twice.")
        for place, words in found
    ), found


def test_a_point_written_twice_under_one_key_is_named() -> None:
    data = everything()
    data["meeting"]["agreed"]["good_practice"].append({"key": "p2", "text": "Again."})

    assert ("/meeting/agreed/good_practice/2/key", "“p2” stands here twice.") in faults_of(
        as_bytes(data)
    )


def test_a_key_given_twice_is_named() -> None:
    content = as_bytes(small()).replace(b'"title": "Neglect"', b'"title": "A", "title": "B"')

    assert faults_of(content) == [("/audit/title", "This key stands here twice.")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Not JSON at line 1, column 1"),
        (b"{", "Not JSON at line 1"),
        (b"\xff", "Not UTF-8 at byte 0."),
        (b'{"a": NaN}', "Not JSON: NaN is no number."),
        (b"[" * 100_000, "Nested too deeply."),
        (b"[]", "This should be an object."),
        (b"null", "This should be an object."),
    ],
)
def test_what_is_no_file_of_ours_is_said_to_be_none(content: bytes, words: str) -> None:
    assert faults_of(content)[0][1].startswith(words)


def test_text_that_no_database_keeps_is_refused() -> None:
    for bad in ("a\x00b", "\ud800"):
        data = small(prose={"background": bad})

        assert faults_of(as_bytes(data)) == [
            ("/prose/background", "The text holds a character that cannot be kept.")
        ]


def test_the_same_audit_is_not_loaded_twice() -> None:
    load(EVERYTHING.read_bytes())

    with pytest.raises(FileRefused) as refused:
        load(EVERYTHING.read_bytes())

    assert [fault.place for fault in refused.value.faults] == ["/audit/id", "/audit/code"]
    assert Audit.objects.count() == 1


def test_shared_rows_that_differ_refuse_the_file_and_stay_as_they_are() -> None:
    load(EVERYTHING.read_bytes())
    data = everything()
    del data["audit"]["id"]
    data["audit"]["code"] = "2027-01"
    data["partnership"]["name"] = "Another"
    data["agencies"][0]["kind"] = "other"
    data["people"][0]["name"] = "Another"
    data["theme"]["priority"] = "Another"
    data["contributors"][0]["email"] = "another@example.org"
    data["learning_themes"][1]["name"] = "Another"
    data["toolkit"]["questions"][0]["text"] = "Another?"

    with pytest.raises(FileRefused) as refused:
        load(as_bytes(data))

    assert {fault.place for fault in refused.value.faults} == {
        "/partnership/name",
        "/agencies/0/kind",
        "/people/0/name",
        "/theme/priority",
        "/contributors/0/email",
        "/learning_themes/1/name",
        "/toolkit/questions/0/text",
    }
    assert refused.value.faults[0].words == (
        "“Coast Adults’ Partnership” is kept here already with “Coast Adults’ Partnership” "
        "for this."
    )
    assert Partnership.objects.get().name == "Coast Adults’ Partnership"
    assert Audit.objects.count() == 1


def test_a_toolkit_of_another_length_refuses_the_file() -> None:
    load(EVERYTHING.read_bytes())
    data = everything()
    data["audit"] |= {"id": "0d9f7e5c-1111-4a4a-8b8b-123456789abd", "code": "2027-01"}
    del data["toolkit"]["questions"][-1]

    with pytest.raises(FileRefused) as refused:
        load(as_bytes(data))

    assert [str(fault) for fault in refused.value.faults] == [
        "/toolkit/questions: “Self-neglect, version 3” is kept here already with 6 questions."
    ]


def test_shared_rows_that_agree_are_used_again() -> None:
    first = load(EVERYTHING.read_bytes())
    data = everything()
    data["audit"] |= {"id": "0d9f7e5c-1111-4a4a-8b8b-123456789abd", "code": "2027-01"}
    # What the file does not say is not compared.
    del data["toolkit"]["description"]
    del data["agencies"][0]["kind"]

    second = load(as_bytes(data))

    assert (second.partnership, second.theme, second.toolkit) == (
        first.partnership,
        first.theme,
        first.toolkit,
    )
    assert (Agency.objects.count(), Toolkit.objects.count(), User.objects.count()) == (3, 1, 4)


def test_a_refused_file_leaves_nothing_behind() -> None:
    data = everything()
    data["actions"][0]["owner_body"] = "Board"

    assert ("/actions/0", "An action is owned by an agency or by a body, not by both.") in (
        faults_of(as_bytes(data))
    )
    assert not Partnership.objects.exists()
    assert not User.objects.exists()
    assert not Activity.objects.exists()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_value_anywhere_breaks_the_checks(data: st.DataObject) -> None:
    """Whatever stands in a file in the place of something else, reading it ends in faults."""
    whole = everything()
    here: Any = whole
    while True:
        steps = list(here) if isinstance(here, dict) else list(range(len(here)))
        step = data.draw(st.sampled_from(steps))
        deeper = isinstance(here[step], dict | list) and here[step] and data.draw(st.booleans())
        if not deeper:
            here[step] = data.draw(anything)
            break
        here = here[step]

    found = [*schema.faults(whole), *checks.faults(whole)]

    json.dumps([fault.words for fault in found])
