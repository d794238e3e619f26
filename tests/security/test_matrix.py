"""Does anybody get at what is not theirs? Every role, at every address, of everybody's rows.

`docs/developers/security-checks.md` says how to read what it counts.
"""

import pytest
from django.db import transaction
from django.test.utils import override_settings

from agencies.roles import Permission
from tests import scenario
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.endurance.test_bad_input import CACHES, quiet
from tests.security.calls import HELD
from tests.security.matrix import Matrix

SMALL, LONG = 400, 1_000_000
NAME = "matrix"


def run(rounds: int) -> Figures:
    """So many cells, evenly spread over all there are."""
    with quiet(), override_settings(CACHES=CACHES, DEBUG=False), transaction.atomic():
        try:
            return _walked(Walk(scenario.build()), rounds)
        finally:
            transaction.set_rollback(True)


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
