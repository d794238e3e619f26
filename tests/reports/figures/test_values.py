import pytest

from audits.models import Audit, Figure
from reports.figures import AuditCounts, figure_values
from tests import factories

pytestmark = pytest.mark.django_db

K = Figure.Kind
M = Figure.Measure


@pytest.fixture
def audit() -> Audit:
    audit: Audit = factories.AuditFactory(stage="collecting")
    factories.CaseFactory(audit=audit)
    factories.CaseFactory(audit=audit)
    return audit


def text(audit: Audit, **fields: object) -> str:
    figure = Figure.objects.create(audit=audit, code="it", **fields)
    return figure_values([figure], AuditCounts(audit))["it"].text


class TestCounted:
    @pytest.fixture
    def police(self, audit: Audit) -> object:
        agency = factories.AgencyFactory(partnership=audit.partnership, name="Fenshire Police")
        agency_return = factories.AgencyReturnFactory(audit=audit, agency=agency)
        self.case_return = factories.CaseReturnFactory(
            agency_return=agency_return,
            case=audit.cases.get(number=1),
            stage="complete",
            known="child",
            own_grade=audit.grades.get(code="good"),
        )
        return agency

    def test_known(self, audit: Audit, police: object) -> None:
        said = text(audit, kind=K.COUNTED, measure=M.KNOWN, agency=police)
        assert said == "1 of 2 cases known (Fenshire Police)"

    def test_audited(self, audit: Audit, police: object) -> None:
        said = text(audit, kind=K.COUNTED, measure=M.AUDITED, agency=police)
        assert said == "1 of 2 cases audited (Fenshire Police)"

    def test_met_good(self, audit: Audit, police: object) -> None:
        said = text(audit, kind=K.COUNTED, measure=M.MET_GOOD, agency=police)
        assert said == "1 of 1 cases met good (Fenshire Police)"

    def test_question(self, audit: Audit, police: object) -> None:
        question = factories.QuestionFactory(toolkit=audit.toolkit)
        factories.AnswerFactory(case_return=self.case_return, question=question)
        said = text(audit, kind=K.COUNTED, measure=M.QUESTION, agency=police, question=question)
        assert said == "1 of 1 cases answered yes to question 1 (Fenshire Police)"

    def test_contributors_in_their_own_unit(self, audit: Audit) -> None:
        agency = factories.AgencyFactory(
            partnership=audit.partnership,
            name="Commissioner",
            contributor_noun="GP practice",
            contributor_noun_plural="GP practices",
        )
        row = factories.CaseReturnFactory(
            agency_return=factories.AgencyReturnFactory(audit=audit, agency=agency),
            case=audit.cases.get(number=1),
        )
        for stage in ("replied", "asked"):
            row.contributor_requests.create(
                contributor=factories.ContributorFactory(agency=agency), stage=stage
            )
        said = text(audit, kind=K.COUNTED, measure=M.CONTRIBUTORS, agency=agency)
        assert said == "1 of 2 GP practices replied (Commissioner)"

    def test_contributors_answers_are_counted_in_contributors(self, audit: Audit) -> None:
        agency = factories.AgencyFactory(
            partnership=audit.partnership,
            name="Commissioner",
            contributor_noun="GP practice",
            contributor_noun_plural="GP practices",
        )
        question = factories.QuestionFactory(toolkit=audit.toolkit, for_contributors=True)
        row = factories.CaseReturnFactory(
            agency_return=factories.AgencyReturnFactory(audit=audit, agency=agency),
            case=audit.cases.get(number=1),
        )
        for value in ("yes", "no"):
            request = row.contributor_requests.create(
                contributor=factories.ContributorFactory(agency=agency), stage="replied"
            )
            request.answers.create(question=question, value=value)
        said = text(
            audit, kind=K.COUNTED, measure=M.CONTRIBUTORS_YES, agency=agency, question=question
        )
        assert said == (
            f"1 of 2 GP practices that replied answered yes to question {question.number} "
            "(Commissioner)"
        )

    def test_a_label_of_its_own_replaces_the_measures_words(
        self, audit: Audit, police: object
    ) -> None:
        said = text(audit, kind=K.COUNTED, measure=M.AUDITED, agency=police, label="looked at")
        assert said == "1 of 2 cases looked at (Fenshire Police)"

    def test_over_all_agencies_names_none(self, audit: Audit, police: object) -> None:
        said = text(audit, kind=K.COUNTED, measure=M.MET_GOOD)
        assert said == "1 of 1 case returns met good"


class TestStated:
    def test_with_a_denominator(self, audit: Audit) -> None:
        said = text(
            audit, kind=K.STATED, numerator=7, denominator=9, unit="visits", label="were joint"
        )
        assert said == "7 of 9 visits were joint"

    def test_a_label_that_begins_with_the_unit_does_not_say_it_twice(self, audit: Audit) -> None:
        said = text(
            audit,
            kind=K.STATED,
            numerator=7,
            denominator=9,
            unit="cases",
            label="Cases met good",
        )
        assert said == "7 of 9 cases met good"

    def test_without_a_denominator(self, audit: Audit) -> None:
        said = text(audit, kind=K.STATED, numerator=7, unit="visits", label="were joint")
        assert said == "7 visits were joint"

    def test_words_alone(self, audit: Audit) -> None:
        agency = factories.AgencyFactory(partnership=audit.partnership, name="Early Help")
        said = text(audit, kind=K.STATED, agency=agency, label="A high proportion met good")
        assert said == "A high proportion met good (Early Help)"


def test_what_cannot_be_counted_is_refused(audit: Audit) -> None:
    """The database lets no such row in; if one came, it must not print as a number."""
    figure = Figure(audit=audit, code="it", kind=K.COUNTED, measure=M.QUESTION)
    with pytest.raises(ValueError, match="Figure it names no measure that can be counted"):
        figure_values([figure], AuditCounts(audit))
