"""The preview before agencies are reminded, and the press that sends."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import OutboxMessage
from agencies.roles import Role
from audits.models import AgencyReturn, ReturnStage
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.factories import AgencyReturnFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(name="Fenshire Police")


def url(world: Collecting) -> str:
    return reverse("reminder-create", args=[world.audit.pk])


def join(world: Collecting, name: str, *, with_lead: bool = True) -> AgencyReturn:
    row: AgencyReturn = AgencyReturnFactory(audit=world.audit)
    row.agency.name = name
    row.agency.save()
    if with_lead:
        person(Role.LEAD, row.agency, name=f"Lead of {name}")
    return row


def ticked(response: Any) -> list[str]:
    return [str(each.owing.agency) for each in response.context["preview"].reachable if each.ticked]


def send(world: Collecting, page: Any, *returns: AgencyReturn) -> Any:
    seen_at = page.context["form"].initial["seen_at"]
    typed = {"agency": [str(each.pk) for each in returns], "seen_at": seen_at}
    return signed_in(world.officer).post(url(world), typed, follow=True)


def test_the_preview_names_people_addresses_and_words_and_sends_nothing(world: Collecting) -> None:
    join(world, "Health")
    silent = join(world, "Probation", with_lead=False)

    response = signed_in(world.officer).get(url(world))

    html = response.content.decode()
    assert ticked(response) == ["Fenshire Police", "Health"]
    for who in (world.auditor, world.lead):
        assert who.name in html
        assert who.email in html
    assert f"Dear {world.auditor.name}," in html
    assert f"A return is due by {world.audit.return_by:%-d %B %Y}" in html
    assert "Nobody to write to" in html
    assert reverse("person-invite") in html
    assert reverse("agency-return-detail", args=[silent.pk]) in html
    assert not OutboxMessage.objects.exists()


def test_only_those_ticked_on_the_list_are_ticked_here(world: Collecting) -> None:
    health = join(world, "Health")

    response = signed_in(world.officer).get(url(world), {"agency": [str(health.pk), "nonsense"]})

    assert ticked(response) == ["Health"]
    assert "Dear Lead of Health," in response.content.decode()


def test_sending_says_to_how_many_and_for_whom(world: Collecting) -> None:
    health = join(world, "Health")
    join(world, "School")
    page = signed_in(world.officer).get(url(world))

    said = send(world, page, world.agency_return, health).content.decode()

    assert "A reminder goes to 3 people: Fenshire Police, Health." in said
    assert OutboxMessage.objects.count() == 3


def test_whoever_was_reminded_today_is_left_out_unless_ticked(world: Collecting) -> None:
    health = join(world, "Health")
    client = signed_in(world.officer)
    send(world, client.get(url(world)), health)

    again = client.get(url(world))

    assert ticked(again) == ["Fenshire Police"]
    html = again.content.decode()
    assert "Already reminded today" in html
    assert f"by {world.officer.name}" in html
    assert "A reminder goes to 1 person: Health." in send(world, again, health).content.decode()
    assert OutboxMessage.objects.count() == 2


def test_a_second_press_on_the_same_page_is_told_so(world: Collecting) -> None:
    page = signed_in(world.officer).get(url(world))
    send(world, page, world.agency_return)

    said = send(world, page, world.agency_return).content.decode()

    assert "Left out, because they were reminded a moment ago: Fenshire Police." in said
    assert OutboxMessage.objects.count() == 2


def test_reminded_yesterday_is_no_reason_to_hold_back(world: Collecting) -> None:
    import time_machine

    with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
        send(world, signed_in(world.officer).get(url(world)), world.agency_return)

    assert ticked(signed_in(world.officer).get(url(world))) == ["Fenshire Police"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Tick at least one agency."),
        ({"agency": "nobody"}, "One of these agencies no longer owes its return."),
        ({"agency": "own", "seen_at": "once"}, "Open this page again"),
        ({"agency": "own", "seen_at": "2026-11-22T10:00"}, "Open this page again"),
        ({"agency": "own", "seen_at": "0001-01-01T00:00:00+14:00"}, "Open this page again"),
        ({"agency": "own", "seen_at": "9999-12-31T23:59:59-14:00"}, "Open this page again"),
    ],
)
def test_what_cannot_be_sent_is_said(world: Collecting, typed: dict[str, str], words: str) -> None:
    sent = {"seen_at": timezone.now().isoformat()} | typed
    if sent.get("agency") == "own":
        sent["agency"] = str(world.agency_return.pk)

    response = signed_in(world.officer).post(url(world), sent)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not OutboxMessage.objects.exists()


def test_when_nobody_owes_it_says_so(world: Collecting) -> None:
    world.agency_return.stage = ReturnStage.NIL
    world.agency_return.save()

    for response in (
        signed_in(world.officer).get(url(world)),
        signed_in(world.officer).post(url(world), {"agency": "x"}),
    ):
        assert "Nobody owes a return" in response.content.decode()


def test_it_is_the_officers_alone(world: Collecting) -> None:
    for who in (world.lead, world.auditor, person(Role.CHAIR, world.partnership)):
        assert signed_in(who).get(url(world)).status_code == 403
    assert signed_in(collecting().officer).get(url(world)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_queries_for_more_agencies(
    rows: int, world: Collecting, django_assert_num_queries: Any
) -> None:
    for number in range(rows - 1):
        join(world, f"Agency {number}")
    client = signed_in(world.officer)

    with django_assert_num_queries(8):
        assert len(client.get(url(world)).context["preview"].reachable) == rows
