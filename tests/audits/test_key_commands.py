import io
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test.utils import override_settings
from django.utils import timezone

from agencies.encryption import KeyMissingError, keyring, new_key
from agencies.key_folder import KeyFolder
from agencies.second_factor import PURPOSE
from audits.domain.identities import reveal
from audits.domain.identity_destruction import destroy
from audits.domain.seals import put_on_hold
from audits.models import IdentityView, Seal, SealedIdentity
from tests.audits.sealing import WREN, Sealed, sealed_audit
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = f"2:{b64encode(new_key()).decode()}"


@pytest.fixture
def keys(tmp_path: Path) -> Any:
    """A key folder of its own, with nobody else's keys in it."""
    with override_settings(KEY_FOLDER=tmp_path / "keys"):
        yield tmp_path / "keys"


@pytest.fixture
def world(keys: Path) -> Sealed:
    return sealed_audit()


def said(*command: Any) -> str:
    out = io.StringIO()
    call_command(*map(str, command), stdout=out)
    return out.getvalue()


class TestRewrapping:
    def test_everything_comes_over_to_the_new_key_and_the_old_can_go(
        self, world: Sealed, keys: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy"
        copy.mkdir()
        name = f"{world.seal.pk}.key"
        (copy / name).write_bytes((keys / name).read_bytes())
        reveal(seal=world.seal, by=world.officer, cases=world.cases, reason="To find them.")
        secret = keyring().encrypt(b"factor", bound_to=PURPOSE)
        Authenticator.objects.create(
            user=UserFactory(), type="totp", data={"secret": secret, "codes": [secret], "n": 1}
        )
        with override_settings(MASTER_KEYS=f"{NEW},{settings.MASTER_KEYS}"):
            lines = said("rewrap_keys", copy).splitlines()
            assert lines == [
                "The newest master key is version 2.",
                f"{keys}: 1 keys wrapped anew",
                f"{copy}: 1 keys wrapped anew",
                "audits.Seal.destroyed_reason: 1 encrypted anew",
                "audits.IdentityView.reason: 2 encrypted anew",
                "audits.LegalHold.reason: 0 encrypted anew",
                "audits.LegalHold.lifted_reason: 0 encrypted anew",
                "Second factors: 1 encrypted anew",
            ]
            again = said("rewrap_keys", copy)
            assert again.count(": 0 ") == 7
        with override_settings(MASTER_KEYS=NEW):
            [shown, _] = reveal(
                seal=world.seal, by=world.officer, cases=world.cases, reason="To find them."
            )
            assert shown.identity.name == WREN.name
            assert KeyFolder(copy).cipher(world.seal.pk)
            assert {view.reason for view in IdentityView.objects.all()} == {"To find them."}
            data = Authenticator.objects.get().data
            assert keyring().decrypt(data["codes"][0], bound_to=PURPOSE) == b"factor"
            assert data["n"] == 1

    def test_without_the_old_key_it_stops_and_says_so(self, world: Sealed) -> None:
        with (
            override_settings(MASTER_KEYS=NEW),
            pytest.raises(CommandError, match="MACA_MASTER_KEYS has no version 1"),
        ):
            said("rewrap_keys")
        assert reveal(seal=world.seal, by=world.officer, cases=world.cases, reason="To look.")

    def test_a_folder_that_is_not_there_is_named(self, world: Sealed, tmp_path: Path) -> None:
        for command in "rewrap_keys", "purge_keys":
            with pytest.raises(CommandError, match="is no folder that is there"):
                said(command, tmp_path / "nowhere")


class TestPurging:
    def test_a_copy_that_was_out_of_reach_loses_what_was_destroyed(
        self, world: Sealed, keys: Path, tmp_path: Path
    ) -> None:
        kept = sealed_audit()
        copy = tmp_path / "copy"
        copy.mkdir()
        for file in keys.glob("*.key"):
            (copy / file.name).write_bytes(file.read_bytes())
        destroy(seal=world.seal, by=world.officer)
        assert said("purge_keys", copy).splitlines() == [
            f"{keys}: 0 destroyed",
            f"{copy}: 1 destroyed",
        ]
        assert [file.stem for file in copy.glob("*.key")] == [str(kept.seal.pk)]
        with pytest.raises(KeyMissingError):
            KeyFolder(copy).cipher(world.seal.pk)

    def test_a_folder_that_was_restored_whole_loses_it_too(self, world: Sealed, keys: Path) -> None:
        before = {file: file.read_bytes() for file in keys.glob("*.key")}
        destroy(seal=world.seal, by=world.officer)
        (keys / "destroyed.txt").unlink()
        for file, content in before.items():
            file.write_bytes(content)
        assert said("purge_keys") == f"{keys}: 1 destroyed\n"
        assert list(keys.glob("*.key")) == []


class TestDestroying:
    def test_names_what_went_by_the_audits_code(self, world: Sealed) -> None:
        held = sealed_audit()
        put_on_hold(audit=held.audit, by=held.officer, reason="A review.")
        assert said("destroy_identities") == "Nothing is due.\n"
        Seal.objects.update(keep_until=timezone.localdate())
        assert said("destroy_identities") == f"{world.audit.code}: 2 destroyed\n"
        assert {row.seal_id for row in SealedIdentity.objects.all()} == {held.seal.pk}

    def test_clears_away_what_an_older_database_brought_back(self, world: Sealed) -> None:
        rows = list(SealedIdentity.objects.all())
        destroy(seal=world.seal, by=world.officer)
        SealedIdentity.objects.bulk_create(rows)
        Seal.objects.update(destroyed_at=None, keep_until=timezone.localdate() + timedelta(days=9))
        assert said("destroy_identities").splitlines() == [
            "Cleared away, their key was destroyed before: 1",
            "Nothing is due.",
        ]
        assert SealedIdentity.objects.count() == 0

    def test_says_which_folder_is_out_of_reach(self, world: Sealed, tmp_path: Path) -> None:
        closed = tmp_path / "copies"
        closed.write_text("A file where a folder was.")
        Seal.objects.update(keep_until=timezone.localdate())
        with (
            override_settings(KEY_COPIES=[str(closed)]),
            pytest.raises(CommandError, match=r"out of reach .*copies"),
        ):
            said("destroy_identities")
        assert SealedIdentity.objects.count() == 2
