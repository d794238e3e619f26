"""What becomes of a mail between being written and being out of the house.

A message is taken by one worker, in a transaction of its own, before the mail server hears of it.
Whatever happens afterwards it is never offered a second time unless the server has plainly said
no: a worker that dies in between leaves a message of which nobody can say whether it went, and a
person decides.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import MessageState, OutboxMessage, Partnership, User, Worker
from agencies.models.outbox import KEPT_AFTER_LEAVING, UNDECIDED

# A server that says "not now" is asked again after so long, and at last no more: two days in all.
PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1200)]
FORGET_UNDECIDED = timedelta(days=30)

WORKER_GONE = "the worker stopped while it was being sent"
RESTORED = "it waited when the restored backup was made"
WORDLESS: dict[str, Any] = {"subject": "", "body": "", "calendar": b""}


def write_message(
    *,
    to: str,
    template: str,
    subject: str,
    body: str,
    key: str | None = None,
    partnership: Partnership | None = None,
    calendar: bytes | None = None,
) -> OutboxMessage:
    """Put a mail into the outbox, or nothing if its key stands there already."""
    message = OutboxMessage(
        key=key or uuid4().hex,
        partnership=partnership,
        to=to,
        template=template,
        subject=subject[:400],
        body=body,
        calendar=calendar or b"",
    )
    # A conflict that raised would spoil the transaction of whatever the mail tells of.
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    return message


@transaction.atomic
def claim(*, worker: str, only: OutboxMessage | None = None) -> OutboxMessage | None:
    """Take the message that has been due longest (or `only` that one), or None if none is."""
    now = timezone.now()
    due = OutboxMessage.objects.due(now)
    if only:
        due = due.filter(pk=only.pk)
    message = due.select_for_update(skip_locked=True, no_key=True).first()
    if message is None:
        return None
    message.state = MessageState.SENDING
    message.claimed_by = worker
    message.claimed_at = now
    message.attempts += 1
    message.save(update_fields=["state", "claimed_by", "claimed_at", "attempts"])
    return message


class Outcome(StrEnum):
    """What came of offering a message to the mail server."""

    ACCEPTED = "accepted"
    NOT_NOW = "put off"
    REFUSED = "refused"
    NOT_OFFERED = "not offered"
    DOUBTFUL = "in doubt"


def settle(message: OutboxMessage, outcome: Outcome, fault: str = "") -> None:
    """Write down what came of it; `fault` is a few words of our own, never the server's."""
    now = timezone.now()
    gave_up = outcome == Outcome.NOT_NOW and message.attempts > len(PATIENCE)
    match Outcome.REFUSED if gave_up else outcome:
        case Outcome.ACCEPTED:
            _accept(message)
        case Outcome.NOT_NOW:
            due_at = now + PATIENCE[message.attempts - 1]
            _change(message, state=MessageState.WAITING, due_at=due_at, fault=fault)
        case Outcome.NOT_OFFERED:
            again = {"attempts": message.attempts - 1, "due_at": now + PATIENCE[0]}
            _change(message, state=MessageState.WAITING, fault=fault, **again)
        case Outcome.REFUSED:
            _change(message, state=MessageState.FAILED, settled_at=now, fault=fault)
        case Outcome.DOUBTFUL:
            _change(message, state=MessageState.DOUBTFUL, settled_at=now, fault=fault)


def _accept(message: OutboxMessage) -> None:
    """The server has it, even if this worker was given up meanwhile and the message doubted."""
    held = _held(message).filter(state__in=(MessageState.SENDING, MessageState.DOUBTFUL))
    held.update(state=MessageState.SENT, settled_at=timezone.now(), fault="", **WORDLESS)


def _change(message: OutboxMessage, **fields: Any) -> None:
    _held(message).filter(state=MessageState.SENDING).update(**fields)


def _held(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The row, if nobody has decided about it since this worker took it."""
    return OutboxMessage.objects.filter(
        pk=message.pk, claimed_by=message.claimed_by, claimed_at=message.claimed_at
    )


def doubt_those_of_the_dead(living: QuerySet[Worker]) -> int:
    """Messages whose worker is gone are in doubt; the number of them.

    Who lives is asked in the same statement: a worker may begin between two.
    """
    left_behind = OutboxMessage.objects.filter(state=MessageState.SENDING)
    return left_behind.exclude(claimed_by__in=living.values("name")).update(
        state=MessageState.DOUBTFUL, settled_at=timezone.now(), fault=WORKER_GONE
    )


def doubt_those_that_waited() -> int:
    """After a restore: what waited when the backup was made may have gone out since; how many."""
    return OutboxMessage.objects.waiting().update(
        state=MessageState.DOUBTFUL, settled_at=timezone.now(), fault=RESTORED
    )


@transaction.atomic
def send_again(*, message: OutboxMessage, partnership: Partnership, by: User) -> None:
    """A person takes it upon themselves that it may arrive twice. Raises RefusedError."""
    locked = _locked(message)
    if not locked.body or locked.state not in (*UNDECIDED, MessageState.LEFT):
        raise RefusedError(
            "This message cannot be sent again: it went out meanwhile, or its words are gone."
        )
    OutboxMessage.objects.filter(pk=locked.pk).update(**_afresh())
    activity.record("had a mail sent again", by=by, partnership=partnership, subject=locked)


@transaction.atomic
def send_failed(*, among: QuerySet[OutboxMessage], partnership: Partnership, by: User) -> int:
    """Every one that certainly did not go out; the number of them."""
    failed = OutboxMessage.objects.filter(pk__in=among.values("pk"), state=MessageState.FAILED)
    number = failed.exclude(body="").update(**_afresh())
    if number:
        activity.record("had all refused mail sent again", by=by, partnership=partnership)
    return number


def _afresh() -> dict[str, Any]:
    """As if it had just been written."""
    return {
        "state": MessageState.WAITING,
        "due_at": timezone.now(),
        "attempts": 0,
        "claimed_by": "",
        "settled_at": None,
        "fault": "",
    }


@transaction.atomic
def leave(*, message: OutboxMessage, partnership: Partnership, by: User) -> None:
    """A person decides that it is well as it is. Raises RefusedError."""
    locked = _locked(message)
    if locked.state not in UNDECIDED:
        raise RefusedError("Somebody has decided about this message already.")
    locked.state = MessageState.LEFT
    locked.settled_at = timezone.now()
    locked.save(update_fields=["state", "settled_at"])
    activity.record("left a mail unsent", by=by, partnership=partnership, subject=locked)


def _locked(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.select_for_update(no_key=True).get(pk=message.pk)


@transaction.atomic
def blank_old(*, now: datetime) -> None:
    """Words that nobody will send any more are not kept; that there was a mail is."""
    left = OutboxMessage.objects.filter(state=MessageState.LEFT).exclude(body="")
    left.filter(settled_at__lt=now - KEPT_AFTER_LEAVING).update(**WORDLESS)
    OutboxMessage.objects.undecided().filter(settled_at__lt=now - FORGET_UNDECIDED).update(
        state=MessageState.LEFT, **WORDLESS
    )
