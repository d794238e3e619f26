"""Names that the audit's own sealed identities hold, however they are written."""

from collections.abc import Callable

import pytest

from audits.screening import Allowed, Hit, name_keys, screen


def knowing(*people: str) -> Callable[[str], bool]:
    keys = {key for person in people for key in name_keys(person)}
    return lambda key: key in keys


def known(text: str, *people: str) -> list[str]:
    return [hit.text for hit in screen(text, known=knowing(*people)) if hit.rule == "known-name"]


@pytest.mark.parametrize(
    ("person", "text", "found"),
    [
        ("Tegwen Marlowe", "Tegwen said no.", ["Tegwen"]),
        ("Tegwen Marlowe", "we saw tegwen at home", ["tegwen"]),
        ("Tegwen Marlowe", "TEGWEN MARLOWE WAS SEEN", ["TEGWEN MARLOWE"]),
        ("Tegwen Marlowe", "tegwen's mother and the Marlowes", ["tegwen", "Marlowes"]),
        ("Tegwen Marlowe", "Tegwen, or Marlowe", ["Tegwen", "Marlowe"]),
        ("Zoë O’Brien", "ZOE and the OBriens", ["ZOE", "OBriens"]),
        ("Zoë O’Brien", "zoë o'brien's bag", ["zoë o'brien"]),
        (
            "Anna-Maria Cole",
            "Anna Maria, annamaria and Anna-maria",
            ["Anna Maria", "annamaria", "Anna-maria"],
        ),
        ("Annamaria Cole", "anna maria", ["anna maria"]),
        ("Ian McDonald", "Mc Donald", ["Mc Donald"]),
        ("Pieter van der Berg", "mr van der berg", ["berg"]),
        ("Tegwen Marlowe", "file tegwen_2.doc", ["tegwen"]),
        ("Rose Green", "It was Rose who spoke.", ["Rose"]),
        ("Rose Green", "rose green was there", ["rose green"]),
        ("Will Young", "We asked Will.", ["Will"]),
        ("Will Young", "Will told us.", ["Will"]),
        ("Will Young", "will young was there", ["will young"]),
        ("Will Young", "Will's bag was lost.", ["Will"]),
    ],
)
def test_a_known_name(person: str, text: str, found: list[str]) -> None:
    assert known(text, person) == found


@pytest.mark.parametrize(
    "text",
    [
        "The young person will be seen in the long run.",
        "Will the plan be reviewed?",
        "Young parents need help.",
    ],
)
def test_everyday_words_are_no_alarm_though_somebody_is_called_so(text: str) -> None:
    assert known(text, "Will Young") == []


def test_a_known_name_is_stronger_than_what_else_it_may_be() -> None:
    [hit] = screen(
        "Castle Primary School",
        known=knowing("Ann Castle"),
        allowed=Allowed(["Castle Primary School"]),
    )
    assert hit == Hit(
        "known-name", 0, 6, "Castle", "This is a name of a child or of the family in this audit."
    )


def test_nobody_is_known_unless_said() -> None:
    assert screen("it was tegwen") == []
