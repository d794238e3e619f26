"""The pages on which a workbook goes out and comes back."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Activity
from audits.models import AgencyReturn, Answer, CaseReturn, CaseReturnStage, ReturnStage
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.factories import AgencyReturnFactory, QuestionFactory
from tests.reports.spreadsheets.sheets import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=3, questions=1, name="Fenshire Police", short_name="Police")


def address(name: str, world: Collecting, *more: Any) -> str:
    return reverse(name, args=[world.agency_return.pk, *more])


def upload(world: Collecting, content: Any, client: Any = None) -> Any:
    client = client or signed_in(world.auditor)
    return client.post(address("workbook-detail", world), {"workbook": content})


def test_downloads_say_which_cases_and_are_recorded(world: Collecting) -> None:
    client = signed_in(world.auditor)
    CaseReturn.objects.filter(case__number=1).update(auditor=world.auditor)
    CaseReturn.objects.filter(case__number=3).update(stage=CaseReturnStage.COMPLETE)
    page = client.get(address("workbook-detail", world)).content.decode()
    assert "Download your 1 case</a>" in page
    assert "2 still to fill in</a>" in page
    assert "Download all 3 cases</a>" in page
    for which, cases in (
        ("?cases=mine", ["Case 1"]),
        ("?cases=open", ["Case 1", "Case 2"]),
        ("", ["Case 1", "Case 2", "Case 3"]),
    ):
        response = client.get(address("workbook-download", world) + which)
        names = load_workbook(io.BytesIO(response.content)).sheetnames
        assert [name for name in names if name.startswith("Case")] == cases
        assert response.headers["Cache-Control"] == "no-store"
    assert Activity.objects.filter(verb="downloaded case returns").count() == 3


def test_one_case_is_named_by_its_number(world: Collecting) -> None:
    client = signed_in(world.auditor)
    response = client.get(address("case-return-download", world, world.first.pk))
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="{world.audit.code.lower()}-police-case-1.xlsx"'
    assert Activity.objects.latest("pk").verb == "downloaded a case return"
    assert Activity.objects.latest("pk").subject_id == str(world.first.pk)


def test_nobody_has_anything_to_do_is_said(world: Collecting) -> None:
    response = signed_in(world.auditor).get(
        address("workbook-download", world) + "?cases=mine", follow=True
    )
    assert "There are no such cases to download." in response.content.decode()


def test_differences_then_taken_over(world: Collecting) -> None:
    client = signed_in(world.auditor)
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Two visits.")
    review = upload(world, paper.upload(), client)
    page = review.content.decode()
    assert "What the workbook changes" in page
    assert "Two visits." in page
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""

    form = review.context["form"]
    sent = {"offer": form["offer"].value(), "shown": form["shown"].value()}
    done = client.post(address("workbook-take-over", world), sent, follow=True)
    assert "Taken over: 1 text in 1 case." in done.content.decode()
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Two visits."

    again = client.post(address("workbook-take-over", world), sent)
    assert "Somebody saved meanwhile" in again.content.decode()
    same = upload(world, paper.upload(), client)
    assert same.url == address("workbook-detail", world)


def test_what_is_taken_over_is_looked_through(world: Collecting) -> None:
    QuestionFactory(
        toolkit=world.audit.toolkit, code="visits", text="How many visits?", kind="number"
    )
    client = signed_in(world.auditor)
    paper = Paper.of(world.agency_return)
    paper.write("How many visits?", "9434765919", "C")
    form = upload(world, paper.upload(), client).context["form"]
    sent = {"offer": form["offer"].value(), "shown": form["shown"].value()}
    done = client.post(address("workbook-take-over", world), sent, follow=True)
    assert Answer.objects.get(question__code="visits").value == "9434765919"
    assert "Found in it: an NHS number." in done.content.decode()


def test_faults_are_listed_and_nothing_is_written(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    at = paper.write("Was step", "Maybe", "C")
    paper.write("Past engagement", "Two visits.", case=2)
    page = upload(world, paper.upload()).content.decode()
    assert "1 thing is wrong in this workbook" in page
    assert f'<span class="maca-faults__cell">{at}</span>' in page
    assert not CaseReturn.objects.exclude(engagement_past="").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SimpleUploadedFile("cases.xlsm", b"PK"), "macros"),
        (SimpleUploadedFile("cases.xlsx", b""), "This file is empty"),
        (SimpleUploadedFile("cases.xlsx", b"PK nonsense"), "damaged"),
        ("no file", "Choose the workbook you filled in."),
    ],
)
def test_what_is_no_workbook_is_told_beside_the_field(
    world: Collecting, content: Any, words: str
) -> None:
    page = upload(world, content).content.decode()
    assert "There is a problem" in page
    assert words in page


def test_a_workbook_of_another_return_is_refused(world: Collecting) -> None:
    other = AgencyReturnFactory(audit=world.audit)
    paper = Paper.of(AgencyReturn.objects.get(pk=other.pk))
    page = upload(world, paper.upload()).content.decode()
    assert f"This workbook belongs to another return: {other.agency}, {world.audit}." in page


def test_an_altered_key_is_refused(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.book["Key"]["A1"].value = paper.book["Key"]["A1"].value[:-1] + "x"
    assert "its hidden part was changed" in upload(world, paper.upload()).content.decode()
    del paper.book["Key"]
    assert (
        "not a workbook that was downloaded here" in upload(world, paper.upload()).content.decode()
    )


def test_changed_questions_are_refused(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    other = collecting()
    world.audit.toolkit = other.audit.toolkit
    world.audit.save()
    assert "The questions have changed" in upload(world, paper.upload()).content.decode()


def test_a_return_that_was_handed_in_takes_no_upload(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    client = signed_in(world.lead)
    assert "cannot change it" in client.get(address("workbook-detail", world)).content.decode()
    response = client.post(
        address("workbook-detail", world), {"workbook": paper.upload()}, follow=True
    )
    assert "This return is signed off" in response.content.decode()


def test_what_is_carried_to_the_confirmation_is_for_one_person(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Two visits.")
    form = upload(world, paper.upload()).context["form"]
    sent = {"offer": form["offer"].value(), "shown": form["shown"].value()}
    response = signed_in(world.lead).post(address("workbook-take-over", world), sent, follow=True)
    assert "Upload the workbook again." in response.content.decode()
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""


def test_the_officer_may_fill_in_from_paper(world: Collecting) -> None:
    client = signed_in(world.officer)
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Two visits.")
    form = upload(world, paper.upload(), client).context["form"]
    sent = {"offer": form["offer"].value(), "shown": form["shown"].value()}
    client.post(address("workbook-take-over", world), sent)
    assert CaseReturn.objects.get(pk=world.first.pk).entered_from_paper is True
