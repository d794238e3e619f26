import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from agencies.key_folder import key_folder
from agencies.models import User
from audits.domain.identity_destruction import destroy
from audits.domain.seals import put_on_hold
from audits.identity import Identity
from audits.models import IdentityView, LegalHold, Seal, SealedIdentity, Stage
from tests.audits.sealing import TOBIT, WORDS, Sealed, sealed_audit
from tests.factories import put_at

pytestmark = pytest.mark.django_db

TYPED = {
    "case-3-given_names": "Ottoline",
    "case-3-family_name": "Fennimore",
    "case-3-born_on": "2016-05-04",
    "case-3-nhs_number": "943 476 5870",
    "case-3-postcode": "fe7 1xy",
    "case-3-references": "pol: 77\nHealth: H-12",
}


@pytest.fixture
def world() -> Sealed:
    return sealed_audit(cases=4)


def at(name: str, world: Sealed, **more: Any) -> str:
    return reverse(name, kwargs={"audit_id": world.audit.pk, **more})


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, sent: Any = None) -> str:
    response = client.get(address) if sent is None else client.post(address, sent)
    assert response.status_code == 200, response.headers
    assert response.headers["Cache-Control"] == "no-store"
    return str(response.content.decode())


def identity_of(world: Sealed, number: int) -> Identity:
    row = SealedIdentity.objects.get(case__audit=world.audit, case__number=number)
    cipher = key_folder().cipher(row.seal_id)
    return Identity.from_bytes(cipher.decrypt(bytes(row.box), bound_to=row.bound_to))


class TestEntering:
    def test_one_case_goes_into_the_seal(self, world: Sealed) -> None:
        response = as_(world.officer).post(at("identity-seal", world), TYPED)
        assert response.headers["Location"] == at("seal-detail", world)
        assert identity_of(world, 3) == Identity(
            given_names="Ottoline",
            family_name="Fennimore",
            born_on=date(2016, 5, 4),
            nhs_number="9434765870",
            postcode="FE7 1XY",
            references={str(world.police.agency_id): "77", str(world.health.agency_id): "H-12"},
        )

    def test_several_at_once_and_the_rest_another_time(self, world: Sealed) -> None:
        sent = {**TYPED, "case-4-given_names": "Ivo"}
        as_(world.officer).post(at("identity-seal", world), sent)
        assert identity_of(world, 4).name == "Ivo"
        assert "Every case is sealed" in page(as_(world.officer), at("identity-seal", world))

    def test_what_is_sealed_is_never_shown_there(self, world: Sealed) -> None:
        for address in (at("identity-seal", world), at("identity-seal", world) + "?case=1"):
            text = page(as_(world.officer), address)
            assert [word for word in WORDS if word in text] == []

    def test_a_sealed_one_is_entered_again_whole(self, world: Sealed) -> None:
        address = at("identity-seal", world) + "?case=1"
        officer = as_(world.officer)
        assert "Replace what stands for case 1" in page(officer, address)

        text = page(officer, address, {"case-1-given_names": "Ivo"})
        assert "Case 1 is sealed already, so nothing was sealed." in text
        assert 'value="Ivo"' in text
        assert identity_of(world, 1).given_names == "Wrenella"

        sent = {"case-1-given_names": "Ivo", "replace": "on", "replaces": "1"}
        assert officer.post(address, sent).status_code == 302
        assert identity_of(world, 1) == Identity("Ivo", "")

    def test_what_somebody_sealed_meanwhile_is_not_replaced_unasked(self, world: Sealed) -> None:
        sent = {**TYPED, "case-1-given_names": "Ivo"}
        text = page(as_(world.officer), at("identity-seal", world), sent)
        assert "Case 1 is sealed already" in text
        assert SealedIdentity.objects.count() == 2

    def test_one_nhs_number_is_of_one_child(self, world: Sealed) -> None:
        officer, address = as_(world.officer), at("identity-seal", world)
        taken = {**TYPED, "case-3-nhs_number": "943 476 5919"}
        text = page(officer, address, taken)
        assert "Case 1 has this NHS number already." in text
        assert "Case 3: case 1 has this NHS number already." in text
        twice = {**TYPED, "case-4-given_names": "Ivo", "case-4-nhs_number": "9434765870"}
        assert "Case 3 has this NHS number already." in page(officer, address, twice)
        assert SealedIdentity.objects.count() == 2

    def test_a_child_keeps_its_own_number_when_it_is_entered_again(self, world: Sealed) -> None:
        sent = {
            "case-1-given_names": "Wrenella",
            "case-1-nhs_number": "9434765919",
            "replace": "on",
            "replaces": "1",
        }
        response = as_(world.officer).post(at("identity-seal", world) + "?case=1", sent)
        assert response.status_code == 302

    def test_faults_are_told_beside_each_field_and_nothing_is_lost_or_sealed(
        self, world: Sealed
    ) -> None:
        wrong = {
            "case-3-family_name": "Fennimore",
            "case-3-born_on": "2190-05-04",
            "case-3-nhs_number": "9434765918",
            "case-3-postcode": "somewhere",
            "case-3-references": "Fire brigade: 1",
            "case-4-address": "1 Quay End",
        }
        text = page(as_(world.officer), at("identity-seal", world), wrong)
        for sentence in (
            "This date of birth is in the future.",
            "Case 3: this date of birth is in the future.",
            "Case 4: give a name: without one nobody can find the child.",
            "This is no NHS number",
            "This is no postcode, such as FE1 2AB.",
            "One of these agencies is not asked. Asked are: HEA, POL.",
            "Give a name: without one nobody can find the child.",
        ):
            assert sentence in text
        assert 'value="somewhere"' in text
        assert "Fire brigade" in text
        assert SealedIdentity.objects.count() == 2

    def test_an_empty_page_says_so(self, world: Sealed) -> None:
        assert "Nothing is filled in." in page(as_(world.officer), at("identity-seal", world), {})

    def test_no_field_is_remembered_or_checked_by_a_browsers_service(self, world: Sealed) -> None:
        text = page(as_(world.officer), at("identity-seal", world) + "?case=3")
        assert text.count('autocomplete="off"') == 10
        assert text.count('spellcheck="false"') == 9

    def test_words_of_a_session_that_ran_out_are_not_handed_back(self, world: Sealed) -> None:
        sent = {**TYPED, "case-3-address": "1 Quay End, Saltreach"}
        response = Client().post(at("identity-seal", world), sent)
        assert (response.status_code, response.content) == (302, b"")
        assert response.headers["Location"].startswith(reverse("account_login"))


def filled(rows: list[list[Any]], titles: list[str] | None = None) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Who the cases are"
    sheet.append(
        titles
        or ["Case", "Given names", "Family name", "Date of birth", "NHS number", "Reference of POL"]
    )
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("cases.xlsx", out.getvalue())


class TestUploading:
    def test_the_workbook_to_fill_in_holds_numbers_only(self, world: Sealed) -> None:
        response = as_(world.officer).get(at("identity-workbook", world))
        book = load_workbook(io.BytesIO(response.content))
        rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        assert rows[0][:3] == ["Case", "Given names", "Family name"]
        assert rows[0][-2:] == ["Reference of HEA", "Reference of POL"]
        assert [row[0] for row in rows[1:]] == [1, 2, 3, 4]
        assert {value for row in rows[1:] for value in row[1:]} == {None}

    def test_every_row_goes_into_the_seal(self, world: Sealed) -> None:
        rows: list[list[Any]] = [
            [1, None, None, None, None, None],
            [3, "Ottoline", "Fennimore", date(2016, 5, 4), 9434765870, 77],
            ["Case 4", "Ivo", None, "4 May 2016", None, None],
        ]
        response = as_(world.officer).post(at("identity-upload", world), {"workbook": filled(rows)})
        assert response.headers["Location"] == at("seal-detail", world)
        assert identity_of(world, 3) == Identity(
            given_names="Ottoline",
            family_name="Fennimore",
            born_on=date(2016, 5, 4),
            nhs_number="9434765870",
            references={str(world.police.agency_id): "77"},
        )
        assert identity_of(world, 4).born_on == date(2016, 5, 4)
        assert identity_of(world, 1).given_names == "Wrenella"

    def test_every_fault_is_named_by_its_cell_and_nothing_is_sealed(self, world: Sealed) -> None:
        rows: list[list[Any]] = [
            [3, "Ottoline", "Fennimore", "yesterday", "123", None],
            [9, "Ivo", None, None, None, None],
            ["x", "Ivo", None, None, None, None],
            [4, "=1+1", "Ash", None, None, None],
            [3, "Ottoline", None, None, None, None],
            [2, None, None, "2016-05-04", None, None],
        ]
        text = page(as_(world.officer), at("identity-upload", world), {"workbook": filled(rows)})
        for place in ("D2", "E2", "A3", "A4", "B5", "C7"):
            assert f'<span class="maca-faults__cell">{place}</span>' in text
        assert "There is no such case" in text
        assert "This is a formula." in text
        assert "Case 3, Date of birth: Enter a date that exists" in text
        assert "Case 3, NHS number: This is no NHS number" in text
        assert "Case 2, Family name: Give a name" in text
        assert "Ottoline" not in text
        assert SealedIdentity.objects.count() == 2

    def test_what_stands_is_replaced_only_where_that_was_agreed(self, world: Sealed) -> None:
        officer, address = as_(world.officer), at("identity-upload", world)
        rows = [[1, "Ivo"], [2, "Una"], [3, "Ash"]]

        def upload(**said: str) -> Any:
            return officer.post(address, {"workbook": filled(rows), **said})

        assert "replaces" not in page(officer, address)
        ticked, named = {"replace": "on"}, {"replaces": "1,2"}
        for said in ({}, ticked, named, {**ticked, "replaces": "1"}):
            text = upload(**said).content.decode()
            assert "Cases 1, 2 are sealed already, so nothing was sealed." in text
            assert 'name="replaces" value="1,2"' in text
            assert [word for word in (*WORDS, "Ivo", "Una", "Ash") if word in text] == []
            assert identity_of(world, 1).given_names == "Wrenella"
            assert SealedIdentity.objects.count() == 2

        assert upload(replace="on", replaces="1,2").status_code == 302
        names = [identity_of(world, number).given_names for number in (1, 2, 3)]
        assert names == ["Ivo", "Una", "Ash"]

    def test_one_nhs_number_of_two_children_is_named_by_its_cell(self, world: Sealed) -> None:
        rows: list[list[Any]] = [
            [3, "Ivo", None, None, "943 476 5919"],
            [4, "Una", None, None, "943 476 5870"],
            [2, "Ash", None, None, "943 476 5870"],
        ]
        text = page(as_(world.officer), at("identity-upload", world), {"workbook": filled(rows)})
        for cell, sentence in (("E2", "Case 1 has"), ("E3", "Case 2 has")):
            assert f'cell">{cell}</span> <span>{sentence} this NHS number already.' in text
        assert SealedIdentity.objects.count() == 2

    def test_the_same_case_twice_is_a_fault(self, world: Sealed) -> None:
        rows = [[3, "Ivo", "A", None, None, None], [3, "Una", "B", None, None, None]]
        text = page(as_(world.officer), at("identity-upload", world), {"workbook": filled(rows)})
        assert "This case stands in the workbook twice." in text

    @pytest.mark.parametrize(
        ("titles", "sentence"),
        [
            (["Name", "Born"], "Name the columns as the workbook to fill in does"),
            (["Case", "Shoe size"], "This column is not one that is read here."),
        ],
    )
    def test_columns_it_does_not_know_are_faults(
        self, world: Sealed, titles: list[str], sentence: str
    ) -> None:
        sent = {"workbook": filled([[3, "Ivo"]], titles)}
        assert sentence in page(as_(world.officer), at("identity-upload", world), sent)

    def test_what_is_no_workbook_or_names_nobody_is_refused(self, world: Sealed) -> None:
        client, address = as_(world.officer), at("identity-upload", world)
        assert "Choose the workbook you filled in." in page(client, address, {})
        broken = {"workbook": SimpleUploadedFile("cases.xlsx", b"PK\x03\x04broken")}
        assert "damaged" in page(client, address, broken)
        assert "names no child" in page(client, address, {"workbook": filled([[3]])})


class TestLooking:
    def test_shows_nothing_until_it_is_said_why(self, world: Sealed) -> None:
        for user in (world.officer, world.constable):
            text = page(as_(user), at("identity-reveal", world))
            assert [word for word in WORDS if word in text] == []
            text = page(as_(user), at("identity-reveal", world), {"cases": ["1"]})
            assert "Say why you need to know who they are." in text
            assert [word for word in WORDS if word in text] == []
        assert IdentityView.objects.count() == 0

    def test_then_shows_it_on_that_one_answer(self, world: Sealed) -> None:
        sent = {"cases": ["1", "2"], "reason": "To find our records."}
        text = page(as_(world.nurse), at("identity-reveal", world), sent)
        for words in ("Wrenella Quillfeather", "2 March 2014", "943 476 5919", "GP-9020", "Tobit"):
            assert words in text
        assert "PNC-4411" not in text
        assert "Names are not printed." in text
        assert "Names stand on this page alone" in text
        assert "<title>Who the cases are – " in text
        assert 'translate="no"' in text
        assert "Wrenella" not in page(as_(world.nurse), at("identity-reveal", world))

    def test_the_officer_reads_who_looked_and_why(self, world: Sealed) -> None:
        sent = {"cases": ["1", "2"], "reason": "To find our records."}
        page(as_(world.constable), at("identity-reveal", world), sent)
        text = page(as_(world.officer), at("seal-detail", world))
        for words in ("Cal Constable", "Police", "To find our records.", "1, 2"):
            assert words in text
        page(as_(world.officer), at("identity-reveal", world), sent)
        text = page(as_(world.officer), at("seal-detail", world))
        assert "QA officer</td>" in text
        assert [word for word in WORDS if word in text] == []

    def test_no_case_is_ticked_until_somebody_ticks_it(self, world: Sealed) -> None:
        address, why = at("identity-reveal", world), "To find our records."
        client = as_(world.constable)
        assert " checked" not in page(client, address)
        text = page(client, address, {"reason": why})
        assert "Tick at least one case." in text
        assert IdentityView.objects.count() == 0
        text = page(client, address, {"reason": why, "every_case": "on"})
        assert "2 cases, for you alone" in text

    def test_one_case_can_be_named(self, world: Sealed) -> None:
        text = page(as_(world.officer), at("identity-reveal", world) + "?case=2")
        assert text.count(" checked") == 1

    def test_it_is_refused_once_the_return_is_in(self, world: Sealed) -> None:
        put_at(world.police, "signed_off")
        sent = {"cases": ["1"], "reason": "To look again."}
        client = as_(world.constable)
        assert client.get(at("identity-reveal", world)).status_code == 403
        assert client.post(at("identity-reveal", world), sent).status_code == 403

    def test_a_key_that_is_not_there_is_said_plainly(self, world: Sealed) -> None:
        (settings.KEY_FOLDER / f"{world.seal.pk}.key").unlink()
        sent = {"cases": ["1"], "reason": "To find our records."}
        text = page(as_(world.officer), at("identity-reveal", world), sent)
        assert "is not on this server, or does not fit" in text
        assert IdentityView.objects.count() == 0
        response = as_(world.officer).post(at("identity-seal", world), TYPED)
        assert response.status_code == 200
        assert "is not on this server" in response.content.decode()


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
        assert client.get(at("identity-reveal", world)).status_code == 404

    def test_holds_and_lifts(self, world: Sealed) -> None:
        client = as_(world.officer)
        client.post(at("legal-hold-create", world), {"reason": "A serious case review."})
        text = page(client, at("seal-detail", world))
        assert "Legal hold" in text
        assert "A serious case review." in text
        assert "Destroy them now" not in text
        for sent in (None, {"reason": "Done."}):
            address = at("seal-destroy", world)
            refused = client.post(address, sent) if sent else client.get(address)
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


def test_what_was_sealed_of_the_second_case_is_what_was_given(world: Sealed) -> None:
    assert identity_of(world, 2) == TOBIT


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
