"""A partnership, the people who run its audits, and an agency of it."""

import pytest

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from tests.factories import AgencyFactory, PartnershipFactory, person


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def police(partnership: Partnership) -> Agency:
    return AgencyFactory(partnership=partnership, short_name="Police", name="Constabulary")


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


@pytest.fixture
def chair(partnership: Partnership) -> User:
    return person(Role.CHAIR, partnership)
