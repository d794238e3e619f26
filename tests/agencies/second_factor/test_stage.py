"""The second step of signing in, with an app's code or a recovery code."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.utils import timezone

from agencies.domain.entrances import USED_RECOVERY_CODE
from agencies.encryption import EncryptionError
from agencies.models import Activity, ActivityKind, User
from tests.agencies.second_step import INDEX, proven, sign_in
from tests.audits.browsing import signed_in
from tests.factories import PASSWORD
from tests.support.authenticators import SECRET, shown, with_app, with_codes

pytestmark = pytest.mark.django_db

NO_CODE = "12345"


class TestSigningIn:
    def test_the_password_alone_opens_nothing(self, officer: User) -> None:
        with_app(officer)
        client = Client()
        answer = client.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
        assert answer["Location"] == f"{INDEX}check/"
        assert client.get("/")["Location"].startswith("/accounts/login/")
        assert client.post(f"{INDEX}check/", {"code": NO_CODE}).status_code == 200
        assert client.get("/")["Location"].startswith("/accounts/login/")

    def test_with_the_code_one_is_in(self, officer: User) -> None:
        with_app(officer)
        assert proven(officer).get("/people/").status_code == 200

    def test_a_code_with_a_gap_is_understood(self, officer: User) -> None:
        with_app(officer)
        client, code = sign_in(officer), shown()
        client.post(f"{INDEX}check/", {"code": f"{code[:3]} {code[3:]}"})
        assert client.get("/people/").status_code == 200

    def test_the_code_of_half_a_minute_ago_will_do_and_an_older_one_not(
        self, officer: User
    ) -> None:
        with_app(officer)
        client = sign_in(officer)
        with time_machine.travel(timezone.now(), tick=False):
            assert client.post(f"{INDEX}check/", {"code": shown(steps=2)}).status_code == 200
            assert client.post(f"{INDEX}check/", {"code": shown(steps=1)}).status_code == 302

    def test_a_code_opens_once(self, officer: User) -> None:
        with_app(officer)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            proven(officer)
            code = shown()
            clock.shift(timedelta(seconds=31))
            page = sign_in(officer).post(f"{INDEX}check/", {"code": code}).content.decode()
        assert "This code was used already" in page

    @pytest.mark.parametrize("mark", [".", "/", "_", " - "])
    def test_however_it_is_written_the_second_time(self, officer: User, mark: str) -> None:
        with_app(officer)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            proven(officer)
            code = shown()
            clock.shift(timedelta(seconds=31))
            again = sign_in(officer)
            sent = {"code": f"{code[:3]}{mark}{code[3:]}"}
            assert "used already" in again.post(f"{INDEX}check/", sent).content.decode()
            assert again.get("/")["Location"].startswith("/accounts/login/")

    def test_the_code_that_set_the_app_up_opens_nothing_besides(self, officer: User) -> None:
        client = signed_in(officer)
        page = client.get(f"{INDEX}app/").content.decode()
        (key,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            code = shown(key.replace(" ", ""))
            client.post(f"{INDEX}app/", {"code": code})
            clock.shift(timedelta(seconds=31))
            page = sign_in(officer).post(f"{INDEX}check/", {"code": code}).content.decode()
        assert "This code was used already" in page

    def test_a_recovery_code_opens_once(self, officer: User) -> None:
        with_app(officer)
        code = with_codes(officer)[0]
        first, second = sign_in(officer), sign_in(officer)
        assert first.post(f"{INDEX}check/", {"code": code}).status_code == 302
        assert b"You have 9 recovery codes left." in first.get("/people/").content
        page = second.post(f"{INDEX}check/", {"code": code}).content.decode()
        assert "This recovery code was used already. Use another one of them." in page
        entry = Activity.objects.get(verb=USED_RECOVERY_CODE)
        assert (entry.by, entry.kind) == (officer, ActivityKind.SIGN_IN)

    def test_the_code_of_an_app_is_none_of_those(self, officer: User) -> None:
        with_app(officer)
        proven(officer)
        assert not Activity.objects.filter(verb=USED_RECOVERY_CODE).exists()

    def test_one_that_never_was_is_told_apart(self, officer: User) -> None:
        with_app(officer)
        codes = with_codes(officer)
        none = next(each for each in ("00000000", "11111111") if each not in codes)
        page = sign_in(officer).post(f"{INDEX}check/", {"code": none}).content.decode()
        assert "This is none of your recovery codes." in page

    def test_the_last_one_says_so(self, officer: User) -> None:
        with_app(officer)
        codes = with_codes(officer)
        kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
        kept.data["used_mask"] = 2**9 - 1
        kept.save()
        client = sign_in(officer)
        client.post(f"{INDEX}check/", {"code": codes[9]})
        assert b"That was your last recovery code." in client.get("/people/").content

    def test_wrong_codes_are_on_record(self, officer: User) -> None:
        with_app(officer)
        client = sign_in(officer)
        for _ in range(2):
            client.post(f"{INDEX}check/", {"code": NO_CODE})
        failed = Activity.objects.filter(verb="did not get in: wrong code at the second step")
        assert [each.by for each in failed] == [officer, officer]

    def test_after_five_wrong_codes_the_right_one_is_refused_too(self, officer: User) -> None:
        with_app(officer)
        client = sign_in(officer)
        for _ in range(5):
            client.post(f"{INDEX}check/", {"code": NO_CODE})
        assert client.post(f"{INDEX}check/", {"code": shown()}).status_code == 200

    def test_a_wrong_master_key_is_no_way_in(self, officer: User) -> None:
        with_app(officer)
        client = sign_in(officer)
        other = "1:" + "another+key+" + "y" * 31 + "="
        with override_settings(MASTER_KEYS=other), pytest.raises(EncryptionError):
            client.post(f"{INDEX}check/", {"code": shown()})
        assert client.get("/")["Location"].startswith("/accounts/login/")


def test_secrets_for_tests_are_those_of_an_app() -> None:
    assert len(shown(SECRET)) == 6
