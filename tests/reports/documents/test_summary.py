"""The summary report's content from rows: every placement once, in its place and order."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.models import Audit, Figure, FindingPlacement, LeadIn, Section, SeenBefore
from reports.documents import content
from reports.documents.imprint import Edition
from reports.documents.source import DocumentSource
from reports.documents.summary import build_summary
from tests import factories

pytestmark = pytest.mark.django_db

EDITION = Edition(dated=date(2026, 7, 1))


@pytest.fixture
def audit() -> Audit:
    partnership = factories.PartnershipFactory(name="Fenshire Partnership")
    audit: Audit = factories.AuditFactory(
        partnership=partnership, stage="drafting", title="Front door", kind="extraordinary"
    )
    factories.CaseFactory(audit=audit)
    factories.MeetingFactory(audit=audit, held_on=date(2026, 6, 10))
    return audit


def place(
    audit: Audit, text: str, section: Section, position: int = 0, **fields: object
) -> FindingPlacement:
    finding = fields.pop("finding", None) or factories.FindingFactory(audit=audit, text=text)
    return FindingPlacement.objects.create(
        finding=finding,  # type: ignore[misc]
        section=section,
        position=position,
        **fields,
    )


def built(audit: Audit) -> content.SummaryReport:
    return build_summary(DocumentSource(Audit.objects.with_names().get(pk=audit.pk)), EDITION)


def texts(items: tuple[content.Item, ...]) -> list[str]:
    return [item.text for item in items]


def test_the_title_says_that_the_audit_is_extraordinary(audit: Audit) -> None:
    imprint = built(audit).imprint
    assert imprint.process == "Extraordinary multi-agency case audit"
    assert imprint.version_line == "Draft printed 1 July 2026, not yet approved"


def test_the_meeting_names_the_findings(audit: Audit) -> None:
    assert built(audit).findings_heading == "Findings agreed at the meeting of 10 June 2026"


def test_placements_print_in_the_officers_order(audit: Audit) -> None:
    place(audit, "Second.", Section.WORKING_WELL, 1)
    place(audit, "First.", Section.WORKING_WELL, 0)
    place(audit, "Worry.", Section.WORRIES)
    report = built(audit)
    assert [texts(group.items) for group in report.working_well] == [["First.", "Second."]]
    assert [texts(group.items) for group in report.worries] == [["Worry."]]


def test_a_lead_in_stands_at_its_position_above_its_findings(audit: Audit) -> None:
    lead_in = LeadIn.objects.create(
        audit=audit, section=Section.FINDINGS, text="Seen before:", position=1
    )
    place(audit, "Before it.", Section.FINDINGS, 0)
    place(audit, "Under it, second.", Section.FINDINGS, 1, lead_in=lead_in)
    place(audit, "Under it, first.", Section.FINDINGS, 0, lead_in=lead_in)
    place(audit, "After it.", Section.FINDINGS, 2)
    findings = built(audit).findings
    assert texts(findings) == ["Before it.", "Seen before:", "After it."]
    assert texts(findings[1].items) == ["Under it, first.", "Under it, second."]


def test_what_all_findings_of_a_lead_in_share_it_says_itself(audit: Audit) -> None:
    lead_in = LeadIn.objects.create(audit=audit, section=Section.FINDINGS, text="Seen before:")
    for position, text in enumerate(["One.", "Two."]):
        placement = place(audit, text, Section.FINDINGS, position, lead_in=lead_in)
        placement.finding.seen_before.create(audit_code="2024-01", audit_title="Neglect")
    (led,) = built(audit).findings
    assert led.seen_before == (content.EarlierAudit(code="2024-01", title="Neglect"),)
    assert [item.seen_before for item in led.items] == [(), ()]


def test_findings_of_a_lead_in_seen_in_different_audits_say_so_each(audit: Audit) -> None:
    lead_in = LeadIn.objects.create(audit=audit, section=Section.FINDINGS, text="Seen before:")
    for position, code in enumerate(["2023-01", "2024-01"]):
        placement = place(audit, code, Section.FINDINGS, position, lead_in=lead_in)
        placement.finding.seen_before.create(audit_code=code, audit_title="Neglect")
    (led,) = built(audit).findings
    assert led.seen_before == ()
    assert [item.seen_before[0].code for item in led.items] == ["2023-01", "2024-01"]


def test_a_lead_in_with_nothing_under_it_does_not_print(audit: Audit) -> None:
    LeadIn.objects.create(audit=audit, section=Section.FINDINGS, text="Empty:", position=0)
    assert built(audit).findings == ()


def test_a_finding_prints_once_for_each_placement_with_its_own_wording(audit: Audit) -> None:
    finding = factories.FindingFactory(audit=audit, text="Recording varies.")
    heading = factories.GapHeadingFactory(audit=audit, label="Record keeping")
    place(audit, "", Section.WORRIES, finding=finding)
    place(audit, "", Section.GAPS, finding=finding, heading=heading, wording="Record better.")
    report = built(audit)
    assert texts(report.worries[0].items) == ["Recording varies."]
    assert texts(report.gaps[0].items) == ["Record better."]


def test_the_facts_count_what_a_reader_can_count(audit: Audit) -> None:
    finding = factories.FindingFactory(audit=audit, text="Twice a gap.")
    for _ in range(2):
        heading = factories.GapHeadingFactory(audit=audit)
        place(audit, "", Section.GAPS, finding=finding, heading=heading)
    for stage in ("signed_off", "nil", "declined", "excused"):
        factories.AgencyReturnFactory(audit=audit, stage=stage)
    assert [(fact.value, fact.label) for fact in built(audit).facts] == [
        ("1", "case in the sample"),
        ("2 of 4", "agencies sent a return"),
        ("2", "gaps identified"),
        ("0", "actions agreed"),
    ]


def test_equal_texts_are_not_merged(audit: Audit) -> None:
    place(audit, "The same words.", Section.WORRIES, 0)
    place(audit, "The same words.", Section.WORRIES, 1)
    assert texts(built(audit).worries[0].items) == ["The same words.", "The same words."]


def test_gaps_stand_under_the_audits_headings_in_order(audit: Audit) -> None:
    later = factories.GapHeadingFactory(audit=audit, label="Later", position=1)
    sooner = factories.GapHeadingFactory(audit=audit, label="Sooner", position=0)
    place(audit, "A gap.", Section.GAPS, heading=later)
    gaps = built(audit).gaps
    assert [(group.heading, texts(group.items)) for group in gaps] == [
        (sooner.label, []),
        (later.label, ["A gap."]),
    ]


def test_an_action_names_the_gaps_it_answers_as_they_are_lettered(audit: Audit) -> None:
    heading = factories.GapHeadingFactory(audit=audit)
    place(audit, "First gap.", Section.GAPS, 0, heading=heading)
    second = place(audit, "Second gap.", Section.GAPS, 1, heading=heading)
    body = factories.BodyFactory(partnership=audit.partnership, name="QA Sub-Group")
    action = factories.ActionFactory(
        audit=audit, text="Mend it.", owner_body=body, due_on=date(2026, 9, 1)
    )
    action.findings.add(second.finding)
    assert built(audit).actions == (
        content.Action(
            text="Mend it.", owner="QA Sub-Group", due=date(2026, 9, 1), answers=("3.4.1 b",)
        ),
    )


def test_an_action_may_be_open(audit: Audit) -> None:
    factories.ActionFactory(audit=audit, text="Mend it.")
    assert built(audit).actions == (content.Action(text="Mend it."),)


def test_a_finding_says_where_it_was_seen_and_who_should_look(audit: Audit) -> None:
    agency = factories.AgencyFactory(partnership=audit.partnership, name="Fenshire Police")
    finding = factories.FindingFactory(audit=audit, text="Again.", for_scrutiny=True)
    finding.agencies.add(agency)
    SeenBefore.objects.create(finding=finding, audit_code="2024-01", audit_title="Neglect")
    place(audit, "", Section.FINDINGS, finding=finding)
    assert built(audit).findings == (
        content.Item(
            text="Again.",
            agencies=("Fenshire Police",),
            seen_before=(content.EarlierAudit(code="2024-01", title="Neglect"),),
            for_scrutiny=True,
        ),
    )


def test_figures_stand_in_the_text_and_in_the_annex(audit: Audit) -> None:
    figure = Figure.objects.create(
        audit=audit,
        code="visits",
        kind="stated",
        numerator=7,
        denominator=9,
        unit="visits",
        label="were joint",
        stated_by="Health lead",
    )
    finding = factories.FindingFactory(audit=audit, text="Visits: {figure:visits}.")
    finding.figures.add(figure)
    place(audit, "", Section.FINDINGS, finding=finding)
    report = built(audit)
    assert texts(report.findings) == ["Visits: 7 of 9 visits were joint."]
    assert report.annex.figures == (
        content.FigureRow(
            measure="Were joint",
            agency="All agencies",
            numerator=7,
            denominator=9,
            unit="visits",
            stated_by="Health lead",
        ),
    )


def test_contributors_stand_in_the_annex_in_their_own_unit(audit: Audit) -> None:
    agency = factories.AgencyFactory(
        partnership=audit.partnership,
        name="Health",
        contributor_noun="GP practice",
        contributor_noun_plural="GP practices",
    )
    question = factories.QuestionFactory(
        toolkit=audit.toolkit, text="Was the child seen?", for_contributors=True
    )
    agency_return = factories.AgencyReturnFactory(audit=audit, agency=agency, stage="signed_off")
    row = factories.CaseReturnFactory(agency_return=agency_return)
    for stage, value in (("replied", "yes"), ("replied", "no"), ("asked", "yes")):
        request = row.contributor_requests.create(
            contributor=factories.ContributorFactory(agency=agency), stage=stage
        )
        request.answers.create(question=question, value=value)

    assert [(each.measure, each.count) for each in built(audit).annex.figures] == [
        ("Cases audited", "0 of 2 cases"),
        ("GP practices that replied", "2 of 3 GP practices"),
        (
            f"GP practices that answered yes to question {question.number}: Was the child seen?",
            "1 of 2 GP practices",
        ),
    ]

    for code, measure in (("replied", "contributors"), ("seen", "contributors_yes")):
        Figure.objects.create(
            audit=audit,
            code=code,
            kind="counted",
            measure=measure,
            agency=agency,
            question=question if measure == "contributors_yes" else None,
        )
    assert [(each.measure, each.count) for each in built(audit).annex.figures] == [
        ("Cases audited", "0 of 2 cases"),
        ("Contributors who replied", "2 of 3 GP practices"),
        (
            f"GP practices that answered yes to question {question.number}: Was the child seen?",
            "1 of 2 GP practices",
        ),
    ]


def test_thanks_name_the_agencies_that_returned_and_those_that_came(audit: Audit) -> None:
    partnership = audit.partnership
    for name, stage in (("Returned", "signed_off"), ("Excused", "excused")):
        agency = factories.AgencyFactory(partnership=partnership, name=name)
        factories.AgencyReturnFactory(audit=audit, agency=agency, stage=stage)
    for name, state in (("Came", "attended"), ("Sorry", "apologies")):
        audit.meeting.attendance.create(
            name="Somebody",
            agency=factories.AgencyFactory(partnership=partnership, name=name),
            state=state,
        )
    (block,) = built(audit).thanks
    assert "came to the meeting: Came and Returned." in block.lines[0]


def test_edited_prose_replaces_the_default(audit: Audit) -> None:
    audit.prose.create(passage="background", text="In our own words.\n\n- And a bullet")
    assert built(audit).background == (
        content.Block(("In our own words.",)),
        content.Block(("And a bullet",), bullets=True),
    )


@pytest.mark.parametrize("times", [1, 4])
def test_costs_a_fixed_number_of_queries(audit: Audit, times: int) -> None:
    for _ in range(times):
        heading = factories.GapHeadingFactory(audit=audit)
        place(audit, "A gap.", Section.GAPS, heading=heading)
        place(audit, "A worry.", Section.WORRIES)
        factories.ActionFactory(audit=audit)
        factories.QuestionFactory(toolkit=audit.toolkit)
        row = factories.CaseReturnFactory(
            agency_return=factories.AgencyReturnFactory(audit=audit, stage="signed_off"),
            stage="complete",
            known="child",
        )
        factories.agreed_grade(row, "good")
    source = DocumentSource(Audit.objects.with_names().get(pk=audit.pk))
    with CaptureQueriesContext(connection) as queries:
        build_summary(source, EDITION)
    assert len(queries) == 24


def test_one_of_a_thing_is_not_counted_in_the_plural(audit: Audit) -> None:
    factories.ActionFactory(audit=audit)
    assert [(fact.value, fact.label) for fact in built(audit).facts] == [
        ("1", "case in the sample"),
        ("0", "gaps identified"),
        ("1", "action agreed"),
    ]


def test_an_action_names_its_gaps_in_printed_order_and_each_letter_once(audit: Audit) -> None:
    headings = [factories.GapHeadingFactory(audit=audit, position=row) for row in range(2)]
    lead_in = LeadIn.objects.create(
        audit=audit, section=Section.GAPS, heading=headings[0], text="Both:", position=1
    )
    place(audit, "Alone.", Section.GAPS, 0, heading=headings[0])
    for row, text in enumerate(["Led.", "Led too."]):
        place(audit, text, Section.GAPS, row, heading=headings[0], lead_in=lead_in)
    alone = audit.findings.get(text="Alone.")
    place(audit, "", Section.GAPS, 0, finding=alone, heading=headings[1])
    action = factories.ActionFactory(audit=audit)
    action.findings.set(audit.findings.all())
    assert built(audit).actions[0].answers == ("3.4.1 a", "3.4.1 b", "3.4.2 a")


def test_a_lead_in_may_name_a_figure(audit: Audit) -> None:
    Figure.objects.create(
        audit=audit, code="homes", kind="stated", numerator=3, denominator=4, unit="homes"
    )
    lead_in = LeadIn.objects.create(
        audit=audit, section=Section.WORRIES, text="In {figure:homes}:", position=0
    )
    place(audit, "Nobody called.", Section.WORRIES, lead_in=lead_in)
    assert texts(built(audit).worries[0].items) == ["In 3 of 4 homes:"]
