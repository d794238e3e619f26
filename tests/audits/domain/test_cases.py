"""Nominations, numbers, draws, withdrawals, and what was told to whom."""

from datetime import date

import pytest

from agencies.domain.refusal import RefusedError
from agencies.models import Activity, User
from agencies.roles import Role
from audits.domain import cases, draws, nominations
from audits.forms.case import AddCasesForm, ReplaceForm
from audits.forms.draw import DrawForm
from audits.forms.nomination import IdentityNoticeForm, NominationForm
from audits.models import Audit, Case, Nomination, ReturnStage, Stage
from audits.reading.cases import cases_page
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit() -> Audit:
    made: Audit = AuditFactory(stage=Stage.NOMINATING)
    return made


@pytest.fixture
def officer(audit: Audit) -> User:
    return person(Role.OFFICER, audit.partnership)


def nominated(audit: Audit, *reasons: str) -> list[Nomination]:
    by = person(Role.MEMBER, audit.partnership)
    return [nominations.nominate(audit=audit, by=by, reason=reason) for reason in reasons]


class TestNominating:
    def test_keeps_the_reason_and_who(self, audit: Audit) -> None:
        agency = AgencyFactory(partnership=audit.partnership)
        member = person(Role.MEMBER, audit.partnership)
        nominations.nominate(audit=audit, by=member, reason=" Drift. ", agency=agency)
        nomination = Nomination.objects.get()
        assert (nomination.reason, nomination.by, nomination.agency, nomination.stage) == (
            "Drift.",
            member,
            agency,
            "proposed",
        )
        assert nomination.is_proposed

    @pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.COLLECTING, Stage.CLOSED])
    def test_only_while_nominating(self, stage: Stage) -> None:
        audit = AuditFactory(stage=stage)
        with pytest.raises(RefusedError) as refused:
            nominated(audit, "Drift.")
        assert str(refused.value) == "Cases are nominated while the audit is nominating."

    def test_declining_gives_the_reason_once(self, audit: Audit, officer: User) -> None:
        [nomination] = nominated(audit, "Drift.")
        nominations.decline_nomination(nomination=nomination, by=officer, reason=" Too recent. ")
        nomination.refresh_from_db()
        assert (nomination.stage, nomination.decline_reason) == ("declined", "Too recent.")
        with pytest.raises(RefusedError) as refused:
            nominations.decline_nomination(nomination=nomination, by=officer, reason="Again.")
        assert str(refused.value) == "This nomination was already decided."

    def test_the_form_warns_and_offers_ones_own_agency(self, audit: Audit) -> None:
        agency = AgencyFactory(partnership=audit.partnership)
        lead = person(Role.LEAD, agency)
        AgencyFactory(partnership=audit.partnership)
        form = NominationForm(audit=audit, user=lead)
        assert "Do not write a name" in str(form.fields["reason"].help_text)
        assert "leads to the child" in str(form.fields["reason"].help_text)
        assert list(form.fields["agency"].queryset) == [agency]  # type: ignore[attr-defined]
        assert form.initial["agency"] == agency.pk


class TestNumbers:
    def test_selecting_several_gives_the_next_numbers(self, audit: Audit, officer: User) -> None:
        CaseFactory(audit=audit, number=4)
        first, second, third = nominated(audit, "First.", "Second.", "Third.")
        made = cases.select_nominations(audit=audit, by=officer, nominations=[third, first])
        assert [(case.number, case.nomination) for case in made] == [(5, first), (6, third)]
        second.refresh_from_db()
        third.refresh_from_db()
        assert (second.stage, third.stage) == ("proposed", "selected")

    def test_what_was_decided_is_not_selected_again(self, audit: Audit, officer: User) -> None:
        [nomination] = nominated(audit, "First.")
        cases.select_nominations(audit=audit, by=officer, nominations=[nomination])
        again = cases.select_nominations(audit=audit, by=officer, nominations=[nomination])
        assert again == []
        assert Case.objects.count() == 1

    def test_sixty_at_once(self, audit: Audit, officer: User) -> None:
        made = cases.add_cases(audit=audit, by=officer, count=60)
        assert [case.number for case in made] == list(range(1, 61))
        assert Activity.objects.filter(verb="numbered a case").count() == 60

    def test_reasons_become_selected_nominations(self, audit: Audit, officer: User) -> None:
        made = cases.add_cases_with_reasons(
            audit=audit, by=officer, reasons=["Drift.", "Good work."]
        )
        rows = [(case.number, case.nomination) for case in made]
        assert [(number, each and each.reason) for number, each in rows] == [
            (1, "Drift."),
            (2, "Good work."),
        ]
        assert set(Nomination.objects.values_list("stage", flat=True)) == {"selected"}

    @pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.MEETING, Stage.PUBLISHED])
    def test_none_outside_nominating_and_collecting(self, stage: Stage) -> None:
        audit = AuditFactory(stage=stage)
        officer = person(Role.OFFICER, audit.partnership)
        with pytest.raises(RefusedError) as refused:
            cases.add_cases(audit=audit, by=officer, count=1)
        assert str(refused.value) == "Cases are added while the audit is nominating or collecting."

    def test_one_added_while_collecting_is_asked_about(self) -> None:
        audit = AuditFactory(stage=Stage.COLLECTING)
        agency_return = AgencyReturnFactory(audit=audit)
        officer = person(Role.OFFICER, audit.partnership)
        [case] = cases.add_cases(audit=audit, by=officer, count=1)
        assert audit.case_returns.get().case == case
        assert audit.case_returns.get().agency_return == agency_return


class TestWithdrawing:
    def test_retires_the_number_with_the_reason(self, audit: Audit, officer: User) -> None:
        first, second = cases.add_cases(audit=audit, by=officer, count=2)
        cases.withdraw_case(case=second, by=officer, reason=" Not known to anybody. ")
        second.refresh_from_db()
        assert second.is_withdrawn
        assert (second.withdrawn_reason, second.withdrawn_by) == ("Not known to anybody.", officer)
        assert list(audit.cases.in_sample()) == [first]
        [next_one] = cases.add_cases(audit=audit, by=officer, count=1)
        assert next_one.number == 3

    def test_not_twice(self, audit: Audit, officer: User) -> None:
        [case] = cases.add_cases(audit=audit, by=officer, count=1)
        cases.withdraw_case(case=case, by=officer, reason="Once.")
        with pytest.raises(RefusedError) as refused:
            cases.withdraw_case(case=case, by=officer, reason="Twice.")
        assert str(refused.value) == "Case 1 is already withdrawn."

    def test_not_without_a_reason(self, audit: Audit, officer: User) -> None:
        [case] = cases.add_cases(audit=audit, by=officer, count=1)
        with pytest.raises(RefusedError) as refused:
            cases.withdraw_case(case=case, by=officer, reason=" ")
        assert str(refused.value) == "Give a reason."

    def test_not_once_published(self) -> None:
        case = CaseFactory(audit__stage=Stage.PUBLISHED)
        officer = person(Role.OFFICER, case.audit.partnership)
        with pytest.raises(RefusedError) as refused:
            cases.withdraw_case(case=case, by=officer, reason="Late.")
        assert str(refused.value) == "Cases are withdrawn before the audit is published."


class TestReplacing:
    def test_names_the_one_it_replaces(self, audit: Audit, officer: User) -> None:
        old, _ = cases.add_cases(audit=audit, by=officer, count=2)
        [nomination] = nominated(audit, "Better.")
        new = cases.replace_case(case=old, by=officer, reason="Moved away.", nomination=nomination)
        old.refresh_from_db()
        nomination.refresh_from_db()
        assert (new.number, new.replaces, new.nomination) == (3, old, nomination)
        assert (old.is_withdrawn, nomination.stage) == (True, "selected")

    def test_one_withdrawn_before_keeps_its_reason(self, audit: Audit, officer: User) -> None:
        [old] = cases.add_cases(audit=audit, by=officer, count=1)
        old = cases.withdraw_case(case=old, by=officer, reason="Moved away.")
        new = cases.replace_case(case=old, by=officer)
        old.refresh_from_db()
        assert (new.number, old.withdrawn_reason) == (2, "Moved away.")

    def test_only_once(self, audit: Audit, officer: User) -> None:
        [old] = cases.add_cases(audit=audit, by=officer, count=1)
        cases.replace_case(case=old, by=officer, reason="Moved away.")
        old.refresh_from_db()
        with pytest.raises(RefusedError) as refused:
            cases.replace_case(case=old, by=officer)
        assert str(refused.value) == "Case 1 was already replaced."

    def test_a_signed_off_return_is_reopened_for_the_new_case(self) -> None:
        audit = AuditFactory(stage=Stage.COLLECTING)
        officer = person(Role.OFFICER, audit.partnership)
        signed = AgencyReturnFactory(audit=audit, stage=ReturnStage.SIGNED_OFF)
        old = CaseFactory(audit=audit)
        new = cases.replace_case(case=old, by=officer, reason="Moved away.")
        signed.refresh_from_db()
        assert signed.stage == ReturnStage.OPEN
        assert list(audit.case_returns.values_list("case__number", flat=True)) == [new.number]


class TestDrawing:
    def test_the_same_seed_gives_the_same_rows(self) -> None:
        drawn = draws.drawn_rows(list_size=400, sample_size=6, seed="20260301")
        assert drawn == EXACT
        assert draws.drawn_rows(list_size=400, sample_size=6, seed="20260302") != EXACT

    def test_makes_a_case_a_row_and_keeps_how(self, audit: Audit, officer: User) -> None:
        draw = draws.draw_cases(
            audit=audit,
            by=officer,
            list_description="Referrals, April to June",
            list_size=400,
            sample_size=6,
            seed=" 20260301 ",
        )
        assert (draw.seed, draw.rows, draw.by) == ("20260301", EXACT, officer)
        made = [(case.number, case.draw_row) for case in draw.cases.all()]
        assert made == list(enumerate(EXACT, start=1))

    def test_makes_a_seed_where_none_is_given(self, audit: Audit, officer: User) -> None:
        draw = draws.draw_cases(
            audit=audit, by=officer, list_description="A", list_size=9, sample_size=3, seed=""
        )
        assert len(draw.seed) == 8
        assert draw.rows == draws.drawn_rows(list_size=9, sample_size=3, seed=draw.seed)

    def test_a_second_draw_from_the_same_list_leaves_out_the_rows_taken(
        self, audit: Audit, officer: User
    ) -> None:
        draws.draw_cases(
            audit=audit, by=officer, list_description="A", list_size=5, sample_size=3, seed="1"
        )
        last = draws.draw_cases(
            audit=audit, by=officer, list_description="A", list_size=5, sample_size=2, seed="1"
        )
        rows = [row for draw in audit.draws.all() for row in draw.rows]
        assert sorted(rows) == [1, 2, 3, 4, 5]
        page = cases_page(audit, officer)
        first, second = page.draws
        assert first.repeat == "random.Random('1').sample(range(1, 6), 3)"
        assert second.draw == last
        repeated = eval(second.repeat, {"random": __import__("random")})  # noqa: S307
        assert repeated == last.rows
        with pytest.raises(RefusedError) as refused:
            draws.draw_cases(
                audit=audit, by=officer, list_description="A", list_size=5, sample_size=1, seed="1"
            )
        assert str(refused.value) == "There are not as many rows left in the list."

    def test_the_form_says_how_many_rows_are_left(self, audit: Audit, officer: User) -> None:
        draws.draw_cases(
            audit=audit, by=officer, list_description="A", list_size=5, sample_size=3, seed="1"
        )
        sent = {"list_description": "A", "list_size": "5", "sample_size": "3"}
        form = DrawForm(sent, audit=audit)
        assert form.errors == {"sample_size": ["Only 2 rows of this list are left to draw."]}
        assert DrawForm({**sent, "sample_size": "2"}, audit=audit).is_valid()
        assert "list_size" in DrawForm({**sent, "list_size": ""}, audit=audit).errors


class TestAddingForm:
    @pytest.mark.parametrize(
        ("sent", "errors"),
        [
            ({}, {"count": ["Say how many cases, or give their reasons below."]}),
            (
                {"count": "2", "reasons": "A"},
                {"count": ["Give either a number or the reasons, not both."]},
            ),
            ({"reasons": "A\n" * 201}, {"reasons": ["Add at most 200 cases at once."]}),
            ({"count": "60"}, {}),
        ],
    )
    def test_one_of_both(self, sent: dict[str, str], errors: dict[str, list[str]]) -> None:
        assert AddCasesForm(sent).errors == errors

    def test_empty_lines_fall_away(self) -> None:
        form = AddCasesForm({"reasons": " A \n\n B\n"})
        assert form.is_valid()
        assert form.cleaned_data["reasons"] == ["A", "B"]

    def test_a_replacement_says_why_unless_that_is_known(self, audit: Audit, officer: User) -> None:
        [case] = cases.add_cases(audit=audit, by=officer, count=1)
        [nomination] = nominated(audit, "Better.")
        assert ReplaceForm({}, case=case, about=None).errors == {"reason": ["Give a reason."]}
        assert "Better." in str(ReplaceForm(case=case, about=None)["nomination"])
        case = cases.withdraw_case(case=case, by=officer, reason="Moved away.")
        sent = {"nomination": str(nomination.pk)}
        form = ReplaceForm(sent, case=case, about=None)
        assert form.is_valid()


class TestIdentities:
    def test_who_was_told_and_when(self, audit: Audit, officer: User) -> None:
        agencies = [AgencyReturnFactory(audit=audit).agency for _ in range(2)]
        nominations.note_identities_sent(
            audit=audit, by=officer, agencies=agencies[:1], sent_on=date(2026, 3, 1)
        )
        page = cases_page(audit, officer)
        assert [(row.agency, [n.sent_on for n in row.notices]) for row in page.told] == [
            (agencies[0], [date(2026, 3, 1)]),
            (agencies[1], []),
        ]

    def test_not_before_it_is_sent(self, audit: Audit) -> None:
        agency = AgencyReturnFactory(audit=audit).agency
        form = IdentityNoticeForm({"agencies": [agency.pk], "sent_on": "2199-01-01"}, audit=audit)
        assert form.errors == {
            "sent_on": ["Note it once it has been sent: this day is still to come."]
        }
        assert IdentityNoticeForm({"sent_on": "2026-01-01"}, audit=audit).errors == {
            "agencies": ["Tick the agencies that were told."]
        }


class TestReading:
    def test_why_a_case_was_proposed_is_for_the_officer_and_who_proposed_it(
        self, audit: Audit, officer: User
    ) -> None:
        [nomination] = nominated(audit, "Drift.")
        cases.select_nominations(audit=audit, by=officer, nominations=[nomination])
        other = person(Role.MEMBER, audit.partnership)
        seen = {
            user: [row.reason for row in cases_page(audit, user).rows]
            for user in (officer, nomination.by, other)
        }
        assert seen == {officer: ["Drift."], nomination.by: ["Drift."], other: [""]}

    def test_how_each_came_in(self, audit: Audit, officer: User) -> None:
        [added] = cases.add_cases(audit=audit, by=officer, count=1)
        cases.add_cases_with_reasons(audit=audit, by=officer, reasons=["Drift."])
        draws.draw_cases(
            audit=audit, by=officer, list_description="A", list_size=1, sample_size=1, seed="1"
        )
        cases.replace_case(case=added, by=officer, reason="Moved away.")
        page = cases_page(audit, officer)
        assert [row.came_in for row in page.rows] == [
            "Added by the officer",
            "Nominated",
            "Drawn at random, row 1",
            "Added by the officer, in place of case 1",
        ]
        assert page.rows[0].replaced_by == page.rows[3].case
        assert page.in_sample == 3


EXACT = [179, 366, 253, 358, 74, 321]
