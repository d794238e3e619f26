"""Where somebody is signed in, and signing out from afar."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.devices import in_words
from agencies.domain.entrances import SIGNED_OUT_ELSEWHERE, SIGNED_OUT_THERE
from agencies.domain.sessions import end_all, forget_old
from agencies.models import Activity, ActivityKind, SignedIn, User
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons wade"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)


@pytest.fixture
def user() -> User:
    return person(Role.BOARD, PartnershipFactory(), email="bo@fenshire.example", password=PASSWORD)


def browser(agent: str, user: User) -> Client:
    client = Client(headers={"user-agent": agent})
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (EDGE, "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Something/1", "A browser on a Chromebook"),
        ("curl/8.9.1", ""),
        ("", ""),
    ],
)
def test_a_device_in_plain_words(agent: str, words: str) -> None:
    assert in_words(agent) == words


def test_one_sees_each_place_and_which_is_this_one(user: User) -> None:
    here, elsewhere = browser(FIREFOX, user), browser(IPHONE, user)
    page = here.get(reverse("session-list"))
    assert page.context["here"].device == "Firefox on Windows"
    assert [each.device for each in page.context["others"]] == ["Safari on an iPhone"]
    assert page.context["here"].session_key == here.session.session_key
    text = page.content.decode()
    for client in (here, elsewhere):
        assert str(client.session.session_key) not in text
    assert "You are signed out an hour after the last thing you did, 12 hours" in text


def test_nobody_sees_or_ends_another_persons(user: User) -> None:
    other = person(
        Role.BOARD, PartnershipFactory(), email="ada@fenshire.example", password=PASSWORD
    )
    theirs, own = browser(IPHONE, other), browser(FIREFOX, user)
    assert own.get(reverse("session-list")).context["others"] == []
    ref = SignedIn.objects.visible_to(other).get().ref
    assert own.post(reverse("session-end", args=[ref])).status_code == 404
    assert own.post(reverse("session-end", args=[uuid4()])).status_code == 404
    assert theirs.get("/").status_code == 200


def test_one_place_ends_and_the_others_stay(user: User) -> None:
    here, lost, kept = (browser(agent, user) for agent in (FIREFOX, IPHONE, EDGE))
    ref = SignedIn.objects.visible_to(user).get(device="Safari on an iPhone").ref
    said = here.post(reverse("session-end", args=[ref]), follow=True).content.decode()
    assert "Signed out there." in said
    assert [each.get("/").status_code for each in (here, lost, kept)] == [200, 302, 200]
    entry = Activity.objects.get(verb=SIGNED_OUT_THERE)
    assert (entry.by, entry.kind, entry.subject_id) == (user, ActivityKind.SIGN_IN, str(user.pk))
    assert entry.partnership == user.memberships.get().partnership
    assert here.post(reverse("session-end", args=[ref])).status_code == 404
    assert Activity.objects.filter(verb=SIGNED_OUT_THERE).count() == 1


def test_all_others_end_at_once(user: User) -> None:
    here, *others = (browser(agent, user) for agent in (FIREFOX, IPHONE, EDGE))
    said = here.post(reverse("session-end-others"), follow=True).content.decode()
    assert "Signed out in 2 other places." in said
    assert [each.get("/").status_code for each in (here, *others)] == [200, 302, 302]
    again = here.post(reverse("session-end-others"), follow=True).content.decode()
    assert "You are signed in here only." in again
    assert Activity.objects.get(verb=SIGNED_OUT_ELSEWHERE).by == user


def test_another_password_ends_the_others_and_keeps_this_one_by_its_name(user: User) -> None:
    here, other = browser(FIREFOX, user), browser(IPHONE, user)
    ref = SignedIn.objects.visible_to(user).get(device="Firefox on Windows").ref
    new = "nine brown geese wander"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/accounts/password/change/", form)
    assert [each.get("/").status_code for each in (here, other)] == [200, 302]
    assert (
        SignedIn.objects.visible_to(user).filter(ref=ref, device="Firefox on Windows").count() == 1
    )


def test_what_a_page_saves_keeps_the_name_and_the_beginning(user: User) -> None:
    here = browser(FIREFOX, user)
    before = SignedIn.objects.visible_to(user).get()
    session = here.session
    session["partnership"] = str(user.memberships.get().partnership_id)
    session.save()
    after = SignedIn.objects.visible_to(user).get()
    assert (after.ref, after.device, after.began_at) == (
        before.ref,
        before.device,
        before.began_at,
    )


def test_what_is_over_is_forgotten_and_everybody_can_be_signed_out(user: User) -> None:
    here, gone = browser(FIREFOX, user), browser(IPHONE, user)
    row = SignedIn.objects.visible_to(user).get(device="Safari on an iPhone")
    SignedIn.objects.filter(pk=row.pk).update(expire_date=row.began_at)
    assert gone.get("/").status_code == 302
    forget_old()
    assert [each.device for each in SignedIn.objects.filter(user=user)] == ["Firefox on Windows"]
    assert end_all() >= 1
    assert here.get("/").status_code == 302


def test_the_header_leads_there(user: User) -> None:
    page: Any = browser(FIREFOX, user).get("/")
    assert f'href="{reverse("session-list")}"' in page.content.decode()
