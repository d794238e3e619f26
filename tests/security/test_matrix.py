"""Does anybody get at what is not theirs? Every role, at every address, of everybody's rows.

`docs/developers/security-checks.md` says how to read what it counts.
"""

import pytest

from agencies.roles import Permission
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.endurance.lasting import lasting_walk
from tests.security.calls import HELD
from tests.security.matrix import Matrix
from tests.security.rows import WHOSE, scopes

SMALL, LONG = 400, 1_000_000
NAME = "matrix"


def run(rounds: int) -> Figures:
    """So many cells, evenly spread over all there are."""
    with lasting_walk() as walk:
        return _walked(walk, rounds)


def _walked(walk: Walk, rounds: int) -> Figures:
    figures = Figures(NAME, bad=("faults",))
    matrix = Matrix(walk)
    for cell in spread(matrix.cells, rounds):
        figures.add("cells")
        for fault in matrix.faults(cell):
            figures.add("faults")
            figures.add(fault)
    return figures


def spread[Each](every: list[Each], rounds: int) -> list[Each]:
    """As many as were asked for, at even distances, none twice."""
    if rounds >= len(every):
        return every
    return [every[number * len(every) // rounds] for number in range(rounds)]


@pytest.mark.django_db
def test_nobody_gets_at_what_is_not_theirs() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["cells"] == SMALL


def test_every_permission_is_asked_of_everybody() -> None:
    """A permission without a line in `HELD` of tests/security/calls.py would be anybody's."""
    assert set(HELD) == set(Permission)


def test_every_queryset_that_starts_from_a_person_says_whose_its_rows_are() -> None:
    """One without a line in `WHOSE` of tests/security/rows.py would be asked of nobody."""
    assert {name for name, _ in scopes()} == set(WHOSE)
