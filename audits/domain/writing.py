"""What every write to a meeting or a draft keeps to: the right stage, and no silent overwriting."""

from typing import Any

from django.db import models

from audits.domain.leading import hold_audit
from audits.models import Audit, Stage

MEETING = (Stage.MEETING,)
MEETING_AND_DRAFTING = (Stage.MEETING, Stage.DRAFTING)


class NotNowError(Exception):
    """The audit is at a stage at which this cannot be written; the message tells a person."""


class StaleError(Exception):
    """Somebody saved since the form was opened; `current` is the row as it now stands."""

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody else saved this meanwhile.")
        self.current = current


def hold(audit: Audit, stages: tuple[Stage, ...]) -> Audit:
    """Lock the audit for this write, provided that it is at one of these stages.

    The lock also keeps two people from giving two rows the same position.
    """
    locked = hold_audit(audit.pk)
    if locked.stage not in stages:
        wanted = " or ".join(stage.label.lower() for stage in stages)
        raise NotNowError(
            f"The audit is now at “{locked.get_stage_display()}”. "
            f"This can be changed while it is at {wanted}."
        )
    return locked


def fresh[Row: models.Model](row: Row, revision: int) -> Row:
    """The row as stored, locked, if it is still the one whose revision the form showed."""
    stored = type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    if getattr(stored, "revision") != revision:  # noqa: B009 - models.Model has none
        raise StaleError(stored)
    return stored


def renumber[Row: models.Model](rows: list[Row]) -> None:
    """Give the rows the positions 0, 1, 2 … in the order of the list."""
    moved = []
    for position, row in enumerate(rows):
        if getattr(row, "position") != position:  # noqa: B009
            setattr(row, "position", position)  # noqa: B010
            moved.append(row)
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in moved:
        by_model.setdefault(type(row), []).append(row)
    for model, changed in by_model.items():
        model._default_manager.bulk_update(changed, ["position"])


def swapped[Row: models.Model](rows: list[Row], row: Row, *, up: bool) -> list[Row]:
    """The list with this row one place up or down; unchanged at either end."""
    index = next(i for i, each in enumerate(rows) if type(each) is type(row) and each.pk == row.pk)
    other = index - 1 if up else index + 1
    if 0 <= other < len(rows):
        rows[index], rows[other] = rows[other], rows[index]
    return rows
