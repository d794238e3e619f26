"""At each due time a task is queued once: whoever asks, and however long nobody did."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.tasks import task
from django_tasks_db.models import DBTaskResult

from agencies import tasks
from agencies.domain.timetable import queue_due
from agencies.models import TimetableEntry
from agencies.timetable import TIMETABLE, Daily, Every, Timetabled, daily, every

pytestmark = pytest.mark.django_db


@task
def water() -> None:
    """Stands at the top of a module, where a worker finds it."""


def put(rhythm: Daily | Every) -> None:
    TIMETABLE["water"] = Timetabled(water, rhythm)


SEVEN = Daily(time(7))


@pytest.fixture
def alone() -> Iterator[None]:
    """Nothing else on the timetable, and what a test puts there is gone afterwards."""
    kept = dict(TIMETABLE)
    TIMETABLE.clear()
    yield
    TIMETABLE.clear()
    TIMETABLE.update(kept)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In March 2026; the clocks go forward on the 29th at 1 UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def queued(now: datetime) -> int:
    """As asked by a worker that remembers nothing."""
    return queue_due(now, {})


def test_a_day_has_one_due_time(alone: None) -> None:
    put(SEVEN)
    assert queued(at(2, 9)) == 0, "What is new waits for its next time."
    assert [queued(at(3, 6, 59)), queued(at(3, 7)), queued(at(3, 7, 1)), queued(at(3, 23))] == [
        0,
        1,
        0,
        0,
    ]
    assert queued(at(4, 7)) == 1
    assert DBTaskResult.objects.count() == 2


def test_days_that_were_missed_are_caught_up_with_once(alone: None) -> None:
    put(SEVEN)
    queued(at(2, 9))
    assert queued(at(9, 15)) == 1
    assert queued(at(9, 16)) == 0
    assert queued(at(10, 7)) == 1


def test_the_clock_is_that_of_the_place(alone: None) -> None:
    put(SEVEN)
    queued(at(28, 12))
    # From the 29th on seven o'clock in London is six o'clock UTC.
    assert [queued(at(29, 5, 59)), queued(at(29, 6))] == [0, 1]


def test_again_and_again(alone: None) -> None:
    put(Every(timedelta(minutes=15)))
    queued(at(2, 9))
    moments = [at(2, 9, 14), at(2, 9, 15), at(2, 9, 29), at(2, 9, 31), at(2, 11)]
    assert [queued(each) for each in moments] == [0, 1, 0, 1, 1]


def test_a_worker_that_remembers_asks_the_database_nothing(
    alone: None, django_assert_num_queries: Any
) -> None:
    put(SEVEN)
    known: dict[str, datetime] = {}
    queue_due(at(2, 9), known)
    with django_assert_num_queries(0):
        assert queue_due(at(2, 10), known) == 0
    assert queue_due(at(3, 7), known) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_the_same_moment_queue_it_once(alone: None) -> None:
    put(SEVEN)
    queued(at(2, 9))
    together, found = Barrier(4), []

    def ask() -> None:
        together.wait()
        found.append(queued(at(3, 7)))
        connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 0, 0, 1]
    assert DBTaskResult.objects.count() == 1


def greet() -> None:
    """Not a task yet."""


def count() -> None:
    """Neither."""


def test_a_function_is_put_on_it_by_decorating_it(alone: None) -> None:
    tasks_made = [daily(at="07:30")(greet), every(minutes=5)(count)]
    assert [(entry.task, entry.rhythm) for entry in TIMETABLE.values()] == [
        (tasks_made[0], Daily(time(7, 30))),
        (tasks_made[1], Every(timedelta(minutes=5))),
    ]
    assert list(TIMETABLE) == [each.module_path for each in tasks_made]


def test_what_the_application_has_on_it() -> None:
    assert TIMETABLE["agencies.tasks.tidy"].task == tasks.tidy
    assert TimetableEntry.objects.count() == 0


def test_tidying_does_no_harm_twice() -> None:
    tasks.tidy.call()
    tasks.tidy.call()
