"""A partnership that asks for a second factor of some roles, and its officer."""

import pytest

from agencies.models import Partnership, User
from agencies.roles import Role
from tests.factories import PASSWORD, PartnershipFactory, person


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(second_factor_roles=[Role.OFFICER, Role.CHAIR])
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership, password=PASSWORD)
