"""A return that is handed in while somebody goes on working in one of its cases."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from audits.domain.case_returns import finish
from audits.domain.guards import GuardError
from audits.domain.transitions import transition
from audits.models import AgencyReturn, CaseReturn, CaseReturnStage, ReturnStage
from tests.audits.collecting import answered, collecting

pytestmark = pytest.mark.django_db(transaction=True)

CLOSED = "The agency's return is closed. Ask the officer to reopen it."


def at_once(*doings: Callable[[], object]) -> list[str]:
    """Each in a thread and on a connection of its own; what refused them, in words."""
    refused: list[str] = []
    together = Barrier(len(doings))

    def run(doing: Callable[[], object]) -> None:
        together.wait()
        try:
            doing()
        except GuardError as error:
            refused.extend(error.missing)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.parametrize("_again", range(4))
def test_a_case_is_taken_back_or_its_return_signed_off_but_never_both(_again: int) -> None:
    world = collecting(cases=1)
    finish(answered(world, world.first), by=world.auditor)
    AgencyReturn.objects.filter(pk=world.agency_return.pk).update(overview="Visits were kept.")

    refused = at_once(
        lambda: transition(world.agency_return, "sign-off", by=world.lead),
        lambda: transition(world.first, "take-back", by=world.auditor),
    )

    stages = (
        AgencyReturn.objects.values_list("stage", flat=True).get(),
        CaseReturn.objects.values_list("stage", flat=True).get(),
    )
    assert (stages, refused) in [
        ((ReturnStage.SIGNED_OFF, CaseReturnStage.COMPLETE), [CLOSED]),
        ((ReturnStage.OPEN, CaseReturnStage.IN_PROGRESS), ["Case 1 is not finished."]),
    ]
