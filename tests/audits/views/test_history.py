"""What the texts of a return said before, on their page."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from agencies.roles import Role
from audits.domain.case_returns import CaseReturnDraft, save_draft
from audits.domain.drafts import Basis
from audits.domain.removal import remove_point
from audits.domain.returns import RestorativeDraft, SummativeDraft, save_summative
from audits.models import CaseReturn, Point, RestorativeAction, TextRevision
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from audits.reading.history import PAGE_LENGTH, HistoryPage
from tests.audits.collecting import NOTHING, Collecting, answered, collecting, signed_in
from tests.factories import person, returned_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, questions=2)


def write(world: Collecting, words: str, *, by: User, minutes_ago: int) -> None:
    page = CaseReturnPage(case_returns_for(world.officer).get(pk=world.first.pk), world.officer)
    draft = CaseReturnDraft({"engagement_past": words}, only={"engagement_past"})
    with time_machine.travel(timezone.now() - timedelta(minutes=minutes_ago), tick=False):
        save_draft(world.first, by=by, draft=draft, basis=page.basis)


def history(world: Collecting, *, every: bool = False, key: str = "engagement_past") -> HistoryPage:
    row = CaseReturn.objects.get(pk=world.first.pk)
    return HistoryPage(row, world.auditor, key=key, every=every)


def address(world: Collecting, name: str = "case-return-history", *more: int) -> str:
    return reverse(name, args=[world.agency_return.pk, world.first.pk, *more])


def test_saves_of_one_sitting_read_as_one_version(world: Collecting) -> None:
    for minute, words in enumerate(["Two", "Two visits", "Two visits."]):
        write(world, words, by=world.auditor, minutes_ago=90 - minute)
    write(world, "Three visits.", by=world.lead, minutes_ago=80)
    write(world, "Three visits, all late.", by=world.lead, minutes_ago=5)

    found = history(world).sittings

    assert [(each.who, each.saves, each.words, each.is_now) for each in found] == [
        (world.lead.name, 1, "Three visits, all late.", True),
        (world.lead.name, 1, "Three visits.", False),
        (world.auditor.name, 3, "Two visits.", False),
    ]
    assert [(part.words, part.side) for part in found[1].parts] == [
        ("Two", "old"),
        ("Three", "new"),
        (" visits.", "both"),
    ]
    assert len(history(world, every=True).sittings) == 5


def test_what_was_there_before_histories_were_kept_is_the_first_version(world: Collecting) -> None:
    CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past="Loaded.")
    write(world, "Mine.", by=world.auditor, minutes_ago=0)

    found = history(world).sittings

    assert [(each.who, each.words) for each in found] == [
        (world.auditor.name, "Mine."),
        ("Before its changes were kept", "Loaded."),
    ]
    assert [part.side for part in found[1].parts] == ["both"]


def test_a_version_is_brought_back_as_a_new_one(world: Collecting) -> None:
    write(world, "Before.", by=world.auditor, minutes_ago=60)
    write(world, "After.", by=world.lead, minutes_ago=1)
    first = TextRevision.objects.order_by("pk")[0]
    client = signed_in(world.auditor)
    url = address(world, "case-return-bring-back", first.pk)

    response = client.post(url, {"basis": history(world).basis}, follow=True)

    assert "It says that again." in response.content.decode()
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Before."
    kept = TextRevision.objects.order_by("pk").values_list("words", "by")
    assert list(kept)[-1] == ("Before.", world.auditor.pk)
    assert len(kept) == 3


def test_nothing_is_brought_back_over_words_that_were_not_seen(world: Collecting) -> None:
    write(world, "Before.", by=world.auditor, minutes_ago=60)
    seen = history(world).basis
    write(world, "After.", by=world.lead, minutes_ago=1)
    first = TextRevision.objects.order_by("pk")[0]

    page = signed_in(world.auditor).post(
        address(world, "case-return-bring-back", first.pk), {"basis": seen}, follow=True
    )

    assert "Nothing was brought back" in page.content.decode()
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "After."


def test_a_point_that_was_taken_out_comes_back_in_earlier_words(world: Collecting) -> None:
    answered(world, world.first)
    point = returned_point(world.first, "Seen early.")
    key = f"point:{point.pk}"
    remove_point(point, by=world.lead)
    page = history(world, key=key)
    (sitting,) = page.sittings
    assert (sitting.removed, sitting.is_now) == (True, False)

    signed_in(world.auditor).post(
        address(world, "case-return-bring-back", sitting.revision.pk), {"basis": page.basis}
    )

    back = Point.objects.get()
    assert (back.pk, back.text, back.placements.get().kind) == (
        point.pk,
        "Seen early.",
        "went_well",
    )


def test_a_restorative_action_comes_back_whole(world: Collecting) -> None:
    draft = SummativeDraft("", actions=[RestorativeDraft(None, "Train.", "Head", None, "Fewer.")])
    save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)
    action = RestorativeAction.objects.get()
    url = reverse("summative-history", args=[world.agency_return.pk])
    client = signed_in(world.lead)
    basis = client.get(url).context["page"].basis
    emptied = SummativeDraft("", actions=[RestorativeDraft(action.pk, "")])
    save_summative(world.agency_return, by=world.lead, draft=emptied, basis=Basis.parse(basis))
    assert not RestorativeAction.objects.exists()

    page = client.get(url).context["page"]
    first = TextRevision.objects.order_by("pk")[0]
    client.post(
        reverse("summative-bring-back", args=[world.agency_return.pk, first.pk]),
        {"basis": page.basis},
    )

    back = RestorativeAction.objects.get()
    assert (back.text, back.owner, back.measure) == ("Train.", "Head", "Fewer.")


def test_only_the_agency_and_the_officer_read_drafts(world: Collecting) -> None:
    write(world, "Before.", by=world.auditor, minutes_ago=1)
    assert signed_in(world.lead).get(address(world)).status_code == 200
    assert signed_in(world.officer).get(address(world)).status_code == 200
    chair = person(Role.CHAIR, world.partnership)
    assert signed_in(chair).get(address(world)).status_code == 404


def test_a_page_without_history_says_what_to_do(world: Collecting) -> None:
    assert (
        "Nothing has been written yet"
        in signed_in(world.auditor).get(address(world)).content.decode()
    )


def saved_often(world: Collecting, times: int) -> None:
    """As many sittings, the last of them now."""
    now = timezone.now()
    TextRevision.objects.bulk_create(
        TextRevision(
            agency_return=world.agency_return,
            case_return=world.first,
            key="engagement_past",
            words=f"Version {number}.",
            revision=number,
            by=world.auditor,
            at=now - timedelta(hours=times - number),
        )
        for number in range(1, times + 1)
    )
    CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past=f"Version {times}.")


def test_a_long_history_is_read_page_by_page_and_brought_back_from_each(world: Collecting) -> None:
    saved_often(world, PAGE_LENGTH + 2)
    client = signed_in(world.auditor)

    first = client.get(address(world), {"text": "engagement_past", "every": "1"})
    second = client.get(address(world), {"text": "engagement_past", "every": "1", "page": "2"})

    shown = first.context["page"].sittings
    assert len(shown) == PAGE_LENGTH
    assert (shown[0].words, shown[0].is_now) == (f"Version {PAGE_LENGTH + 2}.", True)
    assert [(part.words, part.side) for part in shown[-1].parts][1:3] == [
        ("2", "old"),
        ("3", "new"),
    ]
    assert "?text=engagement_past&amp;every=1&amp;page=2" in first.content.decode()
    earlier = second.context["page"]
    assert [each.words for each in earlier.sittings] == ["Version 2.", "Version 1."]
    brought = address(world, "case-return-bring-back", earlier.sittings[-1].revision.pk)
    assert f'action="{brought}"' in second.content.decode()
    back = client.post(brought, {"basis": earlier.basis}, follow=True)
    assert back.context["page"].sittings[0].words == "Version 1."


def test_only_the_words_that_are_drawn_are_read(world: Collecting) -> None:
    saved_often(world, 2 * PAGE_LENGTH)
    with CaptureQueriesContext(connection) as captured:
        assert len(history(world).sittings) == PAGE_LENGTH
    read = [each["sql"] for each in captured if '"audits_textrevision"."words",' in each["sql"]]
    assert len(read) == 1
    asked = read[0].partition(" IN (")[2].partition(")")[0]
    assert len(asked.split(",")) == PAGE_LENGTH + 1  # and what the earliest of them changed


@pytest.mark.parametrize("saves", [2, 6, 2 * PAGE_LENGTH])
def test_the_page_takes_the_same_queries_however_long_the_history(saves: int) -> None:
    world = collecting(questions=saves)
    answered(world, world.first)
    for number in range(saves):
        write(world, f"Version {number}.", by=world.auditor, minutes_ago=saves - number)
    client = signed_in(world.auditor)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(world)).status_code == 200
    assert len(captured) == 11


def test_what_a_text_brought_back_replaced_stands_below_it(world: Collecting) -> None:
    for minute, words in enumerate(["Two visits.", "Three visits.", "Two visits."]):
        write(world, words, by=world.auditor, minutes_ago=10 - minute)

    said = [each.words for each in history(world).sittings]

    assert said == ["Two visits.", "Three visits."]
