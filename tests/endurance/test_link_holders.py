"""Nonsense into every form of somebody who holds a contributor's link and no account."""

import pytest
from django.urls import reverse

from audits.holding import COOKIE
from tests.audits.contributing import browser_of
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.endurance.forms_found import forms_on
from tests.endurance.lasting import lasting_walk
from tests.endurance.nonsense import Form, Nonsense
from tests.endurance.test_bad_input import Trial

SMALL, LONG = 10, 1000


def run(rounds: int) -> Figures:
    with lasting_walk() as walk:
        return _tried(walk, rounds)


def _tried(walk: Walk, rounds: int) -> Figures:
    link = walk.scenario.links["holder"]
    walk.clients["holder"] = browser_of(link)
    walk.clients["visitor"] = browser_of(link, confirmed=False)
    keys = {role: walk.clients[role].cookies[COOKIE].value for role in ("holder", "visitor")}
    trial = Trial(walk)
    trial.result.name = "link_holders"
    for form in _forms(walk):
        trial.result.add("forms")
        nonsense = Nonsense(f"{form.signature}", trial.ids, trial.spoiler.spoilt)
        for _ in range(rounds):
            # Finishing, undone like all else, took the cookie away.
            walk.clients[form.role].cookies[COOKIE] = keys[form.role]
            trial._try(form, nonsense.sent(form))  # noqa: SLF001 - the same trial, other forms
    return trial.result


def _forms(walk: Walk) -> list[Form]:
    request_id = walk.scenario.shared["request_id"]
    pages = [
        ("visitor", reverse("contribution-confirm")),
        ("holder", reverse("contribution-detail")),
        ("holder", reverse("contribution-edit", args=[request_id])),
    ]
    return [
        form
        for role, address in pages
        for form in forms_on(walk.open("GET", address, role).text, address, role)
    ]


@pytest.mark.django_db
def test_nonsense_by_a_link_is_answered_in_words() -> None:
    figures = run(SMALL)
    assert figures.held, figures
