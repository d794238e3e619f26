"""On which day who is written to; the clock is moved, everything else is real."""

from datetime import date

import pytest

from tests.audits.reminding import NURSE, World, sent_on

pytestmark = pytest.mark.django_db

AUDITOR = ["POL, “Neglect”: 3 cases for you to audit (by 13 November 2026)"]
AUDITOR_LATE = ["POL, “Neglect”: 3 cases for you to audit (was due by 13 November 2026)"]
NURSE_LATE = ["HEA, “Neglect”: 3 cases that nobody has taken on yet (was due by 13 November 2026)"]


def test_a_return_from_long_before_its_day_to_long_after(world: World) -> None:
    world.assign(world.auditor)
    owing = {"auditor": AUDITOR, "nurse": NURSE}
    late = {"auditor": AUDITOR_LATE, "nurse": NURSE_LATE}
    lead = [
        "POL, “Neglect”: the return is late, 0 of 3 cases finished (was due by 13 November 2026)"
    ]
    nurse_told = [
        *NURSE_LATE,
        "HEA, “Neglect”: the return is late, 0 of 3 cases finished (was due by 13 November 2026)",
    ]

    def by_agency(days: int) -> list[str]:
        by_name = f"HEA ({days} days), POL ({days} days)"
        return [f"“Neglect”: 2 returns are late: {by_name} (was due by 13 November 2026)"]

    days = {day: sent_on(day) for day in range(3, 25)}

    assert {day: sorted(sent) for day, sent in days.items() if sent} == {
        6: ["auditor", "nurse"],
        13: ["auditor", "nurse"],
        16: ["auditor", "lead", "nurse", "officer"],
        17: ["auditor", "lead", "nurse"],
        18: ["auditor", "lead", "nurse"],
        19: ["auditor", "lead", "nurse"],
        20: ["auditor", "chair", "lead", "nurse"],
        23: ["auditor", "chair", "lead", "nurse", "officer"],
        24: ["auditor", "lead", "nurse"],
    }
    assert days[6] == owing
    assert days[13] == owing
    assert days[16] == late | {"nurse": nurse_told, "lead": lead, "officer": by_agency(3)}
    assert days[20]["chair"] == by_agency(7)
    assert days[23]["chair"] == by_agency(10) == days[23]["officer"]


def test_due_on_a_saturday_is_written_about_on_that_saturday_and_then_on_monday(
    world: World,
) -> None:
    world.audit.return_by = date(2026, 11, 14)
    world.audit.save()

    days = [day for day in range(3, 18) if sent_on(day)]

    assert days == [9, 14, 16, 17]


def test_the_partnerships_own_days(world: World) -> None:
    world.partnership.remind_days_before = 1
    world.partnership.tell_lead_days_after = 5
    world.partnership.tell_chair_days_after = 3
    world.partnership.save()
    world.assign(world.auditor)

    days = {day: sorted(sent_on(day)) for day in range(11, 19)}

    assert {day: who for day, who in days.items() if who} == {
        12: ["auditor", "nurse"],
        13: ["auditor", "nurse"],
        16: ["auditor", "chair", "nurse", "officer"],
        17: ["auditor", "nurse"],
        18: ["auditor", "lead", "nurse"],
    }


def test_time_of_its_own_moves_every_day_of_one_agency_alone(world: World) -> None:
    world.assign(world.auditor)
    world.police.extended_to = date(2026, 11, 27)
    world.police.save()

    assert sent_on(13) == {"nurse": NURSE}
    assert sorted(sent_on(16)) == ["nurse", "officer"]
    assert sent_on(20)["auditor"] == sent_on(27)["auditor"]
    assert sent_on(27)["auditor"] == [
        "POL, “Neglect”: 3 cases for you to audit (by 27 November 2026)"
    ]
