"""Which processes do background work, and which of them are still alive."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Worker

REMEMBERED = timedelta(days=7)


def sign_in(name: str, *, embedded: bool) -> None:
    """Before anything is taken: what a worker holds without a row of its own counts as left."""
    Worker.objects.create(name=name, embedded=embedded)


def beat(name: str, *, embedded: bool) -> None:
    now = timezone.now()
    if not Worker.objects.filter(name=name).update(seen_at=now):
        sign_in(name, embedded=embedded)  # Somebody restored an older database.


def note_mail(name: str, fault: str) -> None:
    """Why the mail server cannot be reached, or with an empty fault that it can again."""
    row = Worker.objects.filter(name=name)
    if fault:
        row.filter(mail_failing_since=None).update(mail_failing_since=timezone.now())
        row.update(mail_fault=fault)
    else:
        row.update(mail_failing_since=None, mail_fault="")


def sign_out(name: str) -> None:
    Worker.objects.filter(name=name).delete()


def living() -> QuerySet[Worker]:
    return Worker.objects.seen_since(timezone.now() - timedelta(seconds=settings.WORKER_LEASE))


def forget_old() -> None:
    Worker.objects.filter(seen_at__lt=timezone.now() - REMEMBERED).delete()
