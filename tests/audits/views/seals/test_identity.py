"""Who the child of a case is: typed in, uploaded, and looked at by whoever says why."""

import io
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Activity, ActivityKind
from agencies.roles import Role
from audits.domain import identities
from audits.domain.identity_destruction import destroy
from audits.domain.seals import SealGoneError
from audits.identity import Identity
from audits.models import Audit, IdentityView, Seal, SealedIdentity
from audits.screening.registry import RULES
from tests.audits.browsing import signed_in as as_
from tests.audits.sealing import TOBIT, WORDS, Sealed, at, filled, identity_of, page
from tests.factories import person, put_at

pytestmark = pytest.mark.django_db

TYPED = {
    "case-3-given_names": "Ottoline",
    "case-3-family_name": "Fennimore",
    "case-3-born_on": "2016-05-04",
    "case-3-nhs_number": "943 476 5870",
    "case-3-postcode": "fe7 1xy",
    "case-3-references": "pol: 77\nHealth: H-12",
}


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

    def test_a_name_in_the_title_has_to_go_before_it_is_sealed(self, world: Sealed) -> None:
        officer, address = as_(world.officer), at("identity-seal", world)
        Audit.objects.update(title="Neglect and Fennimore")
        text = page(officer, address, TYPED)
        assert "The title says who somebody is" in text
        assert f'<a href="{at("audit-update", world)}" target="_blank"' in text
        assert 'value="Fennimore"' in text
        assert SealedIdentity.objects.count() == 2

        Audit.objects.update(title="Neglect")
        assert officer.post(address, TYPED).status_code == 302
        assert identity_of(world, 3).family_name == "Fennimore"

    def test_where_that_cannot_be_found_out_nothing_is_sealed(
        self, world: Sealed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RULES, "nhs-number", None)
        text = page(as_(world.officer), at("identity-seal", world), TYPED)
        assert "could not be checked" in text
        assert 'value="Fennimore"' in text
        assert SealedIdentity.objects.count() == 2

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


def test_what_was_sealed_of_the_second_case_is_what_was_given(world: Sealed) -> None:
    assert identity_of(world, 2) == TOBIT


class TestDestroyedMeanwhile:
    """A colleague destroys the seal while one types, chooses a file, or gives a reason to look."""

    @pytest.mark.parametrize(
        ("name", "sent"), [("identity-seal", TYPED), ("identity-upload", {"workbook": "none"})]
    )
    def test_the_officer_is_told_on_the_seals_page_and_gets_no_name_back(
        self, world: Sealed, name: str, sent: dict[str, str]
    ) -> None:
        destroy(seal=world.seal, by=world.officer, reason="Done.")
        response = as_(world.officer).post(at(name, world), sent, follow=True)
        text = response.content.decode()
        assert response.redirect_chain == [(at("seal-detail", world), 302)]
        assert "destroyed meanwhile. Nothing was sealed, and what you typed was not kept." in text
        assert "Fennimore" not in text
        assert not SealedIdentity.objects.exists()
        assert not Activity.objects.filter(kind=ActivityKind.REFUSED).exists()

    def test_it_goes_between_the_page_and_the_seal(
        self, world: Sealed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def late(**_: Any) -> int:
            raise SealGoneError("It went.")

        monkeypatch.setattr(identities, "seal_identities", late)
        response = as_(world.officer).post(at("identity-seal", world), TYPED, follow=True)
        assert "what you typed was not kept" in response.content.decode()
        assert "Fennimore" not in response.content.decode()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_an_agency_that_comes_to_look_is_told_and_not_refused(
        self, world: Sealed, method: str
    ) -> None:
        destroy(seal=world.seal, by=world.officer, reason="Done.")
        client = as_(world.constable)
        response = getattr(client, method)(at("identity-reveal", world), follow=True)
        address = reverse("agency-return-list", args=[world.audit.pk])
        assert response.redirect_chain == [(address, 302)]
        assert "The identities of this audit were destroyed." in response.content.decode()
        assert not Activity.objects.filter(kind=ActivityKind.REFUSED).exists()

    def test_whoever_neither_runs_it_nor_was_asked_is_told_nothing(self, world: Sealed) -> None:
        destroy(seal=world.seal, by=world.officer, reason="Done.")
        chair = person(Role.CHAIR, world.audit.partnership)
        assert as_(chair).get(at("identity-reveal", world)).status_code == 404
        assert as_(chair).get(at("identity-seal", world)).status_code == 403

    def test_an_audit_that_was_never_sealed_has_no_such_page(self, world: Sealed) -> None:
        Seal.objects.all().delete()
        for name in ("identity-seal", "identity-reveal"):
            assert as_(world.officer).get(at(name, world)).status_code == 404
