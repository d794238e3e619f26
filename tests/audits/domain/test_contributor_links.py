from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.domain.contributors import change_contributor
from agencies.models import Activity, OutboxMessage
from audits.domain import contributor_links
from audits.domain.contributor_links import (
    CODES_AN_HOUR,
    LinkClosedError,
    TooSoonError,
    token_hash,
    usable_link,
)
from audits.domain.drafts import ReturnClosedError
from audits.models import ContributorLink, ContributorRequest, LinkState, ReturnStage, Stage
from maca import settings as project
from tests.audits.collecting import Collecting
from tests.audits.contributing import (
    address_in,
    asked,
    code_in,
    coordinating,
    last_mail,
    practice,
    send,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MILL, GREEN = "reception@mill.example", "desk@green.example"


@pytest.fixture
def world() -> Collecting:
    return coordinating(cases=3)


def token_of(body: str) -> str:
    return address_in(body).rstrip("/").rpartition("/")[2]


def sent(world: Collecting) -> ContributorLink:
    mill = practice(world)
    asked(world, mill)
    send(world, mill)
    return ContributorLink.objects.get(contributor=mill, withdrawn_at=None)


def coded(link: ContributorLink) -> str:
    contributor_links.send_code(by=link)
    return code_in(last_mail(link.email))


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "111111"


class TestSending:
    def test_only_a_hash_of_a_long_random_token_is_kept(self, world: Collecting) -> None:
        link = sent(world)

        token = token_of(last_mail(MILL))
        assert len(token) == 43
        assert link.token_hash == token_hash(token)
        assert token not in str(ContributorLink.objects.values().get())
        assert usable_link(token) == link

    def test_the_mail_says_how_many_until_when_and_nothing_about_a_case(
        self, world: Collecting
    ) -> None:
        sent(world)

        body = last_mail(MILL)
        assert "You are asked about 3 cases" in body
        assert f"answer by {world.audit.return_by:%-d %B %Y}" in body
        assert "Case 1" not in body
        assert world.audit.title not in body

    def test_whoever_has_no_address_is_named_and_gets_none(self, world: Collecting) -> None:
        mill, silent = practice(world), practice(world, "No Address", "")
        asked(world, mill, silent)

        sending = send(world, mill, silent)

        assert (sending.written, sending.without_address) == ([mill], [silent])
        assert OutboxMessage.objects.count() == 1

    def test_a_second_link_takes_the_place_of_the_first(self, world: Collecting) -> None:
        first = sent(world)
        old = token_of(last_mail(MILL))

        send(world, first.contributor)

        assert usable_link(old) is None
        assert usable_link(token_of(last_mail(MILL))) is not None
        assert ContributorLink.objects.standing().count() == 1

    def test_it_lasts_a_week_longer_than_the_return_is_due(self, world: Collecting) -> None:
        due = timezone.localdate() + timedelta(days=14)
        expires = timezone.localtime(contributor_links.default_expiry(world.agency_return))
        assert (expires.date(), expires.hour) == (due + timedelta(days=7), 23)

        world.audit.return_by = date(2020, 1, 1)
        late = timezone.localtime(contributor_links.default_expiry(world.agency_return))
        assert late.date() == timezone.localdate() + timedelta(days=7)

    def test_the_agency_s_lead_sends_and_nobody_else(self, world: Collecting) -> None:
        with pytest.raises(PermissionDenied):
            contributor_links.send(
                world.agency_return,
                by=world.auditor,
                contributors=[],
                expires_at=timezone.now(),
            )

    def test_a_return_handed_in_sends_none(self, world: Collecting) -> None:
        mill = practice(world)
        world.agency_return.stage = ReturnStage.SIGNED_OFF
        world.agency_return.save()
        with pytest.raises(ReturnClosedError):
            send(world, mill)


class TestWhatClosesALink:
    def test_withdrawing(self, world: Collecting) -> None:
        link = sent(world)

        assert contributor_links.withdraw(
            world.agency_return, by=world.lead, contributor=link.contributor
        )

        assert usable_link(token_of(last_mail(MILL))) is None
        assert Activity.objects.filter(verb="withdrew a contributor's link").count() == 1
        assert not contributor_links.withdraw(
            world.agency_return, by=world.lead, contributor=link.contributor
        )

    def test_a_restore_of_a_database_in_which_it_stood(self, world: Collecting) -> None:
        link = sent(world)
        token = token_of(last_mail(MILL))
        code = coded(link)
        assert [contributor_links.withdraw_all(by=None) for _ in "ab"] == [1, 0]

        assert usable_link(token) is None
        with pytest.raises(LinkClosedError):
            contributor_links.confirm(by=link, code=code)
        entry = Activity.objects.get(verb="withdrew its contributors' links after a restore")
        assert (entry.subject_id, entry.by) == (str(world.agency_return.pk), None)

    def test_its_last_day(self, world: Collecting) -> None:
        link = sent(world)
        with time_machine.travel(link.expires_at + timedelta(seconds=1)):
            assert usable_link(token_of(last_mail(MILL))) is None
            assert link.state == LinkState.EXPIRED

    @pytest.mark.parametrize("stage", [ReturnStage.SIGNED_OFF, ReturnStage.EXCUSED])
    def test_handing_in_the_return(self, world: Collecting, stage: str) -> None:
        link = sent(world)
        world.agency_return.stage = stage
        world.agency_return.save()

        assert usable_link(token_of(last_mail(MILL))) is None
        with pytest.raises(LinkClosedError):
            contributor_links.send_code(by=link)

    def test_taking_the_audit_back_before_collecting(self, world: Collecting) -> None:
        sent(world)
        world.audit.stage = Stage.NOMINATING
        world.audit.save()
        assert usable_link(token_of(last_mail(MILL))) is None

    def test_shutting_the_account_of_whose_mailbox_it_went_to(self, world: Collecting) -> None:
        sent(world)
        holder = UserFactory(email=MILL)
        assert usable_link(token_of(last_mail(MILL))) is not None
        holder.is_active, holder.closed_at = False, timezone.now()
        holder.save()
        assert usable_link(token_of(last_mail(MILL))) is None

    def test_striking_the_contributor_off_the_list(self, world: Collecting) -> None:
        link = sent(world)
        link.contributor.active = False
        link.contributor.save()
        assert usable_link(token_of(last_mail(MILL))) is None


class TestAnotherAddress:
    """Somebody has left the practice, and the lead gives its new mailbox."""

    def moved(self, world: Collecting, link: ContributorLink, email: str) -> None:
        change_contributor(contributor=link.contributor, by=world.lead, fields={"email": email})

    def test_the_old_mailbox_has_nothing_any_more(self, world: Collecting) -> None:
        link = sent(world)
        token = token_of(last_mail(MILL))
        yesterday = timezone.now() - timedelta(days=1)
        ContributorLink.objects.update(sent_at=yesterday)
        written = OutboxMessage.objects.count()
        self.moved(world, link, GREEN)

        assert usable_link(token) is None
        with pytest.raises(LinkClosedError):
            contributor_links.send_code(by=link)
        assert contributor_links.chase(world.agency_return, by=world.lead) == []
        assert OutboxMessage.objects.count() == written

    def test_a_new_link_goes_to_the_new_one(self, world: Collecting) -> None:
        link = sent(world)
        self.moved(world, link, GREEN)
        send(world, link.contributor)
        assert usable_link(token_of(last_mail(GREEN))) is not None

    def test_capitals_are_no_other_address(self, world: Collecting) -> None:
        link = sent(world)
        self.moved(world, link, MILL.upper())
        found = usable_link(token_of(last_mail(MILL)))
        assert found is not None
        assert found.state == LinkState.SENT


class TestTheCode:
    def test_the_right_code_opens_and_works_once(self, world: Collecting) -> None:
        link = sent(world)
        code = coded(link)

        assert contributor_links.confirm(by=link, code=code)

        link.refresh_from_db()
        assert (link.code_hash, link.state) == ("", LinkState.OPENED)
        assert set(ContributorRequest.objects.values_list("stage", flat=True)) == {"opened"}
        assert not contributor_links.confirm(by=link, code=code)

    def test_it_is_kept_as_a_keyed_hash_and_never_stands_in_a_subject(
        self, world: Collecting
    ) -> None:
        link = sent(world)
        code = coded(link)

        link.refresh_from_db()
        assert len(link.code_hash) == 64
        assert code not in link.code_hash
        assert code not in OutboxMessage.objects.get(template="contributor_code").subject

    def test_it_runs_out_after_ten_minutes(self, world: Collecting) -> None:
        link = sent(world)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            code = coded(link)
            clock.shift(timedelta(minutes=10))
            assert not contributor_links.confirm(by=link, code=code)
            clock.shift(timedelta(seconds=-1))
            assert contributor_links.confirm(by=link, code=code)

    def test_five_wrong_tries_end_a_code(self, world: Collecting) -> None:
        link = sent(world)
        code = coded(link)
        for _ in range(5):
            assert not contributor_links.confirm(by=link, code=wrong(code))

        assert not contributor_links.confirm(by=link, code=code)
        assert ContributorLink.objects.get().code_attempts == 5

    def test_every_code_has_five_tries(self, world: Collecting) -> None:
        link = sent(world)
        contributor_links.confirm(by=link, code=wrong(coded(link)))
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
            code = coded(link)
            for _ in range(4):
                assert not contributor_links.confirm(by=link, code=wrong(code))
            assert contributor_links.confirm(by=link, code=code)

    def test_five_codes_tried_out_lock_the_link_until_a_new_one_is_sent(
        self, world: Collecting
    ) -> None:
        link = sent(world)
        for minute in range(0, 10, 2):
            with time_machine.travel(timezone.now() + timedelta(minutes=minute), tick=False):
                code = coded(link)
                for _ in range(5):
                    contributor_links.confirm(by=link, code=wrong(code))

        assert usable_link(token_of(last_mail_with_link())) is None
        assert ContributorLink.objects.get().state == LinkState.LOCKED
        assert Activity.objects.filter(verb="locked a contributor's link", by=None).count() == 1

        send(world, link.contributor)
        assert ContributorLink.objects.standing().get().lets_in

    def test_another_is_not_sent_within_a_minute(self, world: Collecting) -> None:
        link = sent(world)
        coded(link)
        with pytest.raises(TooSoonError, match="Wait a minute"):
            contributor_links.send_code(by=link)
        assert OutboxMessage.objects.filter(template="contributor_code").count() == 1

    def test_nor_more_than_a_few_an_hour(self, world: Collecting) -> None:
        link = sent(world)
        now = timezone.now()
        for minute in range(CODES_AN_HOUR):
            with time_machine.travel(now + timedelta(minutes=2 * minute), tick=False):
                coded(link)
        with (
            time_machine.travel(now + timedelta(minutes=2 * CODES_AN_HOUR), tick=False),
            pytest.raises(TooSoonError, match="in an hour"),
        ):
            contributor_links.send_code(by=link)

    def test_nor_in_bursts_where_the_database_counts(
        self, world: Collecting, settings: Any
    ) -> None:
        settings.CACHES = project.CACHES
        assert type(caches["default"]).__name__ == "DatabaseCache"
        link, now = sent(world), timezone.now()
        for minute in range(0, 60, 2):
            with time_machine.travel(now + timedelta(minutes=minute), tick=False):
                if minute < 2 * CODES_AN_HOUR:
                    coded(link)
                    continue
                with pytest.raises(TooSoonError, match="in an hour"):
                    contributor_links.send_code(by=link)
        with time_machine.travel(now + timedelta(minutes=61), tick=False):
            coded(link)
            with pytest.raises(TooSoonError, match="Wait a minute"):
                contributor_links.send_code(by=link)

    def test_another_s_code_does_not_open_this_link(self, world: Collecting) -> None:
        mill, green = practice(world), practice(world, "The Green", GREEN)
        asked(world, mill, green)
        send(world, mill, green)
        links = {link.contributor_id: link for link in ContributorLink.objects.all()}
        contributor_links.send_code(by=links[green.pk])
        own = coded(links[mill.pk])
        theirs = code_in(last_mail(GREEN))
        if own != theirs:
            assert not contributor_links.confirm(by=links[mill.pk], code=theirs)
        assert contributor_links.confirm(by=links[mill.pk], code=own)


def last_mail_with_link() -> str:
    return OutboxMessage.objects.filter(template="contributor_link").latest("written_at").body


class TestChasing:
    def test_whoever_owes_is_written_to_once_a_day(self, world: Collecting) -> None:
        mill, green = practice(world), practice(world, "The Green", GREEN)
        asked(world, mill, green)
        send(world, mill, green)
        ContributorRequest.objects.filter(contributor=green).update(stage="holds_nothing")
        assert contributor_links.chase(world.agency_return, by=world.lead) == []

        with time_machine.travel(timezone.now() + timedelta(days=1)):
            chased = contributor_links.chase(world.agency_return, by=world.lead)
            again = contributor_links.chase(world.agency_return, by=world.lead)

        assert [link.contributor for link in chased] == [mill]
        assert again == []
        assert "Your answer about 3 of them is still to come" in last_mail(MILL)

    def test_the_reminder_brings_a_new_address_for_the_same_link(self, world: Collecting) -> None:
        link = sent(world)
        old = token_of(last_mail(MILL))

        with time_machine.travel(timezone.now() + timedelta(days=1)):
            contributor_links.chase(world.agency_return, by=world.lead)
            assert usable_link(old) is None
            assert usable_link(token_of(last_mail(MILL))) == link

    @pytest.mark.parametrize("field", ["withdrawn_at", "expires_at"])
    def test_a_link_that_is_closed_is_not_chased(self, world: Collecting, field: str) -> None:
        sent(world)
        ContributorLink.objects.update(**{field: timezone.now()})
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            assert contributor_links.chase(world.agency_return, by=world.lead) == []

    def test_a_case_taken_out_of_the_sample_is_owed_by_nobody(self, world: Collecting) -> None:
        sent(world)
        for case_return in world.case_returns:
            case_return.case.withdrawn_at = timezone.now()
            case_return.case.withdrawn_reason = "Not in the period."
            case_return.case.save()
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            assert contributor_links.chase(world.agency_return, by=world.lead) == []


def test_what_happened_is_recorded_without_content(world: Collecting) -> None:
    link = sent(world)
    contributor_links.confirm(by=link, code=coded(link))

    rows = Activity.objects.order_by("pk").values_list("verb", "by", "subject_type")
    assert list(rows) == [
        ("asked contributors", world.lead.pk, "audits.agencyreturn"),
        ("sent links to contributors", world.lead.pk, "audits.agencyreturn"),
        ("opened a contributor's link", None, "agencies.contributor"),
    ]


def test_no_mail_names_whom_it_is_for(world: Collecting) -> None:
    mill = practice(world)
    change_contributor(contributor=mill, by=world.lead, fields={"name": "Quillfeather, mother"})
    asked(world, mill)
    send(world, mill)
    coded(ContributorLink.objects.get(contributor=mill, withdrawn_at=None))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        contributor_links.chase(world.agency_return, by=world.lead)
    mails = OutboxMessage.objects.filter(template__startswith="contributor_")
    assert {each.template for each in mails} == {
        "contributor_link",
        "contributor_code",
        "contributor_reminder",
    }
    assert [each for each in mails if "Quillfeather" in each.subject + each.body] == []
