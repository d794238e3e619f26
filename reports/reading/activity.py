"""Who did what: the rows of the activity with the names of what they speak of.

The activity names its subjects by id alone. Their names are looked up here, once a kind and
only among what may be named without content: people, agencies, numbers and titles.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from agencies.chain_format import chain_of
from agencies.domain.verifying import verify
from agencies.models import (
    Activity,
    ActivityCheck,
    ActivityKind,
    Agency,
    Body,
    Contributor,
    User,
)
from agencies.roles import Permission
from audits.domain.digests import REMINDED as BY_DAILY_MAIL
from audits.models import AgencyReturn, Audit, Case, CaseReturn, LearningTheme, Theme, Toolkit
from reports.models import Document

Names = dict[str, str]


@dataclass(frozen=True)
class Line:
    """`subject` and `audit` are empty where there is none, or none the reader may know of."""

    at: datetime
    who: str
    verb: str
    subject: str
    audit: str
    audit_url: str
    agency: str
    kind: ActivityKind
    entry: str
    """Its place in its chain; empty for whoever sees a part of it, who could count the rest."""
    hash: str


@dataclass(frozen=True)
class Day:
    day: date
    lines: list[Line]


@dataclass(frozen=True)
class ChainState:
    """Whether the record is as it was written, and when that was looked at; never yet: no date.

    How many entries there are is None for whoever may not know what others do.
    """

    holds: bool
    entries: int | None
    at: datetime | None


def by_day(lines: Iterable[Line]) -> list[Day]:
    grouped = groupby(lines, key=lambda line: timezone.localdate(line.at))
    return [Day(day, list(each)) for day, each in grouped]


def state_of_audit(audit: Audit, *, counted: bool) -> ChainState:
    """The audit's own chain, gone through now."""
    outcome = verify(chain=chain_of(audit.partnership_id, audit.pk))
    entries = outcome.entries if counted else None
    return ChainState(not outcome.faults, entries, timezone.now())


def state_of_all() -> ChainState:
    """What the nightly look at every chain came to."""
    last = ActivityCheck.objects.order_by("-at", "-pk").first()
    if last is None:
        return ChainState(holds=True, entries=0, at=None)
    return ChainState(not last.faults, last.entries, last.at)


def lines(rows: Iterable[Activity], user: User) -> list[Line]:
    """One query for the audits, and one for each kind of subject the rows name."""
    rows = list(rows)
    audits = _audits(rows, user)
    names = _subjects(rows)
    agencies = _agencies(rows)
    sees_all = user.partnerships_with(Permission.SEE_ACTIVITY)
    return [
        Line(
            at=row.at,
            who=row.by.name if row.by else _without_account(row, names),
            verb=row.verb,
            subject=names.get(row.subject_type, {}).get(row.subject_id, ""),
            audit=audits.get(str(row.audit_id), ""),
            audit_url=reverse("audit-detail", args=[row.audit_id])
            if str(row.audit_id) in audits
            else "",
            agency=agencies.get(str(row.agency_id), ""),
            kind=ActivityKind(row.kind),
            entry=f"{row.chain}, {row.number}" if row.partnership_id in sees_all else "",
            hash=row.hash,
        )
        for row in rows
    ]


def _without_account(row: Activity, names: dict[str, Names]) -> str:
    """The daily mail is the application's; a contributor, who came by a link, did what is
    recorded of it; a command did the rest.
    """
    if row.verb == BY_DAILY_MAIL:
        return "The application"
    if row.kind == ActivityKind.SIGN_IN:
        return "Somebody"
    if row.subject_type != "agencies.contributor":
        return "The operator"
    return names.get(row.subject_type, {}).get(row.subject_id, "A contributor")


def _audits(rows: Iterable[Activity], user: User) -> Names:
    visible = Audit.objects.visible_to(user)
    ids = {row.audit_id for row in rows if row.audit_id}
    return _texts(visible.filter(pk__in=ids).values_list("pk", "title"))


def _agencies(rows: Iterable[Activity]) -> Names:
    ids = {row.agency_id for row in rows if row.agency_id}
    return _texts(Agency.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _subjects(rows: Iterable[Activity]) -> dict[str, Names]:
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        ids[row.subject_type].add(row.subject_id)
    return {kind: _names(kind, wanted) for kind, wanted in ids.items()}


def _names(kind: str, ids: set[str]) -> Names:
    if kind in NUMBERED:
        return NUMBERED[kind](ids)
    if kind in NAMED:
        model, name = NAMED[kind]
        return _texts(model._default_manager.filter(pk__in=ids).values_list("pk", name))
    return {}


def _texts(pairs: Iterable[tuple[object, object]]) -> Names:
    return {str(key): str(text) for key, text in pairs}


def _cases(ids: set[str]) -> Names:
    numbers = Case.objects.filter(pk__in=ids).values_list("pk", "number")
    return {str(key): f"Case {number}" for key, number in numbers}


def _pages(routes: set[str]) -> Names:
    """A page that was refused, by the name of its route."""
    return {route: f"page “{route.replace('-', ' ')}”" for route in routes}


def _case_returns(ids: set[str]) -> Names:
    found = CaseReturn.objects.filter(pk__in=ids)
    return {
        str(key): f"Case {number}, {agency}"
        for key, number, agency in found.values_list("pk", "case__number", "agency__short_name")
    }


# For each kind of thing that the activity speaks of: where its name is.
NAMED: dict[str, tuple[type[Model], str]] = {
    "agencies.user": (User, "name"),
    "agencies.agency": (Agency, "name"),
    "agencies.body": (Body, "name"),
    "agencies.contributor": (Contributor, "name"),
    "audits.agencyreturn": (AgencyReturn, "agency__name"),
    "audits.theme": (Theme, "name"),
    "audits.learningtheme": (LearningTheme, "name"),
    "audits.toolkit": (Toolkit, "name"),
    "reports.document": (Document, "title"),
}
NUMBERED: dict[str, Callable[[set[str]], Names]] = {
    "route": _pages,
    "audits.case": _cases,
    "audits.casereturn": _case_returns,
}
