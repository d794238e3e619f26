"""An app or a passkey set up, removed and reset, and by whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from agencies.models import Partnership, User
from agencies.roles import Role
from agencies.second_factor import qr_code
from tests.agencies.second_step import INDEX, proven, sign_in, verbs
from tests.audits.browsing import signed_in
from tests.factories import PASSWORD, PartnershipFactory, person
from tests.support.authenticators import shown, with_app, with_codes

pytestmark = pytest.mark.django_db


class TestSettingUpAnApp:
    def test_set_up_shown_and_led_back(
        self, officer: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = signed_in(officer)
        client.get("/people/")
        page = client.get(f"{INDEX}app/").content.decode()
        (key,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"{INDEX}app/", {"code": shown(key.replace(" ", ""))})
        assert answer["Location"] == f"{INDEX}codes/"
        codes = client.get(f"{INDEX}codes/").content.decode()
        assert len(re.findall(r"<code>\d{4} \d{4}</code>", codes)) == 10
        assert client.get(INDEX)["Location"] == "/people/"
        assert client.get("/people/").status_code == 200
        assert verbs(officer) == ["set up a second factor"]
        assert [each.subject for each in mail.outbox] == ["An authenticator app was set up"]

    def test_where_one_was_going_is_forgotten_after_a_while(self, officer: User) -> None:
        with_app(officer)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client = signed_in(officer)
            client.get("/people/")
            client.post(INDEX, {"confirm-step": "open", "confirm-code": shown()})
            clock.shift(timedelta(minutes=6))
            assert "Authenticator app" in client.get(INDEX).content.decode()

    def test_codes_are_shown_once(self, officer: User) -> None:
        with_app(officer)
        codes = with_codes(officer)
        client = proven(officer)
        assert client.get(f"{INDEX}codes/").content.decode().count("<code>") == 10
        again = client.get(f"{INDEX}codes/").content.decode()
        assert "<code>" not in again
        assert not any(code[:4] in again and code[4:] in again for code in codes)

    def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(self, officer: User) -> None:
        client = signed_in(officer)
        first = client.get(f"{INDEX}app/").content.decode()
        page = client.post(f"{INDEX}app/", {"code": "12345"}).content.decode()
        assert "This is not the present code" in page
        pattern = r"<code>([A-Z2-7 ]+)</code>"
        assert re.findall(pattern, first) == re.findall(pattern, page)
        assert not Authenticator.objects.exists()

    def test_its_secret_is_in_clear_nowhere(self, officer: User) -> None:
        client = signed_in(officer)
        page = client.get(f"{INDEX}app/").content.decode()
        (key,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
        secret = key.replace(" ", "")
        assert client.session[SECRET_SESSION_KEY].startswith("1.")
        assert secret not in str(dict(client.session.items()))
        client.post(f"{INDEX}app/", {"code": shown(secret)})
        kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert secret not in str(kept.data)
        assert kept.wrap().validate_code(shown(secret))

    def test_the_picture_is_one_path_and_no_address(self) -> None:
        drawn = qr_code("otpauth://totp/somebody?secret=ABC")
        assert drawn.count("<path") == 1
        assert "http" not in drawn
        assert "style" not in drawn


class TestSomebodyElseInTheSession:
    """Who knows the password, or found a session open, cannot add a second factor of their own."""

    def test_who_has_one_shows_it_before_another_is_added(self, officer: User) -> None:
        with_app(officer)
        client = signed_in(officer)
        for part in ("", "app/", "passkeys/add/", "codes/", "codes/make/"):
            page = client.get(f"{INDEX}{part}").content.decode()
            assert "Confirm that it is you" in page
            assert "Password" not in page

    def test_shown_it_opens_what_was_meant(self, officer: User) -> None:
        with_app(officer)
        client = signed_in(officer)
        client.get("/people/")
        answer = client.post(INDEX, {"confirm-step": "open", "confirm-code": shown()})
        assert answer["Location"] == INDEX
        assert client.get(INDEX)["Location"] == "/people/"

    def test_nobody_reaches_the_passkeys_of_others(self, officer: User) -> None:
        other = person(Role.MEMBER, PartnershipFactory())
        key = Authenticator.objects.create(
            user=officer, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue", "credential": {}}
        )
        client = signed_in(other)
        for part in ("", "remove/"):
            assert client.get(f"{INDEX}passkeys/{key.pk}/{part}").status_code == 404
            assert client.post(f"{INDEX}passkeys/{key.pk}/{part}").status_code == 404
        assert Authenticator.objects.filter(pk=key.pk).exists()


class TestRemoving:
    def test_the_last_one_gone_every_session_is_asked_again(self, officer: User) -> None:
        with_app(officer)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            one = proven(officer)
            clock.shift(timedelta(minutes=2))
            other = proven(officer)
            clock.shift(timedelta(minutes=1))
            assert one.post(f"{INDEX}app/remove/")["Location"] == INDEX
        assert not Authenticator.objects.exists()
        assert one.get("/people/")["Location"] == INDEX
        assert other.get("/people/")["Location"] == INDEX
        assert verbs(officer) == ["removed a second factor"]

    def test_one_of_two_gone_the_other_still_counts(self, officer: User) -> None:
        with_app(officer)
        Authenticator.objects.create(
            user=officer, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue", "credential": {}}
        )
        client = proven(officer)
        client.post(f"{INDEX}app/remove/")
        assert client.get("/people/").status_code == 200


class TestReset:
    def address(self, user: User) -> str:
        return reverse("second-factor-reset", args=[user.pk])

    def test_the_officer_resets_and_the_person_is_told(
        self, partnership: Partnership, django_capture_on_commit_callbacks: Any
    ) -> None:
        lost = with_app(person(Role.CHAIR, partnership, password=PASSWORD))
        with_codes(lost)
        theirs = proven(lost)
        manager = person(Role.ADMIN, partnership)
        client = signed_in(manager)
        asked = client.get(self.address(lost)).content.decode()
        assert f"Reset the second factor of {lost.name}?" in asked
        with django_capture_on_commit_callbacks(execute=True):
            client.post(self.address(lost))
        assert not Authenticator.objects.filter(user=lost).exists()
        assert theirs.get("/")["Location"] == INDEX
        assert verbs(lost) == ["reset a second factor"]
        (told,) = mail.outbox
        assert (told.to, told.subject) == ([lost.email], "Your second factor was reset")
        assert manager.name in told.body
        assert sign_in(lost).get("/")["Location"] == INDEX

    def test_where_there_is_none_nothing_happens(self, partnership: Partnership) -> None:
        chair = person(Role.CHAIR, partnership)
        client = signed_in(person(Role.ADMIN, partnership))
        page = client.post(self.address(chair), follow=True).content.decode()
        assert "has no second factor that could be reset" in page
        assert (mail.outbox, verbs(chair)) == ([], [])

    def test_nobody_resets_their_own_or_one_they_do_not_manage(
        self, partnership: Partnership
    ) -> None:
        administrator = with_app(person(Role.ADMIN, PartnershipFactory(second_factor_roles=[])))
        client = signed_in(administrator)
        assert client.post(self.address(administrator)).status_code == 403
        stranger = person(Role.MEMBER, partnership)
        assert client.post(self.address(stranger)).status_code == 404
        assert Authenticator.objects.filter(user=administrator).exists()
