"""Whoever writes on a page of the set-up as it closes has their words in its form again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Activity, Partnership, User
from agencies.roles import Role
from audits.domain.audits import SCALE_LOCKED, VOICES_LOCKED
from audits.domain.nominations import CLOSED
from audits.domain.toolkits import FROZEN
from audits.forms.audit import AuditUpdateForm, GradeFormSet
from audits.forms.case import AddCasesForm
from audits.forms.draw import DrawForm
from audits.forms.nomination import NominationForm
from audits.forms.question import QuestionForm
from audits.forms.reason import ReasonForm
from audits.forms.toolkit import ToolkitForm
from audits.models import Audit, Case, Draw, Grade, Nomination, Question, Stage, Toolkit
from audits.views.closed import COPY_IT
from tests.audits.browsing import signed_in
from tests.audits.handed_back import WORDS, is_in_a_box, text_of
from tests.factories import AuditFactory, QuestionFactory, person

pytestmark = pytest.mark.django_db

CASES_CLOSED = "Cases are added while the audit is nominating or collecting."
WRITTEN = (Audit, Case, Draw, Grade, Nomination, Question, Toolkit)
LIST = {"list_description": WORDS, "list_size": "10", "sample_size": "2"}
SCALE = {
    "grades-TOTAL_FORMS": "2",
    "grades-INITIAL_FORMS": "0",
    "grades-0-label": "Met",
    "grades-0-description": WORDS,
    "grades-0-meets_good": "on",
    "grades-1-label": "Not met",
}
QUESTION = {"text": "Was it used?", "kind": "yes_no", "help_text": WORDS}


def meets() -> None:
    Audit.objects.update(stage=Stage.MEETING)


def freezes() -> None:
    Toolkit.objects.update(frozen_at=timezone.now())


def decides() -> None:
    Nomination.objects.update(stage=Nomination.Stage.SELECTED)


@dataclass(frozen=True)
class Closing:
    route: str
    form: Any
    closes: Callable[[], None]
    says: str
    sent: dict[str, str]


PAGES = [
    Closing("nomination-create", NominationForm, meets, CLOSED, {"reason": WORDS}),
    Closing(
        "nomination-decline",
        ReasonForm,
        decides,
        "This nomination was already decided.",
        {"reason": WORDS},
    ),
    Closing("case-create", AddCasesForm, meets, CASES_CLOSED, {"reasons": WORDS}),
    Closing("draw-create", DrawForm, meets, CASES_CLOSED, LIST),
    Closing("audit-grades", GradeFormSet, meets, SCALE_LOCKED, SCALE),
    Closing("question-create", QuestionForm, freezes, FROZEN, QUESTION),
    Closing("question-update", QuestionForm, freezes, FROZEN, QUESTION),
    Closing("toolkit-update", ToolkitForm, freezes, FROZEN, {"name": "A", "description": WORDS}),
]


@pytest.fixture
def audit(partnership: Partnership) -> Audit:
    made: Audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
    QuestionFactory(toolkit=made.toolkit)
    member = person(Role.MEMBER, partnership)
    Nomination.objects.create(audit=made, by=member, reason="Long drift.")
    return made


def address(route: str, audit: Audit) -> str:
    ids = {
        "nomination-decline": [audit.pk, Nomination.objects.get().pk],
        "question-create": [audit.toolkit_id],
        "question-update": [audit.toolkit_id, Question.objects.get().pk],
        "toolkit-update": [audit.toolkit_id],
    }
    return reverse(route, args=ids.get(route, [audit.pk]))


def closing_late(form: Any, closes: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """After the page has looked whether it is open, and before it writes."""
    is_valid = form.is_valid

    def closing(self: Any) -> bool:
        right: bool = is_valid(self)
        closes()
        return right

    monkeypatch.setattr(form, "is_valid", closing)


def everything() -> Iterator[str]:
    for model in WRITTEN:
        yield from map(str, model._default_manager.values())


@pytest.mark.parametrize("late", [False, True], ids=["before it was sent", "as it was written"])
@pytest.mark.parametrize("closing", PAGES, ids=lambda closing: closing.route)
def test_words_stand_in_the_form_again(
    officer: User, audit: Audit, closing: Closing, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = signed_in(officer), address(closing.route, audit)
    if late:
        closing_late(closing.form, closing.closes, monkeypatch)
    else:
        closing.closes()
    recorded = Activity.objects.count()

    response = client.post(url, closing.sent)

    assert response.status_code == 200
    assert is_in_a_box(response)
    assert f"{closing.says} {COPY_IT}" in text_of(response)
    assert WORDS not in " ".join(everything())
    assert Activity.objects.count() == recorded


@pytest.mark.parametrize("closing", PAGES, ids=lambda closing: closing.route)
def test_while_it_is_open_they_are_written(officer: User, audit: Audit, closing: Closing) -> None:
    response = signed_in(officer).post(address(closing.route, audit), closing.sent)
    assert response.status_code == 302
    assert WORDS in " ".join(everything())


def test_the_set_up_of_an_audit_that_circulates_as_it_is_saved(
    client: Client, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("audit-update", args=[audit.pk])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in sent.items() if value not in (None, False)}
    closing_late(AuditUpdateForm, meets, monkeypatch)
    response = client.post(url, typed | {"purpose": WORDS, "asks_family": "on"})
    assert is_in_a_box(response)
    assert f"{VOICES_LOCKED} {COPY_IT}" in text_of(response)
    assert Audit.objects.get().purpose != WORDS
