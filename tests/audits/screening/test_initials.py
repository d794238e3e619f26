"""Letters that stand for a person, and letters that are labels or mean something else."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("J.S. told the school.", "J.S."),
        ("The school told J. S. to wait.", "J. S."),
        ("We saw J.S today.", "J.S"),
        ("A plan for M.K.B. was made.", "M.K.B."),
        ("AB told the school that he was cold.", "AB"),
        ("The plan for KJ was not reviewed.", "KJ"),
        ("Nobody asked TR's mother.", "TR"),
        ("TR's mother was not asked.", "TR"),
        ("J.S.'s sister was seen.", "J.S."),
        ("JKL said that she was afraid.", "JKL"),
        ("K said that she was afraid.", "K"),
        ("K's brother was in hospital.", "K"),
        ("The letter went to Mr B and was lost.", "B"),
        ("Mrs. T was not invited.", "T"),
        ("Nothing was known of BW.", "BW"),
        ("(JB)", "JB"),
    ],
)
def test_letters_that_stand_for_a_person(text: str, letters: str) -> None:
    assert found(text, "initials") == [letters]


@pytest.mark.parametrize(
    "text",
    [
        "Child A told Mother B.",
        "Case C was closed; Family R is known.",
        "Learning from Child and Family R is old.",
        "A GP told the HV, and the SW was told.",
        "Section D was left out, and Part E is new.",
        "It was seen at 9 a.m. in the U.K. and again in the p.m.",
        "He was given vitamin K.",
        "I said so, and A is the first letter.",
        "IT WAS NOT KNOWN TO US AS AN AGENCY AT ALL",
        "The DASH, the MARAC and the ICPC said nothing.",
        "MA/2291/B and B12 were looked up.",
    ],
)
def test_letters_that_name_nobody(text: str) -> None:
    assert found(text, "initials") == []
