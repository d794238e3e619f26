"""Dump, load into an empty database and dump again: the same bytes."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.models import Audit
from reports.demonstration.loading import FOLDER, NAMES
from reports.files import dump, load
from tests.reports.files.examples import (
    EVERYTHING,
    another_database,
    as_bytes,
    everything,
    small,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", [EVERYTHING, *(FOLDER / f"{name}.json" for name in NAMES)], ids=str
)
def test_a_file_comes_out_as_it_went_in(path: Any) -> None:
    content = path.read_bytes()

    assert dump(load(content)) == content


def again(content: bytes) -> bytes:
    """Load and dump, in a database of its own."""
    with another_database():
        dumped = dump(load(content))
    assert not Audit.objects.exists()
    return dumped


def test_what_was_left_out_is_there_the_second_time() -> None:
    once = again(as_bytes(small()))

    assert again(once) == once
    audit = json.loads(once)["audit"]
    assert audit["stage"] == "planned"
    assert [grade["code"] for grade in audit["grade_scale"]] == [
        "outstanding",
        "good",
        "requires-improvement",
        "inadequate",
    ]


def test_an_agency_whose_kind_is_left_out_is_of_another_kind() -> None:
    once = again(
        as_bytes(
            small(
                agencies=[{"short_name": "Housing", "name": "Housing"}],
                returns=[{"agency": "Housing"}],
            )
        )
    )

    assert json.loads(once)["agencies"][0]["kind"] == "other"
    assert again(once) == once


def test_the_file_is_utf_8_with_sorted_keys_two_spaces_and_a_last_line_feed() -> None:
    content = again(as_bytes(everything())).decode()

    assert content.endswith("}\n")
    assert "Coast Adults’ Partnership" in content
    assert (
        content
        == json.dumps(json.loads(content), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )


def test_a_chronology_comes_out_in_order_of_time_and_unsure_is_under_way() -> None:
    lines = [
        {"from": "2025-03-01", "words": "Calls."},
        {"from": "2025-01-01", "until": "2025-02-01", "words": "Visits."},
    ]
    cases = [{"case": 1, "known": "unsure", "engagement": lines}]
    asked = [{"short_name": "Housing", "name": "Housing"}]

    once = again(
        as_bytes(
            small(
                agencies=asked,
                cases=[{"number": 1}],
                returns=[{"agency": "Housing", "cases": cases}],
            )
        )
    )

    case = json.loads(once)["returns"][0]["cases"][0]
    assert case == {
        "case": 1,
        "engagement": lines[::-1],
        "known": "unsure",
        "stage": "in_progress",
    }


def test_an_audit_keeps_its_id() -> None:
    assert str(load(EVERYTHING.read_bytes()).pk) == everything()["audit"]["id"]


def test_a_byte_order_mark_does_not_matter() -> None:
    assert load(b"\xef\xbb\xbf" + as_bytes(small())).title == "Neglect"


words = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40
).filter(lambda text: text.strip() != "")
counts = st.integers(0, 2**31 - 1)
days = st.dates().filter(lambda day: 1 < day.year < 9999).map(str)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(words, min_size=3, max_size=3),
    order=st.permutations(["n", "b", "c"]),
    day=days,
    numbers=st.tuples(counts, st.none()) | st.tuples(counts, counts).map(sorted).map(tuple),
)
def test_whatever_is_written_comes_back(
    texts: list[str], order: list[str], day: str, numbers: tuple[int, int | None]
) -> None:
    data = everything()
    case = data["meeting"]["cases"][0]
    case["agreed"] = {
        "went_well": [key for key in order if key != "n"],
        "can_be_improved": [{"key": "n", "text": texts[0]}],
        "challenge": order,
    }
    data["audit"]["title"] = texts[1]
    data["actions"][0]["due_on"] = day
    data["prose"]["background"] = texts[2]
    told = next(figure for figure in data["figures"] if figure["code"] == "told")
    told["numerator"], told["denominator"] = numbers
    if numbers[1] is None:
        del told["denominator"]
    rename_points(data, {"n": "n", "b": key_of(data, "Seen alone."), "c": key_of(data, "Heard.")})

    once = again(as_bytes(data))

    assert again(once) == once
    back = json.loads(once)
    assert back["audit"]["title"] == texts[1]
    assert back["prose"]["background"] == texts[2]
    assert back["actions"][0]["due_on"] == day


def key_of(data: dict[str, Any], text: str) -> str:
    """The key under which this point stands in a dumped file."""
    for agency_return in data["returns"]:
        for case in agency_return.get("cases", []):
            for points in case.get("points", {}).values():
                for point in points:
                    if isinstance(point, dict) and point["text"] == text:
                        return str(point["key"])
    raise AssertionError(text)


def rename_points(data: dict[str, Any], keys: dict[str, str]) -> None:
    """Give the agreed points of the first case the keys that the file knows."""
    agreed = data["meeting"]["cases"][0]["agreed"]
    for kind in ("went_well", "challenge"):
        agreed[kind] = [keys[key] for key in agreed[kind]]
    for finding in data["sections"]["findings"]:
        finding.pop("points", None)


def test_one_audit_of_several_comes_out_alone() -> None:
    first = load(EVERYTHING.read_bytes())
    load(as_bytes(small()))

    assert dump(first) == EVERYTHING.read_bytes()
    assert Audit.objects.count() == 2
