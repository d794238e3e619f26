"""On which days somebody is written to about a return: before it is due, on the day, after it.

A mail that could wait goes on a working day, Monday to Friday. What falls on a weekend and
comes before the due date goes on the Friday; what comes after it goes on the Monday.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from agencies.models import Partnership

DAY = timedelta(days=1)
SATURDAY = 5
MONDAY = 0


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY


def last_working_day(day: date) -> date:
    """That day, or the Friday before it."""
    while not is_working_day(day):
        day -= DAY
    return day


def next_working_day(day: date) -> date:
    """That day, or the Monday after it."""
    while not is_working_day(day):
        day += DAY
    return day


def is_new(since: date | None, today: date) -> bool:
    """Whether it began on the working day before, or over the weekend since: told once."""
    return (
        is_working_day(today)
        and since is not None
        and last_working_day(today - DAY) <= since < today
    )


def is_weekly_day(today: date) -> bool:
    """Mondays bring up again what has no date of its own, so that it is not forgotten."""
    return today.weekday() == MONDAY


@dataclass(frozen=True)
class Chase:
    """The days of one return: due when, and chased how, by its partnership's settings."""

    due: date
    remind_days_before: int
    tell_lead_days_after: int
    tell_chair_days_after: int

    @classmethod
    def of(cls, partnership: Partnership, due: date) -> "Chase":
        return cls(
            due,
            partnership.remind_days_before,
            partnership.tell_lead_days_after,
            partnership.tell_chair_days_after,
        )

    @property
    def reminder_on(self) -> date:
        return last_working_day(self.due - self.remind_days_before * DAY)

    @property
    def lead_from(self) -> date:
        return next_working_day(self.due + max(self.tell_lead_days_after, 1) * DAY)

    @property
    def chair_from(self) -> date:
        return next_working_day(self.due + max(self.tell_chair_days_after, 1) * DAY)

    def asks_on(self, today: date) -> bool:
        """Whoever owes it: once before, on the day, then each working day until it is in."""
        return today in (self.reminder_on, self.due) or (today > self.due and is_working_day(today))

    def tells_lead_on(self, today: date) -> bool:
        return today >= self.lead_from and is_working_day(today)

    def tells_chair_on(self, today: date) -> bool:
        """Once, then each Monday: a chair steers and does not chase."""
        return today == self.chair_from or (today > self.chair_from and is_weekly_day(today))
