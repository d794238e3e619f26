"""Who has to have a second factor, and who says so."""

import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.domain import second_factor
from agencies.models import Activity, Membership, Partnership, User
from agencies.roles import Role
from agencies.second_factor import PROVEN
from tests.agencies.second_step import INDEX
from tests.audits.browsing import signed_in
from tests.factories import PartnershipFactory, person
from tests.support.authenticators import with_app

pytestmark = pytest.mark.django_db


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/partnership/settings/").status_code == 200
    return len(captured)


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
