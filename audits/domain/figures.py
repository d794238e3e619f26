"""Figures of an audit: counted ones are specifications, stated ones carry their numbers."""

from typing import Any

from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain.writing import MEETING_AND_DRAFTING, hold
from audits.models import Audit, Figure

NOTHING_COUNTED = {"measure": "", "question": None}
NOTHING_STATED = {"label": "", "numerator": None, "denominator": None, "unit": "", "stated_by": ""}


@transaction.atomic
def save_figure(*, audit: Audit, figure: Figure | None, values: dict[str, Any], by: User) -> Figure:
    """Write a new figure, or change one; what belongs to the other kind is emptied."""
    held = hold(audit, MEETING_AND_DRAFTING)
    row = figure or Figure(audit=held)
    other = NOTHING_STATED if values["kind"] == Figure.Kind.COUNTED else NOTHING_COUNTED
    for name, value in {**values, **other}.items():
        setattr(row, name, value)
    if row.measure not in Figure.OF_QUESTION:
        row.question = None
    row.full_clean()
    row.save()
    activity.record(
        "changed a figure" if figure else "added a figure",
        by=by,
        partnership=held.partnership_id,
        subject=row,
        audit_id=held.pk,
    )
    return row


@transaction.atomic
def remove_figure(*, figure: Figure, by: User) -> None:
    audit = hold(figure.audit, MEETING_AND_DRAFTING)
    activity.record(
        "removed a figure",
        by=by,
        partnership=audit.partnership_id,
        subject=figure,
        audit_id=audit.pk,
    )
    figure.delete()
