"""What this app has on the timetable."""

from django.utils import timezone

from agencies.domain import counters, dormancy, jobs, outbox, sessions, verifying, workers
from agencies.timetable import daily


@daily(at="03:20")
def tidy() -> None:
    """What is over: words of mail that nobody will send, jobs, sessions, workers, counters."""
    outbox.blank_old(now=timezone.now())
    jobs.forget_old()
    workers.forget_old()
    sessions.forget_old()
    counters.forget_old()


@daily(at="03:40")
def lock_dormant() -> None:
    dormancy.lock_dormant(now=timezone.now())


@daily(at="02:40")
def check_activity() -> None:
    """Whether anything was altered; the home page of whoever keeps the installation says so."""
    verifying.keep(verifying.verify())
