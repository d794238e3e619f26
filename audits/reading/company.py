"""Who else is on a page of a return, and what others changed there of late."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import User
from audits.models import CaseReturn, Presence, TextRevision
from audits.questions import asked_of

# Two saves can be committed in another order than they were stamped in.
OVERLAP = timedelta(seconds=90)
ONE_OF_MANY = 200
# No page is open for longer without having asked.
WHILE_A_PAGE_LIVES = timedelta(days=2)


def others_at(place: UUID, user: User) -> list[str]:
    """Names of who has been on the page within the last minute, besides this person."""
    here = Presence.objects.now_at(place).exclude(user=user)
    return list(here.values_list("user__name", flat=True))


@dataclass(frozen=True)
class Change:
    """One text as somebody else left it; `gone` if they took it out."""

    key: str
    words: str
    revision: int
    by: str
    at: datetime
    gone: bool


def changed_by_others(
    revisions: QuerySet[TextRevision], *, user: User, since: datetime | None
) -> list[Change]:
    """The newest words of each text that somebody else has changed since then."""
    if since is None:
        return []
    since = max(since, timezone.now() - WHILE_A_PAGE_LIVES)
    latest = (
        revisions.filter(at__gte=since - OVERLAP)
        .exclude(by=user)
        .exclude(by=None)
        .select_related("by")
        .order_by("-at", "-pk")[:ONE_OF_MANY]
    )
    newest: dict[str, TextRevision] = {}
    for each in latest:
        newest.setdefault(each.key, each)
    return [_change(each) for each in newest.values()]


def _change(each: TextRevision) -> Change:
    gone = bool(each.shape and "kinds" in each.shape)
    name = each.by.name if each.by else ""
    return Change(each.key, each.words, each.revision, name, timezone.localtime(each.at), gone)


def last_writers(
    revisions: QuerySet[TextRevision], keys: Collection[str], user: User
) -> dict[str, str]:
    """Who wrote each of these texts last, in words for this person."""
    if not keys:
        return {}
    rows: Iterable[TextRevision] = (
        revisions.filter(key__in=keys).select_related("by").order_by("at", "pk")
    )
    return {each.key: _name(each, user) for each in rows if each.by}


def _name(each: TextRevision, user: User) -> str:
    if each.by_id == user.pk:
        return "You, in another window,"
    return each.by.name if each.by else ""


def codes_of(case_return: CaseReturn, changes: Iterable[Change]) -> dict[str, str]:
    """The codes of the questions whose answers changed, by the questions' ids."""
    kinds = (each.key.partition(":") for each in changes)
    ids = {pk for kind, _, pk in kinds if kind in ("answer", "evidence")}
    if not ids:
        return {}
    asked = asked_of(case_return.agency_id, case_return.audit.toolkit_id)
    return {str(pk): code for pk, code in asked.filter(pk__in=ids).values_list("pk", "code")}
