"""People found, invited, given roles, and let go."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import AccountState, User
from agencies.roles import Role
from tests.agencies.ground import Ground
from tests.audits.browsing import signed_in
from tests.factories import AgencyFactory, MembershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def test_the_list_shows_only_this_partnerships_people(ground: Ground) -> None:
    page = signed_in(ground.officer).get(reverse("person-list"))
    assert [each.name for each in page.context["page"]] == ["Ada", "Bea", "Lena", "Olive"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("role=lead", ["Lena"]),
        ("role=chair", []),
        ("state=current", ["Ada", "Bea", "Lena", "Olive"]),
        ("state=waiting", ["Ivo"]),
        ("state=gone", ["Greta", "Hugo"]),
        ("role=board&state=waiting", []),
    ],
)
def test_people_are_filtered(ground: Ground, query: str, names: list[str]) -> None:
    person(Role.BOARD, ground.partnership, name="Greta", is_active=False, password="x" * 20)
    left = UserFactory(name="Hugo")
    MembershipFactory(
        user=left, partnership=ground.partnership, ends_on=timezone.localdate() - timedelta(days=1)
    )
    person(Role.MEMBER, ground.partnership, name="Ivo", is_active=False)
    page = signed_in(ground.officer).get(f"{reverse('person-list')}?{query}")
    assert [each.name for each in page.context["page"]] == names


def test_people_are_filtered_by_agency(ground: Ground) -> None:
    page = signed_in(ground.officer).get(f"{reverse('person-list')}?agency={ground.agency.pk}")
    assert [each.name for each in page.context["page"]] == ["Lena"]
    other = AgencyFactory()
    page = signed_in(ground.officer).get(f"{reverse('person-list')}?agency={other.pk}")
    assert list(page.context["form"].errors) == ["agency"]


def test_inviting_somebody(ground: Ground) -> None:
    client = signed_in(ground.officer)
    data = {
        "name": "Nora Fenn",
        "email": "Nora@Fenshire.example",
        "role": "auditor",
        "agency": str(ground.agency.pk),
        "starts_on": "2026-01-31",
        "ends_on": "",
    }
    answer = client.post(reverse("person-invite"), data, follow=True)
    nora = User.objects.get(email="nora@fenshire.example")
    assert answer.redirect_chain == [(reverse("person-detail", args=[nora.pk]), 302)]
    assert "An invitation is on its way to nora@fenshire.example." in answer.content.decode()
    assert str(nora.memberships.get()) == f"Agency auditor, {ground.agency}"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"role": "auditor", "agency": ""}, "Choose the agency in which this role is held."),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-31"}, "must not be before the first"),
        ({"role": "admin"}, "admin is not one of the available choices"),
        ({"email": "nobody"}, "e"),
    ],
)
def test_an_invitation_with_a_fault_says_so_and_loses_nothing(
    ground: Ground, change: dict[str, str], fault: str
) -> None:
    data = {
        "name": "Nora Fenn",
        "email": "nora@fenshire.example",
        "role": "member",
        "starts_on": "2026-01-31",
    }
    page = signed_in(ground.officer).post(reverse("person-invite"), data | change)
    assert page.status_code == 200
    (errors,) = page.context["form"].errors.values()
    assert fault in errors[0]
    assert 'value="Nora Fenn"' in page.content.decode()
    assert not User.objects.filter(name="Nora Fenn").exists()


def test_no_role_is_given_in_another_partnerships_agency(ground: Ground) -> None:
    data = {"role": "auditor", "agency": str(AgencyFactory().pk), "starts_on": "2026-01-31"}
    url = reverse("membership-create", args=[ground.board.pk])
    page = signed_in(ground.officer).post(url, data)
    assert "agency" in page.context["form"].errors
    assert ground.board.memberships.count() == 1


def test_inviting_a_deactivated_person_says_what_to_do(ground: Ground) -> None:
    UserFactory(email="gone@fenshire.example", password="x" * 20, is_active=False)
    data = {"name": "G", "email": "gone@fenshire.example", "role": "member"}
    data["starts_on"] = "2026-01-31"
    page = signed_in(ground.officer).post(reverse("person-invite"), data)
    assert "open it again first" in page.context["form"].errors["email"][0]


def test_giving_another_role(ground: Ground) -> None:
    url = reverse("membership-create", args=[ground.board.pk])
    client = signed_in(ground.admin)
    answer = client.post(url, {"role": "admin", "starts_on": "2026-01-31"})
    assert answer.status_code == 302
    assert {each.role for each in ground.board.memberships.all()} == {"board", "admin"}
    again = client.post(url, {"role": "admin", "starts_on": "2026-01-31"})
    assert again.context["form"].errors["role"] == ["Bea holds this role already."]


def test_ending_a_role_on_a_day_to_come(ground: Ground) -> None:
    url = reverse("membership-end", args=[ground.membership.pk])
    client = signed_in(ground.officer)
    day = timezone.localdate() + timedelta(days=3)
    for given, fault in [("", "Give the last day."), ("2020-01-01", "Give a day to come")]:
        page = client.post(url, {"when": "later", "last_day": given})
        assert fault in page.context["form"].errors["last_day"][0]
    assert client.post(url, {"when": "later", "last_day": day.isoformat()}).status_code == 302
    ground.membership.refresh_from_db()
    assert ground.membership.ends_on == day


def test_ending_ones_own_role_warns_and_leads_home(ground: Ground) -> None:
    own = ground.officer.memberships.get()
    client = signed_in(ground.officer)
    page = client.get(reverse("membership-end", args=[own.pk]))
    assert b"This is your own role" in page.content
    answer = client.post(reverse("membership-end", args=[own.pk]), {"when": "at_once"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_the_last_manager_is_told_why_they_stay(ground: Ground) -> None:
    ground.admin.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    own = ground.officer.memberships.get()
    client = signed_in(ground.officer)
    page = client.post(reverse("membership-end", args=[own.pk]), {"when": "at_once"})
    assert page.status_code == 200
    assert "Nobody else manages people" in page.content.decode()


def test_a_role_that_has_ended_cannot_be_ended(ground: Ground) -> None:
    ground.membership.ends_on = timezone.localdate() - timedelta(days=1)
    ground.membership.save()
    url = reverse("membership-end", args=[ground.membership.pk])
    assert signed_in(ground.officer).get(url).status_code == 404


def test_deactivating_and_activating_ask_first(ground: Ground) -> None:
    client = signed_in(ground.officer)
    theirs = signed_in(ground.board)
    ground.board.set_password("x" * 20)
    ground.board.save()
    theirs.force_login(ground.board)
    assert theirs.get("/").status_code == 200
    for name, active in (("person-deactivate", False), ("person-reactivate", True)):
        url = reverse(name, args=[ground.board.pk])
        assert b"What this does" in client.get(url).content
        assert b"Say why, for whoever asks in a year." in client.post(url).content
        assert client.post(url, {"reason": "Left the board"}).status_code == 302
        ground.board.refresh_from_db()
        assert ground.board.is_active is active
        assert theirs.get("/").status_code == 302
        page = client.get(reverse("person-detail", args=[ground.board.pk])).content.decode()
        assert "Left the board" in page


def test_sending_again_and_withdrawing(ground: Ground) -> None:
    user = person(Role.MEMBER, ground.partnership, is_active=False)
    client = signed_in(ground.officer)
    send = reverse("invitation-send", args=[user.pk])
    assert client.get(send).status_code == 405
    client.post(send)
    assert User.objects.get(pk=user.pk).account_state == AccountState.INVITED
    page = client.get(reverse("person-detail", args=[user.pk]))
    assert b"Send the invitation again" in page.content
    client.post(reverse("invitation-withdraw", args=[user.pk]))
    assert User.objects.get(pk=user.pk).account_state == AccountState.WITHDRAWN
    told = client.post(reverse("invitation-send", args=[ground.board.pk]), follow=True)
    assert "Bea has an account already" in told.content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [("none", "has no account yet"), ("expired", "without an answer"), ("off", "cannot sign in")],
)
def test_a_person_page_says_what_to_do_next(ground: Ground, state: str, words: str) -> None:
    password = "x" * 20 if state == "off" else ""
    user = person(Role.MEMBER, ground.partnership, is_active=False, password=password)
    if state == "expired":
        user.invitations.create(sent_at=timezone.now() - timedelta(days=20))
    page = signed_in(ground.officer).get(reverse("person-detail", args=[user.pk]))
    assert words in page.content.decode()


def test_renaming(ground: Ground) -> None:
    url = reverse("person-update", args=[ground.board.pk])
    assert signed_in(ground.officer).post(url, {"name": "Beatrice"}).status_code == 302
    ground.board.refresh_from_db()
    assert ground.board.name == "Beatrice"
