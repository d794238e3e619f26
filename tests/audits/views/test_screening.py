"""The page on which a return's words are cleared, line by line."""

from typing import Any

import pytest
from django.urls import reverse

from audits.models import ScreeningDecision
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, collecting, signed_in

pytestmark = pytest.mark.django_db

NUMBER = "943 476 5919"  # the check digit holds; made up
MARKED = f"<mark>{NUMBER}</mark>"


@pytest.fixture
def world() -> Collecting:
    world = collecting(cases=2)
    for row in world.case_returns:
        row.engagement_past = f"Known as {NUMBER} <b>here</b>."
        row.save()
    return world


def address(world: Collecting) -> str:
    return reverse("return-screening", args=[world.agency_return.pk])


def why_field(client: Any, world: Collecting) -> str:
    (line,) = client.get(address(world)).context["form"].lines
    return f"why_{line.key}"


def test_the_same_words_are_one_line_with_a_link_to_each_place(world: Collecting) -> None:
    html = signed_in(world.lead).get(address(world)).content.decode()
    assert html.count(MARKED) == 2
    for row in world.case_returns:
        page = reverse("case-return-edit", args=[row.agency_return_id, row.pk])
        assert f'href="{page}#id_engagement_past"' in html
    assert "&lt;b&gt;here" in html
    assert "1</strong> thing is undecided" in html


def test_a_line_is_cleared_by_a_named_person_with_a_reason(world: Collecting) -> None:
    client = signed_in(world.lead)
    html = client.post(address(world), {why_field(client, world): "word"}, follow=True)
    assert "1 line cleared. Nothing is left to decide." in html.content.decode()
    decision = ScreeningDecision.objects.get()
    assert (decision.by, decision.why, decision.rule) == (world.lead, "word", "nhs-number")
    assert f"{world.lead.name}, " in html.content.decode()


def test_something_else_has_to_be_said_and_not_with_the_words(world: Collecting) -> None:
    client = signed_in(world.lead)
    why = why_field(client, world)
    reason = why.replace("why_", "reason_")
    for typed, complaint in (
        ("", f"Say what “{NUMBER}” is."),
        (f"The number {NUMBER}", "Say what it is without these words"),
    ):
        html = client.post(address(world), {why: "other", reason: typed}).content.decode()
        assert complaint in html
    assert not ScreeningDecision.objects.exists()
    client.post(address(world), {why: "other", reason: "The number of a form"})
    assert ScreeningDecision.objects.get().reason == "The number of a form"


def test_nothing_chosen_changes_nothing(world: Collecting) -> None:
    html = signed_in(world.lead).post(address(world), {}, follow=True).content.decode()
    assert "Nothing was chosen" in html
    assert not ScreeningDecision.objects.exists()


def test_where_screening_cannot_run_the_page_says_what_to_do(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "nhs-number", None)
    answer = signed_in(world.lead).get(address(world))
    assert answer.status_code == 503
    assert "tell whoever runs the application" in answer.content.decode()


def test_the_sign_off_leads_here(world: Collecting) -> None:
    step = reverse("agency-return-transition", args=[world.agency_return.pk, "sign-off"])
    assert f'href="{address(world)}"' in signed_in(world.lead).get(step).content.decode()
