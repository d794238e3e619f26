"""A point typed in the browser has a box again on whatever page refuses to save it.

The page's script gives new points ids of their own; one that a colleague has taken out meanwhile
has no box any more.
"""

import html
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from audits.domain import points, room
from audits.domain.case_returns import CaseReturnDraft, save_draft
from audits.domain.drafts import digest
from audits.domain.removal import remove_point
from audits.domain.returns import SummativeDraft, save_summative
from audits.domain.summative import summative_points
from audits.models import CaseReturn, Point, ReturnStage
from tests.audits.collecting import NOTHING, collecting, own_texts, signed_in
from tests.factories import put_at

pytestmark = pytest.mark.django_db

WORDS = "Seen within a day, as the first note says."


class Case:
    """The page of a case return, as its auditor has it open."""

    def __init__(self) -> None:
        self.world = collecting()
        self.home: CaseReturn | None = self.world.first
        row = self.world.first
        self.url = reverse("case-return-edit", args=[row.agency_return_id, row.pk])
        self.client = signed_in(self.world.auditor)
        self.typed = {"engagement_past": "Mine."}
        line = f"entry_{uuid4()}"
        dates = {f"{line}_began": "2024-02-02", f"{line}_ended": "2023-02-02"}
        self.wrong = {**dates, f"{line}_words": "Visited."}

    def point(self, kind: str, text: str = "As it was.") -> Point:
        points.add_lines(
            self.world.agency_return,
            kind=kind,
            lines=[text],
            by=self.world.lead,
            case_return=self.home,
        )
        return Point.objects.get(text=text)

    def another_writes(self) -> None:
        draft = CaseReturnDraft(own=own_texts(engagement_past="Theirs."))
        save_draft(self.world.first, by=self.world.lead, draft=draft, basis=NOTHING)

    def opened(self) -> dict[str, str]:
        return {"basis": str(self.client.get(self.url).context["basis"]), **self.typed}

    def texts(self) -> list[tuple[str, str]]:
        return sorted(Point.objects.values_list("text", "placements__kind"))


class Report(Case):
    """The summative report."""

    def __init__(self) -> None:
        super().__init__()
        self.home = None
        self.url = reverse("summative-edit", args=[self.world.agency_return.pk])
        self.client = signed_in(self.world.lead)
        rows = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0", "actions-0-text": ""}
        self.typed = {**rows, "overview": "Mine."}
        self.wrong = {"actions-0-text": "Train.", "actions-0-due_on": "rubbish"}

    def another_writes(self) -> None:
        draft = SummativeDraft(overview="Theirs.")
        save_summative(self.world.agency_return, by=self.world.lead, draft=draft, basis=NOTHING)


@pytest.fixture(params=[Case, Report])
def sheet(request: pytest.FixtureRequest) -> Case:
    made: Case = request.param()
    return made


def begun(kind: str = "can_be_improved", words: str = WORDS) -> dict[str, str]:
    """As the page's script sends a point that it made and could not save."""
    pk = uuid4()
    return {f"point_{pk}": words, f"kind_{pk}": kind, f"after_{pk}": ""}


def boxes(response: Any) -> dict[str, str]:
    """What stands in the boxes for points, those of the script's pattern left out."""
    drawn = re.sub(r"<template.*?</template>", "", response.content.decode(), flags=re.DOTALL)
    found = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n([^<]*)</textarea>', drawn)
    return {name: html.unescape(words) for name, words in found if words}


def invalid(sheet: Case, sent: dict[str, str]) -> Any:
    return sheet.client.post(sheet.url, sent | sheet.wrong)


def contested(sheet: Case, sent: dict[str, str]) -> Any:
    sheet.another_writes()
    return sheet.client.post(sheet.url, sent)


def closed(sheet: Case, sent: dict[str, str]) -> Any:
    put_at(sheet.world.agency_return, ReturnStage.EXCUSED)
    return sheet.client.post(sheet.url, sent)


def full(sheet: Case, sent: dict[str, str]) -> Any:
    for number in range(room.MOST_POINTS):
        sheet.point("challenge", f"Point {number}.")
    return sheet.client.post(sheet.url, sent)


REFUSALS = [invalid, contested, closed, full]
type Refused = Callable[[Case, dict[str, str]], Any]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_POINTS", 2)


@pytest.mark.parametrize("refused", REFUSALS)
def test_a_point_that_the_page_began(sheet: Case, refused: Refused) -> None:
    response = refused(sheet, {**sheet.opened(), **begun(), "new_can_be_improved": "And this."})
    assert response.status_code == 200
    assert boxes(response)["new_can_be_improved"] == f"And this.\n{WORDS}"
    assert WORDS not in dict(sheet.texts())


@pytest.mark.parametrize("refused", [invalid, closed, full])
def test_a_point_that_a_colleague_took_out(sheet: Case, refused: Refused) -> None:
    point = sheet.point("can_be_improved")
    sent = {**sheet.opened(), f"point_{point.pk}": WORDS}
    if refused is full:
        sent["basis"] = sent["basis"].replace(digest("As it was."), digest(""))
    remove_point(point, by=sheet.world.lead)
    response = refused(sheet, sent)
    assert boxes(response)["new_can_be_improved"] == WORDS


def test_one_taken_out_stands_beside_what_else_is_contested_and_nowhere_twice(sheet: Case) -> None:
    point = sheet.point("can_be_improved")
    sent = {**sheet.opened(), f"point_{point.pk}": WORDS}
    remove_point(point, by=sheet.world.lead)

    response = contested(sheet, sent)

    hidden = f'<input type="hidden" name="point_{point.pk}" value="{WORDS}" form="return-form">'
    assert hidden in response.content.decode()
    assert WORDS not in boxes(response).values()
    again = {**sent, "basis": str(response.context["basis"])}
    assert sheet.client.post(sheet.url, again).status_code == 302
    assert sheet.texts() == [(WORDS, "can_be_improved")]


@pytest.mark.parametrize("refused", REFUSALS)
def test_one_taken_out_that_its_reader_did_not_touch_stays_out(
    sheet: Case, refused: Refused
) -> None:
    point = sheet.point("can_be_improved")
    sent = {**sheet.opened(), f"point_{point.pk}": "As it was.", **begun()}
    remove_point(point, by=sheet.world.lead)
    assert "As it was." not in str(boxes(refused(sheet, sent)))


def test_where_it_was_is_not_known_it_comes_back_under_the_first_kind(sheet: Case) -> None:
    response = invalid(sheet, {**sheet.opened(), f"point_{uuid4()}": WORDS})
    assert boxes(response)["new_went_well"] == WORDS


def test_what_is_wrong_with_it_is_said_of_the_box_in_which_it_stands(sheet: Case) -> None:
    words = "Long. " * 4000
    response = sheet.client.post(sheet.url, {**sheet.opened(), **begun(words=words)})
    assert boxes(response)["new_can_be_improved"] == words.strip()
    assert 'href="#id_new_can_be_improved"' in response.content.decode()


def test_sent_again_from_its_new_box_it_is_saved_once(sheet: Case) -> None:
    first = invalid(sheet, {**sheet.opened(), **begun()})
    sent = {**sheet.typed, "basis": str(first.context["basis"])}
    lines = {"new_can_be_improved": boxes(first)["new_can_be_improved"]}
    assert sheet.client.post(sheet.url, {**sent, **lines}).status_code == 302
    assert sheet.texts() == [(WORDS, "can_be_improved")]


def test_the_report_has_no_list_for_every_kind() -> None:
    sheet = Report()
    point = sheet.point("challenge")
    assert summative_points(sheet.world.agency_return)
    sent = {**sheet.opened(), f"point_{point.pk}": WORDS}
    remove_point(point, by=sheet.world.lead)
    assert boxes(invalid(sheet, sent))["new_went_well"] == WORDS
