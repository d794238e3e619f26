"""Setting up an audit: what is written, what is refused, what leaves a trace."""

from datetime import date
from typing import Any

import pytest

from agencies.domain.refusal import RefusedError
from agencies.models import Activity, Partnership, User
from agencies.roles import Role
from audits.domain import audits as domain
from audits.domain.audits import GradeStep
from audits.domain.writing import StaleError
from audits.forms.audit import AuditForm, DatesForm, GradeFormSet, NewAuditForm
from audits.models import Audit, Grade, Stage
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    PartnershipFactory,
    ThemeFactory,
    ToolkitFactory,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory()
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


def values(partnership: Partnership, **more: Any) -> dict[str, Any]:
    return {
        "code": "2026-01",
        "title": "Neglect",
        "theme": ThemeFactory(partnership=partnership),
        "toolkit": ToolkitFactory(partnership=partnership),
        **more,
    }


def labels(audit: Audit) -> list[tuple[str, str, bool]]:
    return [(grade.code, grade.label, grade.meets_good) for grade in audit.grades.all()]


class TestCreating:
    def test_asks_the_agencies_and_gives_the_default_scale(
        self, partnership: Partnership, officer: User
    ) -> None:
        agencies = [AgencyFactory(partnership=partnership) for _ in range(2)]
        audit = domain.create_audit(
            partnership=partnership, by=officer, values=values(partnership), agencies=agencies
        )
        assert audit.stage == Stage.PLANNED
        assert list(audit.agencies_asked.all()) == agencies
        assert labels(audit) == [
            ("outstanding", "Outstanding", True),
            ("good", "Good", True),
            ("requires-improvement", "Requires improvement", False),
            ("inadequate", "Inadequate", False),
        ]
        assert all(grade.description for grade in audit.grades.all())
        assert Activity.objects.get().verb == "set up an audit"

    def test_copies_all_but_cases_and_dates(self, partnership: Partnership, officer: User) -> None:
        source = AuditFactory(
            partnership=partnership,
            purpose="To learn.",
            legal_power="Section 11",
            identity_channel="Secure e-mail",
            meeting_on=date(2026, 6, 1),
            asks_child=True,
        )
        kept = AgencyReturnFactory(audit=source).agency
        AgencyReturnFactory(audit=source, agency__active=False, agency__partnership=partnership)
        CaseFactory(audit=source)
        source.grades.filter(code="outstanding").delete()
        copied = domain.copied_values(source)
        agencies = copied.pop("agencies")
        assert copied == {
            "theme": source.theme,
            "toolkit": source.toolkit,
            "purpose": "To learn.",
            "legal_power": "Section 11",
            "identity_channel": "Secure e-mail",
            "asks_practitioners": False,
            "asks_child": True,
            "asks_family": False,
            "predecessor": source,
        }
        assert kept in agencies
        copy = domain.create_audit(
            partnership=partnership,
            by=officer,
            values=copied | {"code": "2027-01", "title": "Neglect again"},
            agencies=agencies,
            scale=domain.scale_of(source),
        )
        assert [label for _, label, _ in labels(copy)] == [
            "Good",
            "Requires improvement",
            "Inadequate",
        ]
        assert (copy.meeting_on, copy.cases.count(), copy.predecessor) == (None, 0, source)


class TestChanging:
    def test_writes_the_values(self, partnership: Partnership, officer: User) -> None:
        audit = AuditFactory(partnership=partnership)
        domain.update_audit(
            audit=audit, by=officer, values={"title": "Neglect 2"}, revision=audit.revision
        )
        audit.refresh_from_db()
        assert audit.title == "Neglect 2"

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership, title="Neglect")
        opened = audit.revision
        domain.update_audit(audit=audit, by=officer, values={"purpose": "Mine."}, revision=opened)
        with pytest.raises(StaleError) as caught:
            domain.update_audit(audit=audit, by=officer, values={"title": "X"}, revision=opened)
        assert caught.value.current == audit
        audit.refresh_from_db()
        assert (audit.title, audit.purpose) == ("Neglect", "Mine.")

    def test_a_moved_date_is_no_change_of_the_set_up(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership)
        opened = audit.revision
        domain.move_dates(audit=audit, by=officer, dates={"return_by": date(2026, 3, 1)}, reason="")
        domain.update_audit(audit=audit, by=officer, values={"title": "X"}, revision=opened)
        audit.refresh_from_db()
        assert (audit.title, audit.return_by) == ("X", date(2026, 3, 1))

    def test_an_earlier_audit_is_named_once(self, partnership: Partnership, officer: User) -> None:
        audit = AuditFactory(
            partnership=partnership, earlier_code="2019-02", earlier_title="Neglect"
        )
        earlier = AuditFactory(partnership=partnership)
        domain.update_audit(
            audit=audit, by=officer, values={"predecessor": earlier}, revision=audit.revision
        )
        audit.refresh_from_db()
        assert (audit.predecessor, audit.earlier_code, audit.earlier_title) == (earlier, "", "")

    def test_the_toolkit_stands_fast_once_circulated(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        other = ToolkitFactory(partnership=partnership)
        with pytest.raises(RefusedError, match="The toolkit cannot be changed"):
            domain.update_audit(
                audit=audit, by=officer, values={"toolkit": other}, revision=audit.revision
            )

    def test_whose_voices_are_asked_for_stands_fast_once_circulated(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit: Audit = AuditFactory(partnership=partnership, asks_child=True)
        values: dict[str, Any] = {"asks_child": True, "asks_family": True}
        domain.update_audit(audit=audit, by=officer, values=values, revision=audit.revision)
        audit = Audit.objects.get(pk=audit.pk)
        assert audit.voices == ["voice_child", "voice_family"]
        audit.stage = Stage.COLLECTING
        audit.save()
        domain.update_audit(audit=audit, by=officer, values=values, revision=audit.revision)
        with pytest.raises(RefusedError, match="Whose voices are asked for cannot be changed"):
            domain.update_audit(
                audit=audit,
                by=officer,
                values={**values, "asks_child": False},
                revision=Audit.objects.get(pk=audit.pk).revision,
            )

    def test_and_still_does_after_going_back(self, officer: User, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        CaseReturnFactory(agency_return__audit=audit)
        assert audit.is_locked
        with pytest.raises(RefusedError, match="The scale cannot be changed"):
            domain.set_scale(audit=audit, by=officer, scale=[])

    def test_the_scale_of_an_audit_that_circulated_meanwhile(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        before = labels(audit)
        Audit.objects.update(stage=Stage.COLLECTING)
        with pytest.raises(RefusedError, match="The scale cannot be changed"):
            domain.set_scale(audit=audit, by=officer, scale=[])
        assert labels(audit) == before

    def test_a_scale_of_ones_own(self, partnership: Partnership, officer: User) -> None:
        audit = AuditFactory(partnership=partnership)
        scale = [
            GradeStep("Met", "All there.", meets_good=True),
            GradeStep("Partly met", "Some there.", meets_good=False),
            GradeStep("Partly  met", "Again.", meets_good=False),
            GradeStep("–", "", meets_good=False),
        ]
        domain.set_scale(audit=audit, by=officer, scale=scale)
        assert labels(audit) == [
            ("met", "Met", True),
            ("partly-met", "Partly met", False),
            ("partly-met-3", "Partly  met", False),
            ("grade", "–", False),
        ]
        assert [grade.position for grade in Grade.objects.filter(audit=audit)] == [0, 1, 2, 3]


class TestAgenciesAsked:
    def test_before_circulating_they_come_and_go(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership)
        stays, goes = (AgencyReturnFactory(audit=audit).agency for _ in range(2))
        comes = AgencyFactory(partnership=partnership)
        domain.ask_agencies(audit=audit, by=officer, agencies=[stays, comes])
        assert set(audit.agencies_asked.all()) == {stays, comes}
        assert goes not in audit.agencies_asked.all()

    def test_one_that_was_sent_the_cases_stays(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        agency = AgencyFactory(partnership=partnership, name="Police")
        CaseReturnFactory(agency_return=AgencyReturnFactory(audit=audit, agency=agency))
        with pytest.raises(RefusedError) as refused:
            domain.ask_agencies(audit=audit, by=officer, agencies=[])
        assert (
            str(refused.value)
            == "Police has already been sent the cases: excuse its return instead."
        )

    def test_one_added_while_collecting_is_asked_about_every_case(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        for _ in range(2):
            CaseFactory(audit=audit)
        agency = AgencyFactory(partnership=partnership)
        domain.ask_agencies(audit=audit, by=officer, agencies=[agency])
        rows = audit.case_returns.filter(agency=agency).order_by("case__number")
        assert [row.case.number for row in rows] == [1, 2]

    def test_from_the_meeting_on_they_stay(self, partnership: Partnership, officer: User) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.MEETING)
        with pytest.raises(RefusedError, match="from the meeting on"):
            domain.ask_agencies(
                audit=audit, by=officer, agencies=[AgencyFactory(partnership=partnership)]
            )


class TestMovingDates:
    def test_a_date_that_moves_leaves_a_trace(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit = AuditFactory(partnership=partnership, return_by=date(2026, 3, 1))
        domain.move_dates(
            audit=audit,
            by=officer,
            dates={"return_by": date(2026, 3, 8), "meeting_on": date(2026, 4, 1)},
            reason=" Half term. ",
        )
        audit.refresh_from_db()
        assert (audit.return_by, audit.meeting_on) == (date(2026, 3, 8), date(2026, 4, 1))
        [move] = audit.date_moves.all()
        assert (move.field, move.from_date, move.to_date, move.reason, move.by) == (
            "return_by",
            date(2026, 3, 1),
            date(2026, 3, 8),
            "Half term.",
            officer,
        )

    def test_nothing_moved_leaves_none(self, partnership: Partnership, officer: User) -> None:
        audit = AuditFactory(partnership=partnership, return_by=date(2026, 3, 1))
        domain.move_dates(audit=audit, by=officer, dates={"return_by": date(2026, 3, 1)}, reason="")
        assert not audit.date_moves.exists()
        assert not Activity.objects.exists()

    def test_a_reason_is_needed_once_people_were_told(self) -> None:
        planned = AuditFactory(return_by=date(2026, 3, 1))
        told = AuditFactory(return_by=date(2026, 3, 1), stage=Stage.NOMINATING)
        moved = {"return_by": date(2026, 3, 8)}
        assert not domain.needs_reason(planned, moved)
        assert domain.needs_reason(told, moved)
        assert not domain.needs_reason(told, {"meeting_on": date(2026, 4, 1)})


class TestForms:
    def sent(self, partnership: Partnership, **more: Any) -> dict[str, Any]:
        given = values(partnership)
        return {
            "title": given["title"],
            "code": given["code"],
            "kind": "programmed",
            "theme": given["theme"].pk,
            "toolkit": given["toolkit"].pk,
            **more,
        }

    def test_four_words_are_enough(self, partnership: Partnership) -> None:
        form = NewAuditForm(self.sent(partnership), partnership=partnership)
        assert form.is_valid(), form.errors
        assert "agencies" not in form.audit_values

    def test_an_extraordinary_audit_says_who_asked_and_why(self, partnership: Partnership) -> None:
        form = NewAuditForm(self.sent(partnership, kind="extraordinary"), partnership=partnership)
        assert form.errors == {
            "asked_for_by": ["Choose the agency that asked for it."],
            "asked_for_reason": ["Say why it was asked for."],
        }

    def test_a_programmed_one_was_asked_for_by_nobody(self, partnership: Partnership) -> None:
        agency = AgencyFactory(partnership=partnership)
        form = NewAuditForm(
            self.sent(partnership, asked_for_by=agency.pk, asked_for_reason="Because."),
            partnership=partnership,
        )
        assert form.is_valid()
        assert form.audit_values["asked_for_by"] is None
        assert form.audit_values["asked_for_reason"] == ""

    def test_a_code_is_used_once_in_a_partnership(self, partnership: Partnership) -> None:
        taken = AuditFactory(partnership=partnership, code="2026-01")
        AuditFactory(code="2026-02")
        form = NewAuditForm(self.sent(partnership), partnership=partnership)
        assert form.errors == {"code": ["Another audit already has this code. Choose another."]}
        other = NewAuditForm(self.sent(partnership, code="2026-02"), partnership=partnership)
        assert other.is_valid()
        own = AuditForm(self.sent(partnership), partnership=partnership, audit=taken)
        assert own.is_valid()

    def test_periods_and_dates_stand_in_order(self, partnership: Partnership) -> None:
        form = NewAuditForm(
            self.sent(
                partnership,
                lookback_from="2026-02-01",
                lookback_to="2026-01-01",
                nominate_by="2026-05-01",
                return_by="2026-04-01",
            ),
            partnership=partnership,
        )
        assert form.errors == {
            "lookback_to": ["The period must not end before it begins."],
            "return_by": ["This comes before “nominate by”. Put the dates in order."],
        }

    def test_choices_end_at_the_partnership(self, partnership: Partnership) -> None:
        AuditFactory()
        AgencyFactory()
        retired = ThemeFactory(partnership=partnership, active=False)
        form = NewAuditForm(partnership=partnership)
        offered = {
            name: list(form.fields[name].queryset)  # type: ignore[attr-defined]
            for name in ("theme", "toolkit", "predecessor", "asked_for_by", "agencies")
        }
        assert offered == {
            "theme": [],
            "toolkit": [],
            "predecessor": [],
            "asked_for_by": [],
            "agencies": [],
        }
        audit = AuditFactory(partnership=partnership, theme=retired)
        kept = AuditForm(partnership=partnership, audit=audit)
        assert list(kept.fields["theme"].queryset) == [retired]  # type: ignore[attr-defined]
        assert list(kept.fields["predecessor"].queryset) == []  # type: ignore[attr-defined]

    def test_the_toolkit_is_shown_but_fast_once_circulated(self, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.MEETING)
        form = AuditForm(partnership=partnership, audit=audit)
        assert form.fields["toolkit"].disabled

    def test_moving_a_told_date_without_a_reason(self) -> None:
        audit = AuditFactory(stage=Stage.NOMINATING, return_by=date(2026, 3, 1))
        form = DatesForm({"return_by": "2026-03-08"}, audit=audit)
        assert form.errors == {"reason": ["Say why the date moves."]}
        form = DatesForm({"return_by": "2026-03-08", "reason": "Half term."}, audit=audit)
        assert form.is_valid()
        assert form.dates["return_by"] == date(2026, 3, 8)

    @pytest.mark.parametrize(
        ("lines", "errors"),
        [
            ([("Met", True)], ["Name at least two grades."]),
            (
                [("Met", True), ("met", False)],
                ["Two grades have the same name. Give each its own."],
            ),
            (
                [("Met", False), ("Not met", False)],
                ["Mark which grades count as “met good”."],
            ),
            ([("Met", True), ("Not met", False)], []),
        ],
    )
    def test_a_scale_that_can_be_used(
        self, lines: list[tuple[str, bool]], errors: list[str]
    ) -> None:
        sent: dict[str, Any] = {"grades-TOTAL_FORMS": "8", "grades-INITIAL_FORMS": "0"}
        for place, (label, good) in enumerate(lines):
            sent[f"grades-{place}-label"] = label
            if good:
                sent[f"grades-{place}-meets_good"] = "on"
        formset = GradeFormSet(sent, prefix="grades")
        formset.is_valid()
        assert formset.non_form_errors() == errors

    def test_a_grade_without_a_name(self) -> None:
        sent = {
            "grades-TOTAL_FORMS": "1",
            "grades-INITIAL_FORMS": "0",
            "grades-0-description": "All there.",
        }
        formset = GradeFormSet(sent, prefix="grades")
        assert formset.errors == [{"label": ["Name the grade, or clear the whole line."]}]


def test_years_are_those_of_the_meeting_or_the_next_date_there_is() -> None:
    partnership = PartnershipFactory()
    AuditFactory(partnership=partnership, meeting_on=date(2025, 1, 2), return_by=date(2024, 12, 1))
    AuditFactory(partnership=partnership, return_by=date(2024, 3, 1))
    AuditFactory(partnership=partnership, return_by=None)
    assert Audit.objects.of_partnership(partnership).years() == [2025, 2024]
