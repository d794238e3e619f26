import pytest

from agencies.models import Activity
from audits.domain import arrangement
from audits.domain import findings as domain
from audits.domain.findings import Draft
from audits.domain.places import Place, siblings
from audits.domain.writing import NotNowError, StaleError
from audits.models import (
    Audit,
    Figure,
    Finding,
    FindingPlacement,
    LeadIn,
    PointKind,
    PointPlacement,
    Section,
    Stage,
)
from tests.audits.scenes import Scene, meeting_scene, summative_point
from tests.factories import FindingFactory, GapHeadingFactory, LearningThemeFactory

pytestmark = pytest.mark.django_db

FINDINGS = Place(Section.FINDINGS)
WORRIES = Place(Section.WORRIES)


@pytest.fixture
def scene() -> Scene:
    return meeting_scene(stage=Stage.DRAFTING)


def write(scene: Scene, text: str, *places: Place) -> Finding:
    draft = Draft(text=text, places=list(places))
    return domain.write_finding(audit=scene.audit, draft=draft, by=scene.officer)


def printed(audit: Audit, place: Place) -> list[tuple[int, str]]:
    return [(entry.position, entry.text) for entry in siblings(audit, place)]


def placement_of(finding: Finding, place: Place) -> FindingPlacement:
    return finding.placements.get(
        section=place.section, heading=place.heading_id, lead_in=place.lead_in_id
    )


def test_a_place_reads_back_what_it_writes() -> None:
    for place in (FINDINGS, Place(Section.FINDINGS, None, 7)):
        assert Place.parse(str(place)) == place
    with pytest.raises(ValueError, match="nowhere"):
        Place.parse("nowhere::")


def test_a_finding_is_written_once_and_placed_in_several_sections(scene: Scene) -> None:
    theme = LearningThemeFactory(partnership=scene.audit.partnership)
    figure = Figure.objects.create(
        audit=scene.audit, code="f", kind=Figure.Kind.COUNTED, measure=Figure.Measure.AUDITED
    )
    finding = domain.write_finding(
        audit=scene.audit,
        by=scene.officer,
        draft=Draft(
            text="Listening is uneven.",
            learning_themes=[theme],
            agencies=scene.agencies,
            points=scene.points[:2],
            figures=[figure],
            for_scrutiny=True,
            seen_before=[("2024-1", "Neglect"), ("", "A paper"), ("2024-1", "Neglect")],
            places=[FINDINGS, WORRIES],
        ),
    )
    assert finding.code == "finding-1"
    assert list(finding.learning_themes.all()) == [theme]
    assert set(finding.agencies.all()) == set(scene.agencies)
    assert set(finding.points.all()) == set(scene.points[:2])
    assert list(finding.figures.all()) == [figure]
    assert [str(each) for each in finding.seen_before.all()] == ["A paper", "Neglect (2024-1)"]
    assert printed(scene.audit, FINDINGS) == [(0, "Listening is uneven.")]
    assert printed(scene.audit, WORRIES) == [(0, "Listening is uneven.")]
    assert Activity.objects.latest("pk").verb == "wrote a finding"


def test_codes_are_never_used_twice(scene: Scene) -> None:
    FindingFactory(audit=scene.audit, code="finding-2")
    assert write(scene, "One.").code == "finding-3"
    assert domain.next_code([], "action") == "action-1"


def test_revising_moves_between_places_and_keeps_the_order_of_those_that_stay(scene: Scene) -> None:
    first, second = write(scene, "First.", FINDINGS), write(scene, "Second.", FINDINGS)
    draft = Draft(text="First, again.", places=[WORRIES])
    domain.revise_finding(finding=first, draft=draft, revision=0, by=scene.officer)
    assert printed(scene.audit, FINDINGS) == [(0, "Second.")]
    assert printed(scene.audit, WORRIES) == [(0, "First, again.")]
    assert placement_of(second, FINDINGS).position == 0
    with pytest.raises(StaleError):
        domain.revise_finding(finding=first, draft=draft, revision=0, by=scene.chair)


def test_own_wording_replaces_the_text_in_one_place_only(scene: Scene) -> None:
    finding = write(scene, "General.", FINDINGS, WORRIES)
    placement = placement_of(finding, WORRIES)
    domain.word_placement(placement=placement, wording="Worried.", revision=0, by=scene.officer)
    assert printed(scene.audit, WORRIES) == [(0, "Worried.")]
    assert printed(scene.audit, FINDINGS) == [(0, "General.")]
    with pytest.raises(StaleError):
        domain.word_placement(placement=placement, wording="x", revision=0, by=scene.officer)


def test_taking_out_and_putting_back_where_it_stood(scene: Scene) -> None:
    for text in ("a", "b", "c"):
        write(scene, text, FINDINGS)
    middle = Finding.objects.get(text="b")
    domain.take_out(placement=placement_of(middle, FINDINGS), by=scene.officer)
    assert printed(scene.audit, FINDINGS) == [(0, "a"), (1, "c")]
    domain.place(finding=middle, place=FINDINGS, by=scene.officer, position=1, wording="B")
    assert printed(scene.audit, FINDINGS) == [(0, "a"), (1, "B"), (2, "c")]


def test_removing_a_finding_closes_the_gaps_it_leaves(scene: Scene) -> None:
    first = write(scene, "a", FINDINGS, WORRIES)
    write(scene, "b", WORRIES)
    domain.remove_finding(finding=first, by=scene.officer)
    assert printed(scene.audit, FINDINGS) == []
    assert printed(scene.audit, WORRIES) == [(0, "b")]


def test_a_lead_in_takes_a_position_and_its_findings_stand_under_it(scene: Scene) -> None:
    write(scene, "Alone.", FINDINGS)
    lead_in = arrangement.add_lead_in(
        audit=scene.audit,
        section=Section.FINDINGS,
        heading=None,
        text="Seen before:",
        by=scene.officer,
    )
    under = Place(Section.FINDINGS, None, lead_in.pk)
    for text in ("x", "y"):
        write(scene, text, under)
    assert printed(scene.audit, FINDINGS) == [(0, "Alone."), (1, "Seen before:")]
    arrangement.move(entry=lead_in, up=True, by=scene.officer)
    assert printed(scene.audit, FINDINGS) == [(0, "Seen before:"), (1, "Alone.")]
    last = placement_of(Finding.objects.get(text="y"), under)
    arrangement.move(entry=last, up=True, by=scene.officer)
    assert printed(scene.audit, under) == [(0, "y"), (1, "x")]
    arrangement.remove_lead_in(lead_in=lead_in, by=scene.officer)
    assert printed(scene.audit, FINDINGS) == [(0, "y"), (1, "x"), (2, "Alone.")]
    assert not LeadIn.objects.exists()


def test_a_lead_in_is_not_overwritten_silently(scene: Scene) -> None:
    lead_in = arrangement.add_lead_in(
        audit=scene.audit, section=Section.WORRIES, heading=None, text="a", by=scene.officer
    )
    arrangement.revise_lead_in(lead_in=lead_in, text="b", revision=0, by=scene.officer)
    with pytest.raises(StaleError):
        arrangement.revise_lead_in(lead_in=lead_in, text="c", revision=0, by=scene.chair)


def test_gap_headings_keep_their_order_and_take_their_gaps_along(scene: Scene) -> None:
    theme = LearningThemeFactory(partnership=scene.audit.partnership)
    first, second = (
        arrangement.add_heading(
            audit=scene.audit, label=label, learning_theme=theme, by=scene.officer
        )
        for label in ("Policy", "Records")
    )
    gap = write(scene, "Gap.", Place(Section.GAPS, second.pk))
    arrangement.move_heading(heading=second, up=True, by=scene.officer)
    assert [heading.label for heading in scene.audit.gap_headings.all()] == ["Records", "Policy"]
    arrangement.revise_heading(
        heading=first, label="Policies", learning_theme=theme, by=scene.officer
    )
    arrangement.remove_heading(heading=second, by=scene.officer)
    assert list(scene.audit.gap_headings.values_list("label", "position")) == [("Policies", 0)]
    assert list(gap.placements.all()) == []
    assert Finding.objects.filter(pk=gap.pk).exists()


def test_a_heading_with_a_lead_in_can_be_removed(scene: Scene) -> None:
    heading = GapHeadingFactory(audit=scene.audit)
    lead_in = arrangement.add_lead_in(
        audit=scene.audit, section=Section.GAPS, heading=heading, text="a", by=scene.officer
    )
    write(scene, "Gap.", Place(Section.GAPS, heading.pk, lead_in.pk))
    arrangement.remove_heading(heading=heading, by=scene.officer)
    assert not LeadIn.objects.exists()
    assert not FindingPlacement.objects.exists()


def test_working_well_begins_agency_by_agency_and_only_once(scene: Scene) -> None:
    second, first = scene.returns[1], scene.returns[0]
    theme = LearningThemeFactory(partnership=scene.audit.partnership)
    summative_point(second, "Second, one.").learning_themes.add(theme)
    twice = summative_point(first, "First, one.")
    PointPlacement.objects.create(point=twice, kind=PointKind.GOOD_PRACTICE, position=9)
    summative_point(first, "First, two.")
    summative_point(first, "Not this.", PointKind.CAN_BE_IMPROVED)
    assert domain.begin_working_well(audit=scene.audit, by=scene.officer) == 3
    well = Place(Section.WORKING_WELL)
    assert printed(scene.audit, well) == [
        (0, "First, one."),
        (1, "First, two."),
        (2, "Second, one."),
    ]
    finding = Finding.objects.get(text="Second, one.")
    assert list(finding.agencies.all()) == [second.agency]
    assert list(finding.learning_themes.all()) == [theme]
    assert domain.begin_working_well(audit=scene.audit, by=scene.officer) == 0


@pytest.mark.parametrize("stage", [Stage.COLLECTING, Stage.PUBLISHED, Stage.CLOSED])
def test_findings_and_headings_stand_still_outside_meeting_and_drafting(stage: Stage) -> None:
    scene = meeting_scene(stage=stage)
    heading = GapHeadingFactory(audit=scene.audit)
    with pytest.raises(NotNowError, match="meeting or drafting"):
        write(scene, "x")
    with pytest.raises(NotNowError):
        arrangement.move_heading(heading=heading, up=True, by=scene.officer)
    with pytest.raises(NotNowError):
        domain.begin_working_well(audit=scene.audit, by=scene.officer)
