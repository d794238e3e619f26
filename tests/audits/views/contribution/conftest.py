import pytest

from audits.models import Question
from tests.audits.collecting import Collecting
from tests.audits.contributing import Holder, asked, confirmed, coordinating, practice, send
from tests.factories import QuestionFactory


@pytest.fixture
def world() -> Collecting:
    world = coordinating(cases=3, name="Fenshire Health", short_name="Health")
    QuestionFactory(
        toolkit=world.audit.toolkit,
        code="well",
        text="What worked well?",
        kind=Question.Kind.POINTS,
        point_kind="went_well",
        for_contributors=True,
    )
    QuestionFactory(toolkit=world.audit.toolkit, text="For the agency alone?")
    return world


@pytest.fixture
def holder(world: Collecting) -> Holder:
    """Mill Lane, whose link was opened and whose code was given."""
    mill = practice(world)
    asked(world, mill)
    send(world, mill)
    return confirmed(mill)
