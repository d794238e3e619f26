"""What is written into a correction while what it is about closes, or goes."""

import json
import re
from typing import Any

import pytest

from audits.domain import corrections
from audits.domain.removal import remove_point
from audits.domain.transitions import transition
from audits.models import AgencyReturn, Correction, EngagementEntry, Point, RestorativeAction
from audits.views.closed import COPY_IT
from audits.views.correction import WENT_MEANWHILE
from tests.audits.collecting import Collecting, signed_in
from tests.audits.views.test_correction import NUMBER, case_page, report_page, say, signed, typed
from tests.factories import QuestionFactory, unsigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return signed()


def test_whoever_writes_while_it_closes_keeps_every_word(world: Collecting) -> None:
    client = signed_in(world.lead)
    boxes = {case_page(world): "grade_reason", report_page(world): "overview"}
    pages = {address: client.get(address) for address in boxes}
    transition(world.agency_return, "reopen", by=world.officer, reason="There is more.")
    for address, box in boxes.items():
        response = client.post(address, typed(pages[address], **{box: "Typed.", "reason": "Why."}))
        html = response.content.decode()
        assert re.search(r"<textarea[^>]*>\s*Typed\.</textarea>", html)
        assert re.search(r"<textarea[^>]*>\s*Why\.</textarea>", html)
        assert corrections.NOT_SIGNED in html
        assert COPY_IT in html
        assert not response.context["without_box"]


def test_words_for_a_line_that_went_meanwhile_stand_below(world: Collecting) -> None:
    with unsigned(AgencyReturn.objects.get()):
        line = EngagementEntry.objects.create(case_return=world.first, words="Seen at home.")
    client = signed_in(world.lead)
    words = "Seen at home, twice."
    sent = typed(client.get(case_page(world)), **{f"entry-{line.pk}-words": words})
    transition(world.agency_return, "reopen", by=world.officer, reason="There is more.")
    line.delete()
    response = client.post(case_page(world), sent)
    assert response.context["without_box"] == [words]
    assert words in response.content.decode()


@pytest.mark.parametrize(("sheet", "box"), [(case_page, "grade_reason"), (report_page, "overview")])
def test_words_for_a_line_that_went_stop_a_correction_once(
    world: Collecting, sheet: Any, box: str
) -> None:
    with unsigned(AgencyReturn.objects.get()):
        line = EngagementEntry.objects.create(case_return=world.first, words="Seen at home.")
    action = RestorativeAction.objects.get()
    client, address, words = signed_in(world.lead), sheet(world), "Seen at home, twice."
    name = f"entry-{line.pk}-words" if sheet is case_page else f"action-{action.pk}-text"
    page = client.get(address)
    with unsigned(AgencyReturn.objects.get()):
        line.delete()
        action.delete()
    stopped = client.post(address, typed(page, **{name: words, box: f"See {NUMBER}."}))
    html = stopped.content.decode()
    assert WENT_MEANWHILE in html
    assert words in stopped.context["without_box"]
    assert f"See {NUMBER}.</textarea>" in html
    assert not Correction.objects.exists()

    again = {**typed(stopped), "basis": typed(page)["basis"], box: f"See {NUMBER}."}
    clear = say(client.post(address, again), "other", "The number of a form")
    assert client.post(address, {**again, **clear}).status_code == 302
    assert Correction.objects.exists()


@pytest.mark.parametrize(("sheet", "box"), [(case_page, "grade_reason"), (report_page, "overview")])
def test_words_for_a_point_that_went_stop_it_once_too(
    world: Collecting, sheet: Any, box: str
) -> None:
    client, address = signed_in(world.lead), sheet(world)
    is_case = sheet is case_page
    point = Point.objects.get(case_return=world.first if is_case else None)
    page = client.get(address)
    sent = typed(page, **{f"point_{point.pk}": "Half an hour of words.", box: "Typed."})
    transition(world.agency_return, "reopen", by=world.officer, reason="There is more.")
    if is_case:
        transition(world.first, "take-back", by=world.auditor)
    remove_point(Point.objects.get(pk=point.pk), by=world.lead)
    if is_case:
        transition(world.first, "complete", by=world.auditor)
    transition(AgencyReturn.objects.get(), "sign-off", by=world.lead)
    stopped = client.post(address, sent)
    assert WENT_MEANWHILE in stopped.content.decode()
    assert stopped.context["without_box"] == ["Half an hour of words."]
    assert not Correction.objects.exists()

    again = {**typed(stopped), "basis": sent["basis"], box: "Typed."}
    assert client.post(address, again).status_code == 302
    assert Correction.objects.exists()


def test_one_word_for_what_went_stands_below_too(world: Collecting) -> None:
    action = RestorativeAction.objects.get()
    name = f"action-{action.pk}-owner"
    client, address = signed_in(world.lead), report_page(world)
    sent = typed(client.get(address), **{name: "Headteachers", "overview": "Typed."})
    with unsigned(AgencyReturn.objects.get()):
        action.delete()
    assert "Headteachers" in client.post(address, sent).context["without_box"]


def test_a_basis_that_names_what_was_never_there_is_a_choice_and_no_fault(
    world: Collecting,
) -> None:
    question = QuestionFactory(toolkit=world.audit.toolkit, code="later", required=False)
    client, address = signed_in(world.lead), case_page(world)
    sent = typed(client.get(address), answer_later="yes")
    basis = json.loads(sent["basis"]) | {f"answer:{question.pk}": [1, "abcdefabcdef"]}
    response = client.post(address, {**sent, "basis": json.dumps(basis)})
    assert response.status_code == 200
    assert [each.key for each in response.context["conflicts"]] == [f"answer:{question.pk}"]
    again = {**sent, "basis": str(response.context["basis"])}
    assert client.post(address, again).status_code == 302
