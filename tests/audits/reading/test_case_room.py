import pytest

from audits.models import CaseReturnStage, Known, Question, ReturnStage
from audits.reading.case_room import case_room
from audits.reading.meeting import agenda_of, suggested_people
from tests.audits.scenes import meeting_scene
from tests.factories import AnswerFactory, MembershipFactory, QuestionFactory, put_at, unsigned

pytestmark = pytest.mark.django_db


def test_agencies_that_know_the_family_stand_side_by_side_and_the_others_by_reason() -> None:
    scene = meeting_scene(agencies=5, cases=1, questions=0)
    case = scene.cases[0]
    _, unknown, unfinished, declined, excused = scene.case_returns
    unknown.stage, unknown.known = CaseReturnStage.NOT_KNOWN, Known.NO
    for row in (unfinished, declined, excused):
        row.stage = CaseReturnStage.NOT_STARTED
    with unsigned(*scene.returns):
        for row in (unknown, unfinished, declined, excused):
            row.save()
    for row, stage in ((declined, ReturnStage.DECLINED), (excused, ReturnStage.EXCUSED)):
        put_at(row.agency_return, stage)
    room = case_room(scene.audit, case, scene.officer)
    names = [agency.short_name for agency in scene.agencies]
    assert [column.name for column in room.columns] == names[:1]
    assert room.silent == [
        ("Not known to", [names[1]]),
        ("Nothing finished by", [names[2]]),
        ("Declined by", [names[3]]),
        ("Excused", [names[4]]),
    ]


def test_answers_are_said_in_words_and_points_are_left_to_the_board() -> None:
    scene = meeting_scene(agencies=2, cases=1, questions=0)
    toolkit = scene.audit.toolkit
    kinds = Question.Kind
    asked = [QuestionFactory(toolkit=toolkit, kind=kind) for kind in (kinds.YES_NO, kinds.DATE)]
    asked.append(QuestionFactory(toolkit=toolkit, kind=kinds.TEXT, follows=asked[0]))
    QuestionFactory(toolkit=toolkit, kind=kinds.POINTS, point_kind="went_well")
    values = ["not_recorded", "2026-03-05", "Seldom."]
    for question, value in zip(asked, values, strict=True):
        AnswerFactory(case_return=scene.case_returns[0], question=question, value=value)
    room = case_room(scene.audit, scene.cases[0], scene.officer)
    assert [(row.number, row.follows) for row in room.rows] == [(1, None), (2, None), (3, 1)]
    assert [row.cells[0].words for row in room.rows] == ["Not recorded", "5 March 2026", "Seldom."]
    assert [row.cells[1].words for row in room.rows] == ["Not answered"] * 3
    assert [row.cells[0].code for row in room.rows] == ["not_recorded", "words", "words"]


def test_withdrawn_cases_leave_the_agenda_and_neighbours_are_found() -> None:
    scene = meeting_scene(agencies=1, cases=3)
    scene.cases[1].withdrawn_at = scene.points[0].written_at
    scene.cases[1].withdrawn_reason = "Moved away."
    scene.cases[1].save()
    agenda = agenda_of(scene.audit, scene.officer)
    assert [case.name for case in agenda.cases] == ["Case 1", "Case 3"]
    before, after = agenda.around(scene.cases[0].pk)
    assert before is None
    assert after is not None
    assert after.name == "Case 3"
    assert agenda.around(scene.cases[2].pk)[1] is None
    assert not agenda.is_finished


def test_leads_of_agencies_asked_are_suggested_once() -> None:
    scene = meeting_scene(agencies=2)
    left = MembershipFactory(
        partnership=scene.audit.partnership,
        agency=scene.agencies[0],
        role="lead",
        ends_on="2026-01-31",
        starts_on="2025-01-01",
    )
    suggested = suggested_people(scene.audit, [])
    assert [each.name for each in suggested] == [lead.name for lead in scene.leads]
    assert left.user.name not in {each.name for each in suggested}
