"""The figures an agency sees beside its summative report are those the report will print."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import ContributorRequest, Known
from reports.figures import AuditCounts
from reports.reading.return_figures import ReturnFigures
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.factories import AnswerFactory, ContributorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    """Three known cases, two of them graded and one of these good; a fourth is not known."""
    world = collecting(cases=4)
    rows = world.case_returns
    for row, grade, answer in zip(
        rows, ("good", "inadequate", None), ("yes", "partly", ""), strict=False
    ):
        row.stage, row.known = "complete", Known.CHILD
        row.own_grade = world.audit.grades.filter(code=grade).first()
        row.save()
        if answer:
            AnswerFactory(case_return=row, question=world.questions[0], value=answer)
    rows[3].stage, rows[3].known = "not_known", Known.NO
    rows[3].save()
    return world


def said(world: Collecting) -> list[tuple[str, str]]:
    return [(line.says, line.beside) for line in ReturnFigures(world.agency_return).lines]


def test_known_audited_and_met_good_out_of_their_denominators(world: Collecting) -> None:
    assert said(world) == [
        ("3 of 4 cases known", ""),
        ("3 of 4 cases audited", ""),
        ("1 of 2 cases met good", "1 of the 3 audited not graded"),
    ]


def test_answers_with_what_stands_beside_yes(world: Collecting) -> None:
    [line] = ReturnFigures(world.agency_return).questions
    assert (str(line.yes), line.beside) == ("1 of 3 cases", "1 partly, 1 without an answer")


def test_contributors_in_their_own_unit() -> None:
    world = collecting(contributor_noun="GP practice", contributor_noun_plural="GP practices")
    for stage in ("replied", "asked"):
        ContributorRequest.objects.create(
            case_return=world.first,
            contributor=ContributorFactory(agency=world.agency),
            stage=stage,
            answered_on=timezone.localdate() if stage == "replied" else None,
        )
    assert said(world)[-1] == ("1 of 2 GP practices replied", "")


def test_they_are_the_reports_own_counts(world: Collecting) -> None:
    counts = AuditCounts(world.audit)
    assert f"{counts.met_good(world.agency.pk)} met good" in dict(said(world))


def test_they_stand_on_the_page_of_the_summative_report(world: Collecting) -> None:
    address = reverse("summative-edit", args=[world.agency_return.pk])
    html = signed_in(world.lead).get(address).content.decode()
    assert "1 of 2 cases met good" in html
    assert "1 of 3 cases: yes" in html


def test_without_a_complete_case_it_says_when_they_come() -> None:
    world = collecting()
    html = signed_in(world.lead).get(reverse("summative-edit", args=[world.agency_return.pk]))
    assert "They come by themselves" in html.content.decode()


@pytest.mark.parametrize("cases", [1, 3])
def test_they_take_five_queries(cases: int, django_assert_num_queries: Any) -> None:
    figures = ReturnFigures(collecting(cases=cases, questions=cases).agency_return)
    with django_assert_num_queries(5):
        assert len(figures.lines) == 3
        assert len(figures.questions) == cases
