"""The chronology of a case return, read with its row: a query of its own would cost a page more."""

import json
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import OuterRef, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject

from audits.domain.engagement import in_order
from audits.models import EngagementEntry

COLUMNS = ("began_on", "ended_on", "words", "revision")


@cache
def lines_of() -> Subquery:
    """The lines of one case return as objects of JSON with commas between; none if there are none.

    The same for every page, so it is put together once.
    """
    line = JSONObject(id="pk", **{name: name for name in COLUMNS})
    lines = StringAgg(Cast(line, TextField()), Value(","))
    return Subquery(
        EngagementEntry.objects.filter(case_return=OuterRef("pk"))
        .order_by()
        .values("case_return")
        .values(lines=lines),
        output_field=TextField(),
    )


def entries_from(lines: str | None) -> list[EngagementEntry]:
    """The chronology in order, from what `lines_of` read: for reading only."""
    return in_order(
        EngagementEntry(
            id=UUID(each["id"]),
            began_on=_day(each["began_on"]),
            ended_on=_day(each["ended_on"]),
            words=each["words"],
            revision=each["revision"],
        )
        for each in json.loads(f"[{lines or ''}]")
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
