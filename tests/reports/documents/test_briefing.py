"""The six-step briefing's content from rows."""

from datetime import date

import pytest
from django.utils import timezone

from audits.models import Audit, FindingPlacement, PointKind, PointPlacement, Section
from reports.documents import content
from reports.documents.briefing import build_briefing
from reports.documents.imprint import Edition
from reports.documents.source import DocumentSource
from tests import factories
from tests.factories import meeting_point, returned_point

pytestmark = pytest.mark.django_db

K = PointKind


@pytest.fixture
def audit() -> Audit:
    audit: Audit = factories.AuditFactory(stage="drafting")
    for _ in range(3):
        factories.CaseFactory(audit=audit)
    return audit


def built(audit: Audit) -> content.Briefing:
    source = DocumentSource(Audit.objects.with_names().get(pk=audit.pk))
    return build_briefing(source, Edition(dated=date(2026, 7, 1)))


def shown(groups: tuple[content.Group, ...]) -> list[tuple[str, list[str]]]:
    return [(group.heading, [item.text for item in group.items]) for group in groups]


class TestCaseByCase:
    def test_prints_what_the_meeting_agreed_in_order(self, audit: Audit) -> None:
        one, _two, three = audit.cases.all()
        meeting_point(audit, "Three.", three)
        meeting_point(audit, "One, first.", one)
        meeting_point(audit, "One, second.", one)
        meeting_point(audit, "Improve.", one, K.CAN_BE_IMPROVED)
        meeting_point(audit, "Challenge.", three, K.CHALLENGE)
        briefing = built(audit)
        assert shown(briefing.went_well) == [
            ("Case 1", ["One, first.", "One, second."]),
            ("Case 3", ["Three."]),
        ]
        assert shown(briefing.can_improve) == [("Case 1", ["Improve."])]
        assert shown(briefing.challenges) == [("Case 3", ["Challenge."])]

    def test_leaves_out_what_was_returned_and_not_adopted(self, audit: Audit) -> None:
        row = factories.CaseReturnFactory(
            agency_return=factories.AgencyReturnFactory(audit=audit), case=audit.cases.first()
        )
        adopted = returned_point(row, "Adopted.")
        returned_point(row, "Left where it was.")
        PointPlacement.objects.create(point=adopted, kind=K.WENT_WELL, agreed=True)
        assert shown(built(audit).went_well) == [("Case 1", ["Adopted."])]

    def test_a_point_placed_under_two_kinds_prints_under_both(self, audit: Audit) -> None:
        point = meeting_point(audit, "Notes came late.", audit.cases.first(), K.CAN_BE_IMPROVED)
        PointPlacement.objects.create(point=point, kind=K.CHALLENGE, agreed=True)
        briefing = built(audit)
        assert shown(briefing.can_improve) == [("Case 1", ["Notes came late."])]
        assert shown(briefing.challenges) == [("Case 1", ["Notes came late."])]

    def test_points_about_the_whole_audit_come_last(self, audit: Audit) -> None:
        meeting_point(audit, "Everywhere.")
        meeting_point(audit, "Here.", audit.cases.first())
        assert shown(built(audit).went_well) == [
            ("Case 1", ["Here."]),
            ("Across the cases", ["Everywhere."]),
        ]

    def test_a_withdrawn_case_prints_nothing(self, audit: Audit) -> None:
        case = factories.CaseFactory(
            audit=audit, withdrawn_at=timezone.now(), withdrawn_reason="Moved."
        )
        meeting_point(audit, "Gone.", case)
        assert built(audit).went_well == ()

    def test_good_practice_says_which_case_it_comes_from(self, audit: Audit) -> None:
        meeting_point(audit, "In one.", audit.cases.get(number=2), K.GOOD_PRACTICE)
        meeting_point(audit, "In all.", None, K.GOOD_PRACTICE)
        assert [item.text for item in built(audit).good_practice] == ["In all.", "Case 2: In one."]


class TestByLearningTheme:
    @pytest.fixture
    def large(self, audit: Audit) -> Audit:
        for _ in range(10):
            factories.CaseFactory(audit=audit)
        return audit

    def test_above_twelve_cases_findings_stand_under_their_theme(self, large: Audit) -> None:
        later, sooner = (
            factories.LearningThemeFactory(
                partnership=large.partnership, name=name, position=position
            )
            for name, position in (("Recording", 2), ("Voice", 1))
        )
        for text, themes in (("R.", [later]), ("V.", [sooner, later]), ("Plain.", [])):
            finding = factories.FindingFactory(audit=large, text=text)
            finding.learning_themes.set(themes)
            FindingPlacement.objects.create(finding=finding, section=Section.WORKING_WELL)
        meeting_point(large, "About one case.", large.cases.first())
        assert shown(built(large).went_well) == [
            ("Voice", ["V."]),
            ("Recording", ["R."]),
            ("Other learning", ["Plain."]),
        ]

    def test_a_finding_prints_once_in_a_step(self, large: Audit) -> None:
        finding = factories.FindingFactory(audit=large, text="A theme and a worry.")
        for section in (Section.FINDINGS, Section.WORRIES):
            FindingPlacement.objects.create(finding=finding, section=section)
        assert shown(built(large).challenges) == [("Other learning", ["A theme and a worry."])]

    def test_twelve_cases_are_still_told_one_by_one(self, large: Audit) -> None:
        large.cases.filter(number=13).delete()
        meeting_point(large, "About one case.", large.cases.first())
        assert shown(built(large).went_well) == [("Case 1", ["About one case."])]


def test_a_follow_up_question_keeps_its_number_and_says_what_it_follows(audit: Audit) -> None:
    used = factories.QuestionFactory(toolkit=audit.toolkit, text="Was it used?")
    factories.QuestionFactory(
        toolkit=audit.toolkit,
        text="Was it reviewed?",
        follows=used,
        follows_answers=["yes", "partly"],
    )
    assert built(audit).questions == (
        content.Question(number=1, text="Was it used?"),
        content.Question(number=2, text="Was it reviewed?", follows=1, when="if yes or partly"),
    )


def test_without_questions_the_process_announces_none(audit: Audit) -> None:
    (block,) = built(audit).process
    assert block.lines[0].endswith("wrote a summative report.")
    factories.QuestionFactory(toolkit=audit.toolkit)
    (block,) = built(audit).process
    assert block.lines[0].endswith("answered these questions:")
