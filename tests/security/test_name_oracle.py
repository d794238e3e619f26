"""Nobody finds out which names are sealed by asking the page that saves, or those beside it.

Lists of names with the sealed ones among them, in small letters, are sent in each way in which
nothing would be written, or by whoever may not look at identities; what comes back must be the same
as for names that nobody bears. What is written is answered, recorded, and answered so often a day.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Activity, User
from agencies.roles import Role
from audits.domain.drafts import digest
from audits.domain.screened import Scope
from audits.domain.screened_texts import flagged_in_return, return_passages
from audits.domain.telling import A_DAY, TOLD, tell
from audits.models import AgencyReturn, Audit, CaseReturn, ReturnStage, Stage, TextRevision
from reports.domain.screened_texts import FOR_THE_OFFICER, words_undecided
from tests.audits.sealing import Sealed, sealed_audit
from tests.endurance import Figures
from tests.factories import CaseReturnFactory, ContributorFactory, person

SMALL, LONG = 1, 50

SEALED = ("wrenella", "quillfeather", "wrennie", "dabb", "orrin", "tobit", "marlstone")
BAD = ("sealed names told",)


def decoys(random: Random, number: int) -> list[str]:
    def syllable() -> str:
        return random.choice("bcdfgklmnprst") + random.choice("aeiou")

    return ["".join(syllable() for _ in range(4)) for _ in range(number)]


def asked(random: Random) -> str:
    words = [*decoys(random, 60), *SEALED]
    random.shuffle(words)
    return " it was. ".join(words)


class Attacker:
    """Somebody signed in who asks by saving, and keeps what they hear."""

    def __init__(self, world: Sealed, row: CaseReturn, user: User) -> None:
        self.world, self.row, self.user = world, row, user
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)

    def save(self, basis: dict[str, Any] | None = None, /, **sent: str) -> Any:
        address = reverse("case-return-save", args=[self.row.agency_return_id, self.row.pk])
        data = {**sent, "basis": json.dumps(basis or {})}
        return self.client.post(address, data, headers={"Accept": "application/json"})

    def hears(self, answer: Any) -> list[str]:
        found = (answer.json().get("screened") or {}).values()
        return [hit["words"] for hits in found for hit in hits]

    def reads(self, route: str, *args: Any) -> list[str]:
        html = self.client.get(reverse(route, args=args)).content.decode()
        return [word for word in SEALED if f">{word}<" in html]


def bad_basis(attacker: Attacker, text: str) -> Any:
    return attacker.save({"engagement_past": [1, "000000000000"]}, engagement_past=text)


def own_basis(attacker: Attacker, text: str) -> Any:
    """Whoever says that they read just these words has changed nothing."""
    return attacker.save({"not_known_reason": [1, digest(text)]}, not_known_reason=text)


def backwards(attacker: Attacker, text: str) -> Any:
    line = f"entry_{uuid4()}"
    days = {f"{line}_began": "2026-02-02", f"{line}_ended": "2026-01-01"}
    return attacker.save(None, **{f"{line}_words": text}, **days)


def without_a_kind(attacker: Attacker, text: str) -> Any:
    return attacker.save(None, **{f"point_{uuid4()}": text})


WAYS: dict[str, Callable[[Attacker, str], Any]] = {
    "a basis that never fits": bad_basis,
    "a basis of the words themselves": own_basis,
    "a line that ends before it begins": backwards,
    "a point that was never there": without_a_kind,
}


def open_to_all(world: Sealed) -> None:
    """As it stands while returns are collected."""


def handed_in(world: Sealed) -> None:
    AgencyReturn.objects.filter(pk=world.police.pk).update(stage=ReturnStage.SIGNED_OFF)


def published(world: Sealed) -> None:
    Audit.objects.filter(pk=world.audit.pk).update(stage=Stage.PUBLISHED)
    handed_in(world)


def at_the_meeting(world: Sealed) -> None:
    """A return that was opened again, when nobody of the agency may look any more."""
    Audit.objects.filter(pk=world.audit.pk).update(stage=Stage.MEETING)


def world_of(when: Callable[[Sealed], None] = open_to_all) -> tuple[Sealed, CaseReturn]:
    world = sealed_audit()
    row = CaseReturnFactory(
        agency_return=world.police, case=world.cases[0], not_known_reason="Theirs."
    )
    when(world)
    cache.clear()
    return world, row


def run(rounds: int) -> Figures:
    figures = Figures("names asked for", bad=BAD)
    random = Random("names")
    for _ in range(rounds):
        for when in (open_to_all, handed_in, published, at_the_meeting):
            world, row = world_of(when)
            for way in WAYS.values():
                attacker = Attacker(world, row, world.constable)
                heard = attacker.hears(way(attacker, asked(random)))
                figures.add("tries in which nothing is written")
                figures.add(BAD[0], len(set(heard) & set(SEALED)))
    return figures


@pytest.mark.django_db
def test_what_is_not_written_is_not_answered() -> None:
    figures = run(SMALL)
    assert figures.counts["tries in which nothing is written"] == 16
    assert figures.held, figures
    assert not TextRevision.objects.exists()
    assert not Activity.objects.filter(verb=TOLD).exists()


@pytest.mark.django_db
def test_what_is_written_is_answered_to_who_may_look_and_leaves_its_traces() -> None:
    world, row = world_of()
    attacker = Attacker(world, row, world.constable)
    text = "It was wrenella, or was it bofima."
    assert attacker.hears(attacker.save(engagement_past=text)) == ["wrenella"]
    assert TextRevision.objects.filter(case_return=row, words=text).exists()
    told = Activity.objects.get(verb=TOLD)
    assert (told.by, told.audit_id, told.kind) == (world.constable, world.audit.pk, "view")
    assert "wrenella" not in str(vars(told))

    # The same name again, in other words, is no other name.
    attacker.save(engagement_present="Was wrenella seen?")
    assert Activity.objects.filter(verb=TOLD).count() == 1


@pytest.mark.django_db
def test_only_so_many_are_told_in_a_day_and_then_no_more_by_any_page() -> None:
    world, row = world_of()
    attacker = Attacker(world, row, world.constable)
    spend(world, A_DAY - 2)
    assert attacker.hears(attacker.save(engagement_past="Was wrenella, was tobit there?")) == [
        "wrenella",
        "tobit",
    ]
    assert Activity.objects.filter(verb=TOLD).count() == A_DAY
    assert attacker.hears(attacker.save(engagement_present="Was marlstone there?")) == []
    assert attacker.hears(attacker.save(voice_child="", grade_reason="Was dabb there?")) == []
    assert attacker.reads("return-screening", world.police.pk) == ["wrenella", "tobit"]
    assert Activity.objects.filter(verb=TOLD).count() == A_DAY

    # Who runs the audit sealed them, and is shown all of them.
    officer = Attacker(world, row, world.officer)
    assert set(officer.reads("return-screening", world.police.pk)) == {
        "wrenella",
        "tobit",
        "marlstone",
        "dabb",
    }
    assert Activity.objects.filter(verb=TOLD, by=world.officer).count() == 4


def spend(world: Sealed, number: int) -> None:
    names = decoys(Random("spent"), number)
    tell(Scope.of_return(world.police), names, by=world.constable)


@pytest.mark.django_db
def test_a_case_that_was_withdrawn_is_nobody_any_more() -> None:
    world, row = world_of()
    world.cases[1].withdrawn_at = timezone.now()
    world.cases[1].withdrawn_reason = "Not the right child."
    world.cases[1].save()
    attacker = Attacker(world, row, world.constable)
    answer = attacker.save(engagement_past="Was tobit marlstone there, or wrenella?")
    assert attacker.hears(answer) == ["wrenella"]


@pytest.mark.django_db
def test_whoever_may_not_look_now_hears_of_no_sealed_name_while_they_write() -> None:
    world, row = world_of(at_the_meeting)
    attacker = Attacker(world, row, world.constable)
    text = "Was it wrenella? Tobit came."
    said = attacker.save(engagement_past=text).json()["screened"]["engagement_past"]
    assert [(hit["rule"], hit["words"], hit["certain"]) for hit in said] == [
        ("name", "Tobit", True)
    ]
    assert not Activity.objects.filter(verb=TOLD).exists()


@pytest.mark.django_db
def test_the_chair_reads_of_a_sealed_name_as_of_any_other() -> None:
    world, row = world_of(at_the_meeting)
    Audit.objects.update(stage=Stage.DRAFTING, asked_for_reason="Was it Wrenella, or Bofimara?")
    page = reverse("audit-screening", args=[world.audit.pk])
    chair = Attacker(world, row, person(Role.CHAIR, world.audit.partnership))
    form = chair.client.get(page).context["form"]
    lines = {line.words: (line.why, line.is_certain) for line in form.lines}
    assert set(lines) == {"Wrenella", "Bofimara"}
    assert lines["Wrenella"] == lines["Bofimara"]
    choices = {str(form.fields[f"why_{line.key}"].choices) for line in form.lines}
    assert len(choices) == 1
    assert "child or of the family" not in chair.client.get(page).content.decode()


def listed(world: Sealed, *names: str) -> None:
    for name in names:
        ContributorFactory(agency=world.police.agency, name=name)


@pytest.mark.django_db
@pytest.mark.parametrize("surname", ["{}", "{} Surgery"])
def test_a_list_of_contributors_tells_no_sealed_name_from_another(surname: str) -> None:
    """Names of the list are no alarm: what is left over would be those that are sealed."""
    world, row = world_of(at_the_meeting)
    lead = Attacker(world, row, person(Role.LEAD, world.police.agency))
    names = [surname.format(name) for name in ("Wrenella", "Bofimara", "Marlstone", "Tegulina")]
    listed(world, *names)
    CaseReturn.objects.update(engagement_past=f"Told by {', by '.join(names)}.")
    page = lead.client.get(reverse("return-screening", args=[world.police.pk]))
    lines = {line.words for line in page.context["page"].open}
    assert lines == (set(names) if surname == "{}" else set())
    world.police.refresh_from_db()
    world.police.audit.refresh_from_db()
    assert len(flagged_in_return(world.police, return_passages(world.police))) == len(lines)


@pytest.mark.django_db
def test_those_who_look_for_the_children_are_told_of_a_name_in_an_organisations_name() -> None:
    world, _ = world_of()
    listed(world, "Wrenella Surgery", "Bofimara Surgery")
    CaseReturn.objects.update(engagement_past="Wrenella Surgery and Bofimara Surgery rang.")
    assert [
        each.hit.text for each in flagged_in_return(world.police, return_passages(world.police))
    ] == ["Wrenella"]


@pytest.mark.django_db
def test_the_documents_stop_at_it_and_the_chair_is_not_told_where() -> None:
    world, row = world_of(at_the_meeting)
    listed(world, "Wrenella Surgery", "Bofimara Surgery")
    text = "Wrenella Surgery and Bofimara Surgery asked for it."
    Audit.objects.update(stage=Stage.DRAFTING, asked_for_reason=text)
    address = reverse("audit-screening", args=[world.audit.pk])
    audit = Audit.objects.get(pk=world.audit.pk)
    chair = Attacker(world, row, person(Role.CHAIR, world.audit.partnership))
    assert words_undecided(audit, by=chair.user) == [FOR_THE_OFFICER]
    page = chair.client.get(address).context["page"]
    assert (page.open, page.has_unheard) == ([], True)
    officer = Attacker(world, row, world.officer)
    (sentence,) = words_undecided(audit, by=world.officer)
    assert sentence.startswith("The audit: 1 thing in the words")
    page = officer.client.get(address).context["page"]
    assert ([line.words for line in page.open], page.has_unheard) == (["Wrenella"], False)


@pytest.mark.django_db
def test_the_chair_who_publishes_is_told_how_many_only_of_what_the_page_lists() -> None:
    world, _ = world_of(at_the_meeting)
    listed(world, "Wrenella Surgery", "Bofimara Surgery")
    text = "Marlstone, Tegulina, Wrenella Surgery and Bofimara Surgery asked for it."
    Audit.objects.update(stage=Stage.DRAFTING, asked_for_reason=text)
    chair = person(Role.CHAIR, world.audit.partnership)
    counted, waits = words_undecided(Audit.objects.get(pk=world.audit.pk), by=chair)
    assert counted.startswith("The audit: 2 things in the words")
    assert waits == FOR_THE_OFFICER

    # Once the same name is listed plainly nothing else waits, and nobody is sent for it.
    Audit.objects.update(asked_for_reason=text.replace("Marlstone", "Wrenella"))
    (counted,) = words_undecided(Audit.objects.get(pk=world.audit.pk), by=chair)
    assert counted.startswith("The audit: 2 things in the words")


@pytest.mark.django_db
def test_a_form_that_changed_nothing_tells_no_sealed_name() -> None:
    """Sent whole, with a basis that says nothing was changed: answered as if it had been saved."""
    world, row = world_of()
    attacker = Attacker(world, row, world.constable)
    text = "Was it wrenella? See 07700 900123."
    marks = json.dumps({"engagement_past": [0, digest(text)]})
    CaseReturn.objects.update(engagement_past="Theirs.")
    page = reverse("case-return-edit", args=[row.agency_return_id, row.pk])
    answer = attacker.client.post(page, {"engagement_past": text, "basis": marks}, follow=True)
    assert "children or families" not in answer.content.decode()
