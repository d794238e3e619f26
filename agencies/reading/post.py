"""Whether mail gets out: what waits, what needs a person's decision, and who does the work."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import apnumber
from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.formats import date_format
from django_tasks_db.models import DBTaskResult

from agencies.models import OutboxMessage, Partnership, User, Worker

ALARM_AFTER = timedelta(minutes=10)
PAGE_LENGTH = 50
LISTED = 50


@dataclass(frozen=True)
class HeldUp:
    """Why nothing goes out, in a sentence, and what to do about it in another."""

    what: str = ""
    remedy: str = ""

    def __bool__(self) -> bool:
        return bool(self.what)


@dataclass(frozen=True)
class PostRoom:
    undecided: Page[OutboxMessage]
    waiting: list[OutboxMessage]
    waiting_number: int
    sent_number: int
    failed_number: int
    left: list[OutboxMessage]
    held_up: HeldUp
    failed_jobs: list[str] = field(default_factory=list)

    @property
    def undecided_number(self) -> int:
        return self.undecided.paginator.count

    @property
    def title(self) -> str:
        if number := self.undecided_number:
            counted = str(apnumber(number)).capitalize()
            return f"{counted} {'message needs' if number == 1 else 'messages need'} a decision"
        if self.held_up:
            return "Mail is held up"
        return "All mail is on its way" if self.waiting_number else "All mail has gone out"


def post_room(user: User, partnership: Partnership, page: str | None) -> PostRoom:
    messages = OutboxMessage.objects.visible_to(user).of_partnerships([partnership.pk])
    listed = messages.without_words()
    numbers = messages.numbers()
    return PostRoom(
        undecided=Paginator(listed.undecided(), PAGE_LENGTH).get_page(page),
        waiting=list(listed.waiting().order_by("due_at", "pk")[:LISTED]),
        waiting_number=numbers["waiting"],
        sent_number=numbers["sent_today"],
        failed_number=numbers["failed"],
        left=list(listed.just_left()[:LISTED]),
        held_up=held_up(),
        failed_jobs=_failed_jobs(),
    )


def held_up() -> HeldUp:
    """Whether work waits that nobody does, or a mail server lets nothing through."""
    alarm = timezone.now() - ALARM_AFTER
    known = list(Worker.objects.order_by("-seen_at")[:LISTED])
    living = [worker for worker in known if worker.seen_at >= alarm]
    if not living:
        return _nobody_works(known[0].seen_at if known else None) if _waits(alarm) else HeldUp()
    failing = [worker for worker in living if worker.mail_failing_since]
    return _nothing_leaves(failing[0]) if failing else HeldUp()


def _nobody_works(last_seen: datetime | None) -> HeldUp:
    return HeldUp(
        f"No worker has been seen {'since ' + _moment(last_seen) if last_seen else 'at all'}.",
        "Whoever runs the server has to start it (manage.py run_worker). Nothing is lost.",
    )


def _nothing_leaves(worker: Worker) -> HeldUp:
    return HeldUp(
        f"No mail has left since {_moment(worker.mail_failing_since)}: {worker.mail_fault}.",
        "It is tried again every few minutes, and nothing is lost.",
    )


def _waits(before: datetime) -> bool:
    """Whether a mail or a job should have been seen to by then."""
    return (
        OutboxMessage.objects.due(before).exists()
        or DBTaskResult.objects.ready().filter(enqueued_at__lt=before).exists()
    )


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "H:i, j F") if moment else ""


def _failed_jobs() -> list[str]:
    """By the names of their tasks: "Send digests, 3 June"."""
    rows = DBTaskResult.objects.failed().order_by("-finished_at")
    return [
        f"{path.rpartition('.')[2].replace('_', ' ').capitalize()}, {_moment(finished_at)}"
        for path, finished_at in rows.values_list("task_path", "finished_at")[:LISTED]
    ]
