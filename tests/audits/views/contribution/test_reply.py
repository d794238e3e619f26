"""What a contributor answers about each case."""

import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.domain import room
from audits.models import ContributorAnswer, ContributorPoint, ContributorRequest
from tests.audits.collecting import Collecting
from tests.audits.contributing import Holder, asked, confirmed, first_of, practice, send
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db


def basis_in(html: str) -> str:
    found = re.search(r'name="basis" value="([^"]*)"', html)
    assert found is not None
    return found[1].replace("&quot;", '"')


class TestAnswering:
    def test_answers_and_points_are_saved(self, world: Collecting, holder: Holder) -> None:
        request = first_of(holder)
        question = world.questions[0]
        page = holder.get("contribution-edit", request.pk).content.decode()

        response = holder.post(
            "contribution-edit",
            request.pk,
            basis=basis_in(page),
            says="answers",
            points_went_well="Seen alone\n• Mother listened to",
            do="reply",
            **{f"answer_{question.code}": "yes", f"evidence_{question.code}": "Notes of May."},
        )

        assert response.status_code == 302
        request.refresh_from_db()
        assert request.stage == "replied"
        assert list(ContributorAnswer.objects.values_list("value", "evidence")) == [
            ("yes", "Notes of May.")
        ]
        assert list(ContributorPoint.objects.values_list("text", flat=True)) == [
            "Seen alone",
            "Mother listened to",
        ]

    @pytest.mark.parametrize("do", ["reply", "stay"])
    def test_more_points_than_there_is_room_for_are_told_of_and_stay_in_their_box(
        self, world: Collecting, holder: Holder, monkeypatch: pytest.MonkeyPatch, do: str
    ) -> None:
        monkeypatch.setattr(room, "MOST_POINTS", 2)
        request = first_of(holder)
        answer = f"answer_{world.questions[0].code}"
        typed = {"says": "answers", answer: "yes", "do": do, "points_went_well": "One\nTwo\nThree"}
        response = holder.post("contribution-edit", request.pk, basis="{}", **typed)

        assert response.status_code == 200
        assert response.context["sheet"].own.errors == {"points_went_well": [room.REPLY_FULL]}
        html = response.content.decode()
        assert room.REPLY_FULL in html
        assert re.search(r"<textarea[^>]*>\s*One\nTwo\nThree</textarea>", html)
        assert not ContributorPoint.objects.exists()
        assert not ContributorAnswer.objects.exists()

    def test_it_goes_on_to_the_next_case_and_back_to_the_list(self, holder: Holder) -> None:
        rows = list(ContributorRequest.objects.order_by("case_return__case__number"))
        nothing = {"says": "nothing", "do": "reply"}
        onward = [
            holder.post("contribution-edit", row.pk, **nothing).headers["Location"]
            for row in (rows[1], rows[2], rows[0])
        ]
        assert onward == [
            reverse("contribution-edit", args=[rows[2].pk]),
            reverse("contribution-edit", args=[rows[0].pk]),
            reverse("contribution-detail"),
        ]
        assert "Everything is answered" in holder.get("contribution-detail").content.decode()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({}, "Choose one of these, or save it for later."),
            ({"says": "declines"}, "Say in a few words why you decline."),
            ({"says": "answers"}, "Answer question 1, or save it for later."),
            ({"says": "maybe"}, "Choose"),
            ({"says": "answers", "basis": "nonsense"}, "This page is out of date."),
        ],
    )
    def test_what_is_missing_is_told_and_nothing_typed_is_lost(
        self, holder: Holder, typed: dict[str, str], told: str
    ) -> None:
        request = first_of(holder)
        response = holder.post(
            "contribution-edit", request.pk, do="reply", points_went_well="Kept.", **typed
        )
        html = response.content.decode()
        assert response.status_code == 200
        assert told in html
        assert "Kept." in html
        request.refresh_from_db()
        assert request.stage == "opened"

    def test_saved_for_later_needs_nothing(self, holder: Holder) -> None:
        request = first_of(holder)
        response = holder.post(
            "contribution-edit", request.pk, do="stay", points_went_well="To go on with."
        )
        assert response.headers["Location"] == reverse("contribution-edit", args=[request.pk])
        html = holder.get("contribution-edit", request.pk).content.decode()
        assert "To go on with." in html
        assert 'value="answers" id="id_says_0" checked' in html or "checked" in html

    def test_a_reason_with_no_choice_is_not_said_to_be_saved_and_comes_back(
        self, holder: Holder
    ) -> None:
        request = first_of(holder)
        typed = {"do": "stay", "reason": "Not without consent."}
        html = holder.post("contribution-edit", request.pk, **typed).content.decode()
        told = "Choose “We decline to answer” to save why you decline, or empty that box."
        assert (html.count(told), html.count("Not without consent.")) == (2, 1)

        holder.post("contribution-edit", request.pk, says="declines", **typed)
        request.refresh_from_db()
        assert (request.stage, request.reason) == ("declined", "Not without consent.")

    def test_without_questions_for_contributors_two_kinds_of_points_are_asked(
        self, world: Collecting, holder: Holder
    ) -> None:
        world.audit.toolkit.questions.update(for_contributors=False)
        html = holder.get("contribution-edit", first_of(holder).pk).content.decode()
        assert "What went well" in html
        assert "What can be improved" in html
        response = holder.post("contribution-edit", first_of(holder).pk, says="answers", do="go")
        assert "Write down at least one thing" in response.content.decode()

    def test_a_colleague_at_the_same_mailbox_is_not_overwritten(
        self, world: Collecting, holder: Holder
    ) -> None:
        request = first_of(holder)
        read = basis_in(holder.get("contribution-edit", request.pk).content.decode())
        mine = {"basis": read, "says": "answers", "do": "stay"}
        holder.post("contribution-edit", request.pk, points_went_well="The first.", **mine)

        html = holder.post(
            "contribution-edit", request.pk, points_went_well="The second.", **mine
        ).content.decode()

        assert "Somebody else changed this while you were writing" in html
        assert "The first." in html
        assert "The second." in html
        assert ContributorPoint.objects.get().text == "The first."

    def test_nothing_held_about_several_at_once(self, holder: Holder) -> None:
        ids = [str(pk) for pk in ContributorRequest.objects.values_list("pk", flat=True)[:2]]
        holder.post("contribution-nothing", requests=ids)
        assert ContributorRequest.objects.filter(stage="holds_nothing").count() == 2
        response = holder.client.post(reverse("contribution-nothing"), follow=True)
        assert "Tick the cases" in response.content.decode()

    def test_how_it_is_told_who_the_child_is_and_what_to_do_at_risk(
        self, world: Collecting, holder: Holder
    ) -> None:
        world.audit.identity_channel = "By the secure portal, on the day of this mail."
        world.audit.save()
        html = holder.get("contribution-detail").content.decode()
        assert "By the secure portal, on the day of this mail." in html
        assert "ring 999" in html
        assert "ring 999" in holder.get("contribution-edit", first_of(holder).pk).content.decode()


def test_pages_cost_the_same_however_many_cases(world: Collecting) -> None:
    mill, green = practice(world), practice(world, "The Green", "desk@green.example")
    asked(world, mill, cases=1)
    asked(world, green)
    send(world, mill, green)
    for who in (mill, green):
        holder = confirmed(who)
        with CaptureQueriesContext(connection) as listed:
            holder.get("contribution-detail")
        with CaptureQueriesContext(connection) as opened:
            holder.get("contribution-edit", first_of(holder).pk)
        assert (len(listed), len(opened)) == (3, 7), [query["sql"][:120] for query in opened]


def test_a_number_is_looked_through_as_words_are(world: Collecting) -> None:
    QuestionFactory(
        toolkit=world.audit.toolkit, code="visits", kind="number", for_contributors=True
    )
    mill = practice(world)
    asked(world, mill)
    send(world, mill)
    holder = confirmed(mill)
    case = first_of(holder)
    page = holder.get("contribution-edit", case.pk)
    sent = {"answer_visits": "9434765919", "basis": basis_in(page.content.decode())}
    answer = holder.post("contribution-edit", case.pk, says="answers", do="stay", **sent)
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert any("an NHS number" in each for each in told), told
