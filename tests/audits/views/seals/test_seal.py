"""The officer's page of the seal: begun, held, destroyed; and the pages that lead there."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.domain.identities import remove_identity, reveal, seal_identities
from audits.domain.identity_destruction import destroy
from audits.domain.seals import HELD, begin_seal, lift_hold, put_on_hold
from audits.identity import Identity
from audits.models import Audit, LegalHold, Seal, SealedIdentity, Stage
from audits.reading.seals import SealPage
from audits.views.closed import COPY_IT
from tests.audits.browsing import signed_in as as_
from tests.audits.handed_back import WORDS as SAID
from tests.audits.handed_back import is_in_a_box, text_of
from tests.audits.sealing import Sealed, at, filled, identity_of, page, sealed_audit
from tests.factories import put_at

pytestmark = pytest.mark.django_db


class TestTheOfficersPage:
    def test_offers_the_two_ways_where_there_is_no_seal(self, world: Sealed) -> None:
        Seal.objects.all().delete()
        text = page(as_(world.officer), at("seal-detail", world))
        assert "Seal them here" in text
        assert "By your own channel" in text

    def test_begins_a_seal(self, world: Sealed) -> None:
        Seal.objects.all().delete()
        client, address = as_(world.officer), at("seal-create", world)
        assert "Begin the seal" in page(client, address)
        assert "still to come" in page(client, address, {"keep_until": "2020-01-01"})
        assert "six years" in page(client, address, {"keep_until": "2190-01-01"})
        day = timezone.localdate() + timedelta(days=100)
        response = client.post(address, {"keep_until": day.isoformat()})
        assert response.headers["Location"] == at("identity-seal", world)
        assert Seal.objects.get().keep_until == day
        assert client.get(address).headers["Location"] == at("seal-detail", world)

    def test_moves_the_day(self, world: Sealed) -> None:
        day = timezone.localdate() + timedelta(days=7)
        as_(world.officer).post(at("seal-update", world), {"keep_until": day.isoformat()})
        assert Seal.objects.get().keep_until == day
        assert "Their day is near." in page(as_(world.officer), at("seal-detail", world))

    def test_destroys_after_asking_and_reports_what_went(self, world: Sealed) -> None:
        client, address = as_(world.officer), at("seal-destroy", world)
        assert "The identities of cases 1, 2 are gone for good" in page(client, address)
        assert "Give a reason." in page(client, address, {"reason": " "})
        client.post(address, {"reason": "Every agency has answered."})
        text = page(client, at("seal-detail", world))
        assert "Who cases 1, 2 are, and the key, in every backup too. Copies of the key" in text
        assert "the operator’s procedure gives" in text
        assert "Every agency has answered." in text
        answer = client.get(at("identity-reveal", world))
        assert answer.headers["Location"] == at("seal-detail", world)

    def test_what_is_sealed_now_stands_before_what_was(self, world: Sealed) -> None:
        destroy(seal=world.seal, by=world.officer, reason="Done.")
        client = as_(world.officer)
        assert "What was sealed before" not in page(client, at("seal-detail", world))
        begin_seal(audit=world.audit, by=world.officer, keep_until=world.seal.keep_until)
        text = page(client, at("seal-detail", world))
        assert text.index("cases sealed") < text.index("What was sealed before")
        assert text.index("What was sealed before") < text.index('id="gone-1"')

    def test_holds_and_lifts(self, world: Sealed) -> None:
        client = as_(world.officer)
        client.post(at("legal-hold-create", world), {"reason": "A serious case review."})
        text = page(client, at("seal-detail", world))
        assert "Legal hold" in text
        assert "A serious case review." in text
        assert "Destroy them now" not in text
        refused = client.get(at("seal-destroy", world))
        assert refused.headers["Location"] == at("seal-detail", world)
        told = page(client, at("seal-detail", world))
        assert "The identities are on legal hold. Lift the hold first." in told
        assert Seal.objects.get().stands
        again = page(client, at("legal-hold-create", world), {"reason": "Another."})
        assert "on hold already" in again
        client.post(at("legal-hold-lift", world), {"reason": "It is over."})
        assert LegalHold.objects.get().lifted_reason == "It is over."
        text = page(client, at("seal-detail", world))
        assert "Earlier holds" in text
        assert '<td class="maca-keep-lines" data-label="Why it was lifted">It is over.</td>' in text
        assert "Destroy them now" in text
        assert client.get(at("legal-hold-lift", world)).status_code == 302

    def test_a_reason_to_destroy_what_is_held_meanwhile(self, world: Sealed) -> None:
        put_on_hold(audit=world.audit, by=world.officer, reason="A serious case review.")
        response = as_(world.officer).post(at("seal-destroy", world), {"reason": SAID})
        assert is_in_a_box(response)
        assert f"{HELD} {COPY_IT}" in text_of(response)
        assert Seal.objects.get().stands
        assert SealedIdentity.objects.count() == 2

    def test_a_reason_to_lift_what_a_colleague_has_lifted(self, world: Sealed) -> None:
        put_on_hold(audit=world.audit, by=world.officer, reason="A serious case review.")
        lift_hold(audit=world.audit, by=world.officer, reason="It is over.")
        response = as_(world.officer).post(at("legal-hold-lift", world), {"reason": SAID})
        assert is_in_a_box(response)
        assert f"This audit is not on hold. {COPY_IT}" in text_of(response)
        assert LegalHold.objects.get().lifted_reason == "It is over."

    def test_a_hold_keeps_each_case_and_offers_nothing_that_would_not(self, world: Sealed) -> None:
        client = as_(world.officer)
        put_on_hold(audit=world.audit, by=world.officer, reason="A serious case review.")
        text = page(client, at("seal-detail", world))
        assert "Enter again" not in text
        assert "Take out" not in text
        assert "Enter<span" in text  # the cases of which nothing is sealed yet
        remove = at("identity-remove", world, case_id=world.cases[0].pk)
        for address in (remove, at("identity-seal", world) + "?case=1"):
            assert client.get(address).headers["Location"] == at("seal-detail", world)
            assert "Lift the hold first." in page(client, at("seal-detail", world))
        assert client.post(remove).status_code == 302
        sent = {"case-1-given_names": "Ivo", "replace": "on", "replaces": "1"}
        text = page(client, at("identity-seal", world), sent)
        assert "Case 1 is sealed already, so nothing was sealed. The identities are on" in text
        assert 'value="Ivo"' in text
        assert 'name="replace"' not in text
        assert identity_of(world, 1).given_names == "Wrenella"
        assert SealedIdentity.objects.count() == 2

    def test_a_hold_keeps_what_a_workbook_would_replace(self, world: Sealed) -> None:
        client, address = as_(world.officer), at("identity-upload", world)
        put_on_hold(audit=world.audit, by=world.officer, reason="A serious case review.")
        said = {"replace": "on", "replaces": "1"}
        text = page(client, address, {"workbook": filled([[1, "Ivo"], [3, "Ash"]]), **said})
        assert "Lift the hold first." in text
        assert 'name="replace"' not in text
        assert SealedIdentity.objects.count() == 2
        assert client.post(address, {"workbook": filled([[3, "Ash"]])}).status_code == 302

    def test_the_pages_of_the_day_and_of_the_cases_say_that_a_hold_stands(
        self, world: Sealed
    ) -> None:
        client, held = as_(world.officer), "They are on legal hold: nothing is destroyed"
        text = page(client, at("seal-update", world))
        assert held not in text
        assert "That night they are destroyed for good" in text
        assert "and destroyed on" in client.get(at("case-list", world)).content.decode()
        put_on_hold(audit=world.audit, by=world.officer, reason="A serious case review.")
        text = page(client, at("seal-update", world))
        assert held in text
        assert "That night they are destroyed for good" not in text
        text = client.get(at("case-list", world)).content.decode()
        assert "It is sealed here, and on legal hold." in text

    def test_sealing_is_offered_with_the_cases_where_it_can_be_done(self, world: Sealed) -> None:
        client, offer = as_(world.officer), "Seal who the cases are here"

        def cases() -> str:
            return str(client.get(at("case-list", world)).content.decode())

        assert offer not in cases()
        destroy(seal=world.seal, by=world.officer, reason="Done.")
        assert offer in cases()
        assert "What was sealed here, and who had looked" in cases()
        world.audit.stage = Stage.PUBLISHED
        world.audit.save()
        assert offer not in cases()
        assert "What was sealed here, and who had looked" in cases()
        Seal.objects.all().delete()
        assert at("seal-detail", world) not in cases()

    def test_takes_one_out(self, world: Sealed) -> None:
        client = as_(world.officer)
        address = at("identity-remove", world, case_id=world.cases[1].pk)
        assert "Take out who Case 2 is?" in page(client, address)
        client.post(address)
        assert SealedIdentity.objects.get().case == world.cases[0]
        assert client.post(address, follow=True).status_code == 200

    def test_a_published_audit_begins_none(self, world: Sealed) -> None:
        Seal.objects.all().delete()
        world.audit.stage = Stage.PUBLISHED
        world.audit.save()
        assert "Nothing is sealed here" in page(as_(world.officer), at("seal-detail", world))
        response = as_(world.officer).get(at("seal-create", world))
        assert response.headers["Location"] == at("seal-detail", world)

    @pytest.mark.parametrize("rows", [1, 3])
    def test_asks_the_database_as_often_for_one_case_as_for_three(
        self, rows: int, django_assert_num_queries: Any
    ) -> None:
        world = sealed_audit(cases=rows)
        sent = {"cases": ["1"], "reason": "To find our records."}
        page(as_(world.constable), at("identity-reveal", world), sent)
        client = as_(world.officer)
        client.get(at("seal-detail", world))
        with django_assert_num_queries(9):
            client.get(at("seal-detail", world))


def test_the_pages_of_a_case_list_and_a_return_lead_there(world: Sealed) -> None:
    look = at("identity-reveal", world)
    of_police = reverse("agency-return-detail", args=[world.police.pk])
    known = reverse("agency-return-known", args=[world.police.pk])
    assert look in page(as_(world.constable), of_police)
    assert look in page(as_(world.constable), known)
    assert at("seal-detail", world) in page(as_(world.officer), at("case-list", world))
    put_at(world.police, "signed_off")
    assert look not in page(as_(world.constable), of_police)


def test_where_who_they_are_is_sealed_no_page_tells_of_another_way(world: Sealed) -> None:
    world.audit.identity_channel = "An encrypted list from the officer."
    world.audit.save()
    of_audit = reverse("audit-detail", args=[world.audit.pk])
    of_return = reverse("agency-return-detail", args=[world.police.pk])

    assert "They are sealed here until" in page(as_(world.officer), of_audit)
    assert "They are sealed here. While your return is open" in page(
        as_(world.constable), of_return
    )
    for user, address in ((world.officer, of_audit), (world.constable, of_return)):
        assert "An encrypted list" not in page(as_(user), address)

    Seal.objects.all().delete()
    cases = reverse("case-list", args=[world.audit.pk])
    choice = page(as_(world.officer), at("seal-detail", world))
    assert f'href="{cases}">Stay with that</a>' in choice
    for user, address in ((world.officer, of_audit), (world.constable, of_return)):
        assert "An encrypted list" in page(as_(user), address)


def test_a_look_counts_for_the_child_that_was_looked_at_and_no_other(world: Sealed) -> None:
    case = world.cases[0]

    def seen_by() -> dict[int | None, list[str]]:
        page = SealPage(Audit.objects.get(pk=world.audit.pk), world.officer)
        return {row.case.number: row.seen_by for row in page.rows if row.seen_by}

    reveal(seal=world.seal, by=world.constable, cases=world.cases[:2], reason="To find them.")
    assert seen_by() == {1: ["POL"], 2: ["POL"]}
    seal_identities(
        seal=world.seal, by=world.officer, identities={case: Identity("Ivo", "")}, replacing=[case]
    )
    assert seen_by() == {2: ["POL"]}
    remove_identity(case=world.cases[1], by=world.officer)
    assert seen_by() == {}
