import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test.utils import override_settings

from agencies.encryption import EncryptionError, KeyMissingError, WrongKeyError, new_key
from agencies.key_checks import check_key_folder
from agencies.key_folder import LEDGER, KeyDestroyedError, KeyFolder, key_copies, key_folder

OLD, NEW = (f"{number}:{b64encode(new_key()).decode()}" for number in (1, 2))


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def names(folder: KeyFolder) -> list[str]:
    return sorted(each.name for each in folder.path.iterdir() if each.name != ".lock")


class TestAKey:
    def test_is_made_once_and_read_by_the_application_alone(self, folder: KeyFolder) -> None:
        key_id = uuid4()
        made = folder.make(key_id)
        assert folder.make(key_id) == made == folder.cipher(key_id)
        assert names(folder) == [f"{key_id}.key"]
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder.path / f"{key_id}.key").stat().st_mode) == 0o600

    def test_those_who_make_it_at_once_get_the_same(self, folder: KeyFolder) -> None:
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(folder.make, [uuid4()] * 24))
        assert all(each == made[0] for each in made)

    def test_lies_there_wrapped(self, folder: KeyFolder) -> None:
        key_id = uuid4()
        key = folder.make(key_id).key
        content = (folder.path / f"{key_id}.key").read_bytes()
        assert content.startswith(b"1.")
        assert key not in content
        assert b64encode(key) not in content

    def test_opens_under_its_own_name_alone(self, folder: KeyFolder) -> None:
        key_id, other = uuid4(), uuid4()
        folder.make(key_id)
        (folder.path / f"{key_id}.key").rename(folder.path / f"{other}.key")
        with pytest.raises(WrongKeyError):
            folder.cipher(other)
        with pytest.raises(KeyMissingError):
            folder.cipher(key_id)

    def test_is_not_opened_by_another_master_key(self, folder: KeyFolder) -> None:
        key_id = uuid4()
        with override_settings(MASTER_KEYS=OLD):
            folder.make(key_id)
        with override_settings(MASTER_KEYS=f"1:{NEW[2:]}"), pytest.raises(WrongKeyError):
            folder.cipher(key_id)
        with override_settings(MASTER_KEYS=NEW), pytest.raises(KeyMissingError):
            folder.cipher(key_id)


class TestDestroying:
    def test_leaves_nothing_but_a_line_in_the_ledger(self, folder: KeyFolder) -> None:
        key_id, other = uuid4(), uuid4()
        folder.make(key_id)
        folder.make(other)
        assert folder.destroy(key_id) is True
        assert names(folder) == sorted([f"{other}.key", LEDGER])
        assert folder.destroyed() == {key_id}
        with pytest.raises(KeyDestroyedError):
            folder.cipher(key_id)
        with pytest.raises(KeyDestroyedError):
            folder.make(key_id)
        assert folder.cipher(other)

    def test_again_does_no_harm(self, folder: KeyFolder) -> None:
        key_id = uuid4()
        folder.make(key_id)
        folder.destroy(key_id)
        ledger = (folder.path / LEDGER).read_text()
        assert folder.destroy(key_id) is False
        assert (folder.path / LEDGER).read_text() == ledger

    def test_a_key_that_an_older_copy_brings_back_is_refused_and_removed(
        self, folder: KeyFolder
    ) -> None:
        key_id = uuid4()
        folder.make(key_id)
        file = folder.path / f"{key_id}.key"
        copy = file.read_text()
        folder.destroy(key_id)
        file.write_text(copy)
        with pytest.raises(KeyDestroyedError):
            folder.cipher(key_id)
        assert not file.exists()

    def test_purging_takes_what_the_ledger_and_what_it_is_told_name(
        self, folder: KeyFolder
    ) -> None:
        gone, told, kept = uuid4(), uuid4(), uuid4()
        for key_id in (gone, told, kept):
            folder.make(key_id)
        copy = (folder.path / f"{gone}.key").read_text()
        folder.destroy(gone)
        (folder.path / f"{gone}.key").write_text(copy)
        assert folder.purge({told}) == 2
        assert names(folder) == sorted([f"{kept}.key", LEDGER])
        assert folder.destroyed() == {gone, told}

    def test_what_is_no_entry_of_the_ledger_is_passed_over(self, folder: KeyFolder) -> None:
        key_id = uuid4()
        folder.destroy(key_id)
        with (folder.path / LEDGER).open("a") as ledger:
            ledger.write("\nkept by hand\n")
        assert folder.destroyed() == {key_id}


class TestRewrapping:
    def test_every_key_goes_over_to_the_newest_master_key(self, folder: KeyFolder) -> None:
        with override_settings(MASTER_KEYS=OLD):
            keys = {key_id: folder.make(key_id) for key_id in (uuid4(), uuid4())}
        with override_settings(MASTER_KEYS=f"{NEW},{OLD}"):
            assert folder.rewrap() == 2
            assert folder.rewrap() == 0
        with override_settings(MASTER_KEYS=NEW):
            assert {key_id: folder.cipher(key_id) for key_id in keys} == keys

    def test_stops_at_a_key_it_cannot_open_and_loses_none(self, folder: KeyFolder) -> None:
        with override_settings(MASTER_KEYS=OLD):
            key = folder.make(key_id := uuid4())
        with override_settings(MASTER_KEYS=NEW), pytest.raises(EncryptionError):
            folder.rewrap()
        with override_settings(MASTER_KEYS=OLD):
            assert folder.cipher(key_id) == key


class TestTheCheck:
    def codes(self, folder: Path, **more: Any) -> list[str | None]:
        with override_settings(KEY_FOLDER=folder, **more):
            return [each.id for each in check_key_folder()]

    def test_a_folder_of_ones_own_is_well(self, folder: KeyFolder) -> None:
        folder.make(uuid4())
        assert self.codes(folder.path) == []

    def test_a_folder_that_is_missing_or_open_is_not(self, folder: KeyFolder) -> None:
        assert self.codes(folder.path) == ["maca.E001"]
        folder.make(key_id := uuid4())
        (folder.path / f"{key_id}.key").chmod(0o640)
        assert self.codes(folder.path) == ["maca.E003"]
        folder.path.chmod(0o750)
        assert self.codes(folder.path) == ["maca.E002"]

    def test_keys_do_not_lie_beside_the_database(self, folder: KeyFolder) -> None:
        folder.make(uuid4())
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": folder.path.parent / "db"}
        # The check reads settings alone, and no connection is opened with these.
        with pytest.warns(UserWarning, match="DATABASES"):
            assert self.codes(folder.path, DATABASES={"default": database}) == ["maca.W001"]


def test_the_installation_names_its_folder_and_its_copies(tmp_path: Path) -> None:
    with override_settings(KEY_FOLDER=tmp_path, KEY_COPIES=[str(tmp_path / "copy")]):
        assert key_folder() == KeyFolder(tmp_path)
        assert key_copies() == [KeyFolder(tmp_path / "copy")]
