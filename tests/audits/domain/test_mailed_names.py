"""No title and no code that says who somebody is gets into an audit about which mail goes out."""

from typing import Any

import pytest

from agencies.models import Activity
from audits.domain.audits import update_audit
from audits.domain.guards import names_nobody
from audits.domain.identities import remove_identity, seal_identities
from audits.domain.mailed_names import NamesSomebodyError, complaint
from audits.domain.telling import TOLD
from audits.models import Audit, SealedIdentity, Stage
from audits.screening.registry import RULES
from tests.audits.sealing import TOBIT, Sealed, sealed_audit

pytestmark = pytest.mark.django_db

NAMED = {"title": "Neglect and Quillfeather", "code": "943 476 5919"}


def change(world: Sealed, **values: Any) -> Audit:
    return update_audit(
        audit=world.audit, by=world.officer, values=values, revision=world.audit.revision
    )


def told() -> int:
    return Activity.objects.filter(verb=TOLD).count()


@pytest.mark.parametrize("stage", [each for each in Stage if each != Stage.PLANNED])
@pytest.mark.parametrize("field", NAMED)
def test_it_is_refused_as_soon_as_mail_may_go_out(stage: Stage, field: str) -> None:
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


def test_before_that_the_step_stops_at_it() -> None:
    world = sealed_audit()
    Audit.objects.update(stage=Stage.PLANNED)
    assert change(world, **NAMED).title == NAMED["title"]


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


def test_before_any_mail_it_is_sealed_and_the_next_step_stops() -> None:
    world = sealed_audit()
    Audit.objects.update(stage=Stage.PLANNED, title=NAMED["title"])
    case = world.cases[1]
    seal_identities(seal=world.seal, by=world.officer, identities={case: TOBIT}, replacing=[case])
    assert complaint("title") in names_nobody(Audit.objects.get())
