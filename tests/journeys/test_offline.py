"""A case taken home as a spreadsheet, filled in there, and brought back, in a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.domain.case_returns import CaseReturnDraft, save_draft
from audits.domain.case_texts import standing
from audits.domain.drafts import Basis
from audits.models import Answer, CaseReturn, CaseReturnStage, Point
from tests.audits.collecting import Collecting, collecting
from tests.reports.spreadsheets.sheets import Paper
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, questions=1, name="Fenshire Police", short_name="Police")


def download(page: Page, link: str, to: Path) -> Paper:
    with page.expect_download() as saved:
        page.get_by_role("link", name=link).click()
    saved.value.save_as(to)
    return Paper(to.read_bytes())


def upload(page: Page, paper: Paper, at: Path) -> None:
    at.write_bytes(paper.content)
    page.get_by_label("The workbook you filled in").set_input_files(at)
    page.get_by_role("button", name="Check the workbook").click()


def colleague_writes(world: Collecting, words: str) -> None:
    row = CaseReturn.objects.get(pk=world.first.pk)
    draft = CaseReturnDraft({"engagement_past": words}, only={"engagement_past"})
    save_draft(row, by=world.lead, draft=draft, basis=Basis.of(standing(row).texts))


def test_two_cases_are_filled_in_offline(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    world: Collecting,
    axe: CheckPage,
    tmp_path: Path,
) -> None:
    sign_in(world.auditor)
    page.goto(live_server.url + reverse("agency-return-detail", args=[world.agency_return.pk]))
    page.get_by_role("link", name="Fill in offline").click()
    axe(page)

    # Filled in at a kitchen table, with slips.
    paper = download(page, "2 still to fill in", tmp_path / "cases.xlsx")
    paper.write("Is the family known", "Yes, the child", "C")
    paper.write("Past engagement", "Two visits, both unannounced.")
    slip = paper.write("Was step", "Perhaps", "C")
    paper.write("Point 1", "The children were seen alone.")
    paper.write("Is the family known", "No", "C", case=2)
    paper.write("How did you check?", "Searched the register.", case=2)
    upload(page, paper, tmp_path / "cases.xlsx")
    faults = page.get_by_role("region", name="What is wrong in the workbook")
    expect(faults).to_contain_text(slip)
    expect(faults).to_contain_text("“Perhaps” is not one of: Yes; Partly; No;")
    axe(page)

    # Put right, while a colleague has written the same text.
    paper.write("Was step", "Partly", "C")
    colleague_writes(world, "One visit.")
    upload(page, paper, tmp_path / "cases.xlsx")
    expect(page.get_by_role("heading", level=1, name="What the workbook changes")).to_be_visible()
    axe(page)
    expect(page.get_by_label("Keep what is here")).to_be_checked()
    page.get_by_label("Take what the workbook says").check()
    page.get_by_label("Then complete the cases that lack nothing any more").check()
    page.get_by_role("button", name="Take this over").click()

    expect(page.get_by_text("Taken over: 6 texts in 2 cases. 2 complete now.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Case 1", exact=True).click()
    expect(page.get_by_text("Two visits, both unannounced.")).to_be_visible()
    expect(page.get_by_text("The children were seen alone.")).to_be_visible()
    assert list(CaseReturn.objects.values_list("stage", flat=True)) == [
        CaseReturnStage.COMPLETE,
        CaseReturnStage.NOT_KNOWN,
    ]
    assert Answer.objects.get().value == "partly"
    assert Point.objects.count() == 1
