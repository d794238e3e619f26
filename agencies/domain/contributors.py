"""The contributors an agency keeps a list of: a whole list is taken over at once, or one is
changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import ActivityKind, Agency, Contributor, User
from agencies.roles import Permission

MOST = 1_000
"""That one agency can ask: every name is read whenever a text of its return is screened."""


class Change(models.TextChoices):
    ADDED = "added", "Added"
    ADDRESS = "address", "New address"
    ASKED_AGAIN = "asked_again", "Asked again"
    SAME = "same", "Already there"


@dataclass(frozen=True)
class Difference:
    """What a row of a list comes to; `row` is None for one that is new."""

    name: str
    email: str
    change: Change
    row: Contributor | None

    @property
    def before(self) -> str:
        return self.row.email if self.row else ""


def may_list(agency: Agency, user: User) -> bool:
    """Whoever manages agencies, and the lead of this one."""
    enough = (Permission.MANAGE_AGENCIES, Permission.LEAD_RETURN)
    return user.may_any_of(enough, agency.partnership_id, agency)


def differences(agency: Agency, rows: Iterable[tuple[str, str]]) -> list[Difference]:
    """What taking over names with e-mail addresses would change, in the order given, each once.

    A name is the same however it is written large or small; a row without an address leaves the
    one that is there.
    """
    there = {row.name.casefold(): row for row in agency.contributors.all()}
    wanted = {name.casefold(): (name, email) for name, email in rows}
    return [_difference(there.get(key), *row) for key, row in wanted.items()]


def _difference(row: Contributor | None, name: str, email: str) -> Difference:
    if row is None:
        return Difference(name, email, Change.ADDED, None)
    address = email or row.email
    if address.casefold() != row.email.casefold():
        return Difference(row.name, address, Change.ADDRESS, row)
    return Difference(row.name, row.email, Change.SAME if row.active else Change.ASKED_AGAIN, row)


def too_many(agency: Agency, rows: Iterable[tuple[str, str]]) -> str:
    """Why these cannot be asked beside those who can be asked already; "" if they can."""
    changes = differences(agency, rows)
    return _too_many(agency, sum(each.row is None or not each.row.active for each in changes))


def no_room(agency: Agency) -> str:
    """Why none more can be asked; "" if one can."""
    return _too_many(agency, 1)


def _too_many(agency: Agency, more: int) -> str:
    active = agency.contributors.filter(active=True).count() if more else 0
    if active + more <= MOST or not more:
        return ""
    return (
        f"{MOST:,} can be asked at most, and with this there would be {active + more:,}. Set those "
        "whom you ask no longer to “No longer asked” first."
    )


@activity.gathered()
def take_over_list(
    *, agency: Agency, by: User, rows: Iterable[tuple[str, str]]
) -> list[Difference]:
    """Add who is new, change addresses, and ask again who is listed once more.

    Raises RefusedError where they would be more than can be asked; nothing is written then.
    """
    rows = list(rows)
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if refusal := too_many(agency, rows):
        raise RefusedError(refusal)
    found = [each for each in differences(agency, rows) if each.change != Change.SAME]
    added = Contributor.objects.bulk_create(
        Contributor(agency=agency, name=each.name, email=each.email)
        for each in found
        if each.row is None
    )
    changed = [_changed(each.row, each.email) for each in found if each.row is not None]
    Contributor.objects.bulk_update(changed, ["email", "active"])
    for verb, rows_changed in (("added a contributor", added), ("changed a contributor", changed)):
        for row in rows_changed:
            activity.record(verb, by=by, partnership=agency.partnership_id, subject=row)
    return found


def _changed(row: Contributor, email: str) -> Contributor:
    row.email, row.active = email, True
    return row


@transaction.atomic
def change_contributor(*, contributor: Contributor, by: User, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(contributor, name, value)
    contributor.save(update_fields=list(fields))
    activity.record(
        "changed a contributor",
        by=by,
        partnership=contributor.agency.partnership_id,
        subject=contributor,
    )


@transaction.atomic
def record_download(agency: Agency, *, by: User) -> None:
    activity.record(
        "downloaded the list of contributors",
        by=by,
        partnership=agency.partnership_id,
        subject=agency,
        kind=ActivityKind.EXPORT,
    )
