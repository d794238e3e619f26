import pytest
from django.test import Client

from agencies.models import Partnership, User
from agencies.roles import Role
from tests.audits.browsing import signed_in
from tests.factories import PartnershipFactory, person


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(name="Fenshire")
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)
