"""What this app has on the timetable."""

from django.utils import timezone

from agencies.domain import jobs, outbox, workers
from agencies.timetable import daily


@daily(at="03:20")
def tidy() -> None:
    """Words of mail that nobody will send any more, finished jobs, workers long gone."""
    outbox.blank_old(now=timezone.now())
    jobs.forget_old()
    workers.forget_old()
