from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from agencies.domain.refusal import RefusedError
from agencies.domain.verifying import verify
from agencies.encryption import KeyMissingError, WrongKeyError
from agencies.key_folder import KeyDestroyedError, key_folder
from agencies.models import Activity
from agencies.roles import Role
from audits.domain import identities, known_names, seals
from audits.domain.cases import withdraw_case
from audits.domain.identity_destruction import (
    clear_away,
    destroy,
    destroy_all_due,
    destroyed_keys,
)
from audits.identity import Identity
from audits.models import (
    Finding,
    IdentityView,
    LegalHold,
    ReturnStage,
    Seal,
    SealedIdentity,
    Stage,
)
from tests.audits.sealing import TOBIT, WORDS, WREN, Sealed, sealed_audit
from tests.factories import AuditFactory, CaseFactory, person, put_at

pytestmark = pytest.mark.django_db

OTTOLINE = Identity("Ottoline", "Fennimore")


@pytest.fixture
def world() -> Sealed:
    return sealed_audit(cases=3)


def look(world: Sealed, by: object, *cases: object) -> list[identities.Revealed]:
    return identities.reveal(
        seal=world.seal,
        by=by,  # type: ignore[arg-type]
        cases=cases or world.cases,  # type: ignore[arg-type]
        reason="To find the records.",
    )


def due(today: date) -> list[Seal]:
    return destroy_all_due(today=today, by=None)


def verbs() -> list[str]:
    return list(Activity.objects.order_by("pk").values_list("verb", flat=True))


class TestTheSeal:
    def test_begins_once_with_a_key_of_its_own(self, world: Sealed) -> None:
        assert key_folder().cipher(world.seal.pk)
        assert verbs()[0] == "began to seal who the cases are"
        with pytest.raises(RefusedError, match="sealed already"):
            seals.begin_seal(audit=world.audit, by=world.officer, keep_until=date(2030, 1, 1))

    def test_begins_before_publication_alone(self) -> None:
        audit = AuditFactory(stage=Stage.PUBLISHED)
        officer = person(Role.OFFICER, audit.partnership)
        with pytest.raises(RefusedError, match="before the audit is published"):
            seals.begin_seal(audit=audit, by=officer, keep_until=date(2030, 1, 1))
        assert Seal.objects.count() == 0

    def test_usually_ends_months_after_the_last_date(self) -> None:
        audit = AuditFactory(report_by=date(2199, 8, 31))
        assert seals.usual_end(audit) == date(2200, 2, 28)
        past = AuditFactory(return_by=date(2020, 1, 1))
        assert seals.usual_end(past) == seals.later(timezone.localdate(), months=6)
        past.partnership.keep_identities_months = 2
        assert seals.usual_end(past) == seals.later(timezone.localdate(), months=2)

    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2026, 11, 30), 1, date(2026, 12, 30)),
            (date(2026, 12, 31), 12, date(2027, 12, 31)),
            (date(2026, 6, 15), 6, date(2026, 12, 15)),
        ],
    )
    def test_months_are_counted_as_people_do(self, day: date, months: int, expected: date) -> None:
        assert seals.later(day, months=months) == expected

    def test_its_day_can_be_moved(self, world: Sealed) -> None:
        seals.move_end(seal=world.seal, by=world.officer, day=date(2031, 5, 1))
        world.seal.refresh_from_db()
        assert world.seal.keep_until == date(2031, 5, 1)
        assert verbs()[-1] == "moved the day on which identities are destroyed"


class TestSealing:
    def test_nothing_of_it_lies_in_the_database_in_clear(self, world: Sealed) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT box, name_hashes FROM audits_sealedidentity")
            rows = cursor.fetchall()
        assert len(rows) == 2
        for box, hashes in rows:
            for word in WORDS:
                assert word.encode() not in bytes(box)
                assert word.lower() not in str(hashes).lower()

    def test_again_takes_the_place_of_what_was_there(self, world: Sealed) -> None:
        case = world.cases[1]
        with pytest.raises(RefusedError, match="sealed meanwhile for case 2"):
            identities.seal_identities(seal=world.seal, by=world.officer, identities={case: WREN})
        with pytest.raises(RefusedError, match="Case 2: Case 1 has this NHS number already"):
            identities.seal_identities(
                seal=world.seal, by=world.officer, identities={case: WREN}, replacing=[case]
            )
        other = replace(WREN, nhs_number="")
        identities.seal_identities(
            seal=world.seal, by=world.officer, identities={case: other}, replacing=[case]
        )
        [shown] = look(world, world.officer, case)
        assert shown.identity == other
        assert SealedIdentity.objects.count() == 2

    def test_a_case_of_another_audit_is_refused(self, world: Sealed) -> None:
        with pytest.raises(RefusedError, match="another audit"):
            identities.seal_identities(
                seal=world.seal, by=world.officer, identities={CaseFactory(): TOBIT}
            )

    def test_one_can_be_taken_out(self, world: Sealed) -> None:
        identities.remove_identity(case=world.cases[0], by=world.officer)
        assert [row.case for row in SealedIdentity.objects.all()] == [world.cases[1]]
        assert verbs()[-1] == "took out who a case is"
        with pytest.raises(RefusedError, match="Nothing is sealed for Case 1"):
            identities.remove_identity(case=world.cases[0], by=world.officer)

    def test_a_box_opens_for_its_own_case_alone(self, world: Sealed) -> None:
        one, two = SealedIdentity.objects.order_by("case__number")
        SealedIdentity.objects.filter(pk=two.pk).update(box=one.box)
        with pytest.raises(WrongKeyError):
            look(world, world.officer, two.case)


class TestLooking:
    def test_the_officer_sees_all_and_it_is_written_down(self, world: Sealed) -> None:
        shown = look(world, world.officer)
        assert [(each.case, each.identity) for each in shown] == list(world.identities.items())
        views = IdentityView.objects.order_by("case__number")
        assert [(view.case, view.by, view.agency, view.reason) for view in views] == [
            (case, world.officer, None, "To find the records.") for case in world.cases[:2]
        ]
        assert verbs()[-2:] == ["looked at who a case is"] * 2

    def test_a_lead_reads_who_of_their_own_agency_looked(self, world: Sealed) -> None:
        look(world, world.constable, world.cases[0])
        look(world, world.officer, world.cases[0])
        looks = Activity.objects.filter(verb="looked at who a case is").order_by("pk")
        assert [each.agency_id for each in looks] == [world.police.agency_id, None]
        lead = person(Role.LEAD, world.police.agency)
        assert [each.by for each in looks.visible_to(lead)] == [world.constable]
        assert not looks.visible_to(world.nurse).exists()
        assert looks.visible_to(world.officer).count() == 2
        assert verify().faults == []

    def test_an_agency_sees_what_it_needs_to_find_the_child(self, world: Sealed) -> None:
        police = look(world, world.constable, world.cases[0])[0].identity
        health = look(world, world.nurse, world.cases[0])[0].identity
        assert police.name == health.name == "Wrenella Quillfeather"
        assert (police.nhs_number, health.nhs_number) == ("", "9434765919")
        assert dict(police.references) == {str(world.police.agency_id): "PNC-4411"}
        assert dict(health.references) == {str(world.health.agency_id): "GP-9020"}
        assert {view.agency for view in IdentityView.objects.all()} == {
            world.police.agency,
            world.health.agency,
        }

    @pytest.mark.parametrize("stage", [ReturnStage.SIGNED_OFF, ReturnStage.NIL])
    def test_an_agency_whose_return_is_in_sees_nothing_more(
        self, world: Sealed, stage: ReturnStage
    ) -> None:
        put_at(world.police, stage)
        with pytest.raises(RefusedError):
            look(world, world.constable)
        assert len(look(world, world.nurse)) == 2

    @pytest.mark.parametrize("stage", [Stage.NOMINATING, Stage.MEETING, Stage.PUBLISHED])
    def test_an_agency_sees_them_while_returns_are_collected_and_not_before_or_after(
        self, world: Sealed, stage: Stage
    ) -> None:
        world.audit.stage = stage
        world.audit.save()
        with pytest.raises(RefusedError):
            look(world, world.constable)
        assert len(look(world, world.officer)) == 2

    def test_a_withdrawn_case_is_nobodys_to_find(self, world: Sealed) -> None:
        world.cases[0].withdrawn_at = timezone.now()
        world.cases[0].withdrawn_reason = "Moved away."
        world.cases[0].save()
        assert [each.case for each in look(world, world.constable)] == [world.cases[1]]

    @pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER, Role.BOARD, Role.ADMIN])
    def test_others_of_the_partnership_see_nothing(self, world: Sealed, role: Role) -> None:
        with pytest.raises(RefusedError):
            look(world, person(role, world.audit.partnership))
        assert IdentityView.objects.count() == 0

    def test_nor_does_the_officer_of_another(self, world: Sealed) -> None:
        stranger = person(Role.OFFICER, AuditFactory().partnership)
        with pytest.raises(RefusedError):
            look(world, stranger)

    def test_without_its_key_nothing_is_shown_and_nobody_has_looked(self, world: Sealed) -> None:
        (Path(settings.KEY_FOLDER) / f"{world.seal.pk}.key").unlink()
        with pytest.raises(KeyMissingError):
            look(world, world.officer)
        assert IdentityView.objects.count() == 0

    def test_with_another_master_key_neither(self, world: Sealed) -> None:
        with override_settings(MASTER_KEYS="1:" + "B" * 43 + "="), pytest.raises(WrongKeyError):
            look(world, world.officer)


class TestKnownNames:
    def test_each_name_is_known_however_it_is_written(self, world: Sealed) -> None:
        known = known_names.hashes_for(world.audit)
        for word in ("Wrenella", "QUILLFEATHER", "quillfeather", "Orrin", "Dabb", "tobit"):
            assert known_names.hash_of(world.audit, word) in known
        for word in ("Saltreach", "Bittern", "brother", "FE71", "Anna"):
            assert known_names.hash_of(world.audit, word) not in known

    def test_the_answerer_says_yes_or_no(self, world: Sealed) -> None:
        asks = known_names.asker(world.audit)
        assert asks is not None
        assert [asks(key) for key in ("wrenella quillfeather", "tobit", "wren")] == [
            True,
            True,
            False,
        ]

    def test_two_audits_hash_the_same_name_differently(self, world: Sealed) -> None:
        other = sealed_audit()
        assert known_names.hash_of(other.audit, "Wrenella") != known_names.hash_of(
            world.audit, "Wrenella"
        )

    def test_an_audit_without_a_seal_knows_none(self) -> None:
        audit = AuditFactory()
        assert known_names.hash_of(audit, "Wrenella") == ""
        assert known_names.hashes_for(audit) == frozenset()
        assert known_names.asker(audit) is None

    def test_they_go_with_the_identities(self, world: Sealed) -> None:
        destroy(seal=world.seal, by=world.officer)
        assert known_names.hashes_for(world.audit) == frozenset()
        assert known_names.asker(world.audit) is None


class TestDestroying:
    def test_takes_the_key_and_the_rows_and_leaves_what_was_found(self, world: Sealed) -> None:
        finding = Finding.objects.create(audit=world.audit, code="f1", text="Agencies met late.")
        look(world, world.officer)
        done = destroy(seal=world.seal, by=world.officer, reason="All agencies have answered.")
        assert SealedIdentity.objects.count() == 0
        assert (done.destroyed_cases, done.destroyed_because) == ([1, 2], "by_hand")
        assert done.destroyed_reason == "All agencies have answered."
        with pytest.raises(KeyDestroyedError):
            key_folder().cipher(world.seal.pk)
        assert IdentityView.objects.count() == 2
        assert list(Finding.objects.all()) == [finding]
        assert world.audit.cases.count() == 3
        assert verbs()[-1] == "destroyed the identities of the cases"
        with pytest.raises(RefusedError, match="has no seal"):
            destroy(seal=world.seal, by=world.officer)

    def test_takes_the_copies_of_the_key_too(self, world: Sealed, tmp_path: Path) -> None:
        copy = tmp_path / f"{world.seal.pk}.key"
        copy.write_bytes((Path(settings.KEY_FOLDER) / copy.name).read_bytes())
        with override_settings(KEY_COPIES=[str(tmp_path)]):
            destroy(seal=world.seal, by=world.officer)
        assert not copy.exists()

    def test_a_row_that_a_backup_kept_opens_for_nobody(self, world: Sealed) -> None:
        kept = list(SealedIdentity.objects.all())
        destroy(seal=world.seal, by=world.officer)
        SealedIdentity.objects.bulk_create(kept)
        Seal.objects.filter(pk=world.seal.pk).update(destroyed_at=None)
        with pytest.raises(KeyDestroyedError):
            look(world, world.officer)
        assert clear_away(by=None) == 1
        assert SealedIdentity.objects.count() == 0
        assert clear_away(by=None) == 0

    def test_the_timetable_takes_what_is_due_and_nothing_else(self, world: Sealed) -> None:
        later = sealed_audit()
        day = world.seal.keep_until
        Seal.objects.filter(pk=later.seal.pk).update(keep_until=day + timedelta(days=1))
        assert due(day - timedelta(days=1)) == []
        [done] = due(day)
        assert (done.audit, done.destroyed_by, done.destroyed_because) == (
            world.audit,
            None,
            "retention",
        )
        assert due(day) == []
        assert {row.seal_id for row in SealedIdentity.objects.all()} == {later.seal.pk}
        assert destroyed_keys() >= {world.seal.pk}
        assert later.seal.pk not in destroyed_keys()

    def test_a_copy_that_is_out_of_reach_stops_that_one_and_no_other(
        self, world: Sealed, tmp_path: Path
    ) -> None:
        other = sealed_audit()
        closed = tmp_path / "copies"
        closed.write_text("A file where a folder was.")
        with override_settings(KEY_COPIES=[str(closed)]), pytest.raises(OSError, match="copies"):
            due(world.seal.keep_until)
        assert {row.seal_id for row in SealedIdentity.objects.all()} == {
            world.seal.pk,
            other.seal.pk,
        }
        assert key_folder().cipher(world.seal.pk)
        assert len(due(world.seal.keep_until)) == 2

    def test_another_seal_can_begin_afterwards(self, world: Sealed) -> None:
        destroy(seal=world.seal, by=world.officer)
        again = seals.begin_seal(audit=world.audit, by=world.officer, keep_until=date(2031, 1, 1))
        identities.seal_identities(seal=again, by=world.officer, identities={world.cases[0]: TOBIT})
        assert SealedIdentity.objects.get().seal == again


class TestALegalHold:
    def test_stops_destruction_by_day_and_by_hand_until_it_is_lifted(self, world: Sealed) -> None:
        held = seals.put_on_hold(audit=world.audit, by=world.officer, reason=" A review. ")
        assert (held.reason, held.by) == ("A review.", world.officer)
        with pytest.raises(RefusedError, match="legal hold"):
            destroy(seal=world.seal, by=world.officer)
        assert due(world.seal.keep_until) == []
        assert SealedIdentity.objects.count() == 2
        seals.lift_hold(audit=world.audit, by=world.officer, reason="The review is over.")
        assert [done.audit for done in due(world.seal.keep_until)] == [world.audit]
        assert LegalHold.objects.get().lifted_reason == "The review is over."

    @pytest.mark.parametrize("is_withdrawn", [False, True])
    def test_keeps_what_stands_of_each_case_too(self, world: Sealed, *, is_withdrawn: bool) -> None:
        case = world.cases[0]
        if is_withdrawn:
            withdraw_case(case=case, by=world.officer, reason="Moved away.")
        seals.put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
        before = list(SealedIdentity.objects.values_list("box", flat=True))
        with pytest.raises(RefusedError, match="Lift the hold first"):
            identities.remove_identity(case=case, by=world.officer)
        with pytest.raises(RefusedError, match="Lift the hold first"):
            identities.seal_identities(
                seal=world.seal, by=world.officer, identities={case: TOBIT}, replacing=[case]
            )
        assert list(SealedIdentity.objects.values_list("box", flat=True)) == before
        seals.lift_hold(audit=world.audit, by=world.officer, reason="Over.")
        identities.remove_identity(case=case, by=world.officer)
        assert SealedIdentity.objects.get().case == world.cases[1]

    def test_lets_in_what_was_not_sealed_yet(self, world: Sealed) -> None:
        seals.put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
        new = {world.cases[2]: OTTOLINE}
        assert identities.seal_identities(seal=world.seal, by=world.officer, identities=new) == 1

    def test_stands_once(self, world: Sealed) -> None:
        seals.put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
        with pytest.raises(RefusedError, match="on hold already"):
            seals.put_on_hold(audit=world.audit, by=world.officer, reason="Another.")
        seals.lift_hold(audit=world.audit, by=world.officer, reason="Over.")
        with pytest.raises(RefusedError, match="not on hold"):
            seals.lift_hold(audit=world.audit, by=world.officer, reason="Over.")
