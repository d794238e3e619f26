import pytest

from tests.agencies.ground import Ground


@pytest.fixture
def ground() -> Ground:
    return Ground()
