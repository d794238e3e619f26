"""Moments that somebody else's program says: a page its last question, a file what stood when."""

from datetime import datetime

from django.utils.dateparse import parse_datetime


def told_moment(text: str) -> datetime | None:
    """A moment with its time zone, as a page gives back what it was told; None for other words."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not is_within_reach(moment):
        return None
    return moment


def is_within_reach(moment: datetime) -> bool:
    """The edges of the calendar cannot be moved between time zones."""
    return 1 < moment.year < 9999
