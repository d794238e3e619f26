"""The page on which every figure shows its number, and every finding as it will print."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.roles import Role
from audits.models import Audit, Figure, Finding, FindingPlacement, Section, Stage
from reports.reading.figures import figures_in_print
from tests.audits.browsing import page, signed_in
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import FindingFactory, person, unsigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    scene = meeting_scene(stage=Stage.DRAFTING, agencies=1)
    scene.agencies[0].name = "Police"
    scene.agencies[0].save()
    with unsigned(*scene.returns):
        scene.case_returns[0].own_grade = scene.audit.grades.get(code="good")
        scene.case_returns[0].save()
    return scene


@pytest.fixture
def officer(scene: Scene) -> Client:
    return signed_in(scene.officer)


def met_good(scene: Scene) -> Figure:
    return Figure.objects.create(
        audit=scene.audit,
        code="police-met-good",
        kind=Figure.Kind.COUNTED,
        measure=Figure.Measure.MET_GOOD,
        agency=scene.agencies[0],
    )


def finding(audit: Audit, text: str, *figures: Figure) -> Finding:
    finding: Finding = FindingFactory(audit=audit, text=text)
    finding.figures.set(figures)
    FindingPlacement.objects.create(finding=finding, section=Section.WORRIES)
    return finding


def test_each_figure_says_what_it_comes_to_and_how_often_it_is_used(scene: Scene) -> None:
    figure = met_good(scene)
    finding(scene.audit, "Grades: {figure:police-met-good}.", figure)
    finding(scene.audit, "Nothing counted.")
    (row,) = figures_in_print(scene.audit).figures
    assert (row.figure, row.says, row.findings) == (figure, "1 of 1 cases met good (Police)", 1)


def test_each_finding_stands_in_its_section_with_its_figures(scene: Scene) -> None:
    finding(scene.audit, "Grades: {figure:police-met-good}.", met_good(scene))
    (section,) = figures_in_print(scene.audit).sections
    assert (section.number, section.title) == ("3.3", "What are we worried about?")
    (printed,) = section.findings
    assert printed.parts == [
        ("Grades: ", False),
        ("1 of 1 cases met good (Police)", True),
        (".", False),
    ]
    assert printed.remarks == []


def test_a_number_that_the_figure_gives_may_be_typed(scene: Scene) -> None:
    finding(scene.audit, "1 of 1 cases met good.", met_good(scene))
    (section,) = figures_in_print(scene.audit).sections
    assert section.findings[0].remarks == []


def test_any_other_number_and_any_other_code_is_remarked_upon(scene: Scene) -> None:
    text = "48 of 56 cases, {figure:nowhere}."
    finding(scene.audit, text, met_good(scene))
    (section,) = figures_in_print(scene.audit).sections
    assert section.findings[0].remarks == [
        f"“{text}” names the figure “nowhere”, which this audit does not have.",
        f"“{text}” says 48 of 56, which is in none of the finding’s figures.",
    ]


def test_the_page_shows_both_and_links_to_where_they_are_changed(
    scene: Scene, officer: Client
) -> None:
    finding(scene.audit, "Grades: {figure:police-met-good} <b>now</b>.", met_good(scene))
    shown = page(officer, "audit-figures", scene.audit.pk)
    assert "<td>1 of 1 cases met good (Police)</td>" in shown
    assert (
        'Grades: <span class="maca-hint">1 of 1 cases met good (Police)</span>'
        " &lt;b&gt;now&lt;/b&gt;."
    ) in shown
    assert "Change the figures" in shown


def test_without_figures_and_findings_it_says_what_to_do(scene: Scene, officer: Client) -> None:
    shown = page(officer, "audit-figures", scene.audit.pk)
    assert "No figures yet" in shown
    assert "Go to the findings" in shown


@pytest.mark.parametrize("route", ["finding-list", "figure-list"])
def test_it_is_found_from_the_findings_and_from_the_figures(
    scene: Scene, officer: Client, route: str
) -> None:
    met_good(scene)
    assert f"/audits/{scene.audit.pk}/figures-in-print/" in page(officer, route, scene.audit.pk)


def test_after_publication_it_is_read_and_not_changed(scene: Scene, officer: Client) -> None:
    finding(scene.audit, "Recording varies.", met_good(scene))
    Audit.objects.filter(pk=scene.audit.pk).update(stage=Stage.PUBLISHED)
    shown = page(officer, "audit-figures", scene.audit.pk)
    assert "Change the figures" not in shown
    assert "maca-tool" not in shown


@pytest.mark.parametrize(
    ("role", "status"), [(Role.CHAIR, 200), (Role.MEMBER, 403), (Role.BOARD, 404)]
)
def test_is_for_those_who_draft(scene: Scene, role: Role, status: int) -> None:
    client = signed_in(person(role, scene.audit.partnership))
    assert client.get(f"/audits/{scene.audit.pk}/figures-in-print/").status_code == status


def test_reads_as_often_whatever_was_written(scene: Scene) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures_in_print(scene.audit)
        return len(captured)

    figure = met_good(scene)
    finding(scene.audit, "First.", figure)
    before = queries()
    for number in range(5):
        finding(scene.audit, f"Finding {number}.", figure)
    assert queries() == before
