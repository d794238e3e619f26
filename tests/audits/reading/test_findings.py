from typing import Any

import pytest

from audits.models import Figure, FindingPlacement, LeadIn, Question, Section
from audits.reading.findings import figure_words, letter, outline_of, place_choices, text_parts
from tests.factories import (
    AgencyFactory,
    AuditFactory,
    FindingFactory,
    GapHeadingFactory,
    QuestionFactory,
)


def test_letters_go_on_after_z() -> None:
    assert [letter(index) for index in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]


def test_a_text_is_cut_at_its_figures() -> None:
    figures = {"p": "Cases audited (Police)"}
    assert text_parts("In {figure:p}, not {figure:x}.", figures) == [
        ("In ", False),
        ("Cases audited (Police)", True),
        (", not ", False),
        ("unknown figure “x”", True),
        (".", False),
    ]


def test_figures_say_what_they_count() -> None:
    agency = AgencyFactory.build(short_name="Police")
    question = QuestionFactory.build(position=3, kind=Question.Kind.YES_NO)
    counted = Figure(kind="counted", measure="question", question=question, agency=agency)
    assert figure_words(counted) == "Cases answered yes to a question, question 4 (Police)"
    stated = Figure(kind="stated", label="Replied", numerator=31, unit="practices")
    assert figure_words(stated) == "Replied: 31 practices"
    stated.denominator = 40
    assert figure_words(stated) == "Replied: 31 of 40 practices"


@pytest.mark.django_db
def test_everything_stands_where_it_will_print_exactly_once() -> None:
    audit = AuditFactory()
    headings = [GapHeadingFactory(audit=audit, label=label) for label in ("Policy", "Records")]
    headings[0].position = 1
    headings[0].save()
    lead_in = LeadIn.objects.create(audit=audit, section="findings", text="Before:", position=1)
    finding = FindingFactory(audit=audit, text="Once.")
    spots: list[dict[str, Any]] = [
        {"section": "findings", "position": 2},
        {"section": "findings", "lead_in": lead_in, "position": 0},
        {"section": "worries", "wording": "Worried."},
        {"section": "gaps", "heading": headings[0]},
    ]
    for spot in spots:
        FindingPlacement.objects.create(finding=finding, **spot)
    alone = FindingFactory(audit=audit, text="Nowhere.")
    first = FindingFactory(audit=audit, text="First.")
    FindingPlacement.objects.create(finding=first, section="findings", position=0)
    outline = outline_of(audit)
    sections = {block.section: block for block in outline.sections}
    lines = sections[Section.FINDINGS].lines
    assert [line.parts[0][0] for line in lines] == ["First.", "Before:", "Once."]
    assert [line.parts[0][0] for line in lines[1].under] == ["Once."]
    assert (lines[0].is_first, lines[0].is_last, lines[2].is_last) == (True, False, True)
    assert lines[2].elsewhere == ["3.1", "3.3", "3.4.2"]
    assert sections[Section.FINDINGS].count == 3
    assert sections[Section.WORRIES].lines[0].parts == [("Worried.", False)]
    gaps = sections[Section.GAPS].headings
    assert [(block.number, block.heading.label) for block in gaps] == [
        ("3.4.1", "Records"),
        ("3.4.2", "Policy"),
    ]
    assert [(line.mark, line.lacks_action) for line in gaps[1].lines] == [("a", True)]
    assert outline.unplaced == [alone]
    assert outline.gaps_without_action == [finding]


@pytest.mark.django_db
def test_the_places_of_an_audit_are_offered_in_printed_order() -> None:
    audit = AuditFactory()
    heading = GapHeadingFactory(audit=audit, label="Policy")
    LeadIn.objects.create(audit=audit, section="gaps", heading=heading, text="Such as:")
    LeadIn.objects.create(audit=audit, section="findings", text="Before:")
    assert [label for _, label in place_choices(audit)] == [
        "3.1 Findings",
        "3.1 under “Before:”",
        "3.2 What's working well?",
        "3.3 What are we worried about?",
        "3.4.1 Policy",
        "3.4.1 under “Such as:”",
        "4 Next steps",
    ]
