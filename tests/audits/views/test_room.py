"""A case return and a report hold so much; whoever writes more is told, and loses nothing."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audits.domain import collating, picking, room
from audits.domain.removal import remove_entry, remove_point
from audits.domain.room import LINES_FULL, POINTS_FULL, NoRoomError
from audits.models import (
    ContributorPoint,
    EngagementEntry,
    Point,
    RestorativeAction,
    TextRevision,
)
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from reports.domain.workbooks import present_differences, take_over
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.audits.domain.test_collating import said
from tests.factories import returned_point
from tests.reports.spreadsheets.sheets import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Collecting:
    for most in ("MOST_POINTS", "MOST_LINES", "MOST_ACTIONS"):
        monkeypatch.setattr(room, most, 2)
    world = collecting(cases=2, contributor_noun="GP practice")
    for text in ("Seen early.", "Heard."):
        returned_point(world.first, text)
        EngagementEntry.objects.create(case_return=world.first, words=text)
    return world


def address(world: Collecting, name: str) -> str:
    return reverse(name, args=[world.agency_return.pk, world.first.pk])


def post(client: Client, world: Collecting, name: str, **sent: Any) -> Any:
    row = case_returns_for(world.auditor).get(pk=world.first.pk)
    sent.setdefault("basis", str(CaseReturnPage(row, world.auditor).basis))
    return client.post(address(world, name), sent)


def begun(text: str) -> dict[str, str]:
    pk = uuid4()
    return {f"point_{pk}": text, f"kind_{pk}": "went_well"}


def line(text: str) -> dict[str, str]:
    pk = uuid4()
    return {f"entry_{pk}_began": "", f"entry_{pk}_ended": "", f"entry_{pk}_words": text}


def test_an_autosave_tells_it_beside_the_box_and_saves_the_rest(world: Collecting) -> None:
    point, entry = begun("One too many."), line("Too many.")
    client = signed_in(world.auditor)

    answer = post(client, world, "case-return-save", engagement_past="Kept.", **point, **entry)

    assert answer.status_code == 422
    assert answer.json()["errors"] == {next(iter(point)): POINTS_FULL, [*entry][2]: LINES_FULL}
    world.first.refresh_from_db()
    assert world.first.engagement_past == "Kept."
    assert (Point.objects.count(), EngagementEntry.objects.count()) == (2, 2)
    Point.objects.all()[0].delete()
    assert post(client, world, "case-return-save", **point).status_code == 200
    assert Point.objects.count() == 2


def test_what_is_there_can_still_be_changed(world: Collecting) -> None:
    point = Point.objects.all()[0]
    sent = {f"point_{point.pk}": "Seen late."}
    assert post(signed_in(world.auditor), world, "case-return-save", **sent).status_code == 200
    point.refresh_from_db()
    assert point.text == "Seen late."


@pytest.mark.parametrize(
    "sent", [begun("One too many."), {"new_went_well": "One too many."}, line("One too many.")]
)
def test_the_plain_form_comes_back_with_everything_typed(
    world: Collecting, sent: dict[str, str]
) -> None:
    answer = post(
        signed_in(world.auditor), world, "case-return-edit", engagement_past="Typed.", **sent
    )
    html = answer.content.decode()
    assert "There is no room for this" in html
    assert "One too many." in html
    assert "Typed." in html
    world.first.refresh_from_db()
    assert world.first.engagement_past == ""


def test_no_point_is_split_into_more_than_there_is_room_for(world: Collecting) -> None:
    point = Point.objects.all()[0]
    Point.objects.filter(pk=point.pk).update(text="One.\nTwo.")
    do = f"split:{point.pk}:went_well"
    told = signed_in(world.auditor).post(address(world, "case-return-tend"), {"do": do}).json()
    assert (told["refused"], told["words"]) == (True, POINTS_FULL)
    assert Point.objects.count() == 2


def test_what_was_taken_out_waits_until_there_is_room_again(world: Collecting) -> None:
    point, entry = Point.objects.all()[0], EngagementEntry.objects.all()[0]
    remove_point(point, by=world.auditor)
    remove_entry(entry, by=world.auditor)
    returned_point(world.first, "Another.")
    EngagementEntry.objects.create(case_return=world.first, words="Another.")
    client = signed_in(world.auditor)
    for do, why in (
        (f"undo:point:{point.pk}", POINTS_FULL),
        (f"undo:entry:{entry.pk}", LINES_FULL),
    ):
        told = client.post(address(world, "case-return-tend"), {"do": do}).json()
        assert (told["refused"], told["words"]) == (True, why)


def test_an_earlier_version_says_that_there_is_no_room(world: Collecting) -> None:
    point = Point.objects.all()[0]
    remove_point(point, by=world.auditor)
    returned_point(world.first, "Another.")
    earlier = TextRevision.objects.get(key=f"point:{point.pk}", shape__isnull=False)
    client = signed_in(world.auditor)
    page = client.get(address(world, "case-return-history"), {"text": earlier.key}).context["page"]
    url = reverse(
        "case-return-bring-back", args=[world.agency_return.pk, world.first.pk, earlier.pk]
    )
    assert POINTS_FULL in client.post(url, {"basis": page.basis}, follow=True).content.decode()


def test_points_of_contributors_are_not_taken_over_beyond_it(world: Collecting) -> None:
    said(world, "Mill Lane", "One.")
    with pytest.raises(NoRoomError):
        collating.take_over(world.first, by=world.auditor)
    answer = signed_in(world.auditor).post(
        address(world, "collation-edit"), {"do": "take-all"}, follow=True
    )
    assert POINTS_FULL in answer.content.decode()
    assert not ContributorPoint.objects.get().taken_over


def test_a_workbook_writes_nothing_where_there_is_no_room(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Written.")
    paper.write("Point 3", "One too many.")
    offers = paper.offers(world.agency_return)
    found = present_differences(world.agency_return, offers)
    with pytest.raises(NoRoomError):
        take_over(world.agency_return, by=world.auditor, offers=offers, shown=found.fingerprint)
    world.first.refresh_from_db()
    assert world.first.engagement_past == ""


class TestReport:
    @pytest.fixture(autouse=True)
    def _full(self, world: Collecting) -> None:
        chosen = list(world.first.points.values_list("pk", flat=True))
        picking.pick(world.agency_return, by=world.lead, chosen=chosen, kind="went_well")
        for number in range(2):
            RestorativeAction.objects.create(
                agency_return=world.agency_return, text=f"Train {number}.", position=number
            )

    def test_no_more_is_begun_from_the_case_returns(self, world: Collecting) -> None:
        url = reverse("summative-pick", args=[world.agency_return.pk])
        chosen = [str(pk) for pk in world.first.points.values_list("pk", flat=True)]
        sent = {"points": chosen, "to": "went_well"}
        html = signed_in(world.lead).post(url, sent, follow=True).content.decode()
        assert "Nothing was taken over. There is no room for this" in html
        assert world.agency_return.points.filter(case_return=None).count() == 2

    def test_an_autosave_tells_it_beside_the_box(self, world: Collecting) -> None:
        url = reverse("summative-save", args=[world.agency_return.pk])
        point = begun("One too many.")
        action = {
            f"actions-2-{part}": "Too many." if part == "text" else ""
            for part in ("pk", "text", "owner", "due_on", "measure")
        }
        sent = {"overview": "Kept.", "basis": json.dumps({}), **point, **action}
        answer = signed_in(world.lead).post(url, sent)
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {next(iter(point)), "actions-2-text"}
        world.agency_return.refresh_from_db()
        assert world.agency_return.overview == "Kept."
        assert RestorativeAction.objects.count() == 2

    def rows(self, *texts: str) -> dict[str, str]:
        """Those that there are under their numbers, then new ones."""
        there = [str(each.pk) for each in RestorativeAction.objects.all()]
        numbers = [*there, *[""] * (len(texts) - len(there))]
        sent = {"actions-TOTAL_FORMS": str(len(texts)), "actions-INITIAL_FORMS": str(len(there))}
        for number, (pk, text) in enumerate(zip(numbers, texts, strict=True)):
            sent |= {f"actions-{number}-pk": pk, f"actions-{number}-text": text}
        return sent

    def save(self, world: Collecting, *texts: str) -> Any:
        client = signed_in(world.lead)
        url = reverse("summative-edit", args=[world.agency_return.pk])
        basis = str(client.get(url).context["basis"])
        return client.post(url, {"basis": basis, "overview": "", **self.rows(*texts)})

    def test_what_is_cleared_in_the_same_save_makes_room(self, world: Collecting) -> None:
        assert self.save(world, "", "Train 1.", "A new one.").status_code == 302
        texts = RestorativeAction.objects.values_list("text", flat=True)
        assert sorted(texts) == ["A new one.", "Train 1."]

    def test_and_no_more_than_that(self, world: Collecting) -> None:
        html = self.save(world, "", "Train 1.", "A new one.", "One too many.").content.decode()
        assert "There is no room for this" in html
        assert "One too many." in html
        texts = RestorativeAction.objects.values_list("text", flat=True)
        assert sorted(texts) == ["Train 0.", "Train 1."]

    @pytest.mark.parametrize("instead", ["", "Train others."])
    def test_what_moves_to_another_line_is_not_lost(self, world: Collecting, instead: str) -> None:
        RestorativeAction.objects.filter(text="Train 1.").delete()
        assert self.save(world, instead, "Train 0.").status_code == 302
        texts = set(RestorativeAction.objects.values_list("text", flat=True))
        assert texts == {"Train 0.", instead} - {""}

    @pytest.mark.parametrize("what", ["point", "line", "action"])
    def test_the_plain_form_comes_back_with_everything_typed(
        self, world: Collecting, what: str
    ) -> None:
        client = signed_in(world.lead)
        url = reverse("summative-edit", args=[world.agency_return.pk])
        page = client.get(url).context
        sent = {
            "basis": str(page["basis"]),
            "overview": "Typed.",
            "actions-TOTAL_FORMS": "1",
            "actions-INITIAL_FORMS": "0",
            "actions-0-text": "One too many." if what == "action" else "",
        }
        sent |= begun("One too many.") if what == "point" else {}
        sent |= {"new_went_well": "One too many."} if what == "line" else {}
        html = client.post(url, sent).content.decode()
        assert "There is no room for this" in html
        assert "One too many." in html
        world.agency_return.refresh_from_db()
        assert world.agency_return.overview == ""
