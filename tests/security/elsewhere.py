"""What whoever asks must not be told of: rows, words and places that are somewhere else."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.apps import apps
from django.db.models import Model, UUIDField

from tests.contracts.privacy import readers
from tests.contracts.walking import Page
from tests.scenario import Scenario, canary

HOST = "outside.example"
OUTSIDE = (
    f"https://{HOST}/x",
    f"//{HOST}/x",
    f"/\\{HOST}/x",
    f"https:{HOST}/x",
    f"javascript:'//{HOST}'",
)
"""Addresses that lead away, as browsers read them."""
NOWHERE_ID = "4f1d9c0e-2a66-4c1b-9d75-0b8e6a3c7f52"
NOWHERE_NUMBER = "1987654321"
NOWHERE_WORDS = "qwxz-qwxz-qwxz"

ANY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LEADS = re.compile(r'\s(?:href|src|action|formaction|content|hx-[a-z]+)="([^"]*)"')
AWAY = re.compile(rf"\s*(?:javascript:|(?:https?:)?[/\\]*{re.escape(HOST)})", re.IGNORECASE)

# Of each kind of words one canary; who may not read it is told nothing of it by looking for it.
WORDS = (
    ("foreign", "called", "foreign"),
    ("foreign", "returned", "own"),
    ("collecting", "returned", "own"),
    ("collecting", "returned", "colleague"),
    ("collecting", "concern", "colleague"),
    ("collecting", "identity", "officer"),
    ("collecting", "asked", "own"),
    ("nominating", "nominated", "lead"),
    ("meeting", "returned", "excused"),
    ("meeting", "agreed", "meeting"),
    ("meeting", "draft", "own"),
    ("meeting", "status", "officer"),
)


def words_kept_from(role: str) -> list[str]:
    return [canary(*each) for each in WORDS if role not in readers(*each)]


def ids_kept_from(scenario: Scenario, role: str) -> dict[str, str]:
    """One row of each kind of the partnership that is not theirs, by what addresses call it."""
    told = scenario.told["meeting" if role == "foreign" else "foreign"]
    shared = scenario.shared if role == "foreign" else scenario.others["foreign"]
    named = {
        **shared,
        **told.parts,
        "audit_id": told.audit.pk,
        "partnership_id": told.audit.partnership_id,
        "theme_id": told.audit.theme_id,
        "toolkit_id": told.audit.toolkit_id,
        "case_id": told.parts["cases"][0].pk,
    }
    return {
        name: str(value) for name, value in sorted(named.items()) if isinstance(value, UUID | int)
    }


def rows() -> dict[str, type[Model]]:
    """Every row that has a random id."""
    return {
        str(pk): model
        for model in apps.get_models()
        if isinstance(model._meta.pk, UUIDField)
        for pk in model._base_manager.values_list("pk", flat=True)  # noqa: SLF001 - all there are
    }


def nowhere(value: str) -> str:
    """The same kind of value, that names nothing at all."""
    if value.isdigit():
        return NOWHERE_NUMBER
    return NOWHERE_ID if ANY_ID.fullmatch(value) else NOWHERE_WORDS


def leads_away(page: Page) -> Iterator[str]:
    """Where an answer would take a browser, if that is not here."""
    for name in ("location", "refresh", "hx-redirect", "hx-location", "hx-push-url"):
        where = page.headers.get(name, "")
        if AWAY.match(where) or urlsplit(where).netloc not in {"", "testserver"}:
            yield f"{name}: {where}"
    for where in LEADS.findall(page.text if page.is_html else ""):
        if AWAY.match(where):
            yield where
