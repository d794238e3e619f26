"""Drawing cases at random from a list that stays outside: its size in, row numbers out."""

import secrets
from collections.abc import Callable, Collection
from random import Random

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import User
from audits.domain.cases import number_cases
from audits.models import Audit, Case, Draw


def drawn_rows(
    *, list_size: int, sample_size: int, seed: str, left_out: Collection[int] = ()
) -> list[int]:
    """Row numbers from 1, in the order drawn; the same seed gives the same rows anywhere."""
    rows = [row for row in range(1, list_size + 1) if row not in left_out]
    # Not a secret: a draw is worth something only if anybody can repeat it.
    return Random(seed).sample(rows, sample_size)  # noqa: S311


def new_seed() -> str:
    return str(secrets.randbelow(10**8)).zfill(8)


def rows_drawn_before(audit: Audit, *, list_description: str, list_size: int) -> set[int]:
    """Rows of the same list that an earlier draw took, which a second draw leaves out."""
    earlier = audit.draws.filter(list_description=list_description, list_size=list_size)
    return {row for draw in earlier for row in draw.rows}


@activity.gathered()
def draw_cases(
    *, audit: Audit, by: User, list_description: str, list_size: int, sample_size: int, seed: str
) -> Draw:
    """Draw, keep how it was done, and number a case for each row drawn."""
    left_out = rows_drawn_before(audit, list_description=list_description, list_size=list_size)
    if sample_size > list_size - len(left_out):
        raise RefusedError("There are not as many rows left in the list.")
    seed = seed.strip() or new_seed()
    draw = Draw.objects.create(
        audit=audit,
        by=by,
        list_description=list_description,
        list_size=list_size,
        sample_size=sample_size,
        seed=seed,
        rows=drawn_rows(list_size=list_size, sample_size=sample_size, seed=seed, left_out=left_out),
    )
    activity.record(
        "drew cases at random",
        by=by,
        partnership=audit.partnership_id,
        subject=draw,
        audit_id=audit.pk,
    )
    number_cases(audit, by=by, makers=[_of_row(audit, draw, row) for row in draw.rows])
    return draw


def _of_row(audit: Audit, draw: Draw, row: int) -> Callable[[int], Case]:
    return lambda number: Case(audit=audit, number=number, draw=draw, draw_row=row)
