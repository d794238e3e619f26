import json
import random
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test.utils import override_settings

from agencies.backups import BackupError, Box
from agencies.backups.box import PIECE, About

OLD = "1:" + "A" * 43 + "="
NEW = "2:" + "B" * 43 + "="
ABOUT = About(
    engine="sqlite",
    made=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    migrations=("agencies.0001_initial", "audits.0001_initial"),
)
# What does not shrink, so that it fills three pieces and part of a fourth.
DATABASE = random.Random(7).randbytes(3 * PIECE + 500)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "a.backup")


@pytest.fixture
def written(box: Box) -> Box:
    box.write(ABOUT, [DATABASE])
    return box


def pieces(box: Box) -> tuple[bytes, list[bytes]]:
    """Both first lines, and each piece with its length."""
    data = box.path.read_bytes()
    at = data.index(b"\n", data.index(b"\n") + 1) + 1
    head, found = data[:at], []
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4])
        found.append(data[at:end])
        at = end
    return head, found


class TestWriting:
    def test_what_goes_in_comes_out(self, written: Box) -> None:
        assert b"".join(written.read()) == DATABASE
        assert written.about() == ABOUT

    @pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1])
    def test_of_any_size_and_however_it_comes(self, box: Box, size: int) -> None:
        database = DATABASE[:size]
        box.write(ABOUT, (database[at : at + 700] for at in range(0, size, 700)))
        assert b"".join(box.read()) == database

    def test_nobody_else_may_read_the_file(self, written: Box) -> None:
        assert stat.S_IMODE(written.path.stat().st_mode) == 0o600

    def test_nothing_of_the_database_stands_in_it(self, box: Box) -> None:
        box.write(ABOUT, [b"Wynn Marsh lives here. " * 40])
        assert b"Wynn" not in box.path.read_bytes()

    def test_each_has_a_key_of_its_own(self, tmp_path: Path) -> None:
        one, two = Box(tmp_path / "one"), Box(tmp_path / "two")
        for each in (one, two):
            each.write(ABOUT, [b"the same"])
        assert pieces(one)[1] != pieces(two)[1]

    def test_one_that_fails_half_way_leaves_no_file(self, box: Box) -> None:
        def breaks() -> object:
            yield DATABASE
            raise BackupError("pg_dump failed: no space")

        with pytest.raises(BackupError, match="no space"):
            box.write(ABOUT, breaks())  # type: ignore[arg-type]
        assert list(box.path.parent.iterdir()) == []

    def test_without_a_key_none_is_made(self, box: Box) -> None:
        with override_settings(BACKUP_KEYS=""), pytest.raises(BackupError, match="is not set"):
            box.write(ABOUT, [b""])


class TestKeys:
    def test_an_older_key_still_opens_what_it_made(self, box: Box) -> None:
        with override_settings(BACKUP_KEYS=OLD):
            box.write(ABOUT, [b"rows"])
        with override_settings(BACKUP_KEYS=f"{NEW},{OLD}"):
            assert b"".join(box.read()) == b"rows"

    def test_another_key_opens_nothing(self, written: Box) -> None:
        with (
            override_settings(BACKUP_KEYS=NEW.replace("2:", "1:")),
            pytest.raises(BackupError, match="None of MACA_BACKUP_KEYS opens this backup"),
        ):
            written.check()

    def test_the_master_key_opens_none(self, written: Box, settings: object) -> None:
        with (
            override_settings(BACKUP_KEYS=settings.MASTER_KEYS),  # type: ignore[attr-defined]
            pytest.raises(BackupError, match="None of MACA_BACKUP_KEYS opens this backup"),
        ):
            written.about()


def swapped(head: bytes, found: list[bytes]) -> bytes:
    return head + b"".join([found[1], found[0], *found[2:]])


def left_out(head: bytes, found: list[bytes]) -> bytes:
    return head + b"".join([found[0], *found[2:]])


def without_its_end(head: bytes, found: list[bytes]) -> bytes:
    return head + b"".join(found[:-1])


def cut_in_a_piece(head: bytes, found: list[bytes]) -> bytes:
    return (head + b"".join(found))[:-9]


def without_pieces(head: bytes, _found: list[bytes]) -> bytes:
    return head


def longer(head: bytes, found: list[bytes]) -> bytes:
    return head + b"".join(found) + found[-1]


def of_another_day(head: bytes, found: list[bytes]) -> bytes:
    return head.replace(b"2026-03-04", b"2026-03-05") + b"".join(found)


def with_a_huge_piece(head: bytes, found: list[bytes]) -> bytes:
    return head + b"\xff\xff\xff\xff" + b"".join(found)


class TestDamage:
    @pytest.mark.parametrize(
        "harm",
        [
            swapped,
            left_out,
            without_its_end,
            cut_in_a_piece,
            without_pieces,
            longer,
            of_another_day,
            with_a_huge_piece,
        ],
    )
    def test_is_found(self, written: Box, harm: Callable[[bytes, list[bytes]], bytes]) -> None:
        written.path.write_bytes(harm(*pieces(written)))
        with pytest.raises(BackupError, match="damaged"):
            written.check()

    def test_one_bit_anywhere_is_found(self, box: Box) -> None:
        box.write(ABOUT, [b"rows of a small database"])
        whole = box.path.read_bytes()
        for at in range(len(whole)):
            altered = bytearray(whole)
            altered[at] ^= 1
            box.path.write_bytes(altered)
            with pytest.raises(BackupError):
                box.check()

    def test_what_is_no_backup(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("Neglect audit, minutes")
        with pytest.raises(BackupError, match="no backup of MACA"):
            Box(path).about()

    def test_a_head_that_says_too_little(self, box: Box) -> None:
        box.path.write_bytes(b"MACA backup 1\n" + json.dumps({"engine": "sqlite"}).encode())
        with pytest.raises(BackupError, match="second line"):
            box.about()

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match="cannot be read"):
            Box(tmp_path / "gone.backup").check()
