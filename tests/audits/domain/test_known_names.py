from datetime import date

import pytest

from audits.identity import Identity

CHILD = Identity(
    given_names="Anna-María",
    family_name="O’Brien",
    other_names="Annie, Anna Smith",
    born_on=date(2014, 3, 2),
    nhs_number="9434765919",
    address="3 Mill Lane",
    postcode="FE1 2AB",
    relatives="Mrs Siân Pugh (mother), 12 May 1988\nTomos, brother\n",
    references={"one": "A-1", "two": "B-2"},
)


@pytest.mark.parametrize(
    "identity",
    [CHILD, Identity("Wren", ""), Identity("", "Ashby", born_on=date(2020, 1, 1))],
)
def test_an_identity_comes_out_as_it_went_in(identity: Identity) -> None:
    assert Identity.from_bytes(identity.to_bytes()) == identity


def test_every_name_in_it_is_known_and_nothing_else() -> None:
    assert set(CHILD.name_keys()) == {
        "anna maria obrien",
        "annamaria",
        "anna",
        "maria",
        "obrien",
        "annie",
        "anna smith",
        "smith",
        "mrs sian pugh",
        "sian",
        "pugh",
        "tomos",
    }
