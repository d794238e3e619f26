"""Tasks for tests; they stand here because a worker in another process has to find them."""

import os
import signal
import time

from django.db import transaction
from django.tasks import TaskContext, task

from agencies import mail
from agencies.models import Agency, Partnership

# What a task that ran in this process left behind.
SEEN: list[str] = []


@task
def note(word: str) -> str:
    SEEN.append(word)
    return word.upper()


@task(takes_context=True)
def note_attempt(context: "TaskContext[..., None]") -> None:
    SEEN.append(f"attempt {context.attempt}")


@task
def stumble(secret: str) -> None:
    raise ValueError(f"Failing row contains {secret}")


@task
def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@task
def open_agency(partnership_id: str, number: int) -> None:
    """Makes a row and writes a mail about it, with a pause in which one may be killed."""
    partnership = Partnership.objects.get(pk=partnership_id)
    with transaction.atomic():
        Agency.objects.get_or_create(
            partnership=partnership, short_name=f"J{number}", defaults={"name": f"Agency {number}"}
        )
        mail.send_words(
            f"job{number}@fenshire.example",
            "agency_opened",
            "An agency was opened",
            "See for yourself.",
            key=f"opened:{number}",
            partnership=partnership,
        )
    time.sleep(0.06)
