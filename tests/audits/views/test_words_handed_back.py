"""Whoever writes while something closes under them finds their words on the page that answers."""

import html
import re
from functools import partial
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.domain import time_requests
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    Audit,
    Case,
    CaseReturn,
    CaseReturnStage,
    ContributorAnswer,
    ContributorLink,
    ContributorRequest,
    Point,
    ReturnStage,
    Stage,
    TimeRequest,
)
from audits.views.closed import CLOSED
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.audits.contributing import asked, coordinating, practice, send
from tests.audits.handed_back import BELOW, WORDS, is_in_a_box, text_of
from tests.audits.scenes import meeting_scene
from tests.factories import put_at

pytestmark = pytest.mark.django_db


def collated() -> Collecting:
    world = coordinating(cases=1)
    [request] = asked(world, practice(world))
    request.stage, request.answered_on = "replied", request.asked_on
    request.save()
    ContributorAnswer.objects.create(request=request, question=world.questions[0], value="yes")
    answered(world, world.first)
    return world


@pytest.mark.parametrize("closed_by", ["the officer", "a colleague"])
def test_a_collation_closed_meanwhile(closed_by: str) -> None:
    world = collated()
    row, client = world.first, signed_in(world.lead)
    url = reverse("collation-edit", args=[row.agency_return_id, row.pk])
    basis = re.search(r'name="basis" value="([^"]*)"', client.get(url).content.decode())
    assert basis is not None
    if closed_by == "the officer":
        put_at(world.agency_return, ReturnStage.EXCUSED)
    else:
        CaseReturn.objects.filter(pk=row.pk).update(stage=CaseReturnStage.COMPLETE)

    code = world.questions[0].code
    written = {f"answer_{code}": "partly", f"evidence_{code}": WORDS}
    sent = {"do": "save", "basis": html.unescape(basis[1]), **written}
    response = client.post(url, sent)

    assert response.status_code == 200
    assert is_in_a_box(response)
    assert re.search(r'value="partly"[^>]*checked', response.content.decode())
    assert BELOW in text_of(response)
    assert not Answer.objects.filter(evidence=WORDS).exists()


def test_points_taken_over_too_late_are_told_of_no_words_below() -> None:
    world = collated()
    put_at(world.agency_return, ReturnStage.EXCUSED)
    url = reverse("collation-edit", args=[world.agency_return.pk, world.first.pk])
    said = text_of(signed_in(world.lead).post(url, {"do": "take-all"}, follow=True))
    assert "Nothing was saved" in said
    assert BELOW not in said


@pytest.mark.parametrize("whole", [False, True])
def test_a_point_typed_as_the_meeting_ended(whole: bool) -> None:
    scene = meeting_scene(stage=Stage.DRAFTING)
    place = {} if whole else {"case": str(scene.cases[0].pk)}
    url = reverse("agreed-point-create", args=[scene.audit.pk])
    sent = {"kind": "can_be_improved", "text": WORDS, **place}

    response = signed_in(scene.officer).post(url, sent)

    assert response.status_code == 200
    assert is_in_a_box(response)
    assert "The audit is now at “Drafting”." in text_of(response)
    assert "New point under “Can be improved”" in text_of(response)
    assert not Point.objects.filter(origin="meeting").exists()


def test_a_point_typed_about_a_case_that_left_the_sample() -> None:
    scene = meeting_scene()
    left = {"withdrawn_at": timezone.now(), "withdrawn_reason": "It is another family."}
    Case.objects.filter(pk=scene.cases[0].pk).update(**left, withdrawn_by=scene.officer)
    url = reverse("agreed-point-create", args=[scene.audit.pk])
    sent = {"kind": "went_well", "text": WORDS, "case": str(scene.cases[0].pk)}
    assert is_in_a_box(signed_in(scene.officer).post(url, sent))


@pytest.mark.parametrize("name", ["decline", "excuse"])
def test_a_reason_for_a_step_that_was_taken_already(name: str) -> None:
    world = collecting()
    transition(world.agency_return, "excuse", by=world.officer, reason="Merged.")
    url = reverse("agency-return-transition", args=[world.agency_return.pk, name])
    response = signed_in(world.officer).post(url, {"reason": WORDS})
    assert is_in_a_box(response)
    assert "This is now at “Excused”: look again." in text_of(response)


def test_a_reason_to_decline_while_words_wait_for_a_decision() -> None:
    world = collecting()
    world.first.engagement_past = "943 476 5919 was seen."
    world.first.save()
    url = reverse("agency-return-transition", args=[world.agency_return.pk, "decline"])
    client = signed_in(world.lead)
    for page in (client.get(url), client.post(url, {"reason": WORDS})):
        assert "Before this can be done" in text_of(page)
        assert reverse("return-screening", args=[world.agency_return.pk]) in text_of(page)
    assert is_in_a_box(page)
    world.agency_return.refresh_from_db()
    assert world.agency_return.stage == ReturnStage.OPEN


def test_how_it_was_checked_for_a_nil_return_that_is_none() -> None:
    world = collecting()
    answered(world, world.first)
    url = reverse("agency-return-transition", args=[world.agency_return.pk, "nil"])
    response = signed_in(world.lead).post(url, {"how_checked": WORDS})
    assert "is known to you, so this is not a nil return" in text_of(response)
    assert is_in_a_box(response)


def test_a_case_sent_back_that_is_with_its_auditor_already() -> None:
    world = collecting()
    url = reverse("case-return-send-back", args=[world.agency_return.pk, world.first.pk])
    response = signed_in(world.lead).post(url, {"reason": WORDS})
    assert is_in_a_box(response)
    assert "look again" in text_of(response)


def test_more_time_for_a_return_that_is_no_longer_owed() -> None:
    world = collecting()
    AgencyReturn.objects.update(stage=ReturnStage.EXCUSED)
    url = reverse("time-request-create", args=[world.agency_return.pk])
    for who, sent in (
        (world.lead, {"days": "3", "reason": WORDS}),
        (world.officer, {"until": "2099-01-31", "reason": WORDS}),
    ):
        response = signed_in(who).post(url, sent)
        assert is_in_a_box(response)
        assert time_requests.NOT_OWED in text_of(response)
    assert not TimeRequest.objects.exists()


@pytest.mark.parametrize("answer", ["granted", "refused"])
def test_an_answer_that_somebody_else_has_given(answer: str) -> None:
    world = collecting()
    request = time_requests.ask(world.agency_return, by=world.lead, days=4, reason="Two are ill.")
    time_requests.refuse(request, by=world.officer, reason="No.")
    url = reverse("time-request-answer", args=[world.agency_return.pk, request.pk])
    sent = {"answer": answer, "until": "2099-01-31", "reason": WORDS}
    response = signed_in(world.officer).post(url, sent)
    assert is_in_a_box(response)
    assert time_requests.ANSWERED_ALREADY in text_of(response)


@pytest.fixture
def agency() -> Collecting:
    """It asked a practice about its case."""
    world = coordinating(cases=1)
    asked(world, practice(world))
    return world


@pytest.mark.parametrize("chosen", ["declined", ""])
def test_a_reply_by_telephone_about_a_return_that_is_closed(
    agency: Collecting, chosen: str
) -> None:
    [request] = ContributorRequest.objects.all()
    put_at(agency.agency_return, ReturnStage.DECLINED)
    url = reverse(
        "contributor-request-detail", args=[agency.agency_return.pk, request.contributor_id]
    )
    sent = {"do": "record", "requests": [str(request.pk)], "stage": chosen, "reason": WORDS}
    sent |= {"answered_on": f"{request.asked_on:%d/%m/%Y}"}
    response = signed_in(agency.lead).post(url, sent)
    assert f"{CLOSED} {BELOW}" in text_of(response)
    assert f'<blockquote class="maca-keep-lines">{WORDS}</blockquote>' in text_of(response)
    assert "There is a problem" not in text_of(response)
    assert ContributorRequest.objects.get().reason == ""


def test_a_reply_by_telephone_that_the_page_still_takes(agency: Collecting) -> None:
    [request] = ContributorRequest.objects.all()
    Audit.objects.update(stage=Stage.DRAFTING)
    url = reverse(
        "contributor-request-detail", args=[agency.agency_return.pk, request.contributor_id]
    )
    sent = {"do": "record", "requests": [str(request.pk)], "stage": "declined", "reason": WORDS}
    sent |= {"answered_on": f"{request.asked_on:%d/%m/%Y}"}
    response = signed_in(agency.lead).post(url, sent)
    assert is_in_a_box(response)
    assert f"{CLOSED} {BELOW}" in text_of(response)
    assert ContributorRequest.objects.get().reason == ""


def test_a_reply_by_telephone_about_cases_that_were_taken_back(agency: Collecting) -> None:
    [request] = ContributorRequest.objects.all()
    ContributorRequest.objects.all().delete()
    url = reverse(
        "contributor-request-detail", args=[agency.agency_return.pk, request.contributor_id]
    )
    sent = {"do": "record", "requests": [str(request.pk)], "stage": "declined", "reason": WORDS}
    response = signed_in(agency.lead).post(url, sent)
    assert f'<blockquote class="maca-keep-lines">{WORDS}</blockquote>' in text_of(response)
    assert "It is not asked about any case yet." in text_of(response)


def test_contributors_pasted_for_a_return_that_is_closed(agency: Collecting) -> None:
    put_at(agency.agency_return, ReturnStage.DECLINED)
    url = reverse("contributor-request-create", args=[agency.agency_return.pk])
    sent = {"lines": "Quay Surgery; all", "asked_on": "1/5/2026"}
    response = signed_in(agency.lead).post(url, sent)
    assert is_in_a_box(response, "Quay Surgery; all")
    assert f"{CLOSED} {BELOW}" in text_of(response)
    assert ContributorRequest.objects.count() == 1


def sent_links(world: Collecting) -> Any:
    row = world.agency_return
    [contributor] = row.agency.contributors.all()
    client, url = signed_in(world.lead), reverse("contributor-link-send", args=[row.pk])
    last_day = client.get(url).context["form"].initial["last_day"]
    typed = {"contributors": [str(contributor.pk)], "last_day": f"{last_day:%d/%m/%Y}"}
    return partial(client.post, url, typed | {"learns_by": WORDS})


def test_how_contributors_learn_of_the_children_as_the_return_closes(agency: Collecting) -> None:
    send_them = sent_links(agency)
    put_at(agency.agency_return, ReturnStage.DECLINED)
    response = send_them()
    assert is_in_a_box(response)
    assert f"{CLOSED} {BELOW}" in text_of(response)
    assert not ContributorLink.objects.exists()


def test_how_contributors_learn_of_the_children_as_a_colleague_sends(agency: Collecting) -> None:
    send_them = sent_links(agency)
    send(agency, *agency.agency_return.agency.contributors.all())
    response = send_them()
    assert "Nobody needs a link" in text_of(response)
    assert f'<blockquote class="maca-keep-lines">{WORDS}</blockquote>' in text_of(response)
    assert ContributorLink.objects.get().learns_by == ""
