"""Correcting what was signed off: only words change, and what they were stays."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import Activity, AppendOnlyError
from agencies.roles import Role
from audits.domain import corrections, returns
from audits.domain.case_returns import AnswerDraft, CaseReturnDraft, finish, save_draft
from audits.domain.case_texts import standing
from audits.domain.cases import withdraw_case
from audits.domain.corrections import NOT_SIGNED, NOTHING_GOES, PUBLISHED, WITHDRAWN
from audits.domain.drafts import Basis, ConflictError
from audits.domain.engagement import Line
from audits.domain.guards import GuardError
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    CaseReturn,
    Correction,
    EngagementEntry,
    Point,
    PointPlacement,
    Question,
    RestorativeAction,
    ReturnStage,
    Stage,
    TextRevision,
)
from tests.audits.collecting import NOTHING, Collecting, answered, collecting, own_texts
from tests.factories import QuestionFactory, person, returned_point

pytestmark = pytest.mark.django_db

REASON = "The date was misread."


def signed(world: Collecting) -> Collecting:
    """Every case complete, a report with one point and one action, signed off by the lead."""
    for row in world.case_returns:
        finish(answered(world, row), by=world.auditor)
    draft = SummativeDraft(
        overview="Visits were kept.",
        new_points={"went_well": ["Quick."]},
        actions=[
            RestorativeDraft(None, "Train.", "Head", date(2027, 3, 1), "Ten records are read.")
        ],
    )
    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)
    world.agency_return = transition(world.agency_return, "sign-off", by=world.lead)
    for row in world.case_returns:
        row.refresh_from_db()
        row.agency_return = world.agency_return
    return world


@pytest.fixture
def world() -> Collecting:
    return signed(collecting(cases=2))


def said(row: CaseReturn, **own: str) -> CaseReturnDraft:
    """A draft of all that the case return says, with these of its own texts changed."""
    now = standing(CaseReturn.objects.get(pk=row.pk))
    texts = {name: getattr(now.row, name) for name in own_texts()} | own
    return CaseReturnDraft(
        own=texts,
        grade=now.row.own_grade.code if now.row.own_grade else "",
        answers={pk: AnswerDraft(each.value, each.evidence) for pk, each in now.answers.items()},
        points={pk: each.text for pk, each in now.points.items()},
        entries={pk: Line.of(each) for pk, each in now.entries.items()},
    )


def basis_of(row: CaseReturn) -> Basis:
    return Basis.of(standing(CaseReturn.objects.get(pk=row.pk)).texts)


def correct(world: Collecting, draft: CaseReturnDraft, **more: Any) -> Correction | None:
    given: dict[str, Any] = {"by": world.lead, "reason": REASON, "basis": basis_of(world.first)}
    return corrections.correct_case_return(world.first, draft=draft, **(given | more))


def report(world: Collecting, overview: str = "Visits were kept.") -> SummativeDraft:
    row = AgencyReturn.objects.get(pk=world.agency_return.pk)
    return SummativeDraft(
        overview=overview,
        points={pk: each.text for pk, each in returns.summative_points(row).items()},
        actions=[RestorativeDraft.of(each) for each in row.restorative_actions.all()],
    )


def correct_report(world: Collecting, draft: SummativeDraft, **more: Any) -> Correction | None:
    row = AgencyReturn.objects.get(pk=world.agency_return.pk)
    basis = Basis.of(corrections.summative_texts(row))
    given: dict[str, Any] = {"by": world.lead, "reason": REASON, "basis": basis}
    return corrections.correct_summative(world.agency_return, draft=draft, **(given | more))


def test_only_what_changed_is_written_and_belongs_to_the_correction(world: Collecting) -> None:
    question = world.questions[0]
    draft = said(world.first, engagement_past="Four visits.")
    draft = replace(draft, grade="good", answers={question.pk: AnswerDraft("partly", "Seen.")})

    correction = correct(world, draft)

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.own_grade and row.own_grade.code) == ("Four visits.", "good")
    answer = Answer.objects.get(case_return=row)
    assert (answer.value, answer.evidence) == ("partly", "Seen.")
    assert correction is not None
    assert (correction.reason, correction.by) == (REASON, world.lead)
    assert set(correction.revisions.values_list("key", "words")) == {
        ("engagement_past", "Four visits."),
        ("own_grade", "good"),
        (f"answer:{question.pk}", "partly"),
        (f"evidence:{question.pk}", "Seen."),
    }


def test_nothing_else_changes(world: Collecting) -> None:
    before = AgencyReturn.objects.values().get()
    case_before = CaseReturn.objects.values("stage", "completed_at", "auditor").get(
        pk=world.first.pk
    )

    correct(world, said(world.first, grade_reason="Seen weekly."))

    assert AgencyReturn.objects.values().get() == before
    assert before["stage"] == ReturnStage.SIGNED_OFF
    case_after = CaseReturn.objects.values("stage", "completed_at", "auditor").get(
        pk=world.first.pk
    )
    assert case_after == case_before


def test_what_a_text_without_a_history_said_is_kept_first() -> None:
    world = collecting()
    point = returned_point(world.first, "Quick.")
    signed(world)

    correct(world, replace(said(world.first), points={point.pk: "Quick and kind."}))

    kept = TextRevision.objects.filter(key=f"point:{point.pk}").values_list("words", "correction")
    assert [(words, bool(made)) for words, made in kept] == [
        ("Quick.", False),
        ("Quick and kind.", True),
    ]


def test_an_adopted_point_gets_new_words_where_it_stands() -> None:
    world = collecting(cases=1)
    point = returned_point(world.first, "The wrong school.")
    signed(world)
    PointPlacement.objects.create(point=point, kind="went_well", agreed=True, position=3)
    before = list(PointPlacement.objects.values())

    correct(world, replace(said(world.first), points={point.pk: "The right school."}))

    assert Point.objects.get(pk=point.pk).text == "The right school."
    assert list(PointPlacement.objects.values()) == before


def test_a_line_of_the_chronology_gets_another_day() -> None:
    world = collecting(cases=1)
    entry = EngagementEntry.objects.create(
        case_return=world.first, began_on=date(2026, 1, 2), words="Visits."
    )
    signed(world)

    line = Line(date(2025, 1, 2), None, "Visits.")
    correction = correct(world, replace(said(world.first), entries={entry.pk: line}))

    entry.refresh_from_db()
    assert entry.began_on == date(2025, 1, 2)
    assert correction is not None
    assert correction.revisions.get().words == "2025-01-02 to now: Visits."


def test_points_come_and_go_only_while_a_return_is_open(world: Collecting) -> None:
    draft = replace(said(world.first, grade_reason="So."), new_points={"went_well": ["New."]})
    correct(world, draft)
    assert not Point.objects.filter(text="New.").exists()


def test_nothing_changed_is_no_correction(world: Collecting) -> None:
    assert correct(world, said(world.first)) is None
    assert correct_report(world, report(world)) is None
    assert not Correction.objects.exists()


def test_an_answer_that_puts_a_follow_up_out_of_play_empties_it() -> None:
    world = collecting(cases=1)
    [first] = world.questions
    follow_up = QuestionFactory(
        toolkit=first.toolkit, follows=first, follows_answers=["yes"], kind=Question.Kind.TEXT
    )
    world.questions.append(follow_up)
    signed(world)
    draft = said(world.first)
    no = {first.pk: AnswerDraft("no", ""), follow_up.pk: AnswerDraft("yes", "")}

    correction = correct(world, replace(draft, answers=no))

    assert Answer.objects.get(question=follow_up).value == ""
    assert correction is not None
    assert set(correction.revisions.values_list("key", "words")) == {
        (f"answer:{first.pk}", "no"),
        (f"answer:{follow_up.pk}", ""),
    }


def test_an_answer_that_brings_one_up_wants_its_answer_too() -> None:
    world = collecting(cases=1)
    [first] = world.questions
    follow_up = QuestionFactory(toolkit=first.toolkit, follows=first, follows_answers=["no"])
    signed(world)
    Answer.objects.filter(question=follow_up)
    no = {first.pk: AnswerDraft("no", "")}

    with pytest.raises(GuardError) as refused:
        correct(world, replace(said(world.first), answers=no))

    assert refused.value.missing == [f"Answer question 2: {follow_up.text}"]
    both = no | {follow_up.pk: AnswerDraft("yes", "")}
    assert correct(world, replace(said(world.first), answers=both)) is not None


@pytest.mark.parametrize("known", ["no", "unsure", ""])
def test_whether_the_family_is_known_is_not_corrected(world: Collecting, known: str) -> None:
    with pytest.raises(GuardError):
        correct(world, said(world.first, known=known))
    assert correct(world, said(world.first, known="sibling")) is not None


def test_how_a_nil_return_checked_can_be_corrected() -> None:
    world = collecting(cases=1)
    returns.hand_in_nothing(world.agency_return, by=world.lead, how_checked="By name.")

    draft = CaseReturnDraft(
        own={"not_known_reason": "By name and date."}, only=["not_known_reason"]
    )
    assert correct(world, draft) is not None

    assert CaseReturn.objects.get().not_known_reason == "By name and date."
    empty = replace(draft, own={"not_known_reason": ""})
    with pytest.raises(GuardError, match="Say how you checked"):
        correct(world, empty)


def test_two_who_correct_the_same_words_see_each_other(world: Collecting) -> None:
    basis = basis_of(world.first)
    correct(world, said(world.first, grade_reason="Theirs."))

    with pytest.raises(ConflictError) as refused:
        correct(world, said(world.first, grade_reason="Mine."), basis=basis)

    assert [each.theirs for each in refused.value.conflicts] == ["Theirs."]
    assert Correction.objects.count() == 1


def test_the_summative_report_is_corrected_in_each_of_its_parts(world: Collecting) -> None:
    draft = report(world, overview="Most visits were kept.")
    [action] = draft.actions
    [point] = Point.objects.all()
    draft = replace(
        draft,
        points={point.pk: "Quick, mostly."},
        actions=[replace(action, due_on=date(2027, 4, 1), measure="")],
    )

    correction = correct_report(world, draft)

    row = AgencyReturn.objects.get()
    assert (row.overview, row.stage) == ("Most visits were kept.", ReturnStage.SIGNED_OFF)
    stored = RestorativeAction.objects.get()
    assert (stored.text, stored.due_on, stored.measure) == ("Train.", date(2027, 4, 1), "")
    assert correction is not None
    words = dict(correction.revisions.values_list("key", "words"))
    assert words == {
        "overview": "Most visits were kept.",
        f"point:{point.pk}": "Quick, mostly.",
        f"action:{stored.pk}": "Train.\nBy whom: Head\nBy when: 1 April 2027",
    }
    before = row.revisions.get(key=f"action:{stored.pk}", correction=None)
    assert before.words.endswith("By when: 1 March 2027\nHow we will know: Ten records are read.")


def test_a_correction_takes_nothing_out(world: Collecting) -> None:
    with pytest.raises(GuardError) as refused:
        correct_report(world, report(world, overview=" "))
    assert refused.value.missing == [NOTHING_GOES]


def test_a_reason_is_asked_for(world: Collecting) -> None:
    with pytest.raises(GuardError, match=r"Give a reason\."):
        correct(world, said(world.first, grade_reason="So."), reason=" ")
    with pytest.raises(GuardError, match=r"Give a reason\."):
        correct_report(world, report(world, "Other."), reason="")


def test_the_activity_says_that_and_not_what(world: Collecting) -> None:
    correct(world, said(world.first, grade_reason="Secret."))
    correct_report(world, report(world, "Other."))

    verbs = (
        Activity.objects.exclude(subject_type="audits.fingerprint")
        .order_by("pk")
        .values_list("verb", "subject_type")
    )
    assert list(verbs)[-2:] == [
        ("corrected a case return", "audits.casereturn"),
        ("corrected a summative report", "audits.agencyreturn"),
    ]


class TestWho:
    def test_no_auditor_and_nobody_else(self, world: Collecting) -> None:
        chair = person(Role.CHAIR, world.partnership)
        stranger = collecting().lead
        for user in (world.auditor, world.officer, chair, stranger):
            assert not corrections.can_correct(world.agency_return, user, world.first)
            with pytest.raises(PermissionDenied):
                correct(world, said(world.first, grade_reason="So."), by=user)
            with pytest.raises(PermissionDenied):
                correct_report(world, report(world, "Other."), by=user)

    def test_the_officer_what_was_entered_from_paper(self) -> None:
        world = collecting(cases=2)
        save_draft(
            world.first,
            by=world.officer,
            draft=CaseReturnDraft(own=own_texts(known="child")),
            basis=NOTHING,
        )
        signed(world)
        assert correct(world, said(world.first, grade_reason="So."), by=world.officer) is not None
        assert correct_report(world, report(world, "Other."), by=world.officer) is not None
        assert not corrections.can_correct(
            world.agency_return, world.officer, world.case_returns[1]
        )


class TestWhen:
    def test_from_sign_off_until_publication(self, world: Collecting) -> None:
        draft = said(world.first, grade_reason="So.")
        open_to = [Stage.COLLECTING, Stage.MEETING, Stage.DRAFTING]
        found = {}
        for stage in (*open_to, Stage.PUBLISHED, Stage.CLOSED):
            world.audit.stage = stage
            world.audit.save()
            row = AgencyReturn.objects.get()
            found[stage] = corrections.closed_because(row)
            assert corrections.can_correct(row, world.lead) == (stage in open_to)
        assert found == {
            **{stage: [] for stage in open_to},
            Stage.PUBLISHED: [PUBLISHED],
            Stage.CLOSED: [PUBLISHED],
        }
        with pytest.raises(GuardError, match="The audit is published"):
            correct(world, draft)
        with pytest.raises(GuardError, match="The audit is published"):
            correct_report(world, report(world, "Other."))

    @pytest.mark.parametrize("stage", ["open", "declined", "excused"])
    def test_a_return_that_is_not_signed_off_is_changed_on_its_pages(self, stage: str) -> None:
        world = collecting()
        world.agency_return.stage = stage
        world.agency_return.save()
        with pytest.raises(GuardError) as refused:
            correct(world, CaseReturnDraft(own=own_texts(known="child")))
        assert refused.value.missing == [NOT_SIGNED]

    def test_a_withdrawn_case_is_left_as_it_was(self, world: Collecting) -> None:
        withdraw_case(case=world.first.case, by=world.officer, reason="Twice in the sample.")
        world.first.case.refresh_from_db()
        assert corrections.closed_because(world.agency_return, world.first) == [WITHDRAWN]


def test_what_was_corrected_is_kept_for_good(world: Collecting) -> None:
    correct(world, said(world.first, grade_reason="So."))
    for rows in (Correction.objects.all(), TextRevision.objects.all()):
        with pytest.raises(AppendOnlyError):
            rows.update(by=world.officer)
        with pytest.raises(AppendOnlyError):
            rows.delete()
