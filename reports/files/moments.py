"""Days and moments as they stand in a file."""

import re
from datetime import UTC, date, datetime, time
from typing import overload

from django.utils import timezone

from agencies.moments import is_within_reach

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")


def read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@overload
def read_moment(text: str) -> datetime: ...
@overload
def read_moment(text: None) -> None: ...
def read_moment(text: str | None) -> datetime | None:
    """A day alone is read as its first moment, on the application's clock."""
    if not text:
        return None
    if DAY.fullmatch(text):
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time()))
    return datetime.fromisoformat(text)


def write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def write_moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_day(text: str) -> bool:
    return bool(DAY.fullmatch(text)) and _parses(text)


def is_moment(text: str) -> bool:
    return bool(MOMENT.fullmatch(text) or DAY.fullmatch(text)) and _parses(text)


def _parses(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return is_within_reach(moment)
