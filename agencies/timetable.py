"""What runs when: an app's `tasks.py` puts functions on the timetable by decorating them.

    @daily(at="07:00")
    def send_digests() -> None: ...

At each due time the task is queued once, however many workers there are; after a standstill it is
queued once for all the due times that were missed. A task may be run again after its worker died
half-way, so it must do no harm the second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.tasks import Task, task
from django.utils import timezone


@dataclass(frozen=True)
class Daily:
    """Each day at this time, by the clock of the place."""

    at: time

    def last_due(self, now: datetime) -> datetime:
        local = timezone.localtime(now)
        due = datetime.combine(local.date(), self.at, tzinfo=local.tzinfo)
        return due if due <= now else self._day_before(due)

    @staticmethod
    def _day_before(due: datetime) -> datetime:
        return due - timedelta(days=1)


@dataclass(frozen=True)
class Every:
    """Again and again, after so long."""

    interval: timedelta

    def last_due(self, now: datetime) -> datetime:
        seconds = self.interval.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)


@dataclass(frozen=True)
class Timetabled:
    task: "Task[..., Any]"
    rhythm: Daily | Every

    @property
    def name(self) -> str:
        return self.task.module_path


TIMETABLE: dict[str, Timetabled] = {}

Job = Callable[[], None]


def daily(*, at: str) -> "Callable[[Job], Task[[], None]]":
    """Run the function each day at `at` ("07:00"), local time."""
    return _put(Daily(time.fromisoformat(at)))


def every(*, minutes: int) -> "Callable[[Job], Task[[], None]]":
    return _put(Every(timedelta(minutes=minutes)))


def _put(rhythm: Daily | Every) -> "Callable[[Job], Task[[], None]]":
    def decorate(function: Job) -> "Task[[], None]":
        job = task(function)
        entry = Timetabled(job, rhythm)
        TIMETABLE[entry.name] = entry
        return job

    return decorate
