"""What the days of a partnership come to, told in order, before and after a return is due."""

from collections.abc import Mapping
from dataclasses import dataclass

from agencies.models import Partnership

NAMES = ("remind_days_before", "tell_lead_days_after", "tell_chair_days_after")

LEAD = "That the return is late, and how many of its cases are finished. Then each working day."
CHAIR = "Which agencies are late and by how many days, nothing else. Then each Monday."


@dataclass(frozen=True)
class Step:
    when: str
    who: str
    text: str
    is_due_day: bool = False


def _days(number: int, word: str) -> str:
    return f"{number} day{'' if number == 1 else 's'} {word}"


def days_of(partnership: Partnership, typed: Mapping[str, str]) -> dict[str, int]:
    """As they are kept, or as somebody is typing them just now where that is a number of days."""
    kept = {name: getattr(partnership, name) for name in NAMES}
    asked = {
        name: int(value)
        for name in NAMES
        if (value := typed.get(name, "")).isdecimal() and len(value) <= 3
    }
    return kept | asked


def steps(days: Mapping[str, int]) -> list[Step]:
    found = [
        Step(
            "The day itself",
            "Whoever owes something",
            "The same mail once more, with what is left. On a Saturday or Sunday too.",
            is_due_day=True,
        ),
        Step(
            "Each working day after",
            "Whoever owes something",
            "What is late, until it is in. The officer is told on the first of these days.",
        ),
    ]
    if before := days["remind_days_before"]:
        found.insert(
            0,
            Step(
                _days(before, "before"),
                "Whoever owes something",
                "Auditors with cases left, everybody where a case has no auditor, and the lead "
                "where only the sign-off is left.",
            ),
        )
    above = [
        (days["tell_lead_days_after"], "The agency’s lead", LEAD),
        (days["tell_chair_days_after"], "The chair", CHAIR),
    ]
    later = [Step(_days(number, "after"), who, text) for number, who, text in sorted(above)]
    return [*found, *later]
