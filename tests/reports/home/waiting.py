"""What waits for somebody, for the tests of home."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agencies.models import Partnership, User
from audits.models import Audit, CaseReturn, Stage, StatusChange
from reports.reading.home import HomePage, home_page
from reports.reading.home.tasks import Task
from tests.factories import AuditFactory


def day(number: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=number)


def audit_at(stage: Stage, partnership: Partnership, title: str = "Neglect", **more: Any) -> Audit:
    audit: Audit = AuditFactory(partnership=partnership, stage=stage, title=title, **more)
    return audit


def change(thing: Audit | CaseReturn, name: str, by: User, reason: str = "") -> None:
    StatusChange.objects.create(
        audit=thing if isinstance(thing, Audit) else thing.audit,
        case_return=None if isinstance(thing, Audit) else thing,
        transition=name,
        from_stage=thing.stage,
        to_stage=thing.stage,
        reason=reason,
        by=by,
    )


def home_of(user: User, partnership: Partnership) -> HomePage:
    return home_page(User.objects.get(pk=user.pk), partnership)


def tasks_of(user: User, partnership: Partnership) -> list[Task]:
    return [task for group in home_of(user, partnership).groups for task in group.tasks]


def lines(user: User, partnership: Partnership) -> list[tuple[str, str, date | None]]:
    return [(task.title, task.text, task.due) for task in tasks_of(user, partnership)]
