"""Dates of birth, and dates of anything else."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("DOB 12/03/2019", "12/03/2019"),
        ("D.O.B.: 1.2.19, seen in May", "1.2.19"),
        ("She was born on 3rd of June 2016 at home.", "3rd of June 2016"),
        ("His date of birth is 2016-06-03.", "2016-06-03"),
        ("born in April 2021", "April 2021"),
        ("It was her birthday, 14 August.", "14 August"),
        ("12 May 2017 is his date of birth", "12 May 2017"),
        ("(born 5-Nov-2018)", "5-Nov-2018"),
        ("Born March 7, 2015", "March 7, 2015"),
    ],
)
def test_a_date_of_birth(text: str, date: str) -> None:
    assert found(text, "birth-date") == [date]


@pytest.mark.parametrize(
    "text",
    [
        "The meeting was on 12/03/2019.",
        "The baby was born early. On 3 June 2016 a visit was made.",
        "An unborn child was discussed on 4 May 2024.",
        "She was born in 2016.",
        "Born to a young mother; the plan of 4 May 2024 was not read",
    ],
)
def test_no_date_of_birth(text: str) -> None:
    assert found(text, "birth-date") == []
