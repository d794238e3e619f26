from datetime import date

import pytest

from audits.domain.chasing_days import (
    Chase,
    is_new,
    last_working_day,
    next_working_day,
)

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (13, 14, 15, 16))


def chase(due: date, before: int = 5, lead: int = 2, chair: int = 7) -> Chase:
    return Chase(due, before, lead, chair)


def test_working_days() -> None:
    assert [last_working_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        FRIDAY,
        FRIDAY,
        FRIDAY,
        MONDAY,
    ]
    assert [next_working_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        FRIDAY,
        MONDAY,
        MONDAY,
        MONDAY,
    ]


@pytest.mark.parametrize(
    ("due", "days"),
    [
        # A Friday: five days before is a Sunday, so the Friday before that.
        (FRIDAY, [6, 13, 16, 17, 18, 19, 20]),
        # A Saturday is written about although it is one; then from the Monday.
        (SATURDAY, [9, 14, 16, 17, 18, 19, 20]),
        (MONDAY, [11, 16, 17, 18, 19, 20]),
    ],
)
def test_whoever_owes_is_asked_before_on_the_day_and_each_working_day_after(
    due: date, days: list[int]
) -> None:
    asked = [day for day in range(1, 23) if chase(due).asks_on(date(2026, 11, day))]

    assert asked == days


def test_nothing_before_where_the_partnership_wants_no_reminder() -> None:
    asked = [day for day in range(1, 15) if chase(FRIDAY, before=0).asks_on(date(2026, 11, day))]

    assert asked == [13]


def test_the_lead_from_so_many_days_after_and_the_chair_then_each_monday() -> None:
    days = [date(2026, 11, day) for day in range(1, 31)]

    lead = [day.day for day in days if chase(FRIDAY).tells_lead_on(day)]
    chair = [day.day for day in days if chase(FRIDAY, chair=6).tells_chair_on(day)]

    # Two days after a Friday is a Sunday, so the Monday.
    assert lead == [16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30]
    assert chair == [19, 23, 30]


def test_nobody_above_is_told_before_the_day_is_over() -> None:
    assert chase(FRIDAY, lead=0, chair=0).lead_from == MONDAY
    assert chase(date(2026, 11, 10), lead=0).lead_from == date(2026, 11, 11)


@pytest.mark.parametrize(
    ("since", "today", "new"),
    [
        (FRIDAY, MONDAY, True),
        (SUNDAY, MONDAY, True),
        (date(2026, 11, 12), MONDAY, False),
        # What happens today stands in tomorrow's mail, whatever the time of today's.
        (MONDAY, MONDAY, False),
        (MONDAY, date(2026, 11, 17), True),
        (MONDAY, date(2026, 11, 18), False),
        (FRIDAY, SATURDAY, False),
        (None, MONDAY, False),
    ],
)
def test_what_is_new_is_told_once(since: date | None, today: date, new: bool) -> None:
    assert is_new(since, today) is new
