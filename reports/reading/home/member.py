"""What waits for those who nominate, what became of their nominations, and meetings to come."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agencies.models import Partnership, User
from audits.models import Audit, Nomination, Stage
from reports.reading.home.tasks import Task, counted, to

TO_MEET = [Stage.NOMINATING, Stage.COLLECTING, Stage.MEETING]
NEWEST = 8


def tasks(user: User, partnership: Partnership) -> Iterator[Task]:
    asking: QuerySet[Any] = (
        Audit.objects.visible_to(user)
        .filter(partnership=partnership, stage=Stage.NOMINATING)
        .annotate(nominated=Count("nominations", filter=Q(nominations__by=user)))
    )
    for audit in asking:
        so_far = "You have not nominated one yet."
        if audit.nominated:
            so_far = f"You have nominated {counted(audit.nominated, 'case')}."
        yield Task(
            f"Nominate cases for “{audit}”",
            to("nomination-create", audit.pk),
            so_far,
            audit.nominate_by,
        )


def nominations(user: User, partnership: Partnership) -> list[Nomination]:
    """One's own of audits not yet published, the newest first."""
    own = Nomination.objects.visible_to(user).filter(by=user, audit__partnership=partnership)
    under_way = own.filter(audit__stage__in=[*TO_MEET, Stage.DRAFTING])
    return list(under_way.select_related("audit", "case").order_by("-at", "-pk")[:NEWEST])


def meetings(user: User, partnership: Partnership) -> list[Audit]:
    to_come = Audit.objects.visible_to(user).filter(
        partnership=partnership, stage__in=TO_MEET, meeting_on__gte=timezone.localdate()
    )
    return list(to_come.order_by("meeting_on", "title"))
