"""How contributors learn who the children are."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from audits.domain import contributor_links
from audits.domain.seals import begin_seal
from audits.models import ContributorLink
from tests.audits.collecting import Collecting, signed_in
from tests.audits.contributing import Holder, asked, confirmed, practice

pytestmark = pytest.mark.django_db


class TestHowTheyLearnWhoTheChildrenAre:
    OWN = "Ring the named nurse on the day the link comes."

    def test_what_is_sealed_is_not_theirs_so_the_agency_tells_them(
        self, world: Collecting, holder: Holder
    ) -> None:
        world.audit.identity_channel = "An encrypted list from the officer."
        world.audit.save()
        begin_seal(audit=world.audit, by=None, keep_until=timezone.localdate() + timedelta(days=9))

        html = holder.get("contribution-detail").content.decode()

        assert "An encrypted list" not in html
        told = "Fenshire Health will tell you, in its own secure way, who the children are."
        assert told in html

    def test_nobody_said_how_so_the_agency_is_named(self, holder: Holder) -> None:
        html = holder.get("contribution-detail").content.decode()
        assert "Fenshire Health will tell you, in its own secure way" in html

    def test_whoever_sends_the_links_says_it_once_and_it_is_offered_again(
        self, world: Collecting
    ) -> None:
        mill = practice(world)
        asked(world, mill)
        client = signed_in(world.lead)
        address = reverse("contributor-link-send", args=[world.agency_return.pk])
        first = client.get(address).content.decode()
        assert "How will they learn who the children are?" in first
        assert "Fenshire Health will tell you" in first

        client.post(
            address,
            {"contributors": [mill.pk], "last_day": timezone.localdate(), "learns_by": self.OWN},
        )

        assert self.OWN in confirmed(mill).get("contribution-detail").content.decode()
        again = client.get(f"{address}?contributor={mill.pk}").content.decode()
        assert self.OWN in again

    def test_a_reminder_keeps_the_words(self, world: Collecting) -> None:
        mill = practice(world)
        asked(world, mill)
        contributor_links.send(
            world.agency_return,
            by=world.lead,
            contributors=[mill],
            expires_at=contributor_links.default_expiry(world.agency_return),
            learns_by=self.OWN,
        )
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            contributor_links.chase(world.agency_return, by=world.lead)
        assert ContributorLink.objects.get().learns_by == self.OWN
