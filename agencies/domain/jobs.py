"""The queue of jobs: taking one, doing it, and taking over what a dead worker left.

The rows are django-tasks-db's. What is added here: a job that raises is tried again later, and a
job whose worker died is given to another. Either way a job may be begun more than once, so every
task must do no harm the second time.
"""

import logging
from datetime import timedelta
from traceback import format_tb
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.tasks import TaskContext, TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from agencies.models import Worker

logger = logging.getLogger(__name__)

Job = DBTaskResult[Any, Any]

# How long after each failure a job that raised is tried again, before it counts as failed.
PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
# A job that was begun so often without ever ending probably kills its workers.
MOST_BEGINNINGS = 10
KEPT = timedelta(days=14)


def claim(*, worker: str) -> Job | None:
    """Take the job that is first in line, or None if none is ready.

    Asked without a lock first: on SQLite each transaction that may write keeps out all others.
    """
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None
    with transaction.atomic():
        job: Job | None = ready.select_for_update(skip_locked=True, no_key=True).first()
        if job is not None:
            job.claim(worker)
    return job


def perform(job: Job) -> None:
    """Do the job and write down how it ended."""
    try:
        value = _call(job)
    except Exception as error:  # noqa: BLE001 - whatever a task raises, the worker lives on.
        _failed(job, error)
    else:
        _end(job, TaskResultStatus.SUCCESSFUL, return_value=value)


def _call(job: Job) -> Any:
    result = job.task_result
    if result.task.takes_context:
        return result.task.call(TaskContext(task_result=result), *result.args, **result.kwargs)
    return result.task.call(*result.args, **result.kwargs)


def _failed(job: Job, error: Exception) -> None:
    """Where it failed is kept and logged, but not the error's own words, which may quote rows."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    logger.error("Job %s (%s) failed: %s", job.pk, job.task_path, kind)
    fault = {"exception_class_path": kind, "traceback": "".join(format_tb(error.__traceback__))}
    beginnings = len(job.worker_ids)
    if beginnings > len(PATIENCE):
        _end(job, TaskResultStatus.FAILED, **fault)
    else:
        again_at = timezone.now() + PATIENCE[beginnings - 1]
        _held(job).update(status=TaskResultStatus.READY, run_after=again_at, **fault)


def _end(job: Job, status: TaskResultStatus, **fields: Any) -> None:
    _held(job).update(status=status, finished_at=timezone.now(), **fields)


def _held(job: Job) -> QuerySet[Job]:
    """The row, if this worker was not given up for dead since it took the job."""
    return DBTaskResult.objects.filter(
        pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at
    )


@transaction.atomic
def take_over(living: QuerySet[Worker]) -> int:
    """Put jobs whose worker is not among these back into the queue; the number of them.

    The jobs are read before the living: whoever has taken a job by then was alive by then.
    """
    running = list(DBTaskResult.objects.running().select_for_update(skip_locked=True, no_key=True))
    if not running:
        return 0
    alive = set(living.values_list("name", flat=True))
    left = [job for job in running if job.worker_ids[-1] not in alive]
    for job in left:
        logger.warning("Job %s (%s) was left by its worker", job.pk, job.task_path)
        if len(job.worker_ids) < MOST_BEGINNINGS:
            _held(job).update(status=TaskResultStatus.READY, started_at=None)
        else:
            _end(job, TaskResultStatus.FAILED, exception_class_path="WorkerGone")
    return len(left)


def forget_old() -> None:
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
