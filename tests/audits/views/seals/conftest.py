import pytest

from tests.audits.sealing import Sealed, sealed_audit


@pytest.fixture
def world() -> Sealed:
    return sealed_audit(cases=4)
