"""No title and no code that says who somebody is gets into an audit about which mail goes out."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Activity
from audits.domain.audits import update_audit
from audits.domain.guards import WHY_ASKED_NAMES, ready_to_circulate
from audits.domain.identities import remove_identity, seal_identities
from audits.domain.mailed_names import WHY_ASKED, NamesSomebodyError
from audits.domain.telling import TOLD
from audits.models import Audit, Case, SealedIdentity, Stage
from audits.reading.overview import overview_of
from audits.screening.registry import RULES
from tests.audits.browsing import signed_in
from tests.audits.sealing import Sealed, sealed_audit

pytestmark = pytest.mark.django_db

NAMED = {"title": "Neglect and Quillfeather", "code": "943 476 5919"}


def change(world: Sealed, **values: Any) -> Audit:
    return update_audit(
        audit=world.audit, by=world.officer, values=values, revision=world.audit.revision
    )


def told() -> int:
    return Activity.objects.filter(verb=TOLD).count()


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("field", NAMED)
def test_it_is_refused_at_every_stage(stage: Stage, field: str) -> None:
    world = sealed_audit()
    Audit.objects.update(stage=stage)
    with pytest.raises(NamesSomebodyError) as refused:
        change(world, **{field: NAMED[field], "purpose": "New."})
    assert list(refused.value.complaints) == [field]
    assert refused.value.complaints[field].startswith(f"The {field} says who somebody is")
    kept = Audit.objects.get()
    assert (kept.title, kept.code, kept.purpose) == (
        world.audit.title,
        world.audit.code,
        world.audit.purpose,
    )


def test_whoever_tries_names_leaves_a_trace_of_it() -> None:
    world = sealed_audit()
    with pytest.raises(NamesSomebodyError):
        change(world, title="Neglect and wrenella")
    entry = Activity.objects.get(verb=TOLD)
    assert (entry.by, entry.audit_id, entry.kind) == (world.officer, world.audit.pk, "view")
    with pytest.raises(NamesSomebodyError):
        change(world, title="Neglect 943 476 5919")
    change(world, title="Neglect and Bofimara")
    assert told() == 1


def test_what_stands_already_keeps_nobody_from_changing_something_else() -> None:
    world = sealed_audit()
    Audit.objects.update(title=NAMED["title"])
    world.audit.refresh_from_db()
    assert change(world, title=NAMED["title"], code="2026-77").code == "2026-77"


def test_where_names_cannot_be_looked_for_neither_is_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = sealed_audit()
    monkeypatch.setitem(RULES, "nhs-number", None)
    with pytest.raises(NamesSomebodyError) as refused:
        change(world, title="Neglect again")
    assert "could not be checked" in refused.value.complaints["title"]
    assert change(world, title=world.audit.title, purpose="New.").purpose == "New."


@pytest.mark.parametrize("field", NAMED)
def test_what_mails_carry_is_mended_before_it_is_sealed(field: str) -> None:
    world = sealed_audit()
    case, child = world.cases[0], world.identities[world.cases[0]]
    remove_identity(case=case, by=world.officer)
    Audit.objects.update(**{field: NAMED[field]})
    with pytest.raises(NamesSomebodyError) as refused:
        seal_identities(seal=world.seal, by=world.officer, identities={case: child})
    assert list(refused.value.complaints) == [field]
    assert not SealedIdentity.objects.filter(case=case).exists()
    assert Activity.objects.filter(verb="sealed who a case is", subject_id=case.pk).count() == 1


def test_who_was_withdrawn_is_named_no_more_than_before() -> None:
    world = sealed_audit()
    Case.objects.filter(pk=world.cases[0].pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason="Not the right child."
    )
    with pytest.raises(NamesSomebodyError):
        change(world, title=NAMED["title"])


class TestWhyTheAgenciesAreAsked:
    """Prose that all of them read, in which a name may be an ordinary word."""

    @pytest.mark.parametrize("field", WHY_ASKED)
    def test_a_name_in_it_stops_circulation_until_it_is_reworded_or_cleared(
        self, field: str
    ) -> None:
        world = sealed_audit(stage=Stage.NOMINATING)
        change(world, **{field: "To learn of the Marlstone family."})
        assert WHY_ASKED_NAMES in ready_to_circulate(Audit.objects.get())
        officer = signed_in(world.officer)
        page = reverse("audit-screening", args=[world.audit.pk])
        [line] = [each for each in officer.get(page).context["form"].lines if each.is_certain]
        assert line.words == "Marlstone"
        officer.post(page, {f"why_{line.key}": "other", f"reason_{line.key}": "A street."})
        assert WHY_ASKED_NAMES not in ready_to_circulate(Audit.objects.get())

    def test_it_is_told_of_as_soon_as_the_name_is_sealed(self) -> None:
        world = sealed_audit()
        change(world, purpose="To learn of the Fennimore family.")
        assert needs(world) == []
        sent = {"case-1-given_names": "Ottoline", "case-1-family_name": "Fennimore"}
        address = reverse("identity-seal", args=[world.audit.pk]) + "?case=1"
        answer = signed_in(world.officer).post(
            address, {**sent, "replace": "on", "replaces": "1"}, follow=True
        )
        assert WHY_ASKED_NAMES in answer.content.decode()
        assert "1 case sealed." in answer.content.decode()
        assert needs(world) == [WHY_ASKED_NAMES]


def needs(world: Sealed) -> list[str]:
    audit = Audit.objects.get(pk=world.audit.pk)
    return [str(each.sentence) for each in overview_of(audit, world.officer).to_mend]
