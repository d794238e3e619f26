"""Agencies, and the bodies that are no agency."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agencies.domain import activity
from agencies.models import Agency, Body, Partnership, User


@transaction.atomic
def add_agency(*, partnership: Partnership, by: User, fields: Mapping[str, Any]) -> Agency:
    agency = Agency.objects.create(partnership=partnership, **fields)
    activity.record("added an agency", by=by, partnership=partnership, subject=agency)
    return agency


@transaction.atomic
def change_agency(*, agency: Agency, by: User, fields: Mapping[str, Any]) -> None:
    _change(agency, fields)
    _record("changed an agency", agency, by=by)


@transaction.atomic
def set_agency_active(*, agency: Agency, by: User, active: bool) -> None:
    """A closed agency keeps its returns and its people; new audits no longer offer it."""
    _change(agency, {"active": active})
    _record("reopened an agency" if active else "closed an agency", agency, by=by)


@transaction.atomic
def add_body(*, partnership: Partnership, by: User, fields: Mapping[str, Any]) -> Body:
    body = Body.objects.create(partnership=partnership, **fields)
    activity.record("added a body", by=by, partnership=partnership, subject=body)
    return body


@transaction.atomic
def change_body(*, body: Body, by: User, fields: Mapping[str, Any]) -> None:
    _change(body, fields)
    _record("changed a body", body, by=by)


def _change(row: Agency | Body, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _record(verb: str, row: Agency | Body, *, by: User) -> None:
    activity.record(verb, by=by, partnership=row.partnership_id, subject=row)
