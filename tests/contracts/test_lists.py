"""Every list takes as many queries for three rows as for one, and that number stands here."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from agencies import models as agencies
from agencies.domain import activity
from agencies.roles import Role
from audits import models as audits
from audits.models import ReturnStage, Stage
from reports.models import Document
from tests import factories
from tests.contracts.walking import all_routes
from tests.reports.publications import published

pytestmark = pytest.mark.django_db

QUERIES = {
    "access-review-list": 4,
    "action-list": 6,
    "activity-list": 10,
    "agency-detail": 6,
    "agency-list": 5,
    "agency-return-detail": 14,
    "agency-return-list": 9,
    "audit-action-list": 16,
    "audit-dashboard": 12,
    "audit-detail": 16,
    "audit-documents": 36,
    "audit-list": 6,
    "case-list": 10,
    "contributor-list": 5,
    "contributor-request-list": 8,
    "dashboard": 9,
    "document-list": 7,
    "figure-list": 5,
    "finding-list": 16,
    "home": 17,
    "learning-theme-list": 4,
    "mail-list": 12,
    "meeting-case": 15,
    "meeting-detail": 10,
    "person-list": 8,
    "session-list": 4,
    "theme-list": 4,
    "toolkit-detail": 7,
    "toolkit-list": 4,
}
# Pages that are lists under another name.
ALSO_LISTS = {
    "home",
    "dashboard",
    "audit-dashboard",
    "audit-detail",
    "audit-documents",
    "agency-detail",
    "agency-return-detail",
    "meeting-detail",
    "meeting-case",
    "toolkit-detail",
}


@dataclass
class Ground:
    """So many of everything, in a partnership of its own."""

    rows: int
    partnership: agencies.Partnership = field(default_factory=factories.PartnershipFactory)
    names: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.officer = factories.person(Role.OFFICER, self.partnership)
        joined: list[agencies.Agency] = [
            factories.AgencyFactory(
                partnership=self.partnership,
                contributor_noun="practice",
                contributor_noun_plural="practices",
            )
            for _ in range(self.rows)
        ]
        for agency in joined:
            factories.person(Role.LEAD, agency)
            factories.ContributorFactory.create_batch(self.rows, agency=agency)
            factories.BodyFactory(partnership=self.partnership)
            for state in ("waiting", "doubtful", "failed", "left"):
                factories.MessageFactory(
                    partnership=self.partnership, state=state, settled_at=timezone.now()
                )
        told = [self._audit(joined) for _ in range(self.rows)]
        agency_return = told[0].agency_returns.get(agency=joined[0])
        self.names = {
            "audit_id": told[0].pk,
            "agency_id": joined[0].pk,
            "return_id": agency_return.pk,
            "case_id": told[0].cases.get(number=1).pk,
            "toolkit_id": told[0].toolkit_id,
        }

    def _audit(self, joined: list[agencies.Agency]) -> audits.Audit:
        audit: audits.Audit = factories.AuditFactory(
            partnership=self.partnership, stage=Stage.MEETING
        )
        factories.LearningThemeFactory(partnership=self.partnership)
        factories.QuestionFactory.create_batch(self.rows, toolkit=audit.toolkit)
        for agency in joined:
            factories.AgencyReturnFactory(audit=audit, agency=agency, stage=ReturnStage.SIGNED_OFF)
        for _ in range(self.rows):
            self._case(audit)
        meeting = factories.MeetingFactory(audit=audit)
        for agency in joined:
            audits.Attendance.objects.create(meeting=meeting, name="Petra", agency=agency)
            self._conclusion(audit, agency)
        self._publish(audit)
        return audit

    def _case(self, audit: audits.Audit) -> None:
        nomination = audits.Nomination.objects.create(
            audit=audit, by=self.officer, reason="Seen late.", stage="selected"
        )
        audits.Nomination.objects.create(audit=audit, by=self.officer, reason="Seen late.")
        case = factories.CaseFactory(audit=audit, nomination=nomination)
        for agency_return in audit.agency_returns.all():
            case_return = factories.CaseReturnFactory(
                agency_return=agency_return,
                case=case,
                stage="complete",
                known="child",
                own_grade=audit.grades.get(code="good"),
            )
            for question in audit.toolkit.questions.all():
                factories.AnswerFactory(case_return=case_return, question=question)
            point = factories.returned_point(case_return, "School noticed early.")
            audits.PointPlacement.objects.create(point=point, kind="went_well", agreed=True)
            for contributor in agency_return.agency.contributors.all():
                audits.ContributorRequest.objects.create(
                    case_return=case_return, contributor=contributor
                )

    def _conclusion(self, audit: audits.Audit, agency: agencies.Agency) -> None:
        finding = factories.FindingFactory(audit=audit)
        finding.agencies.add(agency)
        figure = audits.Figure.objects.create(
            audit=audit,
            code=f"known-{finding.code}",
            kind="counted",
            measure="known",
            agency=agency,
        )
        finding.figures.add(figure)
        heading = factories.GapHeadingFactory(audit=audit)
        place = audits.FindingPlacement.objects.create
        place(finding=finding, section=audits.Section.GAPS, heading=heading)
        place(finding=finding, section=audits.Section.FINDINGS)
        factories.ActionFactory(audit=audit, owner_agency=agency).findings.add(finding)
        factories.ActionFactory(audit=audit)

    def _publish(self, audit: audits.Audit) -> None:
        for kind in Document.Kind:
            published(audit, self.officer, kind)
        activity.record(
            "published a document",
            by=self.officer,
            partnership=self.partnership,
            subject=audit,
            audit_id=audit.pk,
        )

    def queries(self, name: str) -> list[str]:
        route = next(route for route in all_routes() if route.name == name)
        address = reverse(name, kwargs={kwarg: self.names[kwarg] for kwarg in route.kwargs})
        client = Client()
        client.force_login(self.officer)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200
        return [query["sql"][:300] for query in captured]


@pytest.fixture(scope="module")
def grounds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Ground]]:
    """One of everything, and three of everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        # Asked of SQLite once a connection, and no part of any page.
        assert connection.features.supports_json_field
        yield [Ground(rows=1), Ground(rows=3)]
        transaction.set_rollback(True)


def test_every_list_is_counted() -> None:
    lists = {route.name for route in all_routes() if route.name.endswith("-list")} | ALSO_LISTS
    assert set(QUERIES) == lists, "Say in QUERIES how many queries it takes."


@pytest.mark.parametrize("name", QUERIES)
def test_three_rows_cost_what_one_costs(name: str, grounds: list[Ground]) -> None:
    for ground in grounds:
        queries = ground.queries(name)
        assert len(queries) == QUERIES[name], f"{ground.rows} rows:\n" + "\n".join(queries)
