"""Who has to have a second factor, what it opens, and what happens when one is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.domain import second_factor
from agencies.domain.entrances import USED_RECOVERY_CODE
from agencies.encryption import EncryptionError
from agencies.models import Activity, ActivityKind, Membership, Partnership, User
from agencies.roles import Role
from agencies.second_factor import PROVEN, qr_code
from tests.factories import PASSWORD, PartnershipFactory, person
from tests.support.authenticators import SECRET, shown, with_app, with_codes

pytestmark = pytest.mark.django_db

INDEX = "/accounts/second-step/"
NO_CODE = "12345"


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(second_factor_roles=[Role.OFFICER, Role.CHAIR])
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership, password=PASSWORD)


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/partnership/settings/").status_code == 200
    return len(captured)


def sign_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def verbs(user: User) -> list[str]:
    return list(
        Activity.objects.filter(subject_id=str(user.pk), kind="change").values_list(
            "verb", flat=True
        )
    )


class TestWhoHasToHaveOne:
    def test_nothing_opens_before_it_is_set_up(self, officer: User) -> None:
        client = signed_in(officer)
        for address in ("/", "/people/", "/partnership/settings/", "/activity/"):
            assert client.get(address)["Location"] == INDEX
        page = client.get(INDEX).content.decode()
        assert "Set up your second step" in page

    def test_signing_out_stays_open(self, officer: User) -> None:
        client = signed_in(officer)
        assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"

    def test_a_role_that_needs_none_is_let_in(self, partnership: Partnership) -> None:
        member = person(Role.MEMBER, partnership)
        assert signed_in(member).get("/").status_code == 200

    def test_one_role_of_several_is_enough(self, partnership: Partnership) -> None:
        member = person(Role.MEMBER, partnership)
        elsewhere = PartnershipFactory(second_factor_roles=[])
        Membership.objects.create(user=member, partnership=elsewhere, role=Role.OFFICER)
        assert signed_in(member).get("/").status_code == 200
        Membership.objects.create(user=member, partnership=partnership, role=Role.CHAIR)
        assert signed_in(member).get("/")["Location"] == INDEX

    def test_where_a_partnership_says_nothing_the_installation_does(self) -> None:
        member = person(Role.MEMBER, PartnershipFactory())
        assert not member.owes_second_factor
        with override_settings(SECOND_FACTOR=True):
            assert signed_in(member).get("/")["Location"] == INDEX

    def test_a_role_that_comes_to_need_one_does_so_at_the_next_request(
        self, partnership: Partnership, officer: User
    ) -> None:
        client = signed_in(person(Role.MEMBER, partnership))
        assert client.get("/").status_code == 200
        second_factor.require_of(partnership=partnership, by=officer, roles=[Role.MEMBER])
        assert client.get("/")["Location"] == INDEX

    def test_asking_costs_no_query(self, officer: User, partnership: Partnership) -> None:
        client = signed_in(officer)
        session = client.session
        session[PROVEN] = {"who": str(officer.pk), "at": timezone.now().timestamp()}
        session.save()
        asked = queries_of(client)
        Partnership.objects.filter(pk=partnership.pk).update(second_factor_roles=[])
        assert queries_of(client) == asked

    def test_words_that_were_being_written_are_given_back(self, officer: User) -> None:
        response = signed_in(officer).post("/people/add/", {"name": "Two words of mine"})
        assert response.status_code == 403
        assert "Two words of mine" in response.content.decode()

    def test_a_script_that_saves_keeps_its_words(self, officer: User) -> None:
        response = signed_in(officer).post(
            "/session/resume/", headers={"Accept": "application/json"}
        )
        assert (response.status_code, response.json()) == (401, {"signed_out": True})

    def test_a_part_of_a_page_leads_the_whole_page_there(self, officer: User) -> None:
        response = signed_in(officer).get("/people/", headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == INDEX


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
        client = _proven(officer)
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


def _proven(user: User) -> Client:
    """Signed in with password and app."""
    client = sign_in(user)
    assert client.post(f"{INDEX}check/", {"code": shown()}).status_code == 302
    return client


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
        assert _proven(officer).get("/people/").status_code == 200

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
            _proven(officer)
            code = shown()
            clock.shift(timedelta(seconds=31))
            page = sign_in(officer).post(f"{INDEX}check/", {"code": code}).content.decode()
        assert "This code was used already" in page

    @pytest.mark.parametrize("mark", [".", "/", "_", " - "])
    def test_however_it_is_written_the_second_time(self, officer: User, mark: str) -> None:
        with_app(officer)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            _proven(officer)
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
        _proven(officer)
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
            one = _proven(officer)
            clock.shift(timedelta(minutes=2))
            other = _proven(officer)
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
        client = _proven(officer)
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
        theirs = _proven(lost)
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


class TestTheSetting:
    ADDRESS = "/partnership/settings/second-step/"

    def test_it_says_how_far_people_are(self, partnership: Partnership) -> None:
        Partnership.objects.update(second_factor_roles=[Role.CHAIR])
        with_app(person(Role.CHAIR, partnership))
        person(Role.CHAIR, partnership)
        page = signed_in(person(Role.OFFICER, partnership)).get(self.ADDRESS).content.decode()
        assert "1 of 2 people" in page
        assert "Nobody has this role today" in page
        assert re.findall(r'value="(\w+)"[^>]*checked', page) == ["chair"]

    def test_saving_is_recorded(self, partnership: Partnership) -> None:
        Partnership.objects.update(second_factor_roles=[])
        officer = person(Role.OFFICER, partnership)
        signed_in(officer).post(self.ADDRESS, {"roles": ["chair", "lead"]})
        partnership.refresh_from_db()
        assert partnership.second_factor_roles == ["lead", "chair"]
        assert verbs_of(partnership) == ["changed who needs a second factor"]

    def test_no_other_role_changes_it(self, partnership: Partnership) -> None:
        member = person(Role.MEMBER, partnership)
        assert signed_in(member).post(self.ADDRESS, {"roles": []}).status_code == 403


def verbs_of(partnership: Partnership) -> list[str]:
    found = Activity.objects.filter(subject_id=str(partnership.pk))
    return list(found.values_list("verb", flat=True))


def test_secrets_for_tests_are_those_of_an_app() -> None:
    assert len(shown(SECRET)) == 6
