"""The co-ordinator's pages: who is asked about what, links, reminders, replies by hand."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.domain.contributors import change_contributor
from agencies.domain.refusal import RefusedError
from agencies.models import OutboxMessage
from audits.domain import contributor_requests
from audits.models import ContributorLink, ContributorPoint, ContributorRequest
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.audits.contributing import asked, confirmed, coordinating, practice, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return coordinating(cases=3)


def url(world: Collecting, name: str = "contributor-request-list", *args: object) -> str:
    return reverse(name, args=[world.agency_return.pk, *args])


def html(world: Collecting, name: str = "contributor-request-list", *args: object) -> str:
    return str(signed_in(world.lead).get(url(world, name, *args)).content.decode())


def ask(world: Collecting, lines: str, **more: Any) -> Any:
    typed = {"lines": lines, "asked_on": "1/5/2026", **more}
    return signed_in(world.lead).post(url(world, "contributor-request-create"), typed, follow=True)


class TestAsking:
    def test_forty_practices_are_asked_with_one_paste(self, world: Collecting) -> None:
        lines = "\n".join(f"Practice {n:02}; p{n}@gp.example; all" for n in range(40))

        page = ask(world, lines).content.decode()

        assert ContributorRequest.objects.count() == 120
        assert "120 new requests written down." in page
        assert "Send 40 links" in page

    def test_nobody_named_is_told_beside_the_field(self, world: Collecting) -> None:
        assert "Name or tick at least one." in ask(world, "").content.decode()
        assert ContributorRequest.objects.count() == 0

    def test_nothing_typed_is_lost(self, world: Collecting) -> None:
        page = ask(world, "Mill Lane; 99", cases=[str(world.first.pk)]).content.decode()
        assert "Mill Lane; 99" in page
        assert "checked" in page

    def test_the_first_date_offered_is_today(self, world: Collecting) -> None:
        page = html(world, "contributor-request-create")
        assert f'value="{timezone.localdate():%Y-%m-%d}"' in page

    def test_where_a_colleague_filled_the_list_it_says_so(
        self, world: Collecting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(*_: object, **__: object) -> None:
            raise RefusedError("1,000 can be asked at most.")

        monkeypatch.setattr(contributor_requests, "ask", refused)
        assert "1,000 can be asked at most." in ask(world, "Mill Lane; all").content.decode()

    def test_a_closed_return_asks_nobody(self, world: Collecting) -> None:
        world.agency_return.stage = "signed_off"
        world.agency_return.save()
        ask(world, "Mill Lane; all")
        assert ContributorRequest.objects.count() == 0


class TestOverview:
    def test_each_is_counted_once_in_its_own_unit(self, world: Collecting) -> None:
        mill, green, quay = (practice(world, name) for name in ("Mill", "Green", "Quay"))
        asked(world, mill, green, quay)
        ContributorRequest.objects.filter(contributor=mill).update(stage="replied")
        first = ContributorRequest.objects.filter(contributor=green)[:1]
        ContributorRequest.objects.filter(pk__in=[each.pk for each in first]).update(
            stage="holds_nothing"
        )
        ContributorRequest.objects.filter(contributor=quay).update(stage="declined")

        whole = signed_in(world.lead).get(url(world)).context["whole"]

        totals = whole.totals
        assert (totals.asked, totals.opened, totals.replied, totals.declined, totals.owing) == (
            3,
            3,
            2,
            1,
            1,
        )
        assert [(row.name, row.asked, row.answered, row.state[0]) for row in whole.rows] == [
            ("Green", 3, 1, "No link sent"),
            ("Mill", 3, 3, "Answered"),
            ("Quay", 3, 3, "Declined"),
        ]
        assert [(case.number, case.asked, case.replied, case.declined) for case in whole.cases] == [
            (1, 3, whole.cases[0].replied, 1),
            (2, 3, whole.cases[1].replied, 1),
            (3, 3, whole.cases[2].replied, 1),
        ]
        assert sum(case.replied for case in whole.cases) == 4

    def test_points_to_take_over_are_counted_once_sent_in(self, world: Collecting) -> None:
        first, second, _ = asked(world, practice(world))
        for request in (first, second):
            ContributorPoint.objects.create(request=request, kind="went_well", text="One.")
        ContributorRequest.objects.filter(pk=first.pk).update(stage="replied")
        whole = signed_in(world.lead).get(url(world)).context["whole"]
        assert [case.to_take_over for case in whole.cases] == [1, 0, 0]

    def test_it_costs_the_same_however_many(self, world: Collecting) -> None:
        counts = []
        client = signed_in(world.lead)
        for number in (1, 39):
            rows = [
                practice(world, f"P{number}-{n}", f"p{number}-{n}@x.example") for n in range(number)
            ]
            asked(world, *rows)
            send(world, *rows)
            with CaptureQueriesContext(connection) as captured:
                client.get(url(world))
            counts.append(len(captured))
        assert counts == [9, 9]

    def test_the_page_is_there_for_agencies_that_co_ordinate_others_alone(self) -> None:
        plain = collecting()
        assert signed_in(plain.lead).get(url(plain)).status_code == 404

    def test_an_auditor_reads_and_does_not_write(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        client = signed_in(world.auditor)
        assert client.get(url(world)).status_code == 200
        detail = url(world, "contributor-request-detail", mill.pk)
        assert client.get(detail).status_code == 200
        assert client.post(detail, {}).status_code == 403
        for name in (
            "contributor-request-create",
            "contributor-link-send",
            "contributor-link-remind",
        ):
            assert client.get(url(world, name)).status_code == 403
        assert signed_in(collecting().lead).get(url(world)).status_code == 404


class TestSending:
    def test_who_how_many_and_who_cannot_before_anything_leaves(self, world: Collecting) -> None:
        mill, silent = practice(world), practice(world, "No Address", "")
        asked(world, mill, silent)

        page = html(world, "contributor-link-send")

        assert "reception@mill.example" in page
        assert "No Address</a>, 3 cases" in page
        assert "This link is for this mailbox alone." in page
        assert OutboxMessage.objects.count() == 0

    def test_those_ticked_are_sent_to(self, world: Collecting) -> None:
        mill, green = practice(world), practice(world, "The Green", "desk@green.example")
        asked(world, mill, green)
        day = timezone.localdate() + timedelta(days=30)

        signed_in(world.lead).post(
            url(world, "contributor-link-send"), {"contributors": [green.pk], "last_day": day}
        )

        link = ContributorLink.objects.get()
        assert (link.contributor, timezone.localdate(link.expires_at)) == (green, day)
        assert "Send 1 link" in html(world)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({}, "Tick at least one of them."),
            ({"last_day": ""}, "Give the last day on which the links work."),
            ({"last_day": "2020-01-01"}, "This day is past."),
            ({"last_day": "2100-01-01"}, "Give a day within half a year."),
            ({"last_day": "soon"}, "31"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_leaves(
        self, world: Collecting, typed: dict[str, str], told: str
    ) -> None:
        asked(world, practice(world))
        page = signed_in(world.lead).post(url(world, "contributor-link-send"), {"x": "1", **typed})
        assert page.status_code == 200
        assert told in page.content.decode()
        assert OutboxMessage.objects.count() == 0

    def test_a_new_link_for_one(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        address = f"{url(world, 'contributor-link-send')}?contributor={mill.pk}"
        client = signed_in(world.lead)
        assert "reception@mill.example" in client.get(address).content.decode()

        client.post(address, {"contributors": [mill.pk], "last_day": timezone.localdate()})

        assert ContributorLink.objects.count() == 2
        assert ContributorLink.objects.standing().count() == 1
        nonsense = client.get(f"{url(world, 'contributor-link-send')}?contributor=x")
        assert nonsense.status_code == 200

    def test_another_agency_s_contributor_cannot_be_sent_to(self, world: Collecting) -> None:
        theirs = practice(coordinating())
        page = signed_in(world.lead).post(
            url(world, "contributor-link-send"),
            {"contributors": [theirs.pk], "last_day": timezone.localdate()},
        )
        assert page.status_code == 200
        assert ContributorLink.objects.count() == 0


class TestChasing:
    def test_all_who_owe_in_one_click_after_a_look(self, world: Collecting) -> None:
        mill, green, quay = (
            practice(world, name, f"{name}@x.example") for name in ("mill", "green", "quay")
        )
        asked(world, mill, green, quay)
        send(world, mill, green, quay)
        ContributorRequest.objects.filter(contributor=quay).update(stage="replied")

        with time_machine.travel(timezone.now() + timedelta(days=1)):
            page = html(world, "contributor-link-remind")
            assert "Remind 2 GP practices" in page
            assert "quay@x.example" not in page
            client = signed_in(world.lead)
            client.post(url(world, "contributor-link-remind"))
            again = client.post(url(world, "contributor-link-remind"), follow=True)

        assert OutboxMessage.objects.filter(template="contributor_reminder").count() == 2
        assert "There was nobody to remind" in again.content.decode()

    def test_whoever_was_written_to_today_is_named(self, world: Collecting) -> None:
        asked(world, practice(world))
        send(world, practice(world, "The Green", "g@x.example"))
        send(world, *world.agency.contributors.filter(name="Mill Lane Surgery"))
        page = html(world, "contributor-link-remind")
        assert "Nobody to remind" in page
        assert "Written to today" in page


class TestOneContributor:
    def test_with_another_address_it_is_to_be_sent_a_new_link(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        fields = {"email": "desk@green.example"}
        change_contributor(contributor=mill, by=world.lead, fields=fields)

        page = html(world, "contributor-request-detail", mill.pk)
        assert "Address changed since it went to reception@mill.example." in page
        assert "It no longer works: send a new link" in page
        assert "Withdraw the link" not in page
        overview = html(world)
        assert "Address changed" in overview
        assert "Send 1 link" in overview

    def test_withdrawing_its_link_asks_first(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        send(world, mill)
        holder = confirmed(mill)
        address = url(world, "contributor-link-withdraw", mill.pk)
        client = signed_in(world.lead)
        assert "Withdraw the link of Mill Lane Surgery?" in client.get(address).content.decode()

        client.post(address)

        assert ContributorLink.objects.get().withdrawn_at is not None
        assert holder.get("contribution-detail").status_code == 404

    def test_its_cases_are_changed(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill, cases=1)
        page = signed_in(world.lead).post(
            url(world, "contributor-request-detail", mill.pk),
            {"do": "cases", "cases": [str(each.pk) for each in world.case_returns[1:]]},
            follow=True,
        )
        assert "Saved: 2 added, 1 taken back." in page.content.decode()

    def test_a_reply_on_paper_is_written_down(self, world: Collecting) -> None:
        mill = practice(world)
        ids = [str(each.pk) for each in asked(world, mill)]
        signed_in(world.lead).post(
            url(world, "contributor-request-detail", mill.pk),
            {"requests": ids, "stage": "replied", "answered_on": timezone.localdate()},
        )
        assert set(ContributorRequest.objects.values_list("stage", flat=True)) == {"replied"}
        page = signed_in(world.lead).get(
            reverse("agency-return-detail", args=[world.agency_return.pk])
        )
        assert "1 of 1 GP practice replied" in page.content.decode()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"stage": "replied", "answered_on": ""}, "Give the date of the answer."),
            ({"stage": "declined", "answered_on": "2026-06-01"}, "Say why they declined."),
            (
                {"stage": "replied", "answered_on": "2020-04-01"},
                "The answer cannot come before the request.",
            ),
            ({"answered_on": "2026-06-01"}, "Choose what came of them."),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_recorded(
        self, world: Collecting, typed: dict[str, str], told: str
    ) -> None:
        mill = practice(world)
        ids = [str(each.pk) for each in asked(world, mill)]
        page = signed_in(world.lead).post(
            url(world, "contributor-request-detail", mill.pk), {"requests": ids, **typed}
        )
        assert told in page.content.decode()
        assert set(ContributorRequest.objects.values_list("stage", flat=True)) == {"asked"}

    def test_a_reason_that_stands_is_shown_under_another_answer_and_need_not_be_typed_again(
        self, world: Collecting
    ) -> None:
        mill = practice(world)
        [row] = asked(world, mill, cases=1)
        ContributorRequest.objects.update(stage="declined", reason="Not without consent.")
        typed = {"requests": [str(row.pk)], "answered_on": timezone.localdate()}
        there = url(world, "contributor-request-detail", mill.pk)

        for stage, shown in (
            ("holds_nothing", ">Declined before: Not without consent.<"),
            ("declined", ">Not without consent.<"),
        ):
            page = signed_in(world.lead).post(there, typed | {"stage": stage}, follow=True)
            row.refresh_from_db()
            assert row.stage == stage
            assert shown in page.content.decode()

    def test_no_case_ticked_is_told(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        page = signed_in(world.lead).post(
            url(world, "contributor-request-detail", mill.pk), {"stage": "opened"}
        )
        assert "Tick the cases to record first." in page.content.decode()

    def test_another_s_requests_cannot_be_recorded(self, world: Collecting) -> None:
        mill = practice(world)
        theirs = asked(world, practice(world, "The Green"))[0]
        signed_in(world.lead).post(
            url(world, "contributor-request-detail", mill.pk),
            {"requests": [str(theirs.pk)], "stage": "opened"},
        )
        theirs.refresh_from_db()
        assert theirs.stage == "asked"

    def test_another_agency_s_contributor_is_not_there(self, world: Collecting) -> None:
        theirs = practice(coordinating())
        for name in ("contributor-request-detail", "contributor-link-withdraw"):
            assert signed_in(world.lead).get(url(world, name, theirs.pk)).status_code == 404
