from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from audits.domain import contributor_links, contributor_replies, room
from audits.domain.case_returns import AnswerDraft
from audits.domain.contributor_links import LinkClosedError
from audits.domain.contributor_replies import ReplyDraft
from audits.domain.drafts import Basis, ConflictError
from audits.domain.room import NoRoomError
from audits.models import (
    ContributorAnswer,
    ContributorLink,
    ContributorPoint,
    ContributorRequest,
    ReturnStage,
)
from tests.audits.collecting import NOTHING, Collecting
from tests.audits.contributing import asked, coordinating, practice, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return coordinating(cases=2, questions=2)


@pytest.fixture
def request_(world: Collecting) -> ContributorRequest:
    mill = practice(world)
    first = asked(world, mill)[0]
    send(world, mill)
    return first


@pytest.fixture
def link(request_: ContributorRequest) -> ContributorLink:
    return ContributorLink.objects.get()


def texts(request: ContributorRequest) -> Basis:
    """What a page opened now would say."""
    row = ContributorRequest.objects.get(pk=request.pk)
    return Basis.of(contributor_replies.texts_of(row, row.answers.all(), row.points.all()))


def draft(
    says: str = "answers", answers: dict[UUID, str] | None = None, **fields: Any
) -> ReplyDraft:
    return ReplyDraft(
        says=says,
        answers={pk: AnswerDraft(value, "") for pk, value in (answers or {}).items()},
        **fields,
    )


def points_of(request: ContributorRequest) -> list[tuple[str, str]]:
    return list(request.points.values_list("kind", "text"))


def test_an_answer_is_written_and_dated(
    world: Collecting, request_: ContributorRequest, link: ContributorLink
) -> None:
    first, second = world.questions
    contributor_replies.save(
        request_,
        by=link,
        draft=draft(
            answers={first.pk: "yes", second.pk: ""},
            points={"went_well": ["Seen alone.", " Seen again. ", ""]},
        ),
        basis=NOTHING,
    )

    request_.refresh_from_db()
    assert (request_.stage, request_.answered_on) == ("replied", timezone.localdate())
    assert list(request_.answers.values_list("question", "value", "revision")) == [
        (first.pk, "yes", 1)
    ]
    assert points_of(request_) == [("went_well", "Seen alone."), ("went_well", "Seen again.")]


def test_saved_for_later_is_no_answer_yet(
    world: Collecting, request_: ContributorRequest, link: ContributorLink
) -> None:
    ContributorRequest.objects.update(stage="opened")
    contributor_replies.save(
        request_,
        by=link,
        draft=draft(answers={world.questions[0].pk: "no"}, final=False),
        basis=NOTHING,
    )

    request_.refresh_from_db()
    assert (request_.stage, request_.answered_on) == ("opened", None)
    assert ContributorAnswer.objects.get().value == "no"


def test_saving_for_later_once_answered_stays_answered(
    world: Collecting, request_: ContributorRequest, link: ContributorLink
) -> None:
    contributor_replies.save(request_, by=link, draft=draft(), basis=NOTHING)
    contributor_replies.save(
        request_, by=link, draft=draft(final=False, points={"challenge": ["One."]}), basis=NOTHING
    )

    request_.refresh_from_db()
    assert request_.stage == "replied"


@pytest.mark.parametrize(
    ("says", "stage", "reason"),
    [("nothing", "holds_nothing", ""), ("declines", "declined", "Not without consent.")],
)
def test_nothing_held_and_declining_are_answers_too(
    request_: ContributorRequest, link: ContributorLink, says: str, stage: str, reason: str
) -> None:
    contributor_replies.save(
        request_,
        by=link,
        draft=draft(says, reason="Not without consent.", final=False),
        basis=NOTHING,
    )

    request_.refresh_from_db()
    assert (request_.stage, request_.reason) == (stage, reason)


def test_changing_one_s_mind_empties_the_reason(
    request_: ContributorRequest, link: ContributorLink
) -> None:
    contributor_replies.save(
        request_, by=link, draft=draft("declines", reason="No."), basis=NOTHING
    )
    contributor_replies.save(request_, by=link, draft=draft("nothing"), basis=texts(request_))

    request_.refresh_from_db()
    assert (request_.stage, request_.reason) == ("holds_nothing", "")


class TestTwoAtOneMailbox:
    def test_a_text_both_changed_is_shown_and_neither_is_lost(
        self, world: Collecting, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        question = world.questions[0].pk
        read = texts(request_)
        contributor_replies.save(
            request_, by=link, draft=draft(answers={question: "yes"}), basis=read
        )

        with pytest.raises(ConflictError) as raised:
            contributor_replies.save(
                request_, by=link, draft=draft(answers={question: "no"}), basis=read
            )

        assert [(each.key, each.theirs) for each in raised.value.conflicts] == [
            (f"answer:{question}", "yes")
        ]
        assert ContributorAnswer.objects.get().value == "yes"

    def test_points_of_a_kind_are_one_text(
        self, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        read = texts(request_)
        contributor_replies.save(
            request_, by=link, draft=draft(points={"went_well": ["Mine."]}), basis=read
        )
        with pytest.raises(ConflictError):
            contributor_replies.save(
                request_, by=link, draft=draft(points={"went_well": ["Yours."]}), basis=read
            )
        assert points_of(request_) == [("went_well", "Mine.")]

    def test_different_texts_do_not_meet(
        self, world: Collecting, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        first, second = (each.pk for each in world.questions)
        read = texts(request_)
        contributor_replies.save(
            request_, by=link, draft=draft("", {first: "yes", second: ""}), basis=read
        )
        contributor_replies.save(
            request_, by=link, draft=draft("", {first: "", second: "no"}), basis=read
        )
        assert dict(request_.answers.values_list("question", "value")) == {
            first: "yes",
            second: "no",
        }

    def test_what_gives_way_stays_as_the_other_left_it(
        self, world: Collecting, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        question = world.questions[0].pk
        read = texts(request_)
        contributor_replies.save(request_, by=link, draft=draft("nothing"), basis=read)
        contributor_replies.save(
            request_,
            by=link,
            draft=draft("answers", {question: "no"}),
            basis=read,
            give_way=["says"],
        )

        request_.refresh_from_db()
        assert request_.stage == "holds_nothing"
        assert request_.answers.get().value == "no"

    def test_a_reply_recorded_by_hand_meanwhile_is_not_overwritten_unseen(
        self, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        read = texts(request_)
        ContributorRequest.objects.filter(pk=request_.pk).update(
            stage="declined", reason="By phone."
        )
        with pytest.raises(ConflictError):
            contributor_replies.save(request_, by=link, draft=draft("nothing"), basis=read)


def test_points_are_kept_replaced_and_taken_out_line_by_line(
    request_: ContributorRequest, link: ContributorLink
) -> None:
    contributor_replies.save(
        request_, by=link, draft=draft(points={"went_well": ["One.", "Two."]}), basis=NOTHING
    )
    two = ContributorPoint.objects.get(text="Two.")

    contributor_replies.save(
        request_,
        by=link,
        draft=draft(points={"went_well": ["Two.", "Three."]}),
        basis=texts(request_),
    )

    assert list(request_.points.values_list("text", "position")) == [("Two.", 0), ("Three.", 1)]
    assert ContributorPoint.objects.get(text="Two.") == two


def test_an_answer_holds_so_many_points_and_no_more(
    request_: ContributorRequest, link: ContributorLink
) -> None:
    def write(number: int, kind: str = "went_well") -> None:
        said = draft(points={kind: [f"Point {each}." for each in range(number)]})
        contributor_replies.save(request_, by=link, draft=said, basis=texts(request_))

    with pytest.raises(NoRoomError) as full:
        write(room.MOST_POINTS + 1)
    assert full.value.keys == ["points:went_well"]
    assert points_of(request_) == []

    write(room.MOST_POINTS)
    with pytest.raises(NoRoomError) as full:
        write(2, kind="challenge")
    assert {*full.value.keys} == {"points:challenge"}

    request_.points.filter(text="Point 0.").update(taken_over=True)
    write(room.MOST_POINTS - 2)
    write(1, kind="challenge")
    assert request_.points.count() == room.MOST_POINTS


@pytest.mark.parametrize("lines", [2, 40])
def test_points_are_written_with_as_many_queries_however_many(
    request_: ContributorRequest,
    link: ContributorLink,
    lines: int,
    django_assert_num_queries: Any,
) -> None:
    def write(first: int, queries: int) -> None:
        said = draft(points={"went_well": [f"Point {first + each}." for each in range(lines)]})
        read = texts(request_)
        with django_assert_num_queries(queries):
            contributor_replies.save(request_, by=link, draft=said, basis=read)

    write(0, queries=14)
    write(1, queries=11)


def test_a_point_the_agency_took_over_stays_as_it_is(
    request_: ContributorRequest, link: ContributorLink
) -> None:
    contributor_replies.save(
        request_, by=link, draft=draft(points={"went_well": ["One."]}), basis=NOTHING
    )
    ContributorPoint.objects.update(taken_over=True)

    contributor_replies.save(
        request_, by=link, draft=draft(points={"went_well": []}), basis=texts(request_)
    )

    assert points_of(request_) == [("went_well", "One.")]


class TestManyAtOnce:
    def test_nothing_held_about_several(self, link: ContributorLink) -> None:
        number = contributor_replies.hold_nothing(ContributorRequest.objects.all(), by=link)
        assert number == 2
        assert set(ContributorRequest.objects.values_list("stage", flat=True)) == {"holds_nothing"}

    def test_what_is_answered_already_stays(
        self, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        contributor_replies.save(request_, by=link, draft=draft(), basis=NOTHING)
        assert contributor_replies.hold_nothing(ContributorRequest.objects.all(), by=link) == 1
        request_.refresh_from_db()
        assert request_.stage == "replied"

    def test_another_s_requests_are_left_alone(
        self, world: Collecting, link: ContributorLink
    ) -> None:
        theirs = asked(world, practice(world, "The Green"))
        assert contributor_replies.hold_nothing(theirs, by=link) == 0


class TestClosed:
    def test_signed_off_meanwhile(
        self, world: Collecting, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        world.agency_return.stage = ReturnStage.SIGNED_OFF
        world.agency_return.save()
        with pytest.raises(LinkClosedError):
            contributor_replies.save(request_, by=link, draft=draft(), basis=NOTHING)
        with pytest.raises(LinkClosedError):
            contributor_replies.hold_nothing([request_], by=link)

    def test_withdrawn_meanwhile(
        self, world: Collecting, request_: ContributorRequest, link: ContributorLink
    ) -> None:
        contributor_links.withdraw(world.agency_return, by=world.lead, contributor=link.contributor)
        with pytest.raises(LinkClosedError):
            contributor_replies.save(request_, by=link, draft=draft(), basis=NOTHING)

    def test_another_s_request_cannot_be_written(
        self, world: Collecting, link: ContributorLink
    ) -> None:
        theirs = asked(world, practice(world, "The Green"))[0]
        with pytest.raises(ContributorRequest.DoesNotExist):
            contributor_replies.save(theirs, by=link, draft=draft(), basis=NOTHING)
