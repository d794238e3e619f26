"""Coming in by the link, whoever should not be there, and leaving."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import holding
from audits.domain import contributor_links
from audits.models import ContributorLink, ContributorPoint, ContributorRequest, ReturnStage
from audits.urls.contributors import held_patterns
from tests.audits.collecting import Collecting, signed_in
from tests.audits.contributing import (
    Holder,
    address_in,
    arrived,
    asked,
    first_of,
    last_mail,
    practice,
    send,
)

pytestmark = pytest.mark.django_db

CLOSED = "This page is not open"


def plain(response: Any) -> str:
    """The page without what differs from request to request."""
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", response.content.decode())


class TestComingIn:
    def test_the_address_leads_on_to_one_without_the_token(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        client = Client()

        response = client.get(address_in(last_mail(mill.email)))

        assert (response.status_code, response.headers["Location"]) == (302, "/contribute/code/")
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert (
            response.headers["Cache-Control"] == "no-store"
            or "no-store" in response.headers["Cache-Control"]
        )
        cookie = client.cookies[holding.COOKIE]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/", True, "Lax")

    def test_opening_the_address_alone_sends_nothing_and_opens_nothing(
        self, world: Collecting
    ) -> None:
        """Mail programs look at links before people do."""
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        holder = arrived(mill)

        assert ContributorLink.objects.get().opened_at is None
        assert "Send me a code" in holder.get("contribution-confirm").content.decode()
        assert "•••@mill.example" in holder.get("contribution-confirm").content.decode()
        assert "reception" not in holder.get("contribution-confirm").content.decode()
        assert holder.get("contribution-detail").status_code == 302
        assert holder.post("contribution-nothing").status_code == 404

    def test_the_code_opens(self, holder: Holder) -> None:
        html = holder.get("contribution-detail").content.decode()
        assert "Your answers, please" in html
        assert [f"Case {n}" in html for n in (1, 2, 3)] == [True] * 3
        assert ContributorLink.objects.get().opened_at is not None

    def test_a_wrong_code_is_told_beside_its_field(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        holder = arrived(mill)
        code = holder.ask_for_code()

        html = holder.confirm("000000" if code != "000000" else "111111").content.decode()
        assert "This is not the code, or it has run out." in html
        html = holder.confirm("12").content.decode()
        assert "A code has six digits." in html
        assert holder.confirm(f"{code[:3]} {code[3:]}").status_code == 302

    def test_asking_for_a_second_code_at_once_is_answered_kindly(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        holder = arrived(mill)
        holder.ask_for_code()

        response = holder.client.post(reverse("contribution-confirm"), {"do": "send"}, follow=True)
        assert "Wait a minute before you ask for another." in response.content.decode()

    def test_the_link_again_in_the_same_browser_needs_no_second_code(self, holder: Holder) -> None:
        response = holder.client.get(holder.address)
        assert response.headers["Location"] == "/contribute/"

    def test_in_another_browser_it_does(self, holder: Holder) -> None:
        assert Client().get(holder.address).headers["Location"] == "/contribute/code/"


class TestStayingOut:
    def test_every_page_but_the_first_is_held_and_that_one_holds_nothing(self) -> None:
        names = {
            pattern.name
            for pattern in held_patterns
            if getattr(pattern.callback, "holds_link", False)
        }
        assert {pattern.name for pattern in held_patterns} - names == {"contribution-open"}

    def test_without_a_link_there_is_nothing(self, holder: Holder) -> None:
        stranger = Client()
        for name, args in [
            ("contribution-confirm", []),
            ("contribution-detail", []),
            ("contribution-edit", [first_of(holder).pk]),
        ]:
            response = stranger.get(reverse(name, args=args))
            assert (response.status_code, CLOSED in response.content.decode()) == (404, True)
        for name in ("contribution-nothing", "contribution-finish"):
            assert stranger.post(reverse(name)).status_code == 404

    def test_being_signed_in_opens_nothing_here(self, world: Collecting, holder: Holder) -> None:
        for user in (world.lead, world.officer):
            client = signed_in(user)
            assert client.get(reverse("contribution-detail")).status_code == 404
            client.cookies[holding.COOKIE] = client.cookies["sessionid"].value
            assert client.get(reverse("contribution-detail")).status_code == 404

    def test_holding_a_link_opens_nothing_else(self, world: Collecting, holder: Holder) -> None:
        key = holder.client.cookies[holding.COOKIE].value
        holder.client.cookies["sessionid"] = key
        for address in ("/", reverse("agency-return-detail", args=[world.agency_return.pk])):
            response = holder.client.get(address)
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (
                302,
                reverse("account_login"),
            )

    def test_another_s_case_is_not_there(self, world: Collecting, holder: Holder) -> None:
        green = practice(world, "The Green", "desk@green.example")
        theirs = asked(world, green)[0]

        assert holder.get("contribution-edit", theirs.pk).status_code == 404
        response = holder.post("contribution-edit", theirs.pk, says="nothing")
        assert response.status_code == 404
        theirs.refresh_from_db()
        assert theirs.stage == "asked"
        holder.post("contribution-nothing", requests=[str(theirs.pk)])
        theirs.refresh_from_db()
        assert theirs.stage == "asked"

    def test_a_case_not_asked_about_or_taken_out_is_not_there(
        self, world: Collecting, holder: Holder
    ) -> None:
        case = first_of(holder).case_return.case
        case.withdrawn_at, case.withdrawn_reason = timezone.now(), "Not in the period."
        case.save()
        assert holder.get("contribution-edit", first_of(holder).pk).status_code == 404
        assert str(case) not in holder.get("contribution-detail").content.decode()

    def test_nothing_of_the_agency_s_or_of_other_contributors_shows(
        self, world: Collecting, holder: Holder
    ) -> None:
        green = practice(world, "The Green", "desk@green.example")
        (theirs, *_) = asked(world, green)
        ContributorPoint.objects.create(request=theirs, kind="went_well", text="A secret of theirs")
        world.first.engagement_past = "A secret of the agency"
        world.first.save()
        seen = "".join(
            response.content.decode()
            for response in (
                holder.get("contribution-detail"),
                holder.get("contribution-edit", first_of(holder).pk),
            )
        )
        assert "secret" not in seen
        assert "The Green" not in seen
        assert "For the agency alone?" not in seen

    @pytest.mark.parametrize("how", ["unknown", "withdrawn", "expired", "signed off"])
    def test_every_dead_link_answers_alike(
        self, world: Collecting, holder: Holder, how: str
    ) -> None:
        address = holder.address
        if how == "unknown":
            address = "/contribute/links/" + "x" * 43 + "/"
        elif how == "withdrawn":
            contributor_links.withdraw(
                world.agency_return, by=world.lead, contributor=holder.contributor
            )
        elif how == "expired":
            ContributorLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        else:
            world.agency_return.stage = ReturnStage.SIGNED_OFF
            world.agency_return.save()
        response = Client().get(address)

        unknown = Client().get("/contribute/links/" + "y" * 43 + "/")
        assert (response.status_code, plain(response)) == (404, plain(unknown))
        assert holding.COOKIE not in response.cookies
        if how != "unknown":
            assert holder.get("contribution-detail").status_code == 404

    def test_words_written_when_the_link_closed_come_back(
        self, world: Collecting, holder: Holder
    ) -> None:
        world.agency_return.stage = ReturnStage.SIGNED_OFF
        world.agency_return.save()

        response = holder.post(
            "contribution-edit", first_of(holder).pk, points_went_well="Seen alone every week."
        )
        assert response.status_code == 404
        assert "Seen alone every week." in response.content.decode()
        assert "was not saved" in response.content.decode()

    def test_a_session_lasts_two_hours_from_the_last_save(self, holder: Holder) -> None:
        now = timezone.now()
        with time_machine.travel(now + timedelta(minutes=90), tick=False):
            holder.post("contribution-edit", first_of(holder).pk, says="answers", do="stay")
        with time_machine.travel(now + timedelta(minutes=180), tick=False):
            assert holder.get("contribution-detail").status_code == 200
        with time_machine.travel(now + timedelta(minutes=211), tick=False):
            assert holder.get("contribution-detail").status_code == 404

    def test_no_session_can_be_planted(self, world: Collecting) -> None:
        """Whoever knows the key from before the code, or chose it, has nothing after it."""
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        holder = arrived(mill)
        before = holder.client.cookies[holding.COOKIE].value
        holder.confirm(holder.ask_for_code())
        after = holder.client.cookies[holding.COOKIE].value

        thief = Client()
        thief.cookies[holding.COOKIE] = before
        assert before != after
        assert thief.get(reverse("contribution-detail")).status_code == 404
        chosen = Client()
        chosen.cookies[holding.COOKIE] = "a" * 32
        chosen.get(holder.address)
        assert chosen.cookies[holding.COOKIE].value != "a" * 32

    def test_opening_another_s_link_ends_one_s_own(self, world: Collecting, holder: Holder) -> None:
        green = practice(world, "The Green", "desk@green.example")
        asked(world, green)
        send(world, green)

        holder.client.get(address_in(last_mail(green.email)))

        assert holder.get("contribution-detail").status_code == 302
        assert "The Green" in holder.get("contribution-confirm").content.decode()

    def test_forged_forms_are_refused(self, holder: Holder) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = holder.client.cookies
        response = strict.post(reverse("contribution-nothing"), {"requests": []})
        assert response.status_code == 403


class TestFinishing:
    def test_thanks_and_nothing_is_left_in_the_browser(self, holder: Holder) -> None:
        ids = [str(pk) for pk in ContributorRequest.objects.values_list("pk", flat=True)]
        holder.post("contribution-nothing", requests=ids)
        key = holder.client.cookies[holding.COOKIE].value

        response = holder.post("contribution-finish")

        html = response.content.decode()
        assert "Thank you" in html
        assert "What happens next" in html
        assert response.cookies[holding.COOKIE].value == ""
        again = Client()
        again.cookies[holding.COOKIE] = key
        assert again.get(reverse("contribution-detail")).status_code == 404

    def test_leaving_before_the_end_says_what_is_left(self, holder: Holder) -> None:
        html = holder.post("contribution-finish").content.decode()
        assert "You have answered 0 of 3 cases." in html

    def test_finishing_in_another_tab_ends_this_one_without_a_fault(self, holder: Holder) -> None:
        key = holder.client.cookies[holding.COOKIE].value
        session = SessionStore(key)
        assert session[holding.CONFIRMED]
        holder.post("contribution-finish")

        response = HttpResponse()
        holding.keep(response, session, holding.IDLE)

        assert response.cookies == {}

    def test_coming_back_with_the_same_link(self, holder: Holder) -> None:
        holder.post("contribution-finish")
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            holder.client.get(holder.address)
            holder.confirm(holder.ask_for_code())
            assert holder.get("contribution-detail").status_code == 200
