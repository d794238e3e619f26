from datetime import date

import pytest

from agencies.models import Contributor
from audits.domain import contributor_requests
from audits.domain.contributor_requests import Chosen, Wanted
from audits.domain.drafts import ReturnClosedError
from audits.models import CaseReturn, ContributorPoint, ContributorRequest
from audits.reading.agency_returns import replies
from tests.audits.collecting import Collecting, collecting

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 4)
JUNE = date(2026, 6, 1)


@pytest.fixture
def world() -> Collecting:
    return collecting(
        cases=3, contributor_noun="GP practice", contributor_noun_plural="GP practices"
    )


def ask(world: Collecting, *names: str, cases: int = 3) -> int:
    return contributor_requests.ask(
        world.agency_return,
        by=world.lead,
        wanted=[Wanted(name, world.case_returns[:cases]) for name in names],
        asked_on=MAY,
    )


def test_everyone_is_asked_about_every_case_once(world: Collecting) -> None:
    assert ask(world, "Mill Lane", "The Green", cases=2) == 4
    assert ask(world, "Mill Lane") == 1
    assert Contributor.objects.count() == 2
    assert ContributorRequest.objects.count() == 5


def test_replies_are_recorded_together(world: Collecting) -> None:
    ask(world, "Mill Lane")

    contributor_requests.record(
        world.agency_return,
        by=world.lead,
        requests=ContributorRequest.objects.all(),
        stage="replied",
        answered_on=JUNE,
        reason="Of no use here.",
    )

    rows = ContributorRequest.objects.values_list("stage", "answered_on", "reason")
    assert list(rows) == [("replied", JUNE, "")] * 3


def test_distinct_contributors_are_counted_in_their_own_unit(world: Collecting) -> None:
    ask(world, "Mill Lane", "The Green", "Old Road")
    for name, stage in (("Mill Lane", "replied"), ("The Green", "holds_nothing")):
        contributor_requests.record(
            world.agency_return,
            by=world.lead,
            requests=ContributorRequest.objects.filter(contributor__name=name),
            stage=stage,
            answered_on=JUNE,
        )

    assert str(replies(world.agency_return)) == "2 of 3 GP practices replied"


def test_one_asked_is_named_in_the_singular(world: Collecting) -> None:
    ask(world, "Mill Lane")

    assert str(replies(world.agency_return)) == "0 of 1 GP practice replied"


def decline(world: Collecting, reason: str = "Not happy with the request.") -> ContributorRequest:
    ask(world, "Mill Lane", cases=1)
    contributor_requests.record(
        world.agency_return,
        by=world.lead,
        requests=ContributorRequest.objects.all(),
        stage="declined",
        answered_on=JUNE,
        reason=reason,
    )
    return ContributorRequest.objects.get()


@pytest.mark.parametrize(
    ("stage", "answered_on"),
    [("asked", None), ("opened", None), ("holds_nothing", JUNE), ("declined", JUNE)],
)
def test_another_answer_takes_the_place_of_declining_and_its_reason_stays(
    world: Collecting, stage: str, answered_on: date | None
) -> None:
    row = decline(world)
    assert (row.stage, row.reason) == ("declined", "Not happy with the request.")

    contributor_requests.record(
        world.agency_return, by=world.lead, requests=[row], stage=stage, answered_on=JUNE
    )

    row.refresh_from_db()
    assert (row.stage, row.answered_on) == (stage, answered_on)
    assert row.reason == "Not happy with the request."


def test_another_reason_takes_its_place(world: Collecting) -> None:
    decline(world)
    assert decline(world, "Told us by telephone.").reason == "Told us by telephone."


def test_a_reason_given_since_the_requests_were_read_is_not_lost(world: Collecting) -> None:
    ask(world, "Mill Lane", cases=1)
    read = ContributorRequest.objects.get()
    ContributorRequest.objects.update(stage="declined", reason="Our solicitor says no.")

    contributor_requests.record(
        world.agency_return, by=world.lead, requests=[read], stage="replied", answered_on=JUNE
    )

    row = ContributorRequest.objects.get()
    assert (row.stage, row.reason) == ("replied", "Our solicitor says no.")


def test_a_closed_return_asks_nobody(world: Collecting) -> None:
    world.agency_return.stage = "signed_off"
    world.agency_return.save()

    with pytest.raises(ReturnClosedError):
        ask(world, "Mill Lane")


def test_whoever_is_named_is_known_however_it_is_written(world: Collecting) -> None:
    mill = Contributor.objects.create(agency=world.agency, name="Mill Lane")

    number = contributor_requests.ask(
        world.agency_return,
        by=world.lead,
        wanted=[
            Wanted("MILL LANE", world.case_returns[:1], "reception@mill.example"),
            Wanted("The Green", world.case_returns[1:]),
        ],
        asked_on=MAY,
    )

    mill.refresh_from_db()
    assert (number, mill.email) == (3, "reception@mill.example")
    assert Contributor.objects.count() == 2


class TestChoosingCases:
    def choose(self, world: Collecting, *case_returns: CaseReturn) -> Chosen:
        return contributor_requests.choose_cases(
            world.agency_return,
            by=world.lead,
            contributor=Contributor.objects.get(),
            case_returns=case_returns,
            asked_on=JUNE,
        )

    def test_added_and_taken_back(self, world: Collecting) -> None:
        ask(world, "Mill Lane", cases=2)
        _, second, third = world.case_returns

        assert self.choose(world, second, third) == Chosen(1, 1, 0)

        asked = ContributorRequest.objects.values_list("case_return", "asked_on")
        assert set(asked) == {(second.pk, MAY), (third.pk, JUNE)}

    def test_a_reason_once_given_stays_though_it_is_asked_again(self, world: Collecting) -> None:
        contributor_requests.record(
            world.agency_return, by=world.lead, requests=[decline(world)], stage="asked"
        )

        assert self.choose(world) == Chosen(0, 0, 1)

    def test_what_was_answered_or_begun_stays(self, world: Collecting) -> None:
        ask(world, "Mill Lane", cases=2)
        answered, begun = ContributorRequest.objects.order_by("case_return__case__number")
        ContributorRequest.objects.filter(pk=answered.pk).update(stage="declined")
        ContributorPoint.objects.create(request=begun, kind="went_well", text="Begun.")

        assert self.choose(world) == Chosen(0, 0, 2)
