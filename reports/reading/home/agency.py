"""What waits for an agency's auditors and leads."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Partnership, User
from agencies.roles import Permission
from audits.models import Action, AgencyReturn, CaseReturn, Stage
from reports.reading.home.tasks import Task, counted, to


def tasks(user: User, partnership: Partnership) -> Iterator[Task]:
    leading = user.agencies_with(Permission.LEAD_RETURN)
    returned = _sent_back(user, partnership)
    sent_back = Counter(row.agency_return_id for row in returned)
    for row in _owed(user, partnership):
        if row.unanswered:
            yield _first_step(row)
        yield from _own_cases(row, sent_back[row.pk])
        if row.agency_id in leading:
            yield _whole_return(row)
        elif row.unassigned and not row.mine_left and not row.unanswered:
            yield _nobodys_cases(row)
    yield from map(_to_change, returned)
    if leading:
        yield from _actions(user, partnership)


def _owed(user: User, partnership: Partnership) -> QuerySet[Any]:
    return (
        AgencyReturn.objects.visible_to(user)
        .owed()
        .filter(
            audit__partnership=partnership,
            agency__in=user.agencies_with(Permission.ANSWER_RETURN),
        )
        .select_related("audit", "agency")
        .with_what_is_left(user)
        .order_by("agency__name")
    )


def _first_step(row: Any) -> Task:
    answered = row.total - row.unanswered
    return Task(
        f"Say which cases of “{row.audit}” you know",
        to("agency-return-known", row.pk),
        f"{row.agency.short_name}: {answered} of {counted(row.total, 'case')} answered.",
        row.due_on,
    )


def _own_cases(row: Any, sent_back: int) -> Iterator[Task]:
    """Those sent back have a line of their own."""
    left = row.mine_left - sent_back
    if left > 0:
        besides = f", besides {counted(sent_back, 'case')} sent back" if sent_back else ""
        yield Task(
            f"Audit {counted(left, 'case')} for “{row.audit}”",
            to("agency-return-detail", row.pk),
            f"{row.agency.short_name}: {left} of your "
            f"{counted(row.mine, 'case')} left to do{besides}.",
            row.due_on,
        )


def _nobodys_cases(row: Any) -> Task:
    return Task(
        f"Take on a case of “{row.audit}”",
        to("agency-return-detail", row.pk),
        f"{row.agency.short_name}: {counted(row.unassigned, 'case')} without an auditor yet.",
        row.due_on,
    )


def _whole_return(row: Any) -> Task:
    """One line a return: what its lead has to do with it next."""
    agency = row.agency.short_name
    done = f"{row.total - row.left} of {counted(row.total, 'case return')} finished."
    if row.unassigned:
        unassigned = counted(row.unassigned, "case")
        title = f"Find an auditor for {unassigned} of “{row.audit}”"
        done = f"{agency}: {done}"
    elif row.left:
        title = f"See {agency}’s return for “{row.audit}” through"
    else:
        title = f"Sign off {agency}’s return for “{row.audit}”"
    return Task(title, to("agency-return-detail", row.pk), done, row.due_on)


def _sent_back(user: User, partnership: Partnership) -> list[Any]:
    """The person's own case returns that their lead wants changed."""
    return list(CaseReturn.objects.sent_back_to(user).filter(audit__partnership=partnership))


def _to_change(row: Any) -> Task:
    return Task(
        f"{row.case} of “{row.audit}” was sent back to you",
        to("case-return-edit", row.agency_return_id, row.pk),
        row.last_reason,
        row.agency_return.due_on,
    )


def _actions(user: User, partnership: Partnership) -> Iterator[Task]:
    """Published actions the person's agencies own."""
    owned = (
        Action.objects.visible_to(user)
        .unfinished()
        .filter(
            audit__partnership=partnership,
            audit__stage=Stage.PUBLISHED,
            owner_agency__in=user.agencies_with(Permission.LEAD_RETURN),
        )
        .select_related("audit", "owner_agency")
    )
    for action in owned:
        yield Task(
            action.text,
            to("action-detail", action.pk),
            f"Action for {action.owner_agency} from “{action.audit}”. {_progress(action)}",
            action.due_on,
        )


def _progress(action: Action) -> str:
    late = action.due_on is not None and action.due_on < timezone.localdate()
    words = f"{action.get_progress_display()}."
    return f"{words} Say what has been done." if late else words
