"""The page on which a return's words are cleared, line by line."""

from typing import Any

import pytest
from django.urls import reverse

from agencies.domain.refusal import RefusedError
from audits.domain import amount
from audits.domain.clearing import Clearing, clear
from audits.domain.screened import Scope
from audits.models import AgencyReturn, CaseReturn, ReturnStage, ScreeningDecision
from audits.reading import screening as reading
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, collecting, signed_in

pytestmark = pytest.mark.django_db

NUMBER = "07700 900123"
CERTAIN = "943 476 5919"  # the check digit holds; made up
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
    assert (decision.by, decision.why, decision.rule) == (world.lead, "word", "phone-number")
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


class TestWhatIsCertain:
    """A number whose check digit is right is no place and no ordinary word."""

    @pytest.fixture(autouse=True)
    def _written(self, world: Collecting) -> None:
        CaseReturn.objects.update(engagement_past=f"See {CERTAIN}.")

    def test_is_reworded_by_an_auditor_who_is_told_whom_to_ask(self, world: Collecting) -> None:
        client = signed_in(world.auditor)
        answer = client.get(address(world))
        ((line, why, reason),) = answer.context["form"].rows()
        assert (line.words, why, reason) == (CERTAIN, None, None)
        assert "ask the agency’s lead or the officer" in answer.content.decode()
        said = {f"why_{line.key}": "other", f"reason_{line.key}": "The number of a form"}
        client.post(address(world), said)
        assert not ScreeningDecision.objects.exists()

    @pytest.mark.parametrize("why", ["place", "professional", "word"])
    def test_is_nothing_of_the_list_to_the_lead_either(self, world: Collecting, why: str) -> None:
        client = signed_in(world.lead)
        answer = client.post(address(world), {why_field(client, world): why})
        assert answer.status_code == 200
        assert not ScreeningDecision.objects.exists()

    @pytest.mark.parametrize("who", ["lead", "officer"])
    def test_is_cleared_by_who_answers_for_it_in_words_of_their_own(
        self, world: Collecting, who: str
    ) -> None:
        client = signed_in(getattr(world, who))
        why = why_field(client, world)
        reason = why.replace("why_", "reason_")
        client.post(address(world), {why: "other", reason: ""})
        assert not ScreeningDecision.objects.exists()
        client.post(address(world), {why: "other", reason: "The number of a form"})
        decision = ScreeningDecision.objects.get()
        assert (decision.by, decision.reason) == (getattr(world, who), "The number of a form")

    def test_is_refused_by_the_domain_too(self, world: Collecting) -> None:
        said = Clearing("nhs-number", CERTAIN, ScreeningDecision.Why.WORD)
        with pytest.raises(RefusedError):
            clear(Scope.of_return(world.agency_return), [said], by=world.officer)


def test_nothing_is_decided_in_a_return_that_is_in(world: Collecting) -> None:
    client = signed_in(world.lead)
    why = why_field(client, world)
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    html = client.post(address(world), {why: "word"}, follow=True).content.decode()
    assert "Nothing was decided" in html
    assert "Nothing more is decided here" in html
    assert not ScreeningDecision.objects.exists()


def reason_typed(client: Any, world: Collecting) -> dict[str, str]:
    why = why_field(client, world)
    return {why: "other", why.replace("why_", "reason_"): "A <form>"}


def test_reasons_typed_while_it_was_handed_in_come_back(world: Collecting) -> None:
    client = signed_in(world.lead)
    sent = reason_typed(client, world)
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    html = client.post(address(world), sent).content.decode()
    assert "Nothing was decided" in html
    assert "What you wrote was not saved" in html
    assert ">A &lt;form&gt;</blockquote>" in html
    assert not ScreeningDecision.objects.exists()
    assert "What you wrote" not in client.get(address(world)).content.decode()


def test_reasons_typed_while_screening_cannot_run_come_back(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world.lead)
    sent = reason_typed(client, world)
    monkeypatch.setitem(RULES, "nhs-number", None)
    answer = client.post(address(world), sent)
    assert answer.status_code == 503
    assert ">A &lt;form&gt;</blockquote>" in answer.content.decode()


def test_a_reason_that_is_asked_for_again_stands_in_its_box_alone(world: Collecting) -> None:
    client = signed_in(world.lead)
    sent = reason_typed(client, world)
    wrong = {name: words.replace("A", NUMBER) for name, words in sent.items()}
    html = client.post(address(world), wrong).content.decode()
    assert "Say what it is without these words" in html
    assert "What you wrote was not saved" not in html


def test_each_page_of_an_open_return_leads_here(world: Collecting) -> None:
    pages = {
        reverse("agency-return-detail", args=[world.agency_return.pk]): world.auditor,
        reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk]): world.auditor,
        reverse("summative-edit", args=[world.agency_return.pk]): world.lead,
    }
    for page, user in pages.items():
        assert f'href="{address(world)}"' in signed_in(user).get(page).content.decode(), page


def test_nobody_is_led_here_from_a_return_that_is_in(world: Collecting) -> None:
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    page = reverse("agency-return-detail", args=[world.agency_return.pk])
    assert f'href="{address(world)}"' not in signed_in(world.lead).get(page).content.decode()


class TestALongPage:
    """However much is found, a page of it stays short."""

    @pytest.fixture(autouse=True)
    def _short(self, world: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "PAGE_LENGTH", 2)
        monkeypatch.setattr(reading, "SPOTS", 3)
        numbers = " and ".join(f"07700 90012{each}" for each in range(5))
        CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past=numbers)
        rest = CaseReturn.objects.exclude(pk=world.first.pk)
        rest.update(engagement_past=" and ".join(["07700 900120"] * 6))

    def test_lists_so_many_lines_and_leads_to_the_rest(self, world: Collecting) -> None:
        client = signed_in(world.lead)
        html = client.get(address(world)).content.decode()
        assert "5</strong> things are undecided" in html
        assert "Page 1 of 3" in html
        assert [line.words for line in client.get(address(world)).context["shown"]] == [
            "07700 900120",
            "07700 900121",
        ]
        last = client.get(address(world), {"page": "3"})
        assert [line.words for line in last.context["shown"]] == ["07700 900124"]

    def test_shows_some_of_the_places_and_says_how_many_more(self, world: Collecting) -> None:
        html = signed_in(world.lead).get(address(world)).content.decode()
        assert html.count("<mark>07700 900120</mark>") == 3
        assert "And 4 more places" in html

    def test_decides_on_any_page_and_stays_there(self, world: Collecting) -> None:
        client = signed_in(world.lead)
        second = f"{address(world)}?page=2"
        line = client.get(second).context["form"].lines[0]
        answer = client.post(second, {f"why_{line.key}": "word"}, follow=True)
        assert answer.redirect_chain == [(second, 302)]
        assert "1 line cleared. 4 to go." in answer.content.decode()

    def test_loses_nothing_that_was_chosen_while_somebody_else_decided(
        self, world: Collecting
    ) -> None:
        client = signed_in(world.lead)
        first, *_ = client.get(address(world)).context["form"].lines
        later = client.get(address(world), {"page": "2"}).context["form"].lines[0]
        signed_in(world.auditor).post(address(world), {f"why_{first.key}": "word"})
        client.post(f"{address(world)}?page=3", {f"why_{later.key}": "place"})
        assert ScreeningDecision.objects.count() == 2


def test_a_return_too_long_to_look_through_says_where_it_is_longest(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amount, "MOST", 50)
    answer = signed_in(world.lead).get(address(world))
    html = answer.content.decode()
    assert "no more than 50 can be looked through" in html
    assert "Case 1, past engagement: " in html
    assert "Nothing is left to decide" not in html
    step = reverse("agency-return-transition", args=[world.agency_return.pk, "sign-off"])
    assert "no more than 50 can be" in signed_in(world.lead).get(step).content.decode()
