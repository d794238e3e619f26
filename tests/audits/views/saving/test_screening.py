"""Words that may say who somebody is."""

from typing import Any

import pytest
from django.urls import reverse

from audits.domain.screened_texts import flagged_in_return, return_passages
from audits.models import CaseReturn, Point, ReturnStage, ScreeningDecision
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, signed_in
from tests.audits.saving import basis, field, save
from tests.factories import QuestionFactory, returned_point

pytestmark = pytest.mark.django_db

NUMBER = "943 476 5919"  # the check digit holds; made up


def test_what_was_found_is_told_by_box_and_saved_all_the_same(world: Collecting) -> None:
    client = signed_in(world.auditor)
    text = f"Known as {NUMBER}."
    told = save(client, world.first, engagement_past=text, engagement_present="Visits.").json()
    assert told["screened"] == {
        "engagement_past": [
            {
                "rule": "nhs-number",
                "words": NUMBER,
                "why": told_why(told, "engagement_past"),
                "certain": True,
            }
        ],
        "engagement_present": [],
    }
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == text


def visits(world: Collecting) -> str:
    return field(QuestionFactory(toolkit=world.audit.toolkit, code="visits", kind="number"))


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("9434765919", [("nhs-number", "9434765919")]),
        ("07700900123", [("phone-number", "07700900123")]),
        ("4", []),
        ("12.5", []),
        ("2026", []),
        ("-3", []),
        ("1000000", []),
    ],
)
def test_a_number_is_looked_at_as_it_was_typed(
    world: Collecting, number: str, found: list[tuple[str, str]]
) -> None:
    name = visits(world)
    told = save(signed_in(world.auditor), world.first, **{name: number}).json()["screened"]
    assert [(hit["rule"], hit["words"]) for hit in told[name]] == found
    waiting = flagged_in_return(world.agency_return, return_passages(world.agency_return))
    assert [(each.hit.rule, each.hit.text) for each in waiting] == found
    assert {each.place.box for each in waiting} <= {f"id_{name}"}


def test_what_a_number_is_can_be_said_beside_it(world: Collecting) -> None:
    name, client = visits(world), signed_in(world.auditor)
    save(client, world.first, **{name: "07700900123"})
    assert confirm(client, world, words="07700900123")
    assert flagged_in_return(world.agency_return, return_passages(world.agency_return)) == []


def told_why(told: Any, name: str) -> str:
    why: str = told["screened"][name][0]["why"]
    assert "NHS number" in why
    return why


PHONE = "07700 900123"
SAYS_WORD = {"rule": "phone-number", "words": PHONE, "why": "word"}


def confirm(client: Any, world: Collecting, **said: str) -> Any:
    address = reverse("return-screening-confirm", args=[world.agency_return.pk])
    return client.post(address, {**SAYS_WORD, **said}).json()["kept"]


def test_what_somebody_confirmed_is_not_told_again(world: Collecting) -> None:
    client = signed_in(world.auditor)
    save(client, world.first, engagement_past=f"See {PHONE}.")
    assert confirm(client, world)

    marks = basis(world.first, world.auditor)
    told = save(client, world.first, basis=marks, engagement_past=f"Ring {PHONE}.").json()
    assert told["screened"] == {"engagement_past": []}
    decision = ScreeningDecision.objects.get()
    assert (decision.by, decision.why, decision.agency_return) == (
        world.auditor,
        "word",
        world.agency_return,
    )


@pytest.mark.parametrize(
    "said",
    [
        {"rule": "", "words": "", "why": ""},
        {"rule": "no-rule"},
        {"why": "because"},
        {"why": "other"},
        {"words": "07700 900124"},
        {"rule": "nhs-number", "words": NUMBER},
    ],
    ids=["nothing", "no rule", "no reason", "other, without which", "not there", "certain"],
)
def test_what_is_not_there_or_is_certain_is_not_confirmed_in_passing(
    world: Collecting, said: dict[str, str]
) -> None:
    client = signed_in(world.auditor)
    save(client, world.first, engagement_past=f"See {PHONE} and {NUMBER}.")
    assert not confirm(client, world, **said)
    assert not ScreeningDecision.objects.exists()


def test_nor_is_anything_in_a_return_that_is_in(world: Collecting) -> None:
    client = signed_in(world.auditor)
    save(client, world.first, engagement_past=f"See {PHONE}.")
    world.agency_return.stage = ReturnStage.SIGNED_OFF
    world.agency_return.save()
    assert not confirm(client, world)
    assert not ScreeningDecision.objects.exists()


def test_nothing_is_lost_where_screening_cannot_run(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "nhs-number", None)
    answer = save(signed_in(world.auditor), world.first, engagement_past="Two visits.")
    assert (answer.status_code, answer.json()["screened"]) == (200, None)
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Two visits."


def test_the_summative_report_is_screened_too(world: Collecting) -> None:
    address = reverse("summative-save", args=[world.agency_return.pk])
    told = signed_in(world.lead).post(address, {"overview": f"See {NUMBER}."}).json()
    assert [hit["words"] for hit in told["screened"]["overview"]] == [NUMBER]


def test_more_than_can_be_looked_through_at_once_is_saved_and_the_page_says_so(
    world: Collecting,
) -> None:
    points = [returned_point(world.first, "Seen.") for _ in range(6)]
    text = "Visited. " * 2000
    sent = {f"point_{each.pk}": text for each in points}
    marks = basis(world.first, world.auditor)
    answer = save(signed_in(world.auditor), world.first, basis=marks, **sent)
    assert (answer.status_code, answer.json()["screened"]) == (200, None)
    assert set(Point.objects.values_list("text", flat=True)) == {text.strip()}
