from collections.abc import Iterator

import pytest
import time_machine

from tests.audits.reminding import World, at


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(at(2), tick=False):
        yield World()
