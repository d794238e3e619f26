"""What waits for the QA officer: the next step of every audit, and who owes what."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from agencies.models import Partnership, User
from audits.models import (
    STAGES,
    Action,
    AgencyReturn,
    Audit,
    Case,
    Discussion,
    Nomination,
    Stage,
    StatusChange,
    TimeRequest,
)
from reports.reading.home.tasks import Task, counted, to


@dataclass(frozen=True)
class Work:
    """An audit with what its next step hangs on.

    `owing`: short names of the agencies that owe; `owed_by`: when the first of them is due.
    """

    audit: Audit
    asked: int
    proposed: int
    cases: int
    settled_cases: int
    graded_cases: int
    unfinished_actions: int
    late_actions: int
    next_action_due: date | None
    sent_back: str
    owing: list[str]
    owed_by: date | None = None


def works(user: User, partnership: Partnership) -> list[Work]:
    """The audits not closed, in two queries whatever their number."""
    owing: dict[UUID, list[AgencyReturn]] = defaultdict(list)
    owed = (
        AgencyReturn.objects.states_visible_to(user).owed().filter(audit__partnership=partnership)
    )
    for row in owed.select_related("audit", "agency"):
        owing[row.audit_id].append(row)
    audits = Audit.objects.visible_to(user).filter(partnership=partnership).open()
    found = [_work(audit, owing[audit.pk]) for audit in _with_counts(audits)]
    return sorted(found, key=lambda work: STAGES.index(Stage(work.audit.stage)))


def with_the_chair(found: list[Work]) -> list[Audit]:
    return [work.audit for work in found if work.audit.awaiting_approval]


def _with_counts(audits: QuerySet[Audit]) -> QuerySet[Any]:
    unfinished = Action.objects.unfinished()
    last_change = StatusChange.objects.filter(
        audit=OuterRef("pk"), agency_return=None, case_return=None
    ).order_by("-at", "-pk")
    settled = Discussion.objects.filter(case__withdrawn_at=None)
    return audits.annotate(
        asked=_number(AgencyReturn.objects.all()),
        proposed=_number(Nomination.objects.filter(stage=Nomination.Stage.PROPOSED)),
        case_count=_number(Case.objects.in_sample()),
        settled_cases=_number(settled.exclude(state=""), "case__audit"),
        graded_cases=_number(settled.exclude(overall_grade=None), "case__audit"),
        unfinished_actions=_number(unfinished),
        late_actions=_number(unfinished.filter(due_on__lt=timezone.localdate())),
        next_action_due=Subquery(
            unfinished.filter(audit=OuterRef("pk"))
            .order_by()
            .values("audit")
            .annotate(first=Min("due_on"))
            .values("first")
        ),
        last_step=Subquery(last_change.values("transition")[:1]),
        last_reason=Subquery(last_change.values("reason")[:1]),
    )


def _number(rows: QuerySet[Any], audit: str = "audit") -> Coalesce:
    """How many of these rows belong to the audit of the outer query."""
    of_audit = rows.filter(Q((audit, OuterRef("pk")))).order_by().values(audit)
    return Coalesce(Subquery(of_audit.annotate(number=Count("pk")).values("number")), 0)


def _work(audit: Any, owing: list[AgencyReturn]) -> Work:
    return Work(
        audit=audit,
        asked=audit.asked,
        proposed=audit.proposed,
        cases=audit.case_count,
        settled_cases=audit.settled_cases,
        graded_cases=audit.graded_cases,
        unfinished_actions=audit.unfinished_actions,
        late_actions=audit.late_actions,
        next_action_due=audit.next_action_due,
        sent_back=audit.last_reason if audit.last_step == "send-back-draft" else "",
        owing=[row.agency.short_name for row in owing],
        owed_by=min((row.due_on for row in owing if row.due_on), default=None),
    )


def time_asked(user: User, partnership: Partnership) -> Iterator[Task]:
    """Agencies that wait to hear whether they get more time."""
    waiting = (
        TimeRequest.objects.visible_to(user)
        .waiting()
        .filter(
            agency_return__in=AgencyReturn.objects.owed(),
            agency_return__audit__partnership=partnership,
        )
        .select_related("agency_return__agency", "agency_return__audit", "asked_by")
    )
    for each in waiting:
        owed = each.agency_return
        yield Task(
            f"Give {owed.agency.short_name} more time for “{owed.audit}”, or not",
            to("time-request-answer", owed.pk, each.pk),
            f"{each.asked_by} asks for {counted(each.days, 'more day', 'more days')}.",
            owed.due_on,
        )


def tasks(found: list[Work]) -> Iterator[Task]:
    for work in found:
        task = NEXT_STEP[Stage(work.audit.stage)](work)
        if task is not None:
            yield task


def _planned(work: Work) -> Task:
    return Task(
        f"Set up “{work.audit}” and ask for nominations",
        to("audit-detail", work.audit.pk),
        f"{counted(work.asked, 'agency', 'agencies')} to ask so far.".capitalize(),
    )


def _nominating(work: Work) -> Task:
    audit = work.audit
    if work.proposed:
        nominations = counted(work.proposed, "nomination")
        title = f"Decide on {nominations} for “{audit}”"
    elif work.cases:
        title = f"Circulate “{audit}” to the agencies"
        return Task(title, to("audit-detail", audit.pk), _selected(work), audit.nominate_by)
    else:
        title = f"Find cases for “{audit}”: nobody has nominated one yet"
    return Task(title, to("case-list", audit.pk), _selected(work), audit.nominate_by)


def _selected(work: Work) -> str:
    return f"{counted(work.cases, 'case')} selected so far.".capitalize()


def _collecting(work: Work) -> Task:
    audit = work.audit
    if work.owing:
        owed = counted(len(work.owing), "return")
        return Task(
            f"Chase {owed} for “{audit}”",
            to("agency-return-list", audit.pk),
            f"Still to come, of {work.asked}: {', '.join(work.owing)}.",
            work.owed_by,
        )
    return Task(
        f"Take “{audit}” to its meeting",
        to("audit-detail", audit.pk),
        "Every agency has answered.",
        audit.meeting_on,
    )


def _meeting(work: Work) -> Task:
    audit = work.audit
    if work.settled_cases < work.cases:
        title = f"Hold the meeting on “{audit}”"
    else:
        title = f"Close the meeting on “{audit}” and begin drafting"
    text = f"{work.settled_cases} of {counted(work.cases, 'case')} discussed or passed over."
    return Task(title, to("meeting-detail", audit.pk), text, audit.meeting_on, audit.due_word)


def _drafting(work: Work) -> Task | None:
    """Nothing to do for the officer while the chair has it."""
    audit = work.audit
    if audit.awaiting_approval:
        return None
    documents = to("audit-documents", audit.pk)
    if work.sent_back:
        return Task(
            f"Change the drafts of “{audit}” as the chair asks",
            documents,
            f"The chair writes: {work.sent_back}",
            audit.report_by,
        )
    title = f"Finish the drafts of “{audit}” and ask the chair to approve them"
    return Task(title, documents, due=audit.report_by)


def _late_among(work: Work) -> str:
    """How many of several actions are late, where some are: the date is that of the first."""
    if not work.late_actions or work.unfinished_actions == 1 or work.next_action_due is None:
        return ""
    since = date_format(work.next_action_due, "j F")
    if work.late_actions == 1:
        return f"1 of them overdue since {since}."
    return f"{work.late_actions} of them overdue, the first since {since}."


def _published(work: Work) -> Task:
    audit = work.audit
    if work.unfinished_actions:
        unfinished = counted(work.unfinished_actions, "open action")
        return Task(
            f"Follow up {unfinished} of “{audit}”",
            to("audit-action-list", audit.pk),
            _late_among(work),
            due=work.next_action_due,
        )
    title = f"Close “{audit}”: every action is finished"
    return Task(title, to("audit-detail", audit.pk))


NEXT_STEP: dict[Stage, Callable[[Work], Task | None]] = {
    Stage.PLANNED: _planned,
    Stage.NOMINATING: _nominating,
    Stage.COLLECTING: _collecting,
    Stage.MEETING: _meeting,
    Stage.DRAFTING: _drafting,
    Stage.PUBLISHED: _published,
}
