from datetime import date, timedelta

import pytest

from agencies.roles import Role
from audits.domain.chasing import waiting_for
from audits.domain.chasing_identities import identities_to_go
from audits.domain.identity_destruction import destroy
from audits.domain.seals import put_on_hold
from audits.models import Seal, SealedIdentity
from tests.audits.sealing import Sealed, sealed_audit
from tests.factories import person

pytestmark = pytest.mark.django_db

ENDS = date(2026, 3, 19)
"""A Thursday; a fortnight, a week and a day before it are working days too."""


@pytest.fixture
def world() -> Sealed:
    world = sealed_audit()
    Seal.objects.update(keep_until=ENDS)
    return world


def asks(world: Sealed, day: date) -> list[bool]:
    return [each.asks for each in identities_to_go(world.officer, day)]


def test_the_officer_is_told_a_fortnight_a_week_and_a_day_before(world: Sealed) -> None:
    told = [
        (ENDS - timedelta(days=days)).isoformat()
        for days in range(20)
        if True in asks(world, ENDS - timedelta(days=days))
    ]
    assert told == ["2026-03-18", "2026-03-12", "2026-03-05"]
    assert asks(world, ENDS - timedelta(days=17)) == []


def test_on_the_friday_where_the_day_is_a_sunday(world: Sealed) -> None:
    Seal.objects.update(keep_until=date(2026, 3, 22))
    assert asks(world, date(2026, 3, 6)) == [True]
    assert asks(world, date(2026, 3, 8)) == [False]


def test_it_names_the_audit_and_the_day_and_leads_there(world: Sealed) -> None:
    [waiting] = identities_to_go(world.officer, ENDS - timedelta(days=7))
    assert waiting.words == f"“{world.audit.title}”: the identities of its cases are destroyed"
    assert (waiting.due, waiting.due_word) == (ENDS, "on")
    assert waiting.link.endswith(f"/audits/{world.audit.pk}/sealed/")
    assert waiting in waiting_for(world.officer, ENDS - timedelta(days=7))


def test_nobody_else_is(world: Sealed) -> None:
    others = [world.constable, world.nurse]
    others += [person(role, world.audit.partnership) for role in (Role.CHAIR, Role.ADMIN)]
    assert [list(identities_to_go(user, ENDS)) for user in others] == [[]] * 4


@pytest.mark.parametrize("why", ["held", "destroyed", "empty"])
def test_not_where_nothing_goes(world: Sealed, why: str) -> None:
    if why == "held":
        put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
    elif why == "destroyed":
        destroy(seal=world.seal, by=world.officer)
    else:
        SealedIdentity.objects.all().delete()
    assert asks(world, ENDS - timedelta(days=7)) == []
