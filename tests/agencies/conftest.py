"""A partnership and the officer who runs its audits, for tests that need no more."""

import pytest

from agencies.models import Partnership, User
from agencies.roles import Role
from tests.factories import PartnershipFactory, person


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory()
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)
