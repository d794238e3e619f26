import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.roles import Role
from audits.domain import knowing
from audits.domain.case_returns import finish
from audits.domain.drafts import ReturnClosedError
from audits.domain.knowing import Told
from audits.models import AgencyReturn, CaseReturn, Known, ReturnStage, TextRevision
from tests.audits.collecting import Collecting, answered, collecting
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=3)


def states(world: Collecting) -> list[tuple[str, str]]:
    rows = CaseReturn.objects.filter(agency_return=world.agency_return).order_by("case__number")
    return list(rows.values_list("known", "stage"))


def tell(world: Collecting, *said: tuple[int, str, str], how: str = "") -> knowing.Outcome:
    told = {world.case_returns[at].pk: Told(known, seen) for at, known, seen in said}
    return knowing.answer(world.agency_return, by=world.auditor, told=told, how_checked=how)


def test_an_answer_starts_nothing_and_makes_nobody_the_auditor(world: Collecting) -> None:
    tell(world, (0, "child", ""), (1, "unsure", ""))

    assert states(world) == [
        ("child", "not_started"),
        ("unsure", "not_started"),
        ("", "not_started"),
    ]
    assert not CaseReturn.objects.exclude(auditor=None).exists()


def test_not_known_counts_as_returned_once_it_is_said_how(world: Collecting) -> None:
    tell(world, (0, "no", ""))
    assert states(world)[0] == ("no", "not_started")

    tell(world, how="Searched by name.")
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.stage, row.not_known_reason) == ("not_known", "Searched by name.")
    assert row.completed_at is not None


def test_one_may_think_better_of_it(world: Collecting) -> None:
    tell(world, (0, "no", ""), how="Searched.")
    tell(world, (0, "carer", "no"), how="Searched.")

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.known, row.stage, row.not_known_reason) == ("carer", "not_started", "")


def test_words_that_were_written_before_stay(world: Collecting) -> None:
    answered(world, world.first)
    tell(world, (0, "no", "child"), how="Searched.")
    tell(world, (0, "sibling", "no"))

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.known, row.stage, row.answers.count()) == ("sibling", "in_progress", 1)


def test_a_colleagues_answer_is_not_overwritten(world: Collecting) -> None:
    tell(world, (0, "child", ""))

    outcome = tell(world, (0, "sibling", ""), (1, "carer", ""))

    assert [row.known for row in outcome.answered_meanwhile] == ["child"]
    assert [known for known, _ in states(world)] == ["child", "carer", ""]


def test_the_same_answer_from_two_is_no_conflict(world: Collecting) -> None:
    tell(world, (0, "child", ""))

    assert tell(world, (0, "child", "")) == knowing.Outcome()


def test_the_rest_is_not_known_and_undone(world: Collecting) -> None:
    tell(world, (0, "child", ""))

    done = knowing.rest_not_known(
        world.agency_return, by=world.auditor, how_checked="Searched by name."
    )
    assert states(world) == [("child", "not_started"), ("no", "not_known"), ("no", "not_known")]

    number = knowing.take_answers_back(
        world.agency_return, by=world.auditor, pks=[row.pk for row in done]
    )
    assert number == 2
    assert states(world) == [("child", "not_started"), ("", "not_started"), ("", "not_started")]


def test_undoing_leaves_what_somebody_answered_since(world: Collecting) -> None:
    done = knowing.rest_not_known(world.agency_return, by=world.auditor, how_checked="Searched.")
    tell(world, (0, "child", "no"))

    pks = [row.pk for row in done]
    assert knowing.take_answers_back(world.agency_return, by=world.auditor, pks=pks) == 2
    assert [known for known, _ in states(world)] == ["child", "", ""]


def test_a_finished_audit_of_a_case_stays(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    tell(world, (0, "no", "child"), how="Searched.")

    assert states(world)[0] == ("child", "complete")


def test_a_withdrawn_case_is_not_asked_about(world: Collecting) -> None:
    case = world.first.case
    case.withdrawn_at, case.withdrawn_reason = timezone.now(), "A duplicate."
    case.save()

    knowing.rest_not_known(world.agency_return, by=world.auditor, how_checked="Searched.")

    assert [known for known, _ in states(world)] == ["", "no", "no"]


def test_every_answer_is_kept(world: Collecting) -> None:
    tell(world, (0, "unsure", ""))
    tell(world, (0, "no", "unsure"), how="Searched.")

    rows = TextRevision.objects.order_by("pk").values_list("key", "words")
    assert list(rows) == [
        ("known", "unsure"),
        ("known", "no"),
        ("not_known_reason", "Searched."),
    ]


def test_the_officer_answers_from_paper_and_it_says_so(world: Collecting) -> None:
    told = {world.first.pk: Told(Known.CHILD, "")}
    knowing.answer(world.agency_return, by=world.officer, told=told)

    assert CaseReturn.objects.get(pk=world.first.pk).entered_from_paper is True


def test_nobody_else_answers_and_nothing_in_a_closed_return(world: Collecting) -> None:
    told = {world.first.pk: Told(Known.CHILD, "")}
    chair = person(Role.CHAIR, world.partnership)

    with pytest.raises(PermissionDenied):
        knowing.answer(world.agency_return, by=chair, told=told)
    AgencyReturn.objects.update(stage=ReturnStage.SIGNED_OFF)
    with pytest.raises(ReturnClosedError):
        knowing.answer(world.agency_return, by=world.auditor, told=told)
    assert states(world)[0] == ("", "not_started")
