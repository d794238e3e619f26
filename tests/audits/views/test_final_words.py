"""Words that stay as they are sent come back where they certainly say who somebody is."""

from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from agencies.models import Activity
from agencies.roles import Role
from audits.domain.concerns import raise_concern
from audits.domain.screened import Scope
from audits.domain.seals import put_on_hold
from audits.domain.telling import A_DAY, TOLD, tell
from audits.forms.concern import AcknowledgeForm
from audits.forms.identity import LookForm
from audits.forms.reason import ReasonForm
from audits.models import (
    CaseReturn,
    Concern,
    IdentityView,
    LegalHold,
    Nomination,
    Seal,
    StatusChange,
)
from audits.screening.registry import RULES
from tests.audits.collecting import signed_in
from tests.audits.sealing import Sealed, sealed_audit
from tests.factories import CaseReturnFactory, person

pytestmark = pytest.mark.django_db

COURT = "A court asks."
NUMBER = "943 476 5919"  # the check digit holds; made up


@pytest.fixture
def world() -> Sealed:
    cache.clear()
    return sealed_audit()


def send_back(world: Sealed, reason: str) -> Any:
    row = CaseReturnFactory(agency_return=world.health, case=world.cases[0], stage="complete")
    address = reverse("case-return-send-back", args=[row.agency_return_id, row.pk])
    return signed_in(world.nurse).post(address, {"reason": reason})


def withdraw(world: Sealed, reason: str) -> Any:
    address = reverse("case-withdraw", args=[world.audit.pk, world.cases[0].pk])
    return signed_in(world.officer).post(address, {"reason": reason})


def excuse(world: Sealed, reason: str) -> Any:
    address = reverse("agency-return-transition", args=[world.police.pk, "excuse"])
    return signed_in(world.officer).post(address, {"reason": reason})


def replace(world: Sealed, reason: str) -> Any:
    address = reverse("case-replace", args=[world.audit.pk, world.cases[0].pk])
    return signed_in(world.officer).post(address, {"reason": reason})


def decline(world: Sealed, reason: str) -> Any:
    nomination = Nomination.objects.create(audit=world.audit, reason="Late.", by=world.nurse)
    address = reverse("nomination-decline", args=[world.audit.pk, nomination.pk])
    return signed_in(world.officer).post(address, {"reason": reason})


def seal_page(world: Sealed, route: str, reason: str) -> Any:
    address = reverse(route, args=[world.audit.pk])
    return signed_in(world.officer).post(address, {"reason": reason})


def hold(world: Sealed, reason: str) -> Any:
    return seal_page(world, "legal-hold-create", reason)


def lift(world: Sealed, reason: str) -> Any:
    put_on_hold(audit=world.audit, by=world.officer, reason=COURT)
    return seal_page(world, "legal-hold-lift", reason)


def destroy(world: Sealed, reason: str) -> Any:
    return seal_page(world, "seal-destroy", reason)


FORMS = [send_back, withdraw, excuse, replace, decline, hold, lift, destroy]


def written(world: Sealed) -> bool:
    return (
        StatusChange.objects.exists()
        or Nomination.objects.filter(stage=Nomination.Stage.DECLINED).exists()
        or any(each.lifted_at or each.reason != COURT for each in LegalHold.objects.all())
        or Seal.objects.exclude(destroyed_at=None).exists()
        or CaseReturn.objects.filter(stage="in_progress").exists()
        or world.audit.cases.exclude(withdrawn_at=None).exists()
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "words", ["wrenella", NUMBER, "LN4 9ZX", "born 3 May 2014"], ids=["name", "no", "code", "day"]
)
def test_a_reason_comes_back_with_the_words_and_nothing_is_written(
    world: Sealed, form: Any, words: str
) -> None:
    answer = form(world, f"Please look at {words} again.")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Take out “" in html
    assert f"Please look at {words} again." in html
    assert not written(world)


@pytest.mark.parametrize("form", FORMS, ids=lambda each: each.__name__)
def test_without_them_it_is_written(world: Sealed, form: Any) -> None:
    assert form(world, "The evidence for question 2 is missing.").status_code == 302
    assert written(world)


@pytest.mark.parametrize("form", [hold, lift, destroy], ids=lambda each: each.__name__)
def test_identities_are_held_and_destroyed_without_their_key_too(world: Sealed, form: Any) -> None:
    (settings.KEY_FOLDER / f"{world.seal.pk}.key").unlink()
    assert "Take out “" in form(world, f"They are of {NUMBER}.").content.decode()
    LegalHold.objects.all().delete()
    assert form(world, "As the court asks.").status_code == 302
    assert written(world)


def test_no_form_of_final_words_is_built_without_saying_whose_they_are() -> None:
    kinds: list[Any] = [ReasonForm, AcknowledgeForm, partial(LookForm, sealed=[])]
    for form in kinds:
        with pytest.raises(TypeError, match="about"):
            form()


def test_why_somebody_looks_is_not_to_say_at_whom(world: Sealed) -> None:
    address = reverse("identity-reveal", args=[world.audit.pk])
    for words in ("wrenella", NUMBER):
        said = {"cases": ["1"], "every_case": "on", "reason": f"To find {words}."}
        answer = signed_in(world.constable).post(address, said)
        assert "Take out “" in answer.content.decode()
        assert answer.context["form"].errors["reason"]
    assert not IdentityView.objects.exists()


def test_a_name_that_is_only_likely_is_none_of_that(world: Sealed) -> None:
    assert excuse(world, "As agreed with Mr Ashgrove.").status_code == 302


def test_names_that_were_asked_for_often_enough_are_told_no_more(world: Sealed) -> None:
    spent = [f"Aab{chr(97 + number)}" for number in range(A_DAY)]
    tell(Scope.of_return(world.health), spent, by=world.nurse)
    assert send_back(world, "Please look at wrenella again.").status_code == 302
    assert Activity.objects.filter(verb=TOLD).count() == A_DAY


def test_where_it_cannot_be_looked_through_nothing_is_written(
    world: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "nhs-number", None)
    answer = excuse(world, "As agreed.")
    assert "could not be checked" in answer.content.decode()
    assert not written(world)


class TestAConcern:
    """Nothing keeps it from being sent. Afterwards its words can be changed."""

    def raised(self, world: Sealed, by: Any) -> Concern:
        concern, _told = raise_concern(world.police, by=by, words=f"See {NUMBER}.")
        return concern

    def edit(self, concern: Concern) -> str:
        return reverse("concern-update", args=[concern.pk])

    def test_is_sent_whatever_it_says_and_warns(self, world: Sealed) -> None:
        address = reverse("concern-create", args=[world.police.pk])
        said = {"about": "risk", "case": "", "words": f"See {NUMBER}.", "done_already": ""}
        answer = signed_in(world.constable).post(address, said, follow=True)
        concern = Concern.objects.get()
        html = answer.content.decode()
        assert "What you saved may say who somebody is" in html
        assert f'href="{self.edit(concern)}"' in html
        assert reverse("return-screening", args=[world.police.pk]) not in html

    @pytest.mark.parametrize("who", ["constable", "officer"])
    def test_is_reworded_by_its_writer_or_the_officer(self, world: Sealed, who: str) -> None:
        concern = self.raised(world, world.constable)
        client = signed_in(getattr(world, who))
        assert f"See {NUMBER}." in client.get(self.edit(concern)).content.decode()
        said = {"words": "Case 1 was not seen.", "done_already": "Rang."}
        assert client.post(self.edit(concern), said).status_code == 302
        concern.refresh_from_db()
        assert (concern.words, concern.done_already) == ("Case 1 was not seen.", "Rang.")
        activity = Activity.objects.get(verb="reworded a concern about immediate risk")
        assert activity.by == getattr(world, who)

    def test_and_by_nobody_else(self, world: Sealed) -> None:
        concern = self.raised(world, world.constable)
        colleague = person(Role.LEAD, world.police.agency)
        assert signed_in(colleague).post(self.edit(concern), {"words": "x"}).status_code == 403
        assert signed_in(world.nurse).post(self.edit(concern), {"words": "x"}).status_code == 404

    def test_words_are_not_taken_away_altogether(self, world: Sealed) -> None:
        concern = self.raised(world, world.constable)
        answer = signed_in(world.constable).post(self.edit(concern), {"words": " "})
        assert "Say what worries you." in answer.content.decode()
        concern.refresh_from_db()
        assert concern.words == f"See {NUMBER}."

    def test_its_answer_stays_and_so_names_nobody(self, world: Sealed) -> None:
        concern = self.raised(world, world.constable)
        address = reverse("concern-detail", args=[concern.pk])
        said = {"acknowledgement": "Rang about wrenella."}
        assert "Take out “" in signed_in(world.officer).post(address, said).content.decode()
        concern.refresh_from_db()
        assert concern.is_open
