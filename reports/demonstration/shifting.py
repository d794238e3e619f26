"""The demonstration does not age: its dates move with the calendar, by whole weeks."""

from datetime import date, datetime, timedelta
from typing import Any

from reports.files.moments import DAY, MOMENT, write_moment

# The Monday on which the files of this folder are written to be read.
DEMONSTRATION_TODAY = date(2026, 11, 16)


def days_to(today: date) -> int:
    """A multiple of seven, so that a meeting on a Thursday stays on a Thursday."""
    return (today - DEMONSTRATION_TODAY).days // 7 * 7


def shifted(value: Any, days: int) -> Any:
    """A copy of a file's value in which every text that is a day or a moment has moved."""
    if isinstance(value, dict):
        return {name: shifted(item, days) for name, item in value.items()}
    if isinstance(value, list):
        return [shifted(item, days) for item in value]
    if not isinstance(value, str):
        return value
    if DAY.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
    if MOMENT.fullmatch(value):
        return write_moment(datetime.fromisoformat(value) + timedelta(days=days))
    return value
