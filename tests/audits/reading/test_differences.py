"""Auditors of one agency beside each other: numbers of cases, and where they stand apart."""

import pytest

from agencies.roles import Role
from audits.models import AgencyReturn, CaseReturn, CaseReturnStage, Known, Question
from audits.reading.differences import Differences, can_differ
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AnswerFactory,
    AuditFactory,
    CaseReturnFactory,
    QuestionFactory,
    person,
    returned_point,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency_return() -> AgencyReturn:
    audit = AuditFactory(stage="collecting")
    row: AgencyReturn = AgencyReturnFactory(
        audit=audit, agency=AgencyFactory(partnership=audit.partnership)
    )
    return row


@pytest.fixture
def asked(agency_return: AgencyReturn) -> list[Question]:
    toolkit = agency_return.audit.toolkit
    return [QuestionFactory(toolkit=toolkit, text=text) for text in ("Seen?", "Heard?")]


def audited(
    agency_return: AgencyReturn, name: str, asked: list[Question], *answers: tuple[str, str, str]
) -> list[CaseReturn]:
    """Complete cases of one auditor: grade, and the answers to both questions."""
    auditor = person(Role.AUDITOR, agency_return.agency, name=name)
    rows: list[CaseReturn] = []
    for grade, *said in answers:
        row = CaseReturnFactory(
            agency_return=agency_return,
            auditor=auditor,
            stage=CaseReturnStage.COMPLETE,
            known=Known.CHILD,
            own_grade=agency_return.audit.grades.filter(code=grade).first(),
        )
        for question, value in zip(asked, said, strict=True):
            if value:
                AnswerFactory(case_return=row, question=question, value=value)
        rows.append(row)
    return rows


def test_questions_apart_and_alike(agency_return: AgencyReturn, asked: list[Question]) -> None:
    audited(agency_return, "Ana", asked, ("good", "yes", "yes"), ("good", "yes", "partly"))
    audited(
        agency_return,
        "Ben",
        asked,
        ("good", "no", "yes"),
        ("", "not_recorded", "partly"),
        ("inadequate", "yes", ""),
        ("inadequate", "no", "yes"),
    )

    page = Differences(agency_return)

    assert [(each.name, each.cases) for each in page.auditors] == [("Ana", 2), ("Ben", 4)]
    [seen] = page.apart
    assert (seen.label, seen.number) == ("Seen?", 1)
    assert [(cell.says, cell.beside) for cell in seen.cells] == [
        ("2 of 2 cases", ""),
        ("1 of 4 cases", "2 no, 1 not recorded"),
    ]
    [heard] = page.alike
    assert [(cell.says, cell.beside) for cell in heard.cells] == [
        ("1 of 2 cases", "1 partly"),
        ("2 of 4 cases", "1 partly, 1 without an answer"),
    ]


def test_grades_and_points(agency_return: AgencyReturn, asked: list[Question]) -> None:
    [first, _] = audited(agency_return, "Ana", asked, ("good", "", ""), ("outstanding", "", ""))
    audited(agency_return, "Ben", asked, *[("inadequate", "", "")] * 2, ("", "", ""))
    audited(agency_return, "Cal", asked, ("inadequate", "", ""))
    returned_point(first, "Quick.")

    rows = {row.label: row for row in Differences(agency_return).marks}

    said = {label: [cell.says for cell in row.cells] for label, row in rows.items()}
    assert said == {
        "Met good": ["2 of 2 cases graded", "0 of 2 cases graded", "0 of 1 cases graded"],
        "Outstanding": ["1", "0", "0"],
        "Good": ["1", "0", "0"],
        "Requires improvement": ["0", "0", "0"],
        "Inadequate": ["0", "2", "1"],
        "Not graded": ["0", "1", "0"],
        "Points written": ["1 in 2 cases", "0 in 3 cases", "0 in 1 case"],
    }
    assert rows["Met good"].apart


def test_one_case_is_not_enough_to_stand_apart(
    agency_return: AgencyReturn, asked: list[Question]
) -> None:
    audited(agency_return, "Ana", asked, ("good", "yes", ""), ("good", "yes", ""))
    audited(agency_return, "Ben", asked, ("inadequate", "no", ""))

    page = Differences(agency_return)
    assert page.apart == []
    assert not page.grades[0].apart


def test_only_complete_cases_of_known_families_count(
    agency_return: AgencyReturn, asked: list[Question]
) -> None:
    [counted, unfinished, unknown] = audited(
        agency_return, "Ana", asked, ("good", "yes", ""), ("good", "yes", ""), ("good", "yes", "")
    )
    unfinished.stage, unknown.known = CaseReturnStage.IN_PROGRESS, Known.NO
    unfinished.save()
    unknown.save()

    [ana] = Differences(agency_return).auditors
    assert ana.cases == 1
    assert not can_differ([counted, unfinished, unknown])


def test_a_case_without_an_auditor_is_nobodys(
    agency_return: AgencyReturn, asked: list[Question]
) -> None:
    rows = audited(agency_return, "Ana", asked, ("good", "yes", ""), ("good", "yes", ""))
    rows[0].auditor = None
    rows[0].save()

    assert [each.name for each in Differences(agency_return).auditors] == ["Ana", "Nobody named"]
    assert can_differ(rows)
