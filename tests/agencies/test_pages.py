"""Pages about agencies and people: owner, colleague, stranger, and what each form does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import (
    AccountState,
    Activity,
    Agency,
    Body,
    Contributor,
    Membership,
    Partnership,
    User,
)
from agencies.roles import Role
from tests.factories import (
    AgencyFactory,
    BodyFactory,
    ContributorFactory,
    MembershipFactory,
    PartnershipFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db

Page = Callable[["Ground"], str]


class Ground:
    """A partnership with one of everything, and people who may and may not look."""

    def __init__(self) -> None:
        self.partnership: Partnership = PartnershipFactory()
        self.agency: Agency = AgencyFactory(
            partnership=self.partnership,
            short_name="ICB",
            contributor_noun="GP practice",
            contributor_noun_plural="GP practices",
        )
        self.body: Body = BodyFactory(partnership=self.partnership)
        self.contributor: Contributor = ContributorFactory(agency=self.agency)
        self.officer = person(Role.OFFICER, self.partnership, name="Olive")
        self.admin = person(Role.ADMIN, self.partnership, name="Ada")
        self.lead = person(Role.LEAD, self.agency, name="Lena")
        self.board = person(Role.BOARD, self.partnership, name="Bea")
        self.stranger = person(Role.OFFICER, PartnershipFactory(), name="Sam")
        self.membership: Membership = self.board.memberships.get()


@pytest.fixture
def ground() -> Ground:
    return Ground()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


LISTS: dict[str, Page] = {
    name: lambda _ground, name=name: reverse(name)  # type: ignore[misc]
    for name in ("agency-list", "agency-create", "body-create", "person-list", "person-invite")
}
AGENCY_PAGES: dict[str, Page] = {
    "agency-detail": lambda g: reverse("agency-detail", args=[g.agency.pk]),
    "agency-update": lambda g: reverse("agency-update", args=[g.agency.pk]),
    "agency-close": lambda g: reverse("agency-close", args=[g.agency.pk]),
    "body-update": lambda g: reverse("body-update", args=[g.body.pk]),
}
PERSON_PAGES: dict[str, Page] = {
    name: lambda g, name=name: reverse(name, args=[g.board.pk])
    for name in (
        "person-detail",
        "person-update",
        "person-deactivate",
        "person-reactivate",
        "membership-create",
        "invitation-withdraw",
    )
} | {"membership-end": lambda g: reverse("membership-end", args=[g.membership.pk])}
PAGES = LISTS | AGENCY_PAGES | PERSON_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_officer_and_administrator_open_it(ground: Ground, name: str) -> None:
    for user in (ground.officer, ground.admin):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(ground: Ground, name: str) -> None:
    answer = Client().get(PAGES[name](ground))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("name", LISTS)
def test_a_colleague_without_the_permission_is_refused(ground: Ground, name: str) -> None:
    for user in (ground.lead, ground.board):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 403


@pytest.mark.parametrize("name", AGENCY_PAGES)
def test_a_colleague_may_not_change_agencies(ground: Ground, name: str) -> None:
    for user in (ground.lead, ground.board):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 403


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_a_colleague_finds_no_people(ground: Ground, name: str) -> None:
    for user in (ground.lead, ground.board):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 404


@pytest.mark.parametrize("name", AGENCY_PAGES | PERSON_PAGES)
def test_a_stranger_finds_nothing(ground: Ground, name: str) -> None:
    client = signed_in(ground.stranger)
    for method in (client.get, client.post):
        assert method(PAGES[name](ground)).status_code == 404


@pytest.mark.parametrize("name", ["person-update", "person-deactivate", "person-reactivate"])
def test_an_officer_may_not_touch_an_administrators_account(ground: Ground, name: str) -> None:
    answer = signed_in(ground.officer).post(reverse(name, args=[ground.admin.pk]), {"name": "X"})
    assert answer.status_code == 403
    ground.admin.refresh_from_db()
    assert (ground.admin.name, ground.admin.is_active) == ("Ada", True)


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


@pytest.mark.parametrize(
    ("name", "more", "queries"),
    [
        ("agency-list", lambda g: AgencyFactory(partnership=g.partnership), 5),
        ("person-list", lambda g: person(Role.AUDITOR, g.agency, is_active=False), 8),
    ],
)
def test_a_list_costs_the_same_whatever_its_length(
    ground: Ground,
    name: str,
    more: Callable[[Ground], Any],
    queries: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    client = signed_in(ground.officer)
    for _ in range(3):
        with django_assert_num_queries(queries):
            client.get(reverse(name))
        more(ground)


def test_an_agency_costs_the_same_whatever_its_length(
    ground: Ground, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = signed_in(ground.officer)
    for _ in range(3):
        with django_assert_num_queries(6):
            client.get(reverse("agency-detail", args=[ground.agency.pk]))
        ContributorFactory(agency=ground.agency)
        person(Role.AUDITOR, ground.agency)


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


AGENCY = {"name": "Fenshire Constabulary", "short_name": "Police", "kind": "police"}


def test_adding_and_changing_an_agency(ground: Ground) -> None:
    client = signed_in(ground.officer)
    answer = client.post(reverse("agency-create"), AGENCY)
    agency = Agency.objects.get(short_name="Police")
    assert answer["Location"] == reverse("agency-detail", args=[agency.pk])
    assert agency.partnership == ground.partnership
    more = {"contributor_noun": "station", "contributor_noun_plural": "stations"}
    client.post(reverse("agency-update", args=[agency.pk]), AGENCY | more)
    agency.refresh_from_db()
    assert agency.coordinates_contributors
    assert [a.verb for a in Activity.objects.all()] == ["changed an agency", "added an agency"]


@pytest.mark.parametrize(
    ("change", "field", "fault"),
    [
        ({"short_name": "icb"}, "short_name", "This short name is taken. Choose another."),
        ({"contributor_noun": "school"}, "contributor_noun_plural", "Give the plural too"),
        ({"contributor_noun_plural": "schools"}, "contributor_noun", "Give the singular too"),
    ],
)
def test_an_agency_with_a_fault_is_not_added(
    ground: Ground, change: dict[str, str], field: str, fault: str
) -> None:
    page = signed_in(ground.officer).post(reverse("agency-create"), AGENCY | change)
    assert fault in page.context["form"].errors[field][0]
    assert Agency.objects.filter(partnership=ground.partnership).count() == 1


def test_two_partnerships_may_use_the_same_short_name(ground: Ground) -> None:
    AgencyFactory(short_name="Police")
    assert signed_in(ground.officer).post(reverse("agency-create"), AGENCY).status_code == 302


def test_closing_an_agency_asks_first_and_can_be_undone(ground: Ground) -> None:
    client = signed_in(ground.officer)
    url = reverse("agency-close", args=[ground.agency.pk])
    assert b"Close ICB?" in client.get(url).content
    client.post(url)
    ground.agency.refresh_from_db()
    assert not ground.agency.active
    assert b"Open ICB again?" in client.get(url).content
    assert b"Invite somebody" not in client.get(url.removesuffix("close/")).content
    client.post(url)
    ground.agency.refresh_from_db()
    assert ground.agency.active


def test_bodies_are_added_and_put_out_of_use(ground: Ground) -> None:
    client = signed_in(ground.officer)
    client.post(reverse("body-create"), {"name": "Partnership Board", "short_name": "Board"})
    body = Body.objects.get(short_name="Board")
    url = reverse("body-update", args=[body.pk])
    client.post(url, {"name": "The Board", "short_name": "Board", "active": "no"})
    body.refresh_from_db()
    assert (body.name, body.active) == ("The Board", False)


def test_choosing_a_partnership(ground: Ground) -> None:
    second = PartnershipFactory(name="Zeal")
    MembershipFactory(user=ground.officer, partnership=second, role=Role.OFFICER)
    client = signed_in(ground.officer)
    assert client.get("/").context["partnership"] == ground.partnership
    answer = client.post(reverse("partnership-choose"), {"partnership": str(second.pk)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = client.get(reverse("person-list"))
    assert page.context["partnership"] == second
    assert [each.name for each in page.context["page"]] == ["Olive"]


@pytest.mark.parametrize("given", ["", "no id", "other"])
def test_only_ones_own_partnership_can_be_chosen(ground: Ground, given: str) -> None:
    value = str(ground.stranger.memberships.get().partnership_id) if given == "other" else given
    client = signed_in(ground.officer)
    answer = client.post(reverse("partnership-choose"), {"partnership": value})
    assert answer.status_code == 404
    assert client.get(reverse("partnership-choose")).status_code == 405


def test_the_partnership_of_an_action_is_where_both_belong(ground: Ground) -> None:
    """Chosen is one partnership, the person belongs to another that the officer manages too."""
    second = PartnershipFactory(name="Zeal")
    MembershipFactory(user=ground.officer, partnership=second, role=Role.OFFICER)
    client = signed_in(ground.officer)
    client.post(reverse("partnership-choose"), {"partnership": str(second.pk)})
    url = reverse("membership-create", args=[ground.board.pk])
    client.post(url, {"role": "member", "starts_on": "2026-01-31"})
    given = ground.board.memberships.get(role="member")
    assert given.partnership == ground.partnership
