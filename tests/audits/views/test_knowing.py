from typing import Any

import pytest
from django.urls import reverse

from audits.domain.case_returns import finish
from audits.domain.cases import withdraw_case
from audits.models import AgencyReturn, CaseReturn, ReturnStage
from tests.audits.collecting import Collecting, answered, collecting, signed_in

pytestmark = pytest.mark.django_db

AS_JSON = {"accept": "application/json"}


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=3)


def url(world: Collecting) -> str:
    return reverse("agency-return-known", args=[world.agency_return.pk])


def known() -> list[str]:
    return list(CaseReturn.objects.order_by("case__number").values_list("known", flat=True))


def test_all_cases_are_answered_at_once_without_a_script(world: Collecting) -> None:
    client = signed_in(world.auditor)
    typed = {"known_1": "child", "known_2": "no", "known_3": "unsure", "how_checked": "Searched."}

    response = client.post(url(world), {**typed, "do": "save"})

    assert response.url == url(world)
    assert known() == ["child", "no", "unsure"]
    html = client.get(url(world)).content.decode()
    assert "<strong" in html
    assert '<span data-maca-tally="answered">3</span> of 3' in html
    assert "Every case has an answer" in html


def test_one_answer_is_saved_by_itself(world: Collecting) -> None:
    client = signed_in(world.auditor)

    said = client.post(url(world), {"known_2": "carer", "seen_2": ""}, headers=AS_JSON).json()

    assert known() == ["", "carer", ""]
    assert said["rows"][1] == {
        "number": 2,
        "known": "carer",
        "state": "",
        "meanwhile": False,
    }
    assert said["tally"] == {
        "total": 3,
        "answered": 1,
        "known": 1,
        "not_known": 0,
        "unsure": 0,
        "left": 2,
        "waiting": 0,
    }
    assert (said["done"], said["session_ends_in"] >= 0) == (False, True)
    case = reverse("case-return-edit", args=[world.agency_return.pk, world.case_returns[1].pk])
    assert (said["onward"]["url"], said["onward"]["label"]) == (case, "Go on with Case 2")


def test_a_colleagues_answer_stands_and_is_told(world: Collecting) -> None:
    signed_in(world.lead).post(url(world), {"known_1": "sibling", "seen_1": ""})
    client = signed_in(world.auditor)

    said = client.post(url(world), {"known_1": "no", "seen_1": ""}, headers=AS_JSON).json()
    told = client.post(url(world), {"known_1": "no", "seen_1": ""}, follow=True)

    assert (said["rows"][0]["known"], said["rows"][0]["meanwhile"]) == ("sibling", True)
    assert "Case 1: somebody else answered meanwhile." in told.content.decode()
    assert known()[0] == "sibling"


def test_an_answer_is_taken_away_again(world: Collecting) -> None:
    client = signed_in(world.auditor)
    client.post(url(world), {"known_1": "child", "seen_1": ""})

    client.post(url(world), {"known_1": "", "seen_1": "child"})

    assert known()[0] == ""


def test_the_rest_is_not_known_only_with_how_it_was_checked_and_can_be_undone(
    world: Collecting,
) -> None:
    client = signed_in(world.auditor)

    refused = client.post(url(world), {"do": "rest", "known_1": "child", "seen_1": ""})
    assert "Say how you checked." in refused.content.decode()
    assert known() == ["", "", ""]

    client.post(
        url(world), {"do": "rest", "known_1": "child", "seen_1": "", "how_checked": "Searched."}
    )
    assert known() == ["child", "no", "no"]
    assert set(CaseReturn.objects.exclude(known="child").values_list("stage", flat=True)) == {
        "not_known"
    }
    assert "2 cases put down as not known." in client.get(url(world)).content.decode()

    client.post(url(world), {"do": "undo"})
    assert known() == ["child", "", ""]
    assert "put down as not known" not in client.get(url(world)).content.decode()


def test_a_finished_case_is_shown_and_not_asked(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)
    client = signed_in(world.auditor)

    html = client.get(url(world)).content.decode()
    client.post(url(world), {"known_1": "no", "seen_1": "child", "how_checked": "Searched."})

    assert "Audit complete" in html
    assert known()[0] == "child"


@pytest.mark.parametrize("value", ["perhaps", "no'--"])
def test_what_is_no_answer_is_refused(world: Collecting, value: str) -> None:
    response = signed_in(world.auditor).post(url(world), {"known_1": value, "seen_1": ""})

    assert response.status_code == 200
    assert known()[0] == ""


def test_a_return_that_was_handed_in_meanwhile(world: Collecting) -> None:
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    client = signed_in(world.auditor)
    typed = {"known_1": "child", "seen_1": ""}

    assert client.post(url(world), typed, headers=AS_JSON).status_code == 423
    assert "Nothing was saved" in client.post(url(world), typed).content.decode()
    assert "The return is handed in" in client.get(url(world)).content.decode()
    assert known()[0] == ""


def test_words_of_one_person_are_not_saved_as_anothers(world: Collecting) -> None:
    typed = {"known_1": "child", "seen_1": "", "writer": str(world.lead.pk)}

    response = signed_in(world.auditor).post(url(world), typed, headers=AS_JSON)

    assert (response.status_code, known()[0]) == (403, "")


def test_the_agencys_page_leads_here_first(world: Collecting) -> None:
    client = signed_in(world.auditor)
    page = reverse("agency-return-detail", args=[world.agency_return.pk])

    before = client.get(page).content.decode()
    client.post(url(world), {"known_1": "child", "known_2": "child", "known_3": "unsure"})
    after = client.get(page).content.decode()

    assert f'<a class="govuk-button" href="{url(world)}">Say which cases you know</a>' in before
    assert "0 of 3 answered" in before
    assert "Say which cases you know" not in after


@pytest.mark.parametrize("cases", [3, 40])
def test_the_page_takes_as_many_queries_for_forty_cases_as_for_three(
    cases: int, django_assert_num_queries: Any
) -> None:
    world = collecting(cases=cases)
    client = signed_in(world.auditor)

    with django_assert_num_queries(5):
        assert client.get(url(world)).status_code == 200


def test_what_cannot_be_read_is_told_to_the_script_as_such(world: Collecting) -> None:
    """A page in answer, and with 200, had left the script waiting for ever."""
    answer = signed_in(world.auditor).post(
        url(world), {"known_1": "perhaps", "seen_1": ""}, headers=AS_JSON
    )

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["known_1"]
    assert known() == ["", "", ""]


def test_a_case_withdrawn_meanwhile_is_not_among_the_rows_that_come_back(
    world: Collecting,
) -> None:
    withdraw_case(case=world.first.case, by=world.officer, reason="Chosen twice.")

    said = signed_in(world.auditor).post(
        url(world), {"known_1": "child", "seen_1": ""}, headers=AS_JSON
    )

    assert [row["number"] for row in said.json()["rows"]] == [2, 3]
    assert known() == ["", "", ""]
