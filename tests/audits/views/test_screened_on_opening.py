"""What a page that was just opened is told of the words that stand on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from agencies.models import Activity, User
from audits.domain.screened import AT_ONCE, Scope
from audits.domain.telling import A_DAY, TOLD, tell
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    CaseReturnStage,
    EngagementEntry,
    Question,
    RestorativeAction,
    ReturnStage,
)
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.audits.scenes import summative_point
from tests.audits.sealing import Sealed, sealed_audit
from tests.factories import AnswerFactory, CaseReturnFactory, QuestionFactory, returned_point

pytestmark = pytest.mark.django_db

NUMBER = "07700 900123"
SAYS = f"See {NUMBER}."
NOTHING: Mapping[str, Any] = {}


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)


def ask(row: CaseReturn, user: User) -> Any:
    address = reverse("case-return-screened", args=[row.agency_return_id, row.pk])
    return signed_in(user).post(address, headers={"Accept": "application/json"})


def heard(row: CaseReturn, user: User) -> dict[str, list[str]]:
    """The words that are found, by box."""
    found = ask(row, user).json()["screened"]
    return {name: [hit["words"] for hit in hits] for name, hits in found.items() if hits}


def test_each_box_of_prose_is_told_of_by_its_name(world: Collecting) -> None:
    row = world.first
    spoken = QuestionFactory(toolkit=world.audit.toolkit, kind=Question.Kind.TEXT)
    AnswerFactory(case_return=row, question=spoken, value=SAYS)
    AnswerFactory(case_return=row, question=world.questions[0], evidence=SAYS)
    point = returned_point(row, SAYS)
    line = EngagementEntry.objects.create(case_return=row, words=SAYS)
    CaseReturn.objects.filter(pk=row.pk).update(voice_child=SAYS, engagement_past="Two visits.")
    assert heard(row, world.auditor) == {
        "voice_child": [NUMBER],
        f"answer_{spoken.code}": [NUMBER],
        f"evidence_{world.questions[0].code}": [NUMBER],
        f"point_{point.pk}": [NUMBER],
        f"entry_{line.pk}_words": [NUMBER],
    }
    assert heard(world.case_returns[1], world.auditor) == {}


@pytest.mark.parametrize(
    ("stored", "told"), [("9434765919", "9434765919"), ("7700900123", "07700900123")]
)
def test_a_number_is_told_of_on_opening_as_it_is_when_saved(
    world: Collecting, stored: str, told: str
) -> None:
    row = world.first
    counted = QuestionFactory(toolkit=world.audit.toolkit, kind=Question.Kind.NUMBER)
    name = f"answer_{counted.code}"
    save = reverse("case-return-save", args=[row.agency_return_id, row.pk])
    saved = signed_in(world.auditor).post(save, {"basis": "{}", name: stored}).json()
    assert [hit["words"] for hit in saved["screened"][name]] == [told]
    assert heard(row, world.auditor) == {name: [told]}


@pytest.mark.parametrize("lines", [1, 3])
def test_it_asks_the_database_as_often_however_much_stands_there(
    world: Collecting, lines: int, django_assert_num_queries: Any
) -> None:
    for _ in range(lines):
        EngagementEntry.objects.create(case_return=world.first, words=SAYS)
        returned_point(world.first, SAYS)
    client = signed_in(world.auditor)
    address = reverse("case-return-screened", args=[world.agency_return.pk, world.first.pk])
    with django_assert_num_queries(8):
        client.post(address)


def test_no_more_is_looked_through_than_in_one_save(world: Collecting) -> None:
    for _ in range(1 + AT_ONCE // 20_000):
        returned_point(world.first, "Visited. " * 2_200)
    point = returned_point(world.first, SAYS)
    assert heard(world.first, world.auditor) in ({}, {f"point_{point.pk}": [NUMBER]})


def test_where_it_cannot_be_looked_for_the_page_is_told_so(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    CaseReturn.objects.update(engagement_past=SAYS)
    monkeypatch.setitem(RULES, "phone-number", None)
    assert ask(world.first, world.auditor).json() == {"screened": None}


def test_of_what_is_handed_in_nothing_is_told(world: Collecting) -> None:
    CaseReturn.objects.update(engagement_past=SAYS)
    CaseReturn.objects.filter(pk=world.first.pk).update(stage=CaseReturnStage.COMPLETE)
    assert ask(world.first, world.auditor).status_code == 423
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    assert ask(world.case_returns[1], world.auditor).status_code == 423


class TestTheSummativeReport:
    @pytest.fixture
    def actions(self, world: Collecting) -> list[RestorativeAction]:
        told: dict[str, Any] = {
            "text": SAYS,
            "owner": SAYS,
            "measure": SAYS,
            "due_on": date(2026, 5, 1),
        }
        plain: dict[str, Any] = {"text": "Train the front desk."}
        return [
            RestorativeAction.objects.create(
                agency_return=world.agency_return, position=place, **said
            )
            for place, said in enumerate([plain, told])
        ]

    def test_each_box_is_told_of_by_its_name_and_a_line_by_the_number_it_has_on_the_page(
        self, world: Collecting, actions: list[RestorativeAction]
    ) -> None:
        AgencyReturn.objects.update(overview=SAYS)
        point = summative_point(world.agency_return, SAYS)
        returned_point(world.first, "Of a case, which has a page of its own.")
        there = {"actions-0-pk": actions[0].pk, "actions-3-pk": actions[1].pk, "actions-4-pk": ""}
        assert heard_of_report(world, there) == {
            "overview": [NUMBER],
            f"point_{point.pk}": [NUMBER],
            "actions-3-text": [NUMBER],
            "actions-3-owner": [NUMBER],
            "actions-3-measure": [NUMBER],
        }

    def test_a_line_that_the_page_does_not_have_is_passed_over(
        self, world: Collecting, actions: list[RestorativeAction]
    ) -> None:
        assert heard_of_report(world, {"actions-0-pk": actions[0].pk}) == {}
        assert heard_of_report(world, {"actions-0-pk": "9" * 30, "actions-1-pk": "x"}) == {}

    def test_of_what_is_handed_in_nothing_is_told_and_to_an_auditor_never(
        self, world: Collecting
    ) -> None:
        AgencyReturn.objects.update(overview=SAYS)
        assert ask_of_report(world, world.auditor).status_code == 403
        AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
        assert ask_of_report(world, world.lead).status_code == 423

    @pytest.mark.parametrize("lines", [1, 3])
    def test_it_asks_the_database_as_often_however_much_stands_there(
        self, world: Collecting, lines: int, django_assert_num_queries: Any
    ) -> None:
        for place in range(lines):
            summative_point(world.agency_return, SAYS)
            RestorativeAction.objects.create(
                agency_return=world.agency_return, position=place, text=SAYS
            )
        client = signed_in(world.lead)
        address = reverse("summative-screened", args=[world.agency_return.pk])
        with django_assert_num_queries(6):
            client.post(address)


def ask_of_report(world: Collecting, user: User, sent: Mapping[str, Any] = NOTHING) -> Any:
    address = reverse("summative-screened", args=[world.agency_return.pk])
    return signed_in(user).post(address, sent, headers={"Accept": "application/json"})


def heard_of_report(world: Collecting, sent: Mapping[str, Any]) -> dict[str, list[str]]:
    found = ask_of_report(world, world.lead, sent).json()["screened"]
    return {name: [hit["words"] for hit in hits] for name, hits in found.items() if hits}


class TestSealedNames:
    """Told, recorded and counted as while one writes."""

    @pytest.fixture
    def sealed(self) -> Sealed:
        cache.clear()
        return sealed_audit()

    @pytest.fixture
    def row(self, sealed: Sealed) -> CaseReturn:
        made: CaseReturn = CaseReturnFactory(
            agency_return=sealed.police, case=sealed.cases[0], engagement_past="It was wrenella."
        )
        return made

    def test_are_told_to_who_may_look_once_on_record(self, sealed: Sealed, row: CaseReturn) -> None:
        for _ in range(2):
            assert heard(row, sealed.constable) == {"engagement_past": ["wrenella"]}
        assert Activity.objects.get(verb=TOLD).by == sealed.constable

    def test_are_not_told_to_who_may_not(self, sealed: Sealed, row: CaseReturn) -> None:
        Audit.objects.update(stage="meeting")
        assert heard(row, sealed.constable) == {}
        assert not Activity.objects.filter(verb=TOLD).exists()
        assert ask(row, sealed.nurse).status_code in (403, 404)

    def test_are_told_so_many_a_day(self, sealed: Sealed, row: CaseReturn) -> None:
        spent = [f"Aab{chr(97 + number)}" for number in range(A_DAY)]
        tell(Scope.of_return(sealed.police), spent, by=sealed.constable)
        assert heard(row, sealed.constable) == {}
