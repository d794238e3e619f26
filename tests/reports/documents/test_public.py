"""A document for the public: small numbers, and what would give them away, are not in it."""

import re
from dataclasses import dataclass

import pytest
from django.utils import timezone

from agencies.models import Agency
from agencies.roles import Role
from audits.models import (
    AgreedGrade,
    Audit,
    CaseReturn,
    CaseReturnStage,
    Discussion,
    Figure,
    FindingPlacement,
    Grade,
    Known,
    PointKind,
    PointPlacement,
    Section,
)
from reports.documents.annex import build_annex
from reports.documents.checks import small_number_remarks
from reports.documents.content import Audience
from reports.documents.html import print_page
from reports.documents.source import DocumentSource
from reports.domain.printing import Kind, draft
from tests import factories

pytestmark = pytest.mark.django_db

PUBLIC = Audience.PUBLIC


@dataclass
class Town:
    """An audit of twenty cases. The police graded twelve good and eight not; health audited ten,
    nine of them good; housing knew four."""

    audit: Audit
    police: Agency
    health: Agency
    housing: Agency


def town() -> Town:
    audit = factories.AuditFactory(stage="meeting")
    audit.grades.all().delete()
    good, low = (
        Grade.objects.create(audit=audit, code=label, label=label, position=place, meets_good=meets)
        for place, (label, meets) in enumerate((("good", True), ("inadequate", False)))
    )
    question = factories.QuestionFactory(toolkit=audit.toolkit, text="Was the plan shared?")
    cases = [factories.CaseFactory(audit=audit) for _ in range(20)]
    made = []
    for name, goods, lows in (("Police", 12, 8), ("Health", 9, 1), ("Housing", 4, 0)):
        agency = factories.AgencyFactory(partnership=audit.partnership, name=name)
        agency_return = factories.AgencyReturnFactory(audit=audit, agency=agency)
        for case, grade in zip(cases, [good] * goods + [low] * lows, strict=False):
            row = factories.CaseReturnFactory(
                agency_return=agency_return,
                case=case,
                known=Known.CHILD,
                stage=CaseReturnStage.COMPLETE,
                own_grade=grade,
            )
            value = "yes" if grade == good else "no"
            factories.AnswerFactory(case_return=row, question=question, value=value)
        made.append(agency)
    return Town(audit, *made)


def figure(town: Town, code: str, agency: Agency | None, measure: str = "met_good") -> Figure:
    return Figure.objects.create(
        audit=town.audit, code=code, kind="counted", measure=measure, agency=agency
    )


def test_the_annex_withholds_row_by_row() -> None:
    place = town()
    annex = build_annex(DocumentSource(place.audit, PUBLIC))
    assert annex.grades is not None
    assert [(row.name, row.counts, row.total) for row in annex.grades.tallies] == [
        ("Health", (None, None), 10),
        ("Housing", (None, None), None),
        ("Police", (12, 8), 20),
    ]
    (question,) = annex.questions
    assert [(row.name, row.printed is not None, row.total) for row in question.tallies] == [
        ("Health", False, 10),
        ("Housing", False, None),
        ("Police", True, 20),
    ]
    assert [(row.agency, row.count) for row in annex.figures] == [
        ("Health", "10 of 20 cases"),
        ("Housing", "[c] of 20 cases"),
        ("Police", "20 of 20 cases"),
    ]


def test_the_board_reads_them_all() -> None:
    annex = build_annex(DocumentSource(town().audit))
    assert annex.grades is not None
    assert [row.counts for row in annex.grades.tallies] == [(9, 1), (4, 0), (12, 8)]


def test_a_figure_in_a_sentence_says_that_it_is_withheld() -> None:
    place = town()
    named = [
        figure(place, "police-good", place.police),
        figure(place, "health-good", place.health),
        figure(place, "housing-good", place.housing),
        figure(place, "all-good", None),
    ]
    text = " ".join(f"{{figure:{each.code}}}" for each in named)
    finding = factories.FindingFactory(audit=place.audit, text=text)
    finding.figures.set(named)
    FindingPlacement.objects.create(finding=finding, section=Section.FINDINGS)
    report = draft(place.audit, Kind.SUMMARY_REPORT, PUBLIC)
    assert report.findings[0].text == (  # type: ignore[union-attr]
        "12 of 20 cases met good (Police) [withheld] of 10 cases met good (Health) "
        "[withheld] cases met good (Housing) [withheld] case returns met good"
    )


def test_what_is_stated_is_withheld_too() -> None:
    place = town()
    for code, numerator, denominator in (("a", 5, None), ("b", 30, 31), ("c", 9, 17), ("d", 9, 40)):
        Figure.objects.create(
            audit=place.audit,
            code=code,
            kind="stated",
            measure="",
            label="seen",
            numerator=numerator,
            denominator=denominator,
            unit="children",
        )
    values = DocumentSource(place.audit, PUBLIC).values
    # b leaves 1; 17 are all but 3 of the sample.
    assert {code: str(value.count) for code, value in values.items()} == {
        "a": "[withheld] children",
        "b": "[withheld] of 31 children",
        "c": "[withheld] children",
        "d": "9 of 40 children",
    }


def test_nothing_of_a_single_case_is_left() -> None:
    place = town()
    row = CaseReturn.objects.filter(audit=place.audit, case__number=1).first()
    assert row is not None
    low = place.audit.grades.get(code="inadequate")
    chair = factories.person(Role.CHAIR, place.audit.partnership)
    AgreedGrade.objects.create(case_return=row, grade=low, reason="Late.", moderator=chair)
    Discussion.objects.create(case=row.case, overall_grade=low, overall_grade_reason="Late.")

    for audience, found in ((Audience.BOARD, 2), (PUBLIC, 0)):
        report = print_page(draft(place.audit, Kind.SUMMARY_REPORT, audience))
        assert report.count("Case 1<") == found


def test_a_small_sample_is_said_in_words_everywhere() -> None:
    audit = factories.AuditFactory(stage="meeting")
    agency_return = factories.AgencyReturnFactory(audit=audit)
    for _ in range(5):
        case = factories.CaseFactory(audit=audit)
        row = factories.CaseReturnFactory(agency_return=agency_return, case=case)
        point = factories.returned_point(row, "The plan was late.")
        PointPlacement.objects.create(point=point, kind=PointKind.WENT_WELL, agreed=True)
    report, briefing = (print_page(draft(audit, kind, PUBLIC)) for kind in Kind)
    assert "Fewer than 8" in report
    assert "fewer than 8 cases" in briefing
    for page in (report, briefing):
        assert "Small numbers are withheld." in page
        assert not re.search(r"\b5 cases|Case \d", page)
    assert re.search(r"\b5 cases", print_page(draft(audit, Kind.BRIEFING)))
    assert "Small numbers are withheld." not in print_page(draft(audit, Kind.BRIEFING))


def test_a_bar_tells_nothing_that_its_row_withholds() -> None:
    place = town()
    html = print_page(draft(place.audit, Kind.SUMMARY_REPORT, PUBLIC))
    drawings = " ".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL))
    assert "Police" in drawings
    assert "Housing" not in drawings


def test_numbers_typed_by_hand_draw_a_warning() -> None:
    place = town()
    figure(place, "health-good", place.health)
    for text in (
        "In four cases nobody asked.",
        "Health met good in 9.",
        "All 20 were seen in case 3.",
        "Section 4 of the Act, on 3 May 2025.",
    ):
        finding = factories.FindingFactory(audit=place.audit, text=text)
        FindingPlacement.objects.create(finding=finding, section=Section.FINDINGS)
    assert sorted(small_number_remarks(DocumentSource(place.audit, PUBLIC))) == [
        "“Health met good in 9.” says 9.",
        "“In four cases nobody asked.” says four.",
    ]
    assert small_number_remarks(DocumentSource(place.audit)) == []


def test_whatever_is_written_for_the_audit_and_printed_is_looked_through() -> None:
    place = town()
    for text in ("Gaps in two teams", "Three settings joined in."):
        factories.GapHeadingFactory(audit=place.audit, label=text)
    factories.ActionFactory(
        audit=place.audit, text="Test it.", measure_of_success="Two hundred people tested 2 records"
    )
    assert sorted(small_number_remarks(DocumentSource(place.audit, PUBLIC))) == [
        "“Gaps in two teams” says two.",
        "“Three settings joined in.” says Three.",
        "“Two hundred people tested 2 records” says 2.",
    ]


def test_an_agreed_point_is_looked_through_where_it_prints() -> None:
    place = town()
    row = CaseReturn.objects.filter(agency_return__audit=place.audit).order_by("case__number")[0]
    point = factories.returned_point(row, "Two were slow.")
    PointPlacement.objects.create(point=point, kind=PointKind.WENT_WELL, agreed=True)
    public = DocumentSource(place.audit, PUBLIC)
    assert small_number_remarks(public) == []

    kept = list(place.audit.cases.order_by("number"))[:12]
    beyond = place.audit.cases.exclude(pk__in=[case.pk for case in kept])
    beyond.update(withdrawn_at=timezone.now(), withdrawn_reason="Not ours.")
    public = DocumentSource(place.audit, PUBLIC)
    assert small_number_remarks(public) == ["“Two were slow.” says Two."]


def test_the_limit_is_the_partnerships_own() -> None:
    place = town()
    partnership = place.audit.partnership
    partnership.small_numbers_below = 3
    partnership.save()
    annex = build_annex(DocumentSource(Audit.objects.get(pk=place.audit.pk), PUBLIC))
    assert annex.grades is not None
    assert [row.counts for row in annex.grades.tallies] == [(None, None), (4, 0), (12, 8)]


def test_what_is_for_the_boards_scrutiny_is_not_marked_for_the_public() -> None:
    place = town()
    finding = factories.FindingFactory(audit=place.audit, text="Plans drift.", for_scrutiny=True)
    FindingPlacement.objects.create(finding=finding, section=Section.FINDINGS)
    mark = "For the board’s scrutiny"
    assert mark in print_page(draft(place.audit, Kind.SUMMARY_REPORT))
    assert mark not in print_page(draft(place.audit, Kind.SUMMARY_REPORT, PUBLIC))


def test_words_do_not_say_what_is_withheld() -> None:
    place = town()
    named = figure(place, "housing-good", place.housing)
    text = "Every case that Housing audited met good: {figure:housing-good}."
    finding = factories.FindingFactory(audit=place.audit, text=text)
    finding.figures.set([named])
    FindingPlacement.objects.create(finding=finding, section=Section.FINDINGS)
    assert "Every case" in print_page(draft(place.audit, Kind.SUMMARY_REPORT))
    public = print_page(draft(place.audit, Kind.SUMMARY_REPORT, PUBLIC))
    assert "Every case" not in public
    assert "its words would give a withheld number away. It rested on: " in public
