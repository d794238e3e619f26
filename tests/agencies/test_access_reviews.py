"""Everybody with access is looked at once a quarter: kept or ended, and that is kept."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agencies.domain import access_reviews, people
from agencies.domain.refusal import RefusedError
from agencies.models import AccessReview, AccessReviewLine, Activity, Partnership, User
from agencies.reading.access_review import gone_since, record_of, rows_of
from agencies.roles import Role
from tests.factories import (
    PASSWORD,
    AgencyFactory,
    MembershipFactory,
    PartnershipFactory,
    person,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KEEP, END = "confirmed", "ended"


class Ground:
    def __init__(self) -> None:
        self.partnership: Partnership = PartnershipFactory(name="Fenshire")
        self.admin = person(Role.ADMIN, self.partnership, name="Ada")
        self.officer = person(Role.OFFICER, self.partnership, name="Olive")
        self.lead = person(
            Role.LEAD, AgencyFactory(partnership=self.partnership, name="Police"), name="Lena"
        )
        self.board = person(Role.BOARD, self.partnership, name="=1+1", email="bo@fenshire.example")

    @property
    def client(self) -> Client:
        client = Client()
        client.force_login(self.officer)
        return client

    def begin(self) -> AccessReview:
        return access_reviews.begin(partnership=self.partnership, by=self.officer)

    def all_kept(self, *, ending: User | None = None) -> dict[Any, str]:
        held = self.partnership.memberships.unfinished()
        return {each.pk: END if each.user == ending else KEEP for each in held}

    def complete(self, *, ending: User | None = None) -> AccessReview:
        review = self.begin()
        access_reviews.complete(
            review=review, by=self.officer, decisions=self.all_kept(ending=ending)
        )
        review.refresh_from_db()
        return review

    def sent(self, *, ending: User | None = None, **more: str) -> dict[str, str]:
        return {f"role-{pk}": word for pk, word in self.all_kept(ending=ending).items()} | more


@pytest.fixture
def ground() -> Ground:
    return Ground()


def address(review: AccessReview) -> str:
    return reverse("access-review-detail", args=[review.pk])


def test_there_is_one_open_review_at_a_time(ground: Ground) -> None:
    assert ground.begin() == ground.begin()
    ground.client.post(reverse("access-review-create"))
    assert AccessReview.objects.count() == 1
    assert [each.verb for each in Activity.objects.all()] == ["began a review of access"]


def test_every_role_of_today_and_later_has_a_line_by_name(ground: Ground) -> None:
    MembershipFactory(partnership=ground.partnership, ends_on=timezone.localdate() - DAY)
    later = person(Role.BOARD, ground.partnership, name="Zoe", is_active=False)
    later.memberships.update(starts_on=timezone.localdate() + DAY)
    rows = rows_of(ground.begin(), by=ground.officer)
    assert [each.user.name for each in rows] == ["=1+1", "Ada", "Lena", "Olive", "Zoe"]
    assert [each.user.name for each in rows if not each.can_end] == ["Ada"]
    assert [each.user.name for each in rows if each.is_self] == ["Olive"]
    assert {each.change for each in rows} == {"first"}


def test_the_page_is_saved_half_way_and_taken_up_again(ground: Ground) -> None:
    review = ground.begin()
    own = ground.board.memberships.get()
    ground.client.post(address(review), {f"role-{own.pk}": END, "do": "keep"})
    rows = {each.user: each.decision for each in rows_of(review, by=ground.officer)}
    assert rows[ground.board] == END
    assert set(rows.values()) == {END, ""}
    assert ground.partnership.memberships.unfinished().count() == 4
    page = ground.client.get(address(review)).content.decode()
    assert f'value="{END}" checked' in page


def test_what_is_left_out_is_asked_for_and_nothing_chosen_is_lost(ground: Ground) -> None:
    review = ground.begin()
    own = ground.board.memberships.get()
    answer = ground.client.post(address(review), {f"role-{own.pk}": END, "do": "complete"})
    page = answer.content.decode()
    assert "Decide about Lena, Agency lead, Police." in page
    assert page.count("Keep it, or end it.") == 2
    assert f'value="{END}" checked' in page
    assert not AccessReview.objects.completed().exists()


def test_the_roles_that_end_are_named_before_they_do(ground: Ground) -> None:
    review = ground.begin()
    data = ground.sent(ending=ground.lead, do="complete")
    page = ground.client.post(address(review), data).content.decode()
    assert "End 1 role and complete the review?" in page
    assert "<li>Lena, Agency lead, Police</li>" in page
    assert "The other 3 are kept." in page
    assert ground.lead.memberships.unfinished().exists()
    assert not AccessReview.objects.completed().exists()
    going_on = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    del going_on["csrfmiddlewaretoken"]
    assert going_on == data | {"do": "end"}
    assert f'value="{END}" checked' in ground.client.get(address(review)).content.decode()


def test_where_nothing_ends_nothing_is_named(ground: Ground) -> None:
    review = ground.begin()
    page = ground.client.post(address(review), ground.sent(do="complete"), follow=True)
    assert "The review is completed, and kept." in page.content.decode()


def test_whoever_signed_in_long_ago_is_asked_again_and_loses_no_decision(
    ground: Ground, settings: Any
) -> None:
    review = ground.begin()
    ground.officer.set_password(PASSWORD)
    ground.officer.save()
    client = ground.client
    settings.CONFIRM_AFTER = 0
    data = ground.sent(ending=ground.lead, do="end")
    page = client.post(address(review), data).content.decode()
    assert "Confirm that it is you" in page
    assert ground.lead.memberships.unfinished().exists()
    kept = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    client.post(address(review), kept | {"confirm-password": PASSWORD})
    assert not ground.lead.memberships.unfinished().exists()
    half_way = ground.client.post(address(ground.begin()), {"do": "keep"})
    assert half_way.status_code == 302


def test_completing_ends_what_is_to_end_and_sets_the_next_date(ground: Ground) -> None:
    review = ground.begin()
    data = ground.sent(ending=ground.board, do="end")
    page = ground.client.post(address(review), data, follow=True).content.decode()
    assert "The review is completed, and kept." in page
    assert "3 roles kept, 1 ended" in page
    review.refresh_from_db()
    assert review.completed_by == ground.officer
    assert not ground.board.memberships.unfinished().exists()
    ground.partnership.refresh_from_db()
    assert ground.partnership.access_review_due_on == timezone.localdate() + timedelta(days=91)
    assert Activity.objects.order_by("pk").last().verb == "completed a review of access"  # type: ignore[union-attr]


def test_the_record_reads_the_same_for_ever(ground: Ground) -> None:
    review = ground.complete(ending=ground.board)
    ground.lead.name = "Lena Married"
    ground.lead.save()
    people.end_membership(membership=ground.lead.memberships.get(), by=ground.officer)
    line = review.lines.get(user=ground.lead)
    assert (line.name, line.role, line.agency, line.decision) == (
        "Lena",
        "Agency lead",
        "Police",
        KEEP,
    )
    assert record_of(review).ended == 1
    answer = ground.client.post(address(review), ground.sent(do="complete"))
    assert "The record reads as it did that day." in answer.content.decode()
    with pytest.raises(RefusedError, match="was completed meanwhile"):
        access_reviews.complete(review=review, by=ground.officer, decisions={})


def test_the_next_review_says_what_is_new_and_who_has_gone(ground: Ground) -> None:
    ground.complete()
    people.end_membership(membership=ground.lead.memberships.get(), by=ground.officer)
    newcomer = person(Role.BOARD, ground.partnership, name="Nora")
    review = ground.begin()
    rows = rows_of(review, by=ground.officer)
    assert [each.user for each in rows if each.is_new] == [newcomer]
    assert [each.name for each in gone_since(review, rows)] == ["Lena"]
    page = ground.client.get(address(review)).content.decode()
    assert "Gone since the last review" in page
    access_reviews.complete(review=review, by=ground.officer, decisions=ground.all_kept())
    assert [(each.name, each.change) for each in record_of(review).gone] == [("Lena", "gone")]


def test_an_officer_ends_no_administrator_and_not_the_last_manager(ground: Ground) -> None:
    review = ground.begin()
    data = ground.sent(ending=ground.admin, do="complete")
    page = ground.client.post(address(review), data).content.decode()
    assert "Only a system administrator can end this role." in page
    people.deactivate(
        user=ground.officer, partnership=ground.partnership, by=ground.admin, reason="Left"
    )
    with pytest.raises(RefusedError, match="Ada, System administrator: Nobody else manages people"):
        access_reviews.complete(
            review=review, by=ground.admin, decisions=ground.all_kept(ending=ground.admin)
        )
    assert ground.partnership.memberships.unfinished().count() == 4
    assert not review.lines.filter(decision=END).exists()


def test_the_download_holds_words_and_no_formula(ground: Ground) -> None:
    review = ground.complete()
    answer = ground.client.get(reverse("access-review-sheet", args=[review.pk]))
    assert answer["Content-Disposition"].startswith('attachment; filename="access-review-')
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["A1"].value == "Review of access, Fenshire"
    names = {row[0].value: row[0] for row in sheet.iter_rows(min_row=5)}
    assert set(names) == {"=1+1", "Ada", "Lena", "Olive"}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    newest = Activity.objects.order_by("pk").last()
    assert newest is not None
    assert (newest.verb, newest.kind) == ("downloaded a review of access", "export")


def test_page_and_download_use_one_word_and_say_who_decided_about_themselves(
    ground: Ground,
) -> None:
    review = ground.complete(ending=ground.board)
    answer = ground.client.get(reverse("access-review-sheet", args=[review.pk]))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    said = {row[0].value: (row[10].value, row[11].value) for row in sheet.iter_rows(min_row=5)}
    assert said == {
        "=1+1": ("Ended", "Olive"),
        "Ada": ("Kept", "Olive"),
        "Lena": ("Kept", "Olive"),
        "Olive": ("Kept", "Olive (their own role)"),
    }
    page = ground.client.get(address(review)).content.decode()
    assert page.count("their own role") == 1
    assert "Confirmed" not in page


def test_ones_own_role_is_marked_and_what_somebody_else_decided_about_it_stays_theirs(
    ground: Ground,
) -> None:
    review = ground.begin()
    page = ground.client.get(address(review)).content.decode()
    assert page.count("This is you") == 1
    own = ground.officer.memberships.get()
    access_reviews.keep(review=review, by=ground.admin, decisions={own.pk: KEEP})

    access_reviews.complete(review=review, by=ground.officer, decisions=ground.all_kept())

    line = review.lines.get(user=ground.officer)
    assert (line.decided_by, line.is_own) == (ground.admin, False)
    assert review.lines.get(user=ground.admin).decided_by == ground.officer


def test_who_changes_a_decision_has_taken_it(ground: Ground) -> None:
    review = ground.begin()
    own = ground.board.memberships.get()
    access_reviews.keep(review=review, by=ground.admin, decisions={own.pk: END})
    access_reviews.keep(review=review, by=ground.officer, decisions={own.pk: KEEP})
    assert review.lines.get(user=ground.board).decided_by == ground.officer


def test_an_open_review_has_nothing_to_download(ground: Ground) -> None:
    review = ground.begin()
    answer = ground.client.get(reverse("access-review-sheet", args=[review.pk]))
    assert answer["Location"] == address(review)


@pytest.mark.parametrize(("days", "said"), [(15, False), (14, True), (-3, True)])
def test_home_says_when_one_is_due(ground: Ground, days: int, said: bool) -> None:
    Partnership.objects.update(access_review_due_on=timezone.localdate() + days * DAY)
    page = ground.client.get("/").content.decode()
    assert ("Review who has access" in page) is said


def test_the_page_costs_as_much_for_many_as_for_few(ground: Ground) -> None:
    review = ground.begin()
    client = ground.client

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(review)).status_code == 200
        return len(captured)

    few = queries()
    for number in range(5):
        person(Role.BOARD, ground.partnership, name=f"Person {number}", is_active=False)
    assert queries() == few == 11


def test_another_partnerships_reviews_are_not_there(ground: Ground) -> None:
    review = ground.complete()
    stranger = Client()
    stranger.force_login(person(Role.OFFICER, PartnershipFactory()))
    for name in ("access-review-detail", "access-review-sheet"):
        assert stranger.get(reverse(name, args=[review.pk])).status_code == 404
    assert not AccessReviewLine.objects.filter(decision=END).exists()
