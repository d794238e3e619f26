"""Concerns about immediate risk that wait for somebody's name: they stand before all else."""

from collections.abc import Iterator

from agencies.models import Partnership, User
from audits.domain.concerns import may_acknowledge
from audits.models import Concern
from reports.reading.home.tasks import Task, to


def tasks(user: User, partnership: Partnership) -> Iterator[Task]:
    open_ones = (
        Concern.objects.visible_to(user)
        .open()
        .filter(audit__partnership=partnership)
        .select_related("audit", "agency", "case")
    )
    for concern in open_ones:
        if may_acknowledge(concern, user):
            about = str(concern.case) if concern.case else "a return"
            yield Task(
                f"A concern about {about} of “{concern.audit}” waits for your name",
                to("concern-detail", concern.pk),
                f"Raised in the return of {concern.agency}. Somebody may be at immediate risk.",
                at_once=True,
            )
