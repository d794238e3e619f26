import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import Activity
from agencies.roles import Role
from audits.domain import knowing
from audits.domain.case_returns import (
    AnswerDraft,
    CaseReturnDraft,
    finish,
    return_as_not_known,
    save_draft,
    texts_of,
)
from audits.domain.drafts import Basis, ConflictError, ReturnClosedError, Text
from audits.domain.guards import GuardError
from audits.domain.leading import may_fill
from audits.domain.summative import SummativeDraft, save_summative
from audits.domain.transitions import transition
from audits.models import Answer, Audit, CaseReturn, CaseReturnStage, Point, ReturnStage, Stage
from tests.audits.collecting import (
    NOTHING,
    Collecting,
    answered,
    collecting,
    own_texts,
)
from tests.factories import QuestionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, questions=2)


def basis_of(case_return: CaseReturn) -> Basis:
    fresh = CaseReturn.objects.get(pk=case_return.pk)
    return Basis.of(texts_of(fresh, fresh.answers.all(), fresh.points.all()))


def test_the_first_words_start_a_case_return_and_make_their_writer_its_auditor(
    world: Collecting,
) -> None:
    draft = CaseReturnDraft(own=own_texts(engagement_past="Two visits."))

    save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.stage, row.auditor, row.engagement_past, row.revision, row.entered_from_paper) == (
        "in_progress",
        world.auditor,
        "Two visits.",
        1,
        False,
    )


def test_saving_nothing_starts_nothing(world: Collecting) -> None:
    save_draft(world.first, by=world.auditor, draft=CaseReturnDraft(own_texts()), basis=NOTHING)

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.stage, row.auditor, row.revision) == ("not_started", None, 0)


def test_what_the_officer_enters_is_marked_as_from_paper_and_has_no_auditor(
    world: Collecting,
) -> None:
    answered(world, world.first, by=world.officer)

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.entered_from_paper, row.auditor) == (True, None)


def test_answers_grade_and_points_are_written_with_their_revisions(world: Collecting) -> None:
    question = world.questions[0]
    draft = CaseReturnDraft(
        own=own_texts(known="sibling", grade_reason="Slow."),
        grade="good",
        answers={question.pk: AnswerDraft("partly", "In part.")},
        new_points={"went_well": ["One.", "Two."]},
    )

    save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)

    row = CaseReturn.objects.get(pk=world.first.pk)
    answer = row.answers.get()
    assert (row.known, row.own_grade and row.own_grade.code, row.revision) == ("sibling", "good", 1)
    assert (answer.question, answer.value, answer.evidence, answer.revision) == (
        question,
        "partly",
        "In part.",
        1,
    )
    placed = row.points.order_by("placements__position").values_list(
        "text", "placements__kind", "placements__position", "origin", "agency_return", "case"
    )
    assert list(placed) == [
        ("One.", "went_well", 0, "case_return", world.agency_return.pk, row.case_id),
        ("Two.", "went_well", 1, "case_return", world.agency_return.pk, row.case_id),
    ]


def test_saving_the_same_again_raises_no_revision(world: Collecting) -> None:
    answered(world, world.first)
    basis = basis_of(world.first)
    draft = CaseReturnDraft(
        own=own_texts(known="child"),
        answers={each.pk: AnswerDraft("yes", "") for each in world.questions},
    )

    save_draft(world.first, by=world.auditor, draft=draft, basis=basis)

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.revision, [each.revision for each in row.answers.all()]) == (1, [1, 1])


def test_two_auditors_on_different_questions_both_keep_their_words(world: Collecting) -> None:
    answered(world, world.first)
    seen_by_both = basis_of(world.first)
    one, two = world.questions
    yes = AnswerDraft("yes", "")
    own = own_texts(known="child")
    first = CaseReturnDraft(own, answers={one.pk: AnswerDraft("yes", "Mine."), two.pk: yes})
    second = CaseReturnDraft(own, answers={one.pk: yes, two.pk: AnswerDraft("no", "")})

    save_draft(world.first, by=world.auditor, draft=first, basis=seen_by_both)
    save_draft(world.first, by=world.lead, draft=second, basis=seen_by_both)

    said = Answer.objects.filter(case_return=world.first).values_list("value", "evidence")
    assert list(said) == [("yes", "Mine."), ("no", "")]


def test_two_auditors_on_the_same_text_are_told_and_nothing_is_lost(world: Collecting) -> None:
    answered(world, world.first)
    seen_by_both = basis_of(world.first)
    theirs = CaseReturnDraft(own_texts(known="child", engagement_past="Theirs."))
    mine = CaseReturnDraft(
        own_texts(known="child", engagement_past="Mine."), new_points={"challenge": ["New."]}
    )
    save_draft(world.first, by=world.lead, draft=theirs, basis=seen_by_both)

    with pytest.raises(ConflictError) as raised:
        save_draft(world.first, by=world.auditor, draft=mine, basis=seen_by_both)

    assert [each.key for each in raised.value.conflicts] == ["engagement_past"]
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.points.count()) == ("Theirs.", 0)


def test_a_writer_may_give_way(world: Collecting) -> None:
    answered(world, world.first)
    seen_by_both = basis_of(world.first)
    save_draft(
        world.first,
        by=world.lead,
        draft=CaseReturnDraft(own_texts(known="child", engagement_past="Theirs.")),
        basis=seen_by_both,
    )

    save_draft(
        world.first,
        by=world.auditor,
        draft=CaseReturnDraft(own_texts(known="carer", engagement_past="Mine.")),
        basis=seen_by_both,
        give_way=["engagement_past"],
    )

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.known, row.engagement_past) == ("carer", "Theirs.")


def test_completing_names_every_question_that_is_left(world: Collecting) -> None:
    draft = CaseReturnDraft(
        own_texts(known="child"), answers={world.questions[0].pk: AnswerDraft("no", "")}
    )
    row = save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)

    with pytest.raises(GuardError) as raised:
        finish(row, by=world.auditor)

    assert raised.value.missing == [f"Answer question 2: {world.questions[1].text}"]


def test_a_hidden_follow_up_is_not_demanded_and_its_stale_answer_goes(world: Collecting) -> None:
    first = world.questions[0]
    follow = QuestionFactory(toolkit=world.audit.toolkit, follows=first, follows_answers=["yes"])
    draft = CaseReturnDraft(
        own_texts(known="child"),
        answers={
            first.pk: AnswerDraft("no", ""),
            world.questions[1].pk: AnswerDraft("yes", ""),
            follow.pk: AnswerDraft("yes", "From when the first answer was yes."),
        },
    )
    row = save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)

    done = finish(row, by=world.auditor)

    assert done.stage == CaseReturnStage.COMPLETE
    assert not Answer.objects.filter(question=follow).exists()


def test_completing_stamps_the_time_and_taking_back_clears_it(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)
    done = CaseReturn.objects.get(pk=world.first.pk)
    assert done.completed_at is not None

    transition(done, "take-back", by=world.auditor)

    assert CaseReturn.objects.get(pk=world.first.pk).completed_at is None


def test_no_is_a_return_too_once_one_says_how_one_checked(world: Collecting) -> None:
    row = save_draft(
        world.first,
        by=world.auditor,
        draft=CaseReturnDraft(own_texts(known="no")),
        basis=NOTHING,
    )
    with pytest.raises(GuardError) as raised:
        finish(row, by=world.auditor)
    assert raised.value.missing == ["Say how you checked."]

    draft = CaseReturnDraft(own_texts(known="no", not_known_reason="All systems searched."))
    row = save_draft(world.first, by=world.auditor, draft=draft, basis=basis_of(world.first))

    assert finish(row, by=world.auditor).stage == CaseReturnStage.NOT_KNOWN


def test_several_cases_are_answered_not_known_together(world: Collecting) -> None:
    return_as_not_known(world.case_returns, by=world.lead, how_checked="Searched.")

    rows = CaseReturn.objects.values_list("stage", "known", "not_known_reason", "auditor")
    assert list(rows) == [("not_known", "no", "Searched.", world.lead.pk)] * 2


def test_nothing_changes_in_a_finished_case_return(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    with pytest.raises(ReturnClosedError):
        answered(world, world.first)


def test_nothing_changes_in_a_return_that_is_handed_in(world: Collecting) -> None:
    world.agency_return.stage = ReturnStage.SIGNED_OFF
    world.agency_return.save()

    with pytest.raises(ReturnClosedError):
        answered(world, world.first)
    assert Point.objects.count() == 0


@pytest.mark.parametrize("stage", [Stage.NOMINATING, Stage.DRAFTING, Stage.PUBLISHED])
def test_nothing_changes_in_an_audit_that_no_longer_asks(world: Collecting, stage: Stage) -> None:
    """Whatever left the return open."""
    Audit.objects.filter(pk=world.audit.pk).update(stage=stage)
    summative = SummativeDraft(overview="Written after publication.")

    with pytest.raises(ReturnClosedError):
        answered(world, world.first)
    with pytest.raises(ReturnClosedError):
        save_summative(world.agency_return, by=world.lead, draft=summative, basis=NOTHING)
    with pytest.raises(ReturnClosedError):
        knowing.answer(
            world.agency_return, by=world.auditor, told={world.first.pk: knowing.Told("child", "")}
        )


def test_a_point_that_went_does_not_come_back_over_one_of_another_case(world: Collecting) -> None:
    """Its id was given out again, by a page of another case, after it was taken out here."""
    first, second = world.case_returns
    line = CaseReturnDraft(own={}, new_points={"went_well": ["Seen alone."]})
    save_draft(second, by=world.auditor, draft=line, basis=NOTHING)
    point = Point.objects.get()
    back = CaseReturnDraft(own={}, points={point.pk: "Seen twice."})
    seen = Basis.of({f"point:{point.pk}": Text("", 1)})

    with pytest.raises(PermissionDenied):
        save_draft(first, by=world.auditor, draft=back, basis=seen)
    assert Point.objects.get().text == "Seen alone."


def test_a_stranger_cannot_start_a_case_return(world: Collecting) -> None:
    stranger = person(Role.LEAD, collecting().agency)

    with pytest.raises(PermissionDenied):
        answered(world, world.first, by=stranger)
    assert CaseReturn.objects.get(pk=world.first.pk).revision == 0


def test_who_may_fill(world: Collecting) -> None:
    people = [world.auditor, world.lead, world.officer, person(Role.CHAIR, world.partnership)]

    assert [may_fill(world.first, each) for each in people] == [True, True, True, False]


def test_activity_tells_of_the_sitting_and_not_of_each_save(world: Collecting) -> None:
    row = answered(world, world.first)
    draft = CaseReturnDraft(own_texts(known="child", engagement_past="More."))
    row = save_draft(row, by=world.auditor, draft=draft, basis=basis_of(row))
    finish(row, by=world.auditor)

    verbs = Activity.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["started a case return", "completed a case return"]
