"""The officer reminds agencies of the returns they owe: who is written to, and what it says."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied

from agencies import mail
from agencies.domain import activity
from agencies.models import Activity, Agency, Membership, User
from agencies.roles import Permission
from audits.domain.digests import REMINDED as BY_DAILY_MAIL
from audits.domain.leading import hold_audit
from audits.models import FINISHED, AgencyReturn, Audit, CaseReturn

REMINDED = "reminded the agency of its return"
TEMPLATE = "return_reminder"


@dataclass(frozen=True)
class Owing:
    """An agency that owes its return, and those people of it on whom that hangs."""

    agency_return: AgencyReturn
    people: list[User]

    @property
    def agency(self) -> Agency:
        return self.agency_return.agency


@dataclass(frozen=True)
class Reminder:
    """When an agency was last written to about its return; by nobody: the daily mail."""

    at: datetime
    by: str
    by_hand: bool


def owing(audit: Audit) -> list[Owing]:
    """Everybody who owes, in four queries whatever their number."""
    owed = list(
        audit.agency_returns.owed()
        .select_related("audit__partnership", "agency")
        .order_by("agency__name")
    )
    auditors = _auditors_of_what_is_left(owed)
    people = _people([row.agency_id for row in owed])
    return [Owing(row, _who(people[row.agency_id], auditors[row.pk])) for row in owed]


def _auditors_of_what_is_left(owed: list[AgencyReturn]) -> dict[UUID, set[UUID | None]]:
    left: dict[UUID, set[UUID | None]] = defaultdict(set)
    rows = CaseReturn.objects.in_sample().filter(agency_return__in=owed).exclude(stage__in=FINISHED)
    for agency_return, auditor in rows.values_list("agency_return", "auditor"):
        left[agency_return].add(auditor)
    return left


def _people(agencies: list[UUID]) -> dict[UUID, dict[User, bool]]:
    """Those who fill in each agency's returns today, and whether they lead it."""
    found: dict[UUID, dict[User, bool]] = defaultdict(dict)
    held = (
        Membership.objects.giving(Permission.ANSWER_RETURN)
        .filter(agency__in=agencies)
        .select_related("user")
        .order_by("user__name", "user")
    )
    for membership in held:
        people = found[membership.agency_id]  # type: ignore[index]
        leads = membership.allows(Permission.LEAD_RETURN)
        people[membership.user] = people.get(membership.user, False) or leads
    return found


def _who(people: dict[User, bool], auditors: set[UUID | None]) -> list[User]:
    """The leads, who answer for it, and the auditors of what is left.

    Where a case has no auditor, or one who no longer fills in the agency's returns, everybody;
    and everybody where nobody leads.
    """
    leads = [person for person, leads in people.items() if leads]
    here = {person.pk for person in people}
    if not leads or not auditors <= here:
        return list(people)
    return [person for person, leads in people.items() if leads or person.pk in auditors]


def last_reminders(audit: Audit) -> dict[str, Reminder]:
    """By the id of the return, as text."""
    rows = (
        Activity.objects.of_audit(audit.pk)
        .filter(verb__in=[REMINDED, BY_DAILY_MAIL])
        .order_by("at", "pk")
        .values_list("subject_id", "at", "by__name", "verb")
    )
    return {subject: Reminder(at, name or "", verb == REMINDED) for subject, at, name, verb in rows}


def _reminded_since(audit: Audit, moment: datetime) -> set[str]:
    rows = Activity.objects.of_audit(audit.pk).filter(verb=REMINDED, at__gt=moment)
    return set(rows.values_list("subject_id", flat=True))


def context_of(agency_return: AgencyReturn, person: User) -> dict[str, Any]:
    """What the mail is made of, sent or previewed."""
    return {
        "person": person,
        "audit": agency_return.audit,
        "agency": agency_return.agency,
        "return_by": agency_return.due_on,
        "late": agency_return.is_late,
        "link": mail.link("agency-return-detail", agency_return.pk),
    }


@dataclass(frozen=True)
class Reminded:
    """How many people were written to, for which agencies; whom somebody else had reminded
    meanwhile; and whose mail nobody would get."""

    people: int
    agencies: list[Agency]
    meanwhile: list[Agency]
    unanswered: list[Agency]


@activity.gathered()
def remind(audit: Audit, *, by: User, returns: Collection[UUID], seen_at: datetime) -> Reminded:
    """Write to those on whom these returns hang.

    An agency that was reminded after `seen_at`, when the preview was made, is left out: a second
    press, or a colleague's, writes to nobody twice. Raises PermissionDenied.
    """
    if not by.may(Permission.RUN_AUDIT, audit.partnership_id):
        raise PermissionDenied
    hold_audit(audit.pk)
    chosen = [each for each in owing(audit) if each.agency_return.pk in returns]
    done = _reminded_since(audit, seen_at)
    meanwhile = [each for each in chosen if str(each.agency_return.pk) in done]
    to_write = [each for each in chosen if each not in meanwhile]
    for each in to_write:
        if each.people:
            _remind(each, by=by)
    return Reminded(
        people=len({person for each in to_write for person in each.people}),
        agencies=[each.agency for each in to_write if each.people],
        meanwhile=[each.agency for each in meanwhile],
        unanswered=[each.agency for each in to_write if not each.people],
    )


def _remind(each: Owing, *, by: User) -> None:
    audit = each.agency_return.audit
    occasion = uuid4()
    activity.record(
        REMINDED,
        by=by,
        partnership=audit.partnership_id,
        subject=each.agency_return,
        audit_id=audit.pk,
    )
    for person in each.people:
        mail.send(
            person.email,
            TEMPLATE,
            context_of(each.agency_return, person),
            key=f"reminder:{occasion}:{person.pk}",
            partnership=audit.partnership,
        )
