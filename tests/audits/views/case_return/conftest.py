import pytest

from tests.audits.collecting import Collecting, collecting


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)
