"""Children's names in every field there is: in no log, mail, session, address or traceback.

The small run fills a whole scenario with them, opens its pages, sends them in forms, queries and
headers, and lets a page fail in their presence. The long one runs the whole suite among 500.
Titles and names of organisations hold none of them: those do stand in mail.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from agencies.models import Activity
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.endurance.forms_found import all_forms
from tests.endurance.lasting import CACHES
from tests.endurance.nonsense import Field, Sent
from tests.endurance.test_bad_input import multipart
from tests.security import filling
from tests.support.canaries import IDENTITIES, PLACES, Watch, identities, watching
from tests.support.checks import ROOT
from tests.support.undone import undone

SMALL, LONG = 40, IDENTITIES
LINE = 500
"""Letters of the longest field that is a line and no prose."""

OPENED = {
    "audit-detail",
    "case-return-edit",
    "contributor-create",
    "finding-list",
    "nomination-list",
    "person-list",
    "theme-create",
}


@login_not_required
def fail(_request: HttpRequest, words: str) -> HttpResponse:
    local = f"{words} again"
    raise ValueError(f"{local} is no number")


urlpatterns = [path("fail/<str:words>/", fail, name="fail")]


def run(rounds: int) -> Figures:
    figures = Figures("canaries", bad=tuple(f"in {place}" for place in PLACES))
    figures.add("identities", rounds)
    if rounds >= LONG:
        _whole_suite(figures)
        return figures
    with watching() as watch, override_settings(CACHES=CACHES), transaction.atomic():
        _go_about(identities(rounds))
        _fail(identities(1)[0])
        transaction.set_rollback(True)
    _count(figures, watch.seen, watch.found)
    return figures


def _count(figures: Figures, seen: dict[str, int], found: dict[str, int]) -> None:
    for place in PLACES:
        figures.add(f"looked at, {place}", seen.get(place, 0))
        figures.add(f"in {place}", found.get(place, 0))


def _go_about(names: list[str]) -> None:
    in_turn = filling.InTurn(names)
    built, _ = filling.build(
        lambda name, room: in_turn(name, room) if room > LINE else "Ordinary words"
    )
    walk = Walk(built)
    forms = all_forms(walk, OPENED)
    for number, form in enumerate(forms):
        name = names[number % len(names)]
        client: Any = walk.clients[form.role]
        headers = {"HTTP_USER_AGENT": name, "HTTP_REFERER": f"http://testserver/{name}/"}
        body, kind = multipart(Sent(pairs=[_typed(each, name) for each in form.fields]))
        with undone():
            client.get(form.action, {"q": name}, **headers)
            client.get(f"/{name}/", **headers)
            client.generic(form.method.upper(), form.action, body, kind, **headers)
    cache.clear()


def _typed(field: Field, name: str) -> tuple[str, str]:
    usual = field.choices[-1] if field.choices else field.value
    return field.name, name if field.kind == "textarea" else usual


def _fail(name: str) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get(f"/fail/{name}/?q={name}")
    assert answer.status_code == 500


def _whole_suite(figures: Figures) -> None:
    with TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        # Its own tests leave names where they must be found.
        own = f"--ignore={Path(__file__).relative_to(ROOT)}"
        command = ["-m", "pytest", "-p", "tests.support.canaries", own, "-q", "--maxfail=100000"]
        subprocess.run(
            [sys.executable, *command, "-p", "no:cacheprovider", "-n", "2", "--dist", "loadgroup"],
            cwd=ROOT,
            env={
                **os.environ,
                "CANARIES": str(told),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "DATABASE_URL": "",
            },
            stdout=subprocess.DEVNULL,
            check=False,
        )
        reports = [json.loads(each.read_text()) for each in told.glob("gw*.json")]
    figures.add("times a name was sent or kept", sum(each["names"] for each in reports))
    for each in reports:
        _count(figures, each["seen"], each["found"])
        for where in each["during"]:
            figures.add(where)


@pytest.mark.django_db
def test_no_name_leaves_the_pages_it_belongs_on() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert figures.counts["looked at, log"] > 10
    assert figures.counts["looked at, address"] > 10
    # Nobody signs in while it runs, so that no session is written.
    seen = {place for place in PLACES if figures.counts[f"looked at, {place}"]}
    assert seen == {*PLACES} - {"session"}


def test_letters_that_stand_in_a_token_by_chance_are_no_name() -> None:
    watch = Watch()
    watch.look("mail", "https://maca.example/reply/hZqkLmwopQx-3_zqABCDEFgh/")
    assert not watch.found


@pytest.mark.django_db
def test_rows_that_are_made_together_are_looked_at_too() -> None:
    with watching() as watch, pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.bulk_create([Activity(verb="Zqbardelfen")])
    assert (watch.seen["activity"], watch.found["activity"]) == (1, 1)


def test_a_name_in_the_wrong_place_would_be_found() -> None:
    watch = Watch()
    for words in ("Dear Zqbardelfen", "number 9991234567", "/ZQBARDELFEN/"):
        watch.look("mail", words)
    watch.look("mail", "Zqbardelfen", frozenset({"zqbardelfen"}))
    assert (watch.seen["mail"], watch.found["mail"]) == (4, 3)
