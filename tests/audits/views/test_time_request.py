"""Asking for more time, answering, and the new date wherever it shows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from agencies.roles import Role
from audits.domain import time_requests
from audits.models import AgencyReturn, ReturnStage, TimeRequest
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(name="Fenshire Police", short_name="Police")


def create(world: Collecting) -> str:
    return reverse("time-request-create", args=[world.agency_return.pk])


def detail(world: Collecting) -> str:
    return reverse("agency-return-detail", args=[world.agency_return.pk])


def asked(world: Collecting) -> TimeRequest:
    return time_requests.ask(world.agency_return, by=world.lead, days=4, reason="Two are ill.")


def answer(world: Collecting, request: TimeRequest) -> str:
    return reverse("time-request-answer", args=[world.agency_return.pk, request.pk])


def due(world: Collecting) -> date:
    assert world.audit.return_by is not None
    return world.audit.return_by


def page(client: Any, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_the_lead_asks_from_the_return(world: Collecting) -> None:
    client = signed_in(world.lead)
    assert create(world) in page(client, detail(world))

    response = client.post(create(world), {"days": "4", "reason": "Two are ill."}, follow=True)

    html = " ".join(response.content.decode().split())
    assert "You have asked for more time." in html
    assert "4 more days asked for" in html
    assert "The officer has not answered yet" in html
    assert "Two are ill." in html
    assert create(world) not in html


def test_the_officer_sees_who_asks_and_answers(world: Collecting) -> None:
    request = asked(world)
    client = signed_in(world.officer)
    listing = reverse("agency-return-list", args=[world.audit.pk])
    assert answer(world, request) in page(client, listing)
    assert answer(world, request) in page(client, detail(world))
    assert answer(world, request) in page(client, reverse("home"))
    form = client.get(answer(world, request)).context["form"]
    assert form.initial["until"] == due(world) + timedelta(days=4)
    until = due(world) + timedelta(days=2)

    said = client.post(
        answer(world, request),
        {"answer": "granted", "until": until.isoformat(), "reason": "Two, then."},
        follow=True,
    ).content.decode()

    assert f"Fenshire Police has until {until:%-d %B %Y}, and is told so by mail." in said
    shown = f"{until:%-d %B %Y}"
    assert shown in page(signed_in(world.lead), detail(world))
    assert "More time until" in page(signed_in(world.lead), detail(world))
    assert "Two, then." in page(signed_in(world.auditor), detail(world))
    assert f"{until:%-d %B}" in page(client, listing)
    assert "A date of its own" in page(client, listing)
    assert f"{until:%-d %B}" in page(signed_in(world.lead), reverse("home"))
    assert f"{until:%-d %B}" in page(client, reverse("home"))


def test_or_does_not_grant_it(world: Collecting) -> None:
    request = asked(world)
    client = signed_in(world.officer)

    response = client.post(answer(world, request), {"answer": "refused"})
    assert "Say why the date stays." in response.content.decode()
    said = client.post(
        answer(world, request), {"answer": "refused", "reason": "It is fixed."}, follow=True
    )

    assert "The date stays for Fenshire Police" in said.content.decode()
    html = page(signed_in(world.lead), detail(world))
    assert "4 more days, not granted" in html
    assert "It is fixed." in html
    assert AgencyReturn.objects.get().extended_to is None
    assert client.get(answer(world, request)).url == reverse(
        "agency-return-list", args=[world.audit.pk]
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "Ill."}, "Say how many days you need."),
        ({"days": "0", "reason": "Ill."}, "Enter 1 or more"),
        ({"days": "91", "reason": "Ill."}, "Enter 90 or less"),
        ({"days": "a few", "reason": "Ill."}, "Give a whole number of days"),
        ({"days": "4", "reason": " "}, "Say why, so that the officer can decide."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    world: Collecting, typed: dict[str, str], words: str
) -> None:
    response = signed_in(world.lead).post(create(world), typed)

    assert words in response.content.decode()
    assert not TimeRequest.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Give a day after"), (-3, "Give a day after"), (None, "Give the new date.")],
)
def test_a_new_date_comes_after_the_present_one(
    world: Collecting, days: int | None, words: str
) -> None:
    until = "" if days is None else (due(world) + timedelta(days=days)).isoformat()
    client = signed_in(world.officer)

    for url in (answer(world, asked(world)), create(world)):
        response = client.post(url, {"answer": "granted", "until": until})
        assert words in response.content.decode()
    assert AgencyReturn.objects.get().extended_to is None


def test_the_officer_gives_time_unasked(world: Collecting) -> None:
    until = due(world) + timedelta(days=7)
    client = signed_in(world.officer)
    assert create(world) in page(client, detail(world))

    client.post(create(world), {"until": until.isoformat(), "reason": ""})

    assert AgencyReturn.objects.get().extended_to == until


def test_what_is_no_longer_owed_has_no_date_to_move(world: Collecting) -> None:
    AgencyReturn.objects.update(stage=ReturnStage.NIL)

    response = signed_in(world.lead).get(create(world), follow=True)

    assert "no longer owed" in response.content.decode()


def test_two_who_ask_at_once(world: Collecting) -> None:
    asked(world)

    said = signed_in(world.lead).post(create(world), {"days": "9", "reason": "Nine."}, follow=True)

    assert "has asked already, and waits for an answer" in said.content.decode()
    assert TimeRequest.objects.get().days == 4


def test_who_opens_what(world: Collecting) -> None:
    request = asked(world)
    chair = person(Role.CHAIR, world.partnership)
    for who, statuses in (
        (world.auditor, (403, 403)),
        (world.lead, (200, 403)),
        (world.officer, (200, 200)),
        (chair, (404, 404)),
        (collecting().officer, (404, 404)),
    ):
        client = signed_in(who)
        urls = (create(world), answer(world, request))
        assert tuple(client.get(url).status_code for url in urls) == statuses


def test_the_calendar_file(world: Collecting) -> None:
    url = reverse("audit-calendar", args=[world.audit.pk])
    for who in (world.lead, world.officer):
        response = signed_in(who).get(url)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="audit-dates.ics"'
        assert f"DTSTART;VALUE=DATE:{due(world):%Y%m%d}".encode() in response.content
    assert url in page(signed_in(world.lead), detail(world))
    assert url in page(signed_in(world.officer), reverse("audit-detail", args=[world.audit.pk]))
    world.audit.return_by = None
    world.audit.save()
    assert signed_in(world.lead).get(url).status_code == 404
    assert url not in page(signed_in(world.lead), detail(world))
