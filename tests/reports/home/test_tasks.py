"""How a task is told, and in which order tasks stand."""

import pytest

from reports.reading.home import HomePage
from reports.reading.home.tasks import Task, Urgency, grouped
from tests.reports.home.waiting import day

pytestmark = pytest.mark.django_db


class TestOrder:
    def test_tasks_stand_by_urgency_and_date(self) -> None:
        names = [("next week", 8), ("today", 0), ("late", -1), ("no date", None), ("very late", -9)]
        tasks = [Task(n, "/", due=None if d is None else day(d)) for n, d in names]
        groups = grouped([*tasks, Task("in a week", "/", due=day(7))])
        assert [(g.title, [t.title for t in g.tasks]) for g in groups] == [
            (Urgency.LATE, ["very late", "late"]),
            (Urgency.THIS_WEEK, ["today", "in a week"]),
            (Urgency.LATER, ["next week"]),
            (Urgency.UNDATED, ["no date"]),
        ]

    @pytest.mark.parametrize(
        ("days", "status", "tone"),
        [
            (-2, "2 days late", "bad"),
            (-1, "1 day late", "bad"),
            (0, "Today", "warn"),
            (1, "Tomorrow", "warn"),
            (2, "", "warn"),
            (3, "", ""),
            (8, "", "quiet"),
            (None, "", "quiet"),
        ],
    )
    def test_a_task_says_how_late_it_is(self, days: int | None, status: str, tone: str) -> None:
        task = Task("x", "/", due=None if days is None else day(days))
        assert (task.status, task.tone) == (status, tone)

    @pytest.mark.parametrize(
        ("number", "title"),
        [
            (0, "Nothing waits for you"),
            (1, "One thing waits for you"),
            (9, "Nine things wait for you"),
            (12, "12 things wait for you"),
        ],
    )
    def test_the_heading_counts(self, number: int, title: str) -> None:
        assert HomePage(groups=grouped([Task("x", "/")] * number)).title == title
