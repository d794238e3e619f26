from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import ContributorRequest
from tests.audits.collecting import Collecting, collecting, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(
        cases=2, contributor_noun="GP practice", contributor_noun_plural="GP practices"
    )


def url(world: Collecting, name: str = "contributor-request-list") -> str:
    return reverse(name, args=[world.agency_return.pk])


def ask(client: Client, world: Collecting, names: str) -> str:
    typed = {
        "new_names": names,
        "cases": [str(each.pk) for each in world.case_returns],
        "asked_on": "1/5/2026",
    }
    return client.post(url(world, "contributor-request-create"), typed).content.decode()


def test_a_pasted_list_is_asked_about_every_case_ticked(world: Collecting) -> None:
    client = signed_in(world.lead)

    ask(client, world, "• Mill Lane\n• The Green\n• Mill Lane")

    assert ContributorRequest.objects.count() == 4
    html = client.get(url(world)).content.decode()
    assert "GP practices replied" in html


def test_nobody_named_is_told_beside_the_field(world: Collecting) -> None:
    html = ask(signed_in(world.lead), world, "")

    assert "Tick or name at least one." in html
    assert ContributorRequest.objects.count() == 0


def test_replies_are_recorded_in_bulk(world: Collecting) -> None:
    client = signed_in(world.lead)
    ask(client, world, "Mill Lane")
    ids = [str(each.pk) for each in ContributorRequest.objects.all()]

    client.post(
        url(world), {"requests": ids, "stage": "replied", "answered_on": timezone.localdate()}
    )

    assert list(ContributorRequest.objects.values_list("stage", flat=True)) == ["replied"] * 2
    assert (
        "1 of 1 GP practice replied"
        in client.get(
            reverse("agency-return-detail", args=[world.agency_return.pk])
        ).content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"stage": "replied", "answered_on": ""}, "Give the date of the answer."),
        ({"stage": "declined", "answered_on": "2026-06-01"}, "Say why they declined."),
        (
            {"stage": "replied", "answered_on": "2026-04-01"},
            "The answer cannot come before the request.",
        ),
        ({"answered_on": "2026-06-01"}, "Choose what came of them."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_recorded(
    world: Collecting, typed: dict[str, str], told: str
) -> None:
    client = signed_in(world.lead)
    ask(client, world, "Mill Lane")
    ids = [str(each.pk) for each in ContributorRequest.objects.all()]

    html = client.post(url(world), {"requests": ids, **typed}).content.decode()

    assert told in html
    assert html.count("checked") >= 2
    assert set(ContributorRequest.objects.values_list("stage", flat=True)) == {"asked"}


def test_no_request_ticked_is_told(world: Collecting) -> None:
    client = signed_in(world.lead)
    ask(client, world, "Mill Lane")

    html = client.post(url(world), {"stage": "opened"}).content.decode()

    assert "Tick the requests to record first." in html


def test_requests_of_another_agency_cannot_be_recorded(world: Collecting) -> None:
    other = collecting(contributor_noun="School")
    ask(signed_in(other.lead), other, "Hill School")
    theirs = ContributorRequest.objects.get()

    client = signed_in(world.lead)
    ask(client, world, "Mill Lane")
    client.post(url(world), {"requests": [str(theirs.pk)], "stage": "opened"})

    theirs.refresh_from_db()
    assert theirs.stage == "asked"


def test_the_page_is_there_for_agencies_that_co_ordinate_others_alone() -> None:
    plain = collecting()

    assert signed_in(plain.lead).get(url(plain)).status_code == 404


def test_an_auditor_reads_and_does_not_write(world: Collecting) -> None:
    client = signed_in(world.auditor)

    assert client.get(url(world)).status_code == 200
    assert client.post(url(world), {}).status_code == 403
    assert client.get(url(world, "contributor-request-create")).status_code == 403
    assert signed_in(collecting().lead).get(url(world)).status_code == 404


def test_the_first_date_offered_is_today(world: Collecting) -> None:
    html = signed_in(world.lead).get(url(world, "contributor-request-create")).content.decode()

    assert f'value="{timezone.localdate():%Y-%m-%d}"' in html
    assert f'value="{timezone.localdate() - timedelta(days=1):%Y-%m-%d}"' not in html
