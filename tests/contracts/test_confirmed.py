"""Every act for which a session left open is not enough, and that it is asked for each.

Publishing; roles and accounts; ways of signing in; the seal of who the children are. A route that
joins or leaves this list is written down here.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from agencies.roles import Role
from tests.factories import PASSWORD, PartnershipFactory, person

SOME_ID = UUID("6f1f2b1e-3a53-4d1c-9a3e-0d8f4c1f7a55")
ONE, NUMBER = {"person_id": SOME_ID}, {"pk": 7}
AUDIT = {"audit_id": SOME_ID}

# To send something there is asked about; what else an address needs, and what is sent.
SENDING: dict[str, list[tuple[dict[str, Any], dict[str, str]]]] = {
    "access-review-detail": [
        ({"review_id": SOME_ID}, {"do": "complete"}),
        ({"review_id": SOME_ID}, {"do": "end"}),
    ],
    "audit-publish": [(AUDIT, {})],
    "audit-transition": [
        (AUDIT | {"name": "back-to-drafting"}, {}),
        (AUDIT | {"name": "back-to-published"}, {}),
    ],
    "identity-remove": [(AUDIT | {"case_id": SOME_ID}, {})],
    "identity-reveal": [(AUDIT, {})],
    "legal-hold-lift": [(AUDIT, {})],
    "membership-create": [(ONE, {})],
    "membership-end": [({"membership_id": SOME_ID}, {})],
    "person-deactivate": [(ONE, {})],
    "person-invite": [({}, {})],
    "person-reactivate": [(ONE, {})],
    "seal-destroy": [(AUDIT, {})],
    "seal-update": [(AUDIT, {})],
    "second-factor-require": [({}, {})],
    "second-factor-reset": [(ONE, {})],
}
# To open it is asked about.
OPENING: dict[str, dict[str, Any]] = {
    "account_set_password": {},
    "mfa_activate_totp": {},
    "mfa_add_webauthn": {},
    "mfa_deactivate_totp": {},
    "mfa_edit_webauthn": NUMBER,
    "mfa_generate_recovery_codes": {},
    "mfa_index": {},
    "mfa_remove_webauthn": NUMBER,
    "mfa_view_recovery_codes": {},
}
# What is sent to the same addresses and matters less.
FREE: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("access-review-detail", {"review_id": SOME_ID}, {"do": "keep"}),
    ("audit-transition", AUDIT | {"name": "back-to-meeting"}, {}),
    ("audit-transition", AUDIT | {"name": "close"}, {}),
]


def patterns(among: list[Any]) -> Iterator[URLPattern]:
    for each in among:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from patterns(each.url_patterns)


def asks_again(pattern: URLPattern) -> bool:
    return bool(getattr(pattern.callback, "asks_again", False))


def test_every_act_that_matters_so_much_is_listed_and_no_other() -> None:
    asking = {str(each.name) for each in patterns(get_resolver().url_patterns) if asks_again(each)}
    assert asking == {*SENDING, *OPENING}


@pytest.fixture
def left_open(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of somebody who signed in too long ago."""
    client = Client()
    client.force_login(person(Role.OFFICER, PartnershipFactory(), password=PASSWORD))
    monkeypatch.setattr(settings, "CONFIRM_AFTER", 0)
    return client


def was_asked(answer: Any) -> bool:
    return b"Confirm that it is you" in answer.content


def test_each_is_asked_about_and_what_was_sent_waits(left_open: Client) -> None:
    for name, ways in SENDING.items():
        for kwargs, sent in ways:
            answer = left_open.post(reverse(name, kwargs=kwargs), sent | {"reason": "As agreed."})
            assert was_asked(answer), name
            assert b'name="reason" value="As agreed."' in answer.content, name
    for name, opened in OPENING.items():
        assert was_asked(left_open.get(reverse(name, kwargs=opened))), name


def test_what_matters_less_is_not(left_open: Client) -> None:
    for name, kwargs, sent in FREE:
        assert not was_asked(left_open.post(reverse(name, kwargs=kwargs), sent)), name
