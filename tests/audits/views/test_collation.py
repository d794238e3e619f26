"""One case as its contributors saw it, put together into the agency's own return."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.roles import Role
from audits.models import (
    AgencyReturn,
    Answer,
    Audit,
    CaseReturn,
    CaseReturnStage,
    ContributorAnswer,
    ContributorPoint,
    ContributorRequest,
    Point,
    ReturnStage,
    Stage,
)
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.audits.contributing import asked, coordinating, practice
from tests.factories import AgencyReturnFactory, AnswerFactory, QuestionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    world = coordinating(cases=2)
    QuestionFactory(toolkit=world.audit.toolkit, text="For the agency alone?")
    return world


def reply(
    world: Collecting, name: str, value: str = "yes", evidence: str = "", stage: str = "replied"
) -> ContributorRequest:
    request = asked(world, practice(world, name), cases=1)[0]
    request.stage = stage
    request.save()
    ContributorAnswer.objects.create(
        request=request, question=world.questions[0], value=value, evidence=evidence, revision=1
    )
    return request


def url(world: Collecting, case_return: CaseReturn | None = None) -> str:
    row = case_return or world.first
    return reverse("collation-edit", args=[world.agency_return.pk, row.pk])


def seen(world: Collecting) -> Any:
    return signed_in(world.lead).get(url(world))


def test_counts_are_practices(world: Collecting) -> None:
    for number, value in enumerate(["yes", "yes", "no", ""]):
        reply(world, f"P{number}", value)
    reply(world, "Q", stage="holds_nothing")
    reply(world, "R", stage="declined")
    reply(world, "S", stage="opened")

    page = seen(world)

    assert (
        "5 of 7 GP practices replied; 1 of them holds nothing; 1 declined; 1 still owes an answer."
        in page.content.decode()
    )
    (tally,) = page.context["page"].tallies
    assert tally.counts == [("Yes", 2), ("No", 1), ("No answer", 1)]


def test_what_each_said_stands_side_by_side(world: Collecting) -> None:
    reply(world, "Mill Lane", "yes", "Notes of May.")
    reply(world, "The Green", "no", "Nothing recorded.")
    html = seen(world).content.decode()
    for words in ("Mill Lane", "Notes of May.", "The Green", "Nothing recorded."):
        assert words in html
    assert "For the agency alone?" not in html


def test_what_is_saved_for_later_is_not_shown(world: Collecting) -> None:
    reply(world, "Mill Lane", evidence="Not sent yet.", stage="opened")
    html = seen(world).content.decode()
    assert "Not sent yet." not in html
    assert "Nothing to put together yet" in html


def test_the_agency_writes_its_own_answer_beside_them(world: Collecting) -> None:
    reply(world, "Mill Lane")
    code = world.questions[0].code
    page = seen(world).content.decode()
    basis = re.search(r'name="basis" value="([^"]*)"', page)
    assert basis is not None

    signed_in(world.lead).post(
        url(world),
        {
            "do": "save",
            "basis": basis[1].replace("&quot;", '"'),
            f"answer_{code}": "partly",
            f"evidence_{code}": "31 of 40 practices replied.",
        },
    )

    answer = Answer.objects.get()
    assert (answer.value, answer.evidence) == ("partly", "31 of 40 practices replied.")
    world.first.refresh_from_db()
    assert world.first.stage == CaseReturnStage.IN_PROGRESS


def test_saving_here_leaves_the_rest_of_the_return_alone(world: Collecting) -> None:
    reply(world, "Mill Lane")
    world.first.known, world.first.engagement_past = "child", "Two visits."
    world.first.own_grade = world.audit.grades.get(code="good")
    world.first.save()
    signed_in(world.lead).post(url(world), {"do": "save", "basis": "{}"})
    world.first.refresh_from_db()
    assert (world.first.known, world.first.engagement_past) == ("child", "Two visits.")
    assert world.first.own_grade is not None


def test_a_colleague_s_answer_is_not_overwritten_unseen(world: Collecting) -> None:
    reply(world, "Mill Lane")
    question = world.questions[0]
    AnswerFactory(case_return=world.first, question=question, value="yes", revision=3)
    page = signed_in(world.lead).post(
        url(world), {"do": "save", "basis": "{}", f"answer_{question.code}": "no"}
    )
    assert "Somebody else changed this while you were writing" in page.content.decode()
    assert Answer.objects.get().value == "yes"


def test_points_are_taken_over_and_put_back(world: Collecting) -> None:
    request = reply(world, "Mill Lane")
    for text in ("One.", "Two."):
        ContributorPoint.objects.create(request=request, kind="went_well", text=text)
    one, two = ContributorPoint.objects.order_by("text")
    client = signed_in(world.auditor)

    client.post(url(world), {"do": f"take:{one.pk}"})
    assert list(Point.objects.values_list("text", flat=True)) == ["One (from a GP practice)."]
    page = client.post(url(world), {"do": "take-all"}, follow=True)
    assert "1 point taken into your return." in page.content.decode()
    assert Point.objects.count() == 2

    page = client.post(url(world), {"do": f"undo:{two.pk}"}, follow=True)
    assert "Put back." in page.content.decode()
    assert Point.objects.count() == 1
    for nonsense in ("take:x", "undo:x", "undo", "dance"):
        assert client.post(url(world), {"do": nonsense}).status_code == 302
    assert Point.objects.count() == 1


def test_a_case_that_is_complete_is_read_only(world: Collecting) -> None:
    request = reply(world, "Mill Lane")
    ContributorPoint.objects.create(request=request, kind="went_well", text="One.")
    CaseReturn.objects.update(stage=CaseReturnStage.COMPLETE)
    html = seen(world).content.decode()
    assert "Take over" not in html
    assert "This case is finished. To take points over, choose “Change something”" in html
    page = signed_in(world.lead).post(url(world), {"do": "take-all"}, follow=True)
    assert Point.objects.count() == 0
    assert page.status_code == 200


def test_whoever_reads_the_return_reads_this_and_nobody_else(world: Collecting) -> None:
    reply(world, "Mill Lane", evidence="A secret.")
    for user in (world.lead, world.auditor, world.officer):
        assert signed_in(user).get(url(world)).status_code == 200
    assert signed_in(collecting().lead).get(url(world)).status_code == 404
    plain = collecting()
    address = reverse("collation-edit", args=[plain.agency_return.pk, plain.first.pk])
    assert signed_in(plain.lead).get(address).status_code == 404


def test_forty_practices_cost_what_one_costs(world: Collecting) -> None:
    counts = []
    client = signed_in(world.lead)
    for number in (1, 39):
        for n in range(number):
            request = reply(world, f"P{number}-{n}")
            ContributorPoint.objects.create(request=request, kind="went_well", text="One.")
        with CaptureQueriesContext(connection) as captured:
            client.get(url(world))
        counts.append(len(captured))
    assert counts == [11, 11]


def test_agencies_that_read_the_return_at_the_meeting_do_not_read_what_each_practice_said(
    world: Collecting,
) -> None:
    request = reply(world, "Mill Lane Surgery", evidence="Seen twice.")
    other = AgencyReturnFactory(audit=world.audit, stage=ReturnStage.SIGNED_OFF)
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    Audit.objects.filter(pk=world.audit.pk).update(stage=Stage.MEETING)
    colleague = signed_in(person(Role.LEAD, other.agency))
    named = [world.agency_return.pk, request.contributor_id]

    pages = [
        url(world),
        reverse("contributor-request-list", args=named[:1]),
        reverse("contributor-request-detail", args=named),
    ]

    assert [colleague.get(page).status_code for page in pages] == [403, 403, 403]
    assert [signed_in(world.officer).get(page).status_code for page in pages] == [200, 200, 200]
    for name, pk in (("agency-return-detail", ()), ("case-return-edit", (world.first.pk,))):
        page = colleague.get(reverse(name, args=[world.agency_return.pk, *pk]))
        assert page.status_code == 200
        assert "contributors/" not in page.content.decode()
