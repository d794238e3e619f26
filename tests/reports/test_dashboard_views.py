"""The dashboards: every audit by stage with what is late; one audit's grid, grades and answers."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from agencies.roles import Role
from audits.models import (
    Action,
    Audit,
    CaseReturn,
    CaseReturnStage,
    Known,
    PointKind,
    ReturnStage,
    Stage,
)
from reports.reading import dashboard as one_audit
from reports.reading.overview import Overview, overview
from tests.audits.browsing import page, signed_in
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    PartnershipFactory,
    meeting_point,
    person,
    unsigned,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return person(Role.OFFICER, PartnershipFactory())


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def audit_of(user: User, **fields: object) -> Audit:
    audit: Audit = AuditFactory(partnership=user.memberships.get().partnership, **fields)
    return audit


def seen_by(user: User) -> Overview:
    return overview(Audit.objects.visible_to(user), Action.objects.visible_to(user))


class TestOverview:
    def test_every_audit_stands_under_its_stage(self, officer: User) -> None:
        for stage in Stage:
            audit_of(officer, stage=stage, title=stage.label)
        board = seen_by(officer)
        assert [
            (column.stage, [each.audit.title for each in column.audits]) for column in board.columns
        ] == [(stage, [stage.label]) for stage in Stage]
        assert board.total == len(Stage)
        assert board.open == len(Stage) - 1

    def test_what_is_past_its_date_is_late(self, officer: User) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        audit_of(officer, stage=Stage.COLLECTING, return_by=yesterday)
        audit_of(officer, stage=Stage.COLLECTING, return_by=timezone.localdate())
        assert seen_by(officer).late == 1

    def test_returns_are_owed_while_an_audit_collects(self, officer: User) -> None:
        collecting = audit_of(officer, stage=Stage.COLLECTING)
        for stage in (ReturnStage.OPEN, ReturnStage.OPEN, ReturnStage.NIL, ReturnStage.SIGNED_OFF):
            AgencyReturnFactory(audit=collecting, stage=stage)
        AgencyReturnFactory(audit=audit_of(officer, stage=Stage.PLANNED), stage=ReturnStage.OPEN)
        board = seen_by(officer)
        assert board.owed == 2
        (progress,) = next(c for c in board.columns if c.stage == Stage.COLLECTING).audits
        assert (progress.settled, progress.asked) == (2, 4)

    def test_case_returns_are_counted_without_withdrawn_cases(self, officer: User) -> None:
        audit = audit_of(officer, stage=Stage.COLLECTING)
        agency_return = AgencyReturnFactory(audit=audit)
        for stage in (CaseReturnStage.COMPLETE, CaseReturnStage.NOT_STARTED):
            known = Known.CHILD if stage == CaseReturnStage.COMPLETE else ""
            CaseReturnFactory(agency_return=agency_return, stage=stage, known=known)
        withdrawn = CaseFactory(audit=audit, withdrawn_at=timezone.now(), withdrawn_reason="Twice")
        CaseReturnFactory(agency_return=agency_return, case=withdrawn)
        (progress,) = next(c for c in seen_by(officer).columns if c.audits).audits
        assert (progress.finished, progress.expected) == (1, 2)

    def test_met_good_counts_graded_case_returns(self, officer: User) -> None:
        audit = audit_of(officer, stage=Stage.MEETING)
        agency_return = AgencyReturnFactory(audit=audit, stage=ReturnStage.SIGNED_OFF)
        for code in ("good", "outstanding", "inadequate", None):
            CaseReturnFactory(
                agency_return=agency_return,
                stage=CaseReturnStage.COMPLETE,
                known=Known.CHILD,
                own_grade=audit.grades.get(code=code) if code else None,
            )
        (row,) = seen_by(officer).met_good
        assert (row.audit, row.good, row.graded) == (audit, 2, 3)

    def test_actions_are_overdue_from_the_day_after(self, officer: User) -> None:
        audit = audit_of(officer, stage=Stage.PUBLISHED)
        today = timezone.localdate()
        for due in (today - timedelta(days=1), today, None):
            ActionFactory(audit=audit, due_on=due)
        assert seen_by(officer).overdue_actions == 1


class TestBoard:
    def test_cards_lead_to_the_audit(self, officer: User, client: Client) -> None:
        audit = audit_of(officer, stage=Stage.COLLECTING, title="Front door")
        shown = page(client, "dashboard")
        assert f'<a href="/audits/{audit.pk}/dashboard/">Front door</a>' in shown

    def test_leaves_other_partnerships_out(self, client: Client) -> None:
        AuditFactory(title="Elsewhere")
        assert "There is no audit yet" in page(client, "dashboard")

    @pytest.mark.parametrize("role", [Role.MEMBER, Role.BOARD, Role.ADMIN])
    def test_is_for_those_who_see_how_returns_stand(self, officer: User, role: Role) -> None:
        other = signed_in(person(role, officer.memberships.get().partnership))
        assert other.get(reverse("dashboard")).status_code == 403

    def test_is_for_the_chair(self, officer: User) -> None:
        audit_of(officer, title="Front door")
        chair = signed_in(person(Role.CHAIR, officer.memberships.get().partnership))
        assert "Front door" in page(chair, "dashboard")

    @pytest.mark.parametrize("field", ["stage", "kind", "theme", "agency"])
    def test_can_be_narrowed(self, officer: User, client: Client, field: str) -> None:
        wanted = audit_of(officer, title="Wanted", stage=Stage.DRAFTING, kind="extraordinary")
        audit_of(officer, title="Another", stage=Stage.PLANNED)
        asked = AgencyReturnFactory(audit=wanted).agency
        value = {
            "stage": "drafting",
            "kind": "extraordinary",
            "theme": str(wanted.theme_id),
            "agency": str(asked.pk),
        }[field]
        shown = client.get(reverse("dashboard"), {field: value}).content.decode()
        assert ">Wanted</a>" in shown
        assert ">Another</a>" not in shown

    def test_narrowed_to_nothing_says_so(self, officer: User, client: Client) -> None:
        audit_of(officer, stage=Stage.PLANNED)
        shown = client.get(reverse("dashboard"), {"stage": "closed"}).content.decode()
        assert "No audit fits" in shown

    def test_another_partnerships_agency_is_no_choice(self, officer: User, client: Client) -> None:
        foreign = AgencyFactory(name="Foreign police")
        shown = client.get(reverse("dashboard"), {"agency": foreign.pk}).content.decode()
        assert "Foreign police" not in shown
        assert "error-message" in shown


class TestOneAudit:
    @pytest.fixture
    def scene(self) -> Scene:
        return meeting_scene(cases=2, agencies=2, questions=1)

    def test_counts_what_is_in_the_rows(self, scene: Scene) -> None:
        with unsigned(*scene.returns):
            CaseReturn.objects.filter(pk=scene.case_returns[0].pk).update(
                own_grade=scene.audit.grades.get(code="good")
            )
        shown = one_audit.dashboard(scene.audit, scene.officer)
        assert (shown.cases, shown.settled, len(shown.agency_returns)) == (2, 2, 2)
        assert shown.grades is not None
        first = next(t for t in shown.grades.tallies if t.name == scene.agencies[0].name)
        assert sum(count or 0 for count in first.counts) == 1
        (question,) = shown.questions
        assert len(question.tallies) == 2

    def test_points_are_the_returns_until_drafting_begins(self, scene: Scene) -> None:
        assert not one_audit.dashboard(scene.audit, scene.officer).points_are_agreed
        meeting_point(scene.audit, "Agreed.", kind=PointKind.WENT_WELL)
        Audit.objects.filter(pk=scene.audit.pk).update(stage=Stage.DRAFTING)
        scene.audit.refresh_from_db()
        assert one_audit.dashboard(scene.audit, scene.officer).points_are_agreed

    def test_a_cell_leads_to_its_return_and_shows_the_grade(self, scene: Scene) -> None:
        case_return = scene.case_returns[0]
        with unsigned(*scene.returns):
            CaseReturn.objects.filter(pk=case_return.pk).update(
                own_grade=scene.audit.grades.get(code="inadequate")
            )
        shown = page(signed_in(scene.officer), "audit-dashboard", scene.audit.pk)
        address = reverse("case-return-edit", args=[case_return.agency_return_id, case_return.pk])
        assert (
            f'<td class="maca-cell maca-cell--below-good"><a href="{address}">Inadequate</a></td>'
        ) in shown

    def test_whoever_may_not_read_a_return_sees_its_state_alone(self, scene: Scene) -> None:
        Audit.objects.filter(pk=scene.audit.pk).update(stage=Stage.COLLECTING)
        with unsigned(*scene.returns):
            CaseReturn.objects.update(own_grade=scene.audit.grades.get(code="inadequate"))
        shown = page(signed_in(scene.chair), "audit-dashboard", scene.audit.pk)
        matrix = shown[shown.index("maca-matrix") :].split("</table>")[0]
        assert matrix.count('<td class="maca-cell maca-cell--complete">Complete</td>') == 4
        assert "Inadequate" not in matrix

    def test_an_agency_that_was_not_asked_about_a_case_has_an_empty_cell(
        self, scene: Scene
    ) -> None:
        CaseFactory(audit=scene.audit)
        shown = page(signed_in(scene.officer), "audit-dashboard", scene.audit.pk)
        assert shown.count(">Not asked</td>") == 2

    def test_before_the_cases_go_out_it_says_what_comes(self) -> None:
        audit = AuditFactory(stage=Stage.PLANNED)
        officer = person(Role.OFFICER, audit.partnership)
        assert "No case has gone out yet" in page(signed_in(officer), "audit-dashboard", audit.pk)

    @pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, 403), (Role.BOARD, 404)])
    def test_is_for_those_who_see_how_returns_stand(
        self, scene: Scene, role: Role, status: int
    ) -> None:
        other = signed_in(person(role, scene.audit.partnership))
        assert other.get(reverse("audit-dashboard", args=[scene.audit.pk])).status_code == status

    def test_another_partnerships_audit_is_no_page(self, client: Client, scene: Scene) -> None:
        assert client.get(reverse("audit-dashboard", args=[scene.audit.pk])).status_code == 404


def test_the_year_can_be_chosen(officer: User, client: Client) -> None:
    audit_of(officer, title="This year’s", meeting_on=date(2026, 6, 10))
    audit_of(officer, title="An older one", meeting_on=date(2024, 6, 10), return_by=None)
    shown = client.get(reverse("dashboard"), {"year": "2026"}).content.decode()
    assert "This year’s" in shown
    assert "An older one" not in shown
