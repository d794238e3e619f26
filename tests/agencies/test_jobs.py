"""A job that raises is tried again; one whose worker died is given to the next."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from agencies.domain import jobs, workers
from agencies.domain.jobs import MOST_BEGINNINGS, PATIENCE, Job
from tests.support.jobs import SEEN, note, note_attempt, stumble

pytestmark = pytest.mark.django_db

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


@pytest.fixture(autouse=True)
def seen() -> Iterator[list[str]]:
    SEEN.clear()
    yield SEEN
    SEEN.clear()


def queued() -> Job:
    job: Job = DBTaskResult.objects.get()
    return job


def claimed(worker: str = "worker") -> Job:
    job = jobs.claim(worker=worker)
    assert job is not None
    return job


def test_a_job_is_done_and_its_value_kept(seen: list[str]) -> None:
    note.enqueue("spring")
    jobs.perform(claimed())
    assert seen == ["spring"]
    assert (queued().status, queued().return_value) == (SUCCESSFUL, "SPRING")
    assert queued().finished_at is not None
    assert jobs.claim(worker="worker") is None


def test_a_task_may_ask_which_attempt_it_is(seen: list[str]) -> None:
    note_attempt.enqueue()
    jobs.perform(claimed())
    assert seen == ["attempt 1"]


def test_two_workers_never_get_the_same_job() -> None:
    note.enqueue("one")
    note.enqueue("two")
    taken = [jobs.claim(worker=name) for name in ("first", "second", "third")]
    assert len({job.pk for job in taken if job}) == 2
    assert taken[2] is None


def test_a_job_that_raises_is_tried_again_and_at_last_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stumble.enqueue("Ada Marsh")
    for patience in PATIENCE:
        before = timezone.now()
        jobs.perform(claimed())
        assert queued().status == READY
        assert before + patience <= queued().run_after <= timezone.now() + patience
        assert jobs.claim(worker="worker") is None
        DBTaskResult.objects.update(run_after=timezone.now())
    jobs.perform(claimed())
    assert queued().status == FAILED
    assert queued().exception_class_path == "builtins.ValueError"
    assert "in stumble" in queued().traceback
    assert "Ada Marsh" not in queued().traceback + caplog.text


def test_a_job_whose_task_is_gone_fails_as_one_that_raises() -> None:
    note.enqueue("spring")
    DBTaskResult.objects.update(task_path="tests.support.jobs.vanished")
    jobs.perform(claimed())
    assert (queued().status, queued().exception_class_path) == (READY, "builtins.ImportError")


def test_a_job_of_a_dead_worker_goes_back_into_the_queue(seen: list[str]) -> None:
    note.enqueue("spring")
    claimed("gone")
    assert jobs.take_over(workers.living()) == 1
    jobs.perform(claimed("next"))
    assert seen == ["spring"]
    assert (queued().status, queued().worker_ids) == (SUCCESSFUL, ["gone", "next"])


def test_a_job_of_a_living_worker_is_left_to_it() -> None:
    workers.sign_in("alive", embedded=False)
    note.enqueue("spring")
    claimed("alive")
    assert jobs.take_over(workers.living()) == 0
    assert queued().status == RUNNING


def test_a_worker_not_seen_for_longer_than_the_lease_is_dead() -> None:
    workers.sign_in("silent", embedded=False)
    note.enqueue("spring")
    claimed("silent")
    workers.living().update(seen_at=timezone.now() - timedelta(seconds=61))
    assert jobs.take_over(workers.living()) == 1
    workers.beat("silent", embedded=False)
    assert [each.name for each in workers.living()] == ["silent"]


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    note.enqueue("spring")
    for _ in range(MOST_BEGINNINGS):
        claimed("gone")
        assert jobs.take_over(workers.living()) == 1
    assert jobs.claim(worker="next") is None
    assert queued().status == FAILED


def test_whoever_was_given_up_says_nothing_about_a_job_that_is_anothers() -> None:
    note.enqueue("spring")
    late = claimed("slow")
    jobs.take_over(workers.living())
    claimed("quick")
    jobs.perform(late)
    assert (queued().status, queued().worker_ids) == (RUNNING, ["slow", "quick"])


def test_finished_jobs_are_forgotten_after_a_fortnight() -> None:
    for word in ("old", "new", "waiting"):
        note.enqueue(word)
    for _ in ("old", "new"):
        jobs.perform(claimed())
    first = DBTaskResult.objects.finished().order_by("finished_at").first()
    assert first is not None
    first.finished_at = timezone.now() - timedelta(days=15)
    first.save()
    jobs.forget_old()
    assert sorted(job.args_kwargs["args"][0] for job in DBTaskResult.objects.all()) == [
        "new",
        "waiting",
    ]
