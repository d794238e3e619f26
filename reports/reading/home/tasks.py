"""One thing that waits for somebody, and in which order such things stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils import timezone

SOON = timedelta(days=2)
THIS_WEEK = timedelta(days=7)


class Urgency(StrEnum):
    NOW = "Now"
    LATE = "Late"
    THIS_WEEK = "This week"
    LATER = "Later"
    UNDATED = "When you can"


def urgency_of(due: date | None) -> Urgency:
    if due is None:
        return Urgency.UNDATED
    left = due - timezone.localdate()
    if left < timedelta():
        return Urgency.LATE
    return Urgency.THIS_WEEK if left <= THIS_WEEK else Urgency.LATER


@dataclass(frozen=True)
class Task:
    """One line of the list; its link leads to the page where the work is done."""

    title: str
    url: str
    text: str = ""
    due: date | None = None
    due_word: str = "by"
    at_once: bool = False

    @property
    def urgency(self) -> Urgency:
        return Urgency.NOW if self.at_once else urgency_of(self.due)

    @property
    def status(self) -> str:
        if self.due is None:
            return ""
        days = (self.due - timezone.localdate()).days
        if days < 0:
            return f"{counted(-days, 'day')} late"
        return {0: "Today", 1: "Tomorrow"}.get(days, "")

    @property
    def tone(self) -> str:
        if self.at_once:
            return "bad"
        if self.due is None or self.urgency == Urgency.LATER:
            return "quiet"
        if self.urgency == Urgency.LATE:
            return "bad"
        return "warn" if self.due - timezone.localdate() <= SOON else ""


@dataclass(frozen=True)
class Group:
    title: Urgency
    tasks: list[Task]


def grouped(tasks: Iterable[Task]) -> list[Group]:
    """By urgency, each group by date; groups without a task are left out."""
    by_date = sorted(tasks, key=lambda task: task.due or date.max)
    groups = (Group(each, [t for t in by_date if t.urgency == each]) for each in Urgency)
    return [group for group in groups if group.tasks]


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number or 'no'} {noun if number == 1 else plural or noun + 's'}"


def to(route: str, *args: object) -> str:
    return reverse(route, args=args)
