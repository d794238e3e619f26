"""The days by which a partnership chases, told in words, and its advice when a child is at risk."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Activity, Partnership, User
from agencies.reading.chase_days import days_of, steps
from agencies.roles import Role
from tests.factories import AgencyFactory, PartnershipFactory, person

pytestmark = pytest.mark.django_db

URL = "/partnership/settings/"


@pytest.fixture
def partnership() -> Partnership:
    row: Partnership = PartnershipFactory()
    return row


def signed_in(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes: str) -> dict[str, str]:
    return {
        "remind_days_before": "3",
        "tell_lead_days_after": "1",
        "tell_chair_days_after": "10",
        "immediate_risk_advice": "Ring the front door on 01 555.",
        "keep_identities_months": "8",
        "small_numbers_below": "5",
    } | changes


def whens(partnership: Partnership, **values: str) -> list[tuple[str, str]]:
    return [(step.when, step.who) for step in steps(days_of(partnership, values))]


def test_the_days_are_told_in_order(partnership: Partnership) -> None:
    assert whens(partnership) == [
        ("5 days before", "Whoever owes something"),
        ("The day itself", "Whoever owes something"),
        ("Each working day after", "Whoever owes something"),
        ("2 days after", "The agency’s lead"),
        ("7 days after", "The chair"),
    ]


def test_as_somebody_types_them(partnership: Partnership) -> None:
    told = whens(partnership, remind_days_before="1", tell_lead_days_after="1")
    assert (told[0][0], told[3][0], told[4][0]) == ("1 day before", "1 day after", "7 days after")
    assert whens(partnership, remind_days_before="0")[0][0] == "The day itself"


@pytest.mark.parametrize("value", ["", "soon", "-1", "4.5", "99999", "²"])
def test_what_is_no_number_of_days_is_left_as_it_is(partnership: Partnership, value: str) -> None:
    assert whens(partnership, remind_days_before=value)[0][0] == "5 days before"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMIN])
def test_the_officer_and_the_administrator_set_them(partnership: Partnership, role: Role) -> None:
    user = person(role, partnership)
    client = signed_in(user)
    assert URL in client.get(reverse("agency-list")).content.decode()

    response = client.post(URL, typed(), follow=True)

    assert "Saved. The next mail goes by these days." in response.content.decode()
    partnership.refresh_from_db()
    assert partnership.remind_days_before == 3
    assert partnership.small_numbers_below == 5
    assert (partnership.tell_lead_days_after, partnership.tell_chair_days_after) == (1, 10)
    assert partnership.immediate_risk_advice == "Ring the front door on 01 555."
    assert partnership.keep_identities_months == 8
    done = Activity.objects.get()
    assert (done.verb, done.by) == ("changed the partnership’s settings", user)


def test_nobody_else(partnership: Partnership) -> None:
    agency = AgencyFactory(partnership=partnership)
    for user in (
        person(Role.LEAD, agency),
        person(Role.CHAIR, partnership),
        person(Role.MEMBER, partnership),
        person(Role.BOARD, partnership),
    ):
        client = signed_in(user)
        assert (client.get(URL).status_code, client.post(URL, typed()).status_code) == (403, 403)
    assert Partnership.objects.get(pk=partnership.pk).remind_days_before == 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"remind_days_before": ""}, "Give a number of days."),
        ({"remind_days_before": "61"}, "Enter 60 or less"),
        ({"tell_lead_days_after": "0"}, "Enter 1 or more"),
        ({"tell_chair_days_after": "x"}, "Give a whole number of days"),
        ({"tell_lead_days_after": "9", "tell_chair_days_after": "8"}, "Tell the lead first"),
        ({"immediate_risk_advice": " "}, "Say what to do at once"),
        ({"keep_identities_months": "0"}, "Enter 1 or more"),
        ({"small_numbers_below": "2"}, "Enter 3 or more"),
        ({"small_numbers_below": "51"}, "Enter 50 or less"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    partnership: Partnership, changes: dict[str, str], words: str
) -> None:
    client = signed_in(person(Role.OFFICER, partnership))

    html = client.post(URL, typed(remind_days_before="4") | changes).content.decode()

    assert words in html
    if "remind_days_before" not in changes:
        assert "4 days before" in html
        assert 'value="4"' in html
    assert not Activity.objects.exists()


def test_the_words_beside_the_form_follow_what_is_typed(partnership: Partnership) -> None:
    client = signed_in(person(Role.OFFICER, partnership))

    html = client.get(URL, {"remind_days_before": "12"}).content.decode()

    assert "12 days before" in html
    assert 'value="5"' in html
