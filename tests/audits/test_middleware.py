"""After a form was saved its writer hears what kinds of thing were found in it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from agencies.forms import typed
from agencies.models import User
from agencies.roles import Role
from audits.domain.places import Place
from audits.domain.screened import Scope, decide
from audits.forms.audit import AuditForm
from audits.models import ScreeningDecision, Section, Stage, TimeRequest
from audits.screening.hits import Hit, Passage
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.factories import AgencyFactory, QuestionFactory, person

pytestmark = pytest.mark.django_db

NUMBER = "943 476 5919"  # the check digit holds; made up
FOUND = "What you saved may say who somebody is. Found in it: an NHS number. Reword it if so."


@pytest.fixture
def world() -> Collecting:
    return collecting()


def ask_for_time(world: Collecting, reason: str) -> Any:
    address = reverse("time-request-create", args=[world.agency_return.pk])
    return signed_in(world.lead).post(address, {"days": "5", "reason": reason})


def told(answer: Any) -> list[str]:
    return [str(each) for each in get_messages(answer.wsgi_request)]


def test_it_names_kinds_and_never_the_words_and_the_form_is_saved(world: Collecting) -> None:
    answer = ask_for_time(world, f"We wait for {NUMBER}.")
    assert TimeRequest.objects.get().reason == f"We wait for {NUMBER}."
    (said,) = [each for each in told(answer) if "may say who" in each]
    assert said.startswith(FOUND)
    assert NUMBER not in said


def test_it_leads_to_the_words_where_they_are_listed(world: Collecting) -> None:
    page = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    answer = signed_in(world.auditor).post(page, {"engagement_past": f"See {NUMBER}."})
    (said,) = [each for each in told(answer) if "may say who" in each]
    words = reverse("return-screening", args=[world.agency_return.pk])
    assert words in said
    assert not [each for each in told(ask_for_time(world, NUMBER)) if words in each]


@pytest.mark.parametrize(
    ("number", "found"),
    [("9434765919", "an NHS number"), ("07700900123", "a telephone number"), ("12.5", "")],
)
def test_numbers_are_looked_through_as_well(world: Collecting, number: str, found: str) -> None:
    question = QuestionFactory(toolkit=world.audit.toolkit, kind="number")
    page = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    answer = signed_in(world.auditor).post(page, {f"answer_{question.code}": number})
    said = [each for each in told(answer) if "may say who" in each]
    assert bool(said) is bool(found)
    assert not found or found in said[0]


@pytest.mark.parametrize("route", ["theme-create", "learning-theme-create"])
def test_the_names_of_themes_are_looked_through(world: Collecting, route: str) -> None:
    officer = signed_in(person(Role.OFFICER, world.partnership))
    answer = officer.post(reverse(route), {"name": f"Neglect {NUMBER}"})
    assert answer.status_code == 302
    assert FOUND in told(answer)


def test_so_are_the_title_and_the_code_of_an_audit() -> None:
    with typed.collecting() as texts:
        for name in ("title", "code"):
            AuditForm.base_fields[name].clean(f"{name} {NUMBER}")
    assert texts == [f"title {NUMBER}", f"code {NUMBER}"]


def test_nothing_is_said_of_words_that_say_nothing(world: Collecting) -> None:
    assert not [each for each in told(ask_for_time(world, "We wait for a file.")) if "who" in each]


def test_nor_of_what_was_decided_in_that_return(world: Collecting) -> None:
    scope = Scope.of_return(world.agency_return)
    why = ScreeningDecision.Why.WORD
    decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=why)
    assert not [each for each in told(ask_for_time(world, NUMBER)) if "may say who" in each]


def test_words_that_no_document_prints_have_no_page_to_lead_to(world: Collecting) -> None:
    world.audit.stage = Stage.NOMINATING
    world.audit.save()
    address = reverse("nomination-create", args=[world.audit.pk])
    answer = signed_in(world.lead).post(address, {"reason": f"See {NUMBER}."})
    assert answer.status_code == 302
    assert FOUND in told(answer)


class TestWordsOfTheAuditItself:
    @pytest.fixture
    def officer(self, world: Collecting) -> User:
        world.audit.stage = Stage.DRAFTING
        world.audit.save()
        return person(Role.OFFICER, world.partnership)

    def leads_in(self, world: Collecting, writer: User, text: str) -> list[str]:
        address = reverse("lead-in-create", args=[world.audit.pk])
        sent = {"place": str(Place(Section.FINDINGS)), "text": text, "revision": 0}
        answer = signed_in(writer).post(address, sent)
        assert answer.status_code == 302
        return [each for each in told(answer) if "may say who" in each]

    def test_it_leads_whoever_drafts_to_what_the_documents_print(
        self, world: Collecting, officer: User
    ) -> None:
        (said,) = self.leads_in(world, officer, f"Calls from {NUMBER}")
        assert reverse("audit-screening", args=[world.audit.pk]) in said

    def test_the_names_of_organisations_are_no_alarm(
        self, world: Collecting, officer: User
    ) -> None:
        agency = AgencyFactory(partnership=world.partnership, name="Tegwen Baker Trust")
        assert self.leads_in(world, officer, f"Calls to {agency.name} went unanswered") == []

    def test_nor_is_what_was_decided_for_the_documents(
        self, world: Collecting, officer: User
    ) -> None:
        scope = Scope.of_audit(world.audit)
        why = ScreeningDecision.Why.WORD
        decide(scope, by=officer, rule="nhs-number", words=NUMBER, why=why)
        assert self.leads_in(world, officer, f"Calls from {NUMBER}") == []

    def test_that_something_was_decided_is_told_to_nobody_who_does_not_draft(
        self, world: Collecting
    ) -> None:
        world.audit.stage = Stage.NOMINATING
        world.audit.save()
        officer = person(Role.OFFICER, world.partnership)
        why = ScreeningDecision.Why.WORD
        decide(Scope.of_audit(world.audit), by=officer, rule="nhs-number", words=NUMBER, why=why)
        address = reverse("nomination-create", args=[world.audit.pk])
        answer = signed_in(world.lead).post(address, {"reason": f"See {NUMBER}."})
        assert FOUND in told(answer)


def test_where_it_cannot_run_the_form_is_saved_and_it_says_so(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "nhs-number", None)
    answer = ask_for_time(world, "We wait for a file.")
    assert TimeRequest.objects.count() == 1
    assert any("could not be looked for" in each for each in told(answer))


def test_what_is_too_long_to_look_through_is_saved_and_it_says_so(world: Collecting) -> None:
    page = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    text = "Visited. " * 2000
    boxes = ("engagement_past", "engagement_present", "grade_reason", "not_known_reason")
    line = "entry_{}_words".format
    entries = {line(uuid4()): f"{number}. {text}" for number in range(2)}
    sent = {name: f"{name}: {text}" for name in boxes}
    answer = signed_in(world.auditor).post(page, {**sent, **entries})
    assert answer.status_code == 302
    assert any("too long to look for names in" in each for each in told(answer))


def test_each_text_is_looked_through_once(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    rule = RULES["nhs-number"]

    def counted(passage: Passage) -> Iterator[Hit]:
        seen.append(passage.text)
        yield from rule(passage)

    monkeypatch.setitem(RULES, "nhs-number", counted)
    ask_for_time(world, f"We wait for {NUMBER}.")
    assert seen == [f"We wait for {NUMBER}."]


def test_the_names_of_the_partnerships_own_are_no_alarm(world: Collecting) -> None:
    agency = AgencyFactory(partnership=world.partnership, name="Tegwen Baker Trust")
    assert not [each for each in told(ask_for_time(world, f"{agency} asked.")) if "who" in each]
    TimeRequest.objects.all().delete()  # one waits at a time
    (said,) = [
        each for each in told(ask_for_time(world, f"{agency} asked Tegwen.")) if "may say" in each
    ]
    assert "a name" in said
