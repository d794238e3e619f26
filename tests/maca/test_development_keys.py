import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from agencies.encryption import Keyring
from maca.development_keys import made_once


def test_makes_a_key_nobody_else_may_read_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.txt"
    made = made_once(path)
    assert Keyring.parse(made).newest == 1
    assert made_once(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.txt"]


def test_those_who_start_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(made_once, [tmp_path / "keys.txt"] * 32))
    assert len(made) == 1
