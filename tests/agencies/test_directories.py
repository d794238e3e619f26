"""Directories of agencies: what the operator's file may say, and whom their word lets in."""

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from django.test import Client, RequestFactory

from agencies.adapter import AccountAdapter
from agencies.confirming import CONFIRMED, is_fresh
from agencies.directories import DirectoryAdapter, directory_of
from agencies.directory_list import Directory, directories_in
from agencies.domain.directories import asked_at, note_directory, person_told, showed_second_factor
from agencies.domain.invitations import token_for
from agencies.domain.people import invite
from agencies.domain.refusal import RefusedError
from agencies.domain.sessions import BEGAN
from agencies.models import User
from agencies.roles import Role
from agencies.second_factor import note_proof
from agencies.second_factor_stage import SecondFactorStage
from tests.factories import PASSWORD, PartnershipFactory, person
from tests.support.authenticators import with_app

POLICE = {
    "id": "police",
    "name": "Fenshire Police",
    "issuer": "https://login.police.fenshire.example/",
    "client_id": "maca",
    "client_secret": "not for printing",
    "domains": ["Police.Fenshire.example"],
    "second_factor": ["mfa"],
}
DOMAIN = "police.fenshire.example"


def written(tmp_path: Path, *entries: Any) -> str:
    path = tmp_path / "directories.json"
    path.write_text(json.dumps(list(entries)))
    return str(path)


class TestTheFile:
    def test_without_one_there_are_none(self) -> None:
        assert directories_in("", only_https=True) == {}

    def test_it_is_read(self, tmp_path: Path) -> None:
        found = directories_in(written(tmp_path, POLICE), only_https=True)["police"]
        assert found.issuer == "https://login.police.fenshire.example"
        assert found.domains == {DOMAIN}
        assert (found.trust_email, found.password_too) == (False, False)
        assert found.speaks_for(f"Jo@{DOMAIN.upper()}")
        assert not found.speaks_for(f"jo@evil-{DOMAIN}")
        assert not found.speaks_for(f"jo@{DOMAIN}.evil.example")

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"issuer": "http://login.example"}, "must begin with https"),
            ({"client_secret": ""}, "missing"),
            ({"secrets": "x"}, "unknown"),
            ({"domains": "police.example"}, "must be a list of words"),
            ({"id": "../police"}, "letters, digits and hyphens"),
        ],
    )
    def test_what_is_wrong_is_said_without_the_secret(
        self, tmp_path: Path, change: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(ValueError, match=why) as refused:
            directories_in(written(tmp_path, POLICE | change), only_https=True)
        assert "not for printing" not in str(refused.value)

    def test_two_may_not_speak_for_the_same_people(self, tmp_path: Path) -> None:
        path = written(tmp_path, POLICE, POLICE | {"id": "health"})
        with pytest.raises(ValueError, match="stands twice"):
            directories_in(path, only_https=True)

    def test_a_file_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="cannot be read"):
            directories_in(str(tmp_path / "nowhere.json"), only_https=True)


@pytest.fixture
def police(settings: Any) -> Directory:
    made = Directory(
        id="police",
        name="Fenshire Police",
        issuer="https://login.police.fenshire.example",
        client_id="maca",
        client_secret="x",
        domains=frozenset({DOMAIN}),
        second_factor=frozenset({"mfa"}),
    )
    settings.DIRECTORIES = {"police": made}
    return made


def jo(**fields: Any) -> User:
    return person(Role.MEMBER, PartnershipFactory(), email=f"jo@{DOMAIN}", **fields)


@pytest.mark.django_db
class TestWhoComesIn:
    def test_the_same_id_again(self, police: Directory) -> None:
        known = jo()
        for _ in range(2):
            told = person_told(directory=police, sub="17", email=known.email, verified=True)
            assert told == known

    def test_an_address_given_to_somebody_else_opens_nothing(self, police: Directory) -> None:
        known = jo()
        person_told(directory=police, sub="17", email=known.email, verified=True)
        with pytest.raises(RefusedError, match="Somebody else"):
            person_told(directory=police, sub="18", email=known.email, verified=True)

    def test_an_id_that_takes_another_address_opens_nothing(self, police: Directory) -> None:
        known, other = jo(), person(Role.CHAIR, PartnershipFactory(), email=f"al@{DOMAIN}")
        person_told(directory=police, sub="17", email=known.email, verified=True)
        with pytest.raises(RefusedError, match="Somebody else"):
            person_told(directory=police, sub="17", email=other.email, verified=True)

    def test_who_was_shut_out_stays_out(self, police: Directory) -> None:
        known = jo(is_active=False, password=PASSWORD)
        with pytest.raises(RefusedError, match="not been invited"):
            person_told(directory=police, sub="17", email=known.email, verified=True)

    def test_an_unverified_address_counts_only_where_the_operator_says_so(
        self, police: Directory
    ) -> None:
        known = jo()
        with pytest.raises(RefusedError, match="verified"):
            person_told(directory=police, sub="17", email=known.email, verified=False)
        trusted = Directory(**{**vars(police), "trust_email": True})
        told = person_told(directory=trusted, sub="17", email=known.email, verified=False)
        assert told == known

    def test_the_invitation_leads_to_the_directory(self, police: Directory) -> None:
        partnership = PartnershipFactory()
        member = {"role": Role.MEMBER, "agency": None, "starts_on": "2026-01-01"}
        invited = invite(
            partnership=partnership,
            by=person(Role.ADMIN, partnership),
            email=f"new@{DOMAIN}",
            name="New Example",
            membership=member,
        )
        link = f"/invitations/{token_for(invited.invitations.get())}/"
        page = Client().get(link).content.decode()
        assert "Sign in with Fenshire Police" in page
        sent = {"password": PASSWORD, "repeated": PASSWORD}
        Client().post(link, sent)
        invited.refresh_from_db()
        assert (invited.is_active, invited.has_usable_password()) == (False, False)

    def test_no_link_for_a_password_is_sent(self, police: Directory, mailoutbox: Any) -> None:
        jo(password=PASSWORD)
        Client().post("/accounts/password/reset/", {"email": f"jo@{DOMAIN}"})
        assert mailoutbox == []


def test_whose_directory_an_address_belongs_to(police: Directory) -> None:
    assert directory_of(f"jo@{DOMAIN}") == police
    assert directory_of("jo@fenshire.example") is None


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "mfa"}, True),
        ({"amr": ["pwd"]}, False),
        ({}, False),
        (None, False),
    ],
)
def test_what_shows_a_second_factor(police: Directory, claims: Any, counts: bool) -> None:
    login = SimpleNamespace(claims=claims, account=SimpleNamespace(provider="police"))
    assert showed_second_factor(login) is counts


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("has_factor", "claims", "goes_on"),
    [
        (False, None, True),
        (True, None, False),
        (True, {"amr": ["pwd"]}, False),
        (True, {"amr": ["mfa"]}, True),
    ],
)
def test_nobody_shows_a_second_factor_twice_or_goes_in_without(
    police: Directory, has_factor: bool, claims: Any, goes_on: bool
) -> None:
    known = jo()
    if has_factor:
        with_app(known)
    told = SimpleNamespace(claims=claims, account=SimpleNamespace(provider="police"))
    login = SimpleNamespace(user=known, state={}, signal_kwargs=claims and {"sociallogin": told})
    response, continues = SecondFactorStage(None, RequestFactory().get("/"), login).handle()
    assert continues
    assert getattr(response, "url", None) == (None if goes_on else "/accounts/second-step/check/")


def test_the_stage_stands_where_the_library_has_its_own() -> None:
    stages = AccountAdapter().get_login_stages()
    assert [each for each in stages if "mfa" in each or "second" in each] == [
        "agencies.second_factor_stage.SecondFactorStage"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "asked", "process", "confirms"),
    [
        ("jo", 5, "redirect", True),
        ("jo", 900, "redirect", False),
        ("other", 5, "redirect", False),
        ("jo", 5, "connect", False),
    ],
)
def test_confirming_by_the_directory(
    police: Directory, who: str, asked: int, process: str, confirms: bool
) -> None:
    known = jo()
    request = RequestFactory().get("/")
    request.user = known if who == "jo" else person(Role.CHAIR, PartnershipFactory())
    request.session = {}  # type: ignore[assignment]
    login: Any = SimpleNamespace(
        account=SimpleNamespace(provider="police", uid="17"),
        claims={
            "email": known.email,
            "email_verified": True,
            "auth_time": int(time.time()) - asked,
        },
        state={"process": process},
        user=None,
    )
    if confirms:
        DirectoryAdapter(request).pre_social_login(request, login)
    else:
        with pytest.raises(ImmediateHttpResponse):
            DirectoryAdapter(request).pre_social_login(request, login)
    assert (CONFIRMED in request.session) is confirms


def came_in(user: User, claims: Any, *, proof: bool = False) -> Any:
    """The session of somebody whom the directory has just let in."""
    request = RequestFactory().get("/")
    request.user = user
    request.session = {BEGAN: time.time()}  # type: ignore[assignment]
    if proof:
        note_proof(request, user)
    told = SimpleNamespace(claims=claims, account=SimpleNamespace(provider="police"))
    note_directory(request, user, sociallogin=told)
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "proof", "fresh"),
    [(5, False, True), (5 * 3600, False, False), (None, False, False), (5 * 3600, True, True)],
    ids=["asked just now", "asked hours ago", "not told when", "our own second step besides"],
)
def test_a_directory_that_asked_nothing_has_confirmed_nothing(
    settings: Any, police: Directory, ago: int | None, proof: bool, fresh: bool
) -> None:
    settings.CONFIRM_AFTER = 15 * 60
    claims = {} if ago is None else {"auth_time": int(time.time()) - ago}
    assert is_fresh(came_in(jo(), claims | {"amr": ["mfa"]}, proof=proof)) is fresh


def test_a_directory_whose_clock_is_ahead_has_asked_now_at_the_latest() -> None:
    assert asked_at({"auth_time": time.time() + 9000}) <= time.time()
    assert asked_at({"auth_time": "yesterday"}) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_page_elsewhere_signs_anybody_in_unseen(police: Directory, site: str) -> None:
    answer = Client().get("/directories/police/", headers={"Sec-Fetch-Site": site})
    assert answer["Location"] == "/accounts/login/"
