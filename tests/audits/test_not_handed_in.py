"""What an agency has not handed in spreads to nobody: not by adopting, not by findings, and not
through what the meeting had adopted of it before."""

from typing import Any

import pytest
from django.urls import reverse

from audits.domain import agreed_points, case_texts, findings, points
from audits.domain.drafts import Basis, Text
from audits.domain.room import NoRoomError
from audits.domain.summative import SummativeDraft, save_summative
from audits.domain.transitions import transition
from audits.domain.writing import NotNowError
from audits.models import AgencyReturn, Audit, CaseReturn, Finding, Point, PointKind
from audits.reading.board import board_of
from reports.domain.printing import draft
from reports.models import Document
from tests.audits.collecting import signed_in
from tests.audits.scenes import Scene, meeting_scene, summative_point
from tests.factories import unsigned

pytestmark = pytest.mark.django_db

WELL, CHALLENGE = PointKind.WENT_WELL, PointKind.CHALLENGE
WORDS = "Half written about the home visits."


@pytest.fixture
def scene() -> Scene:
    return meeting_scene()


def reopened(scene: Scene) -> AgencyReturn:
    agency_return = AgencyReturn.objects.get(pk=scene.returns[0].pk)
    transition(agency_return, "reopen", by=scene.officer, reason="There is more.")
    return AgencyReturn.objects.get(pk=agency_return.pk)


def not_in(scene: Scene, stage: str) -> AgencyReturn:
    agency_return = reopened(scene)
    if stage == "excused":
        transition(agency_return, "excuse", by=scene.officer, reason="It cannot.")
    return AgencyReturn.objects.get(pk=agency_return.pk)


@pytest.mark.parametrize("stage", ["open", "excused"])
class TestWhatWasNotAdopted:
    def test_is_not_adopted_alone_or_with_all(self, scene: Scene, stage: str) -> None:
        not_in(scene, stage)
        mine, case = scene.points[0], scene.cases[0]
        with pytest.raises(NotNowError, match="has not handed in its return"):
            agreed_points.adopt(point=mine, kind=WELL, by=scene.officer)
        found = agreed_points.adopt_all(audit=scene.audit, case=case, kind=WELL, by=scene.officer)
        assert found == 1
        assert [row.point for row in agreed_points.agreed_list(scene.audit, case, WELL)] == [
            scene.points[2]
        ]

    def test_begins_no_finding_and_prints_nowhere(self, scene: Scene, stage: str) -> None:
        with unsigned(*scene.returns):
            summative_point(scene.returns[0], WORDS)
            summative_point(scene.returns[1], "Visits were kept.")
        not_in(scene, stage)
        assert findings.begin_working_well(audit=scene.audit, by=scene.chair) == 1
        assert [each.text for each in Finding.objects.all()] == ["Visits were kept."]
        assert WORDS not in str(draft(scene.audit, Document.Kind.SUMMARY_REPORT))
        address = reverse("finding-begin", args=[scene.audit.pk]) + "?show=all"
        html = signed_in(scene.officer).get(address).content.decode()
        assert "Visits were kept." in html
        assert WORDS not in html

    def test_stands_on_the_board_of_the_chair_without_a_way_to_adopt_it(
        self, scene: Scene, stage: str
    ) -> None:
        not_in(scene, stage)
        address = reverse("meeting-case", args=[scene.audit.pk, scene.cases[0].pk])
        html = signed_in(scene.chair).get(address).content.decode()
        assert scene.points[0].text in html
        assert "Not handed in" in html
        assert f"toggle-went_well-{scene.points[0].pk}" not in html
        assert f"toggle-went_well-{scene.points[2].pk}" in html


class TestWhatWasAdopted:
    @pytest.fixture(autouse=True)
    def adopted(self, scene: Scene) -> None:
        agreed_points.adopt(point=scene.points[0], kind=WELL, by=scene.officer)

    def on_the_board(self, scene: Scene) -> dict[str, tuple[list[str], list[str]]]:
        board = board_of(scene.audit, scene.cases[0], scene.leads[1], writes=False)
        return {
            each.kind: (
                [row.point.text for row in each.returned],
                [row.point.text for row in each.agreed],
            )
            for each in board.kinds
        }

    def test_others_read_it_where_it_was_agreed_and_not_how_it_is_listed_now(
        self, scene: Scene
    ) -> None:
        mine, theirs = scene.points[0].text, scene.points[2].text
        assert self.on_the_board(scene)[WELL] == ([mine, theirs], [mine])
        reopened(scene)
        transition(scene.case_returns[0], "take-back", by=scene.leads[0])
        points.place(scene.points[0], kind=WELL, to=CHALLENGE, by=scene.leads[0])
        found = self.on_the_board(scene)
        assert found[WELL] == ([theirs], [mine])
        assert found[CHALLENGE] == ([], [])

    def test_its_words_stay_while_its_return_is_open(self, scene: Scene) -> None:
        point, text = scene.points[0], scene.points[0].text
        reopened(scene)
        transition(scene.case_returns[0], "take-back", by=scene.leads[0])
        row = CaseReturn.objects.get(pk=scene.case_returns[0].pk)
        basis = Basis.of(case_texts.standing(row).texts)
        address = reverse("case-return-save", args=[row.agency_return_id, row.pk])
        sent = {"basis": str(basis), f"point_{point.pk}": WORDS, "grade_reason": "Visits."}
        answer: Any = signed_in(scene.leads[0]).post(
            address, sent, headers={"Accept": "application/json"}
        )
        assert points.ADOPTED in answer.content.decode()
        point.refresh_from_db()
        row.refresh_from_db()
        assert (point.text, row.grade_reason) == (text, "Visits.")
        with pytest.raises(NoRoomError, match="has adopted this point"):
            points.split(point, kind=WELL, by=scene.leads[0])

    def test_so_do_those_of_the_summative_report(self, scene: Scene) -> None:
        with unsigned(*scene.returns):
            point = summative_point(scene.returns[0], "Visits were kept.")
        agreed_points.adopt(point=point, kind=WELL, by=scene.officer)
        row = reopened(scene)
        basis = Basis.of({f"point:{point.pk}": Text(point.text, point.revision)})
        sent = SummativeDraft("", points={point.pk: WORDS})
        with pytest.raises(NoRoomError, match="has adopted this point"):
            save_summative(row, by=scene.leads[0], draft=sent, basis=basis)
        assert Point.objects.get(pk=point.pk).text == "Visits were kept."


def test_it_can_be_adopted_once_it_is_signed_off_again(scene: Scene) -> None:
    row = reopened(scene)
    AgencyReturn.objects.filter(pk=row.pk).update(overview="Visits were kept.")
    transition(AgencyReturn.objects.get(pk=row.pk), "sign-off", by=scene.leads[0])
    agreed_points.adopt(point=scene.points[0], kind=WELL, by=scene.officer)
    assert Audit.objects.get(pk=scene.audit.pk).stage == "meeting"
