"""Asking for a new password: what is done for an address that nobody has."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import OutboxMessage
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db


def ask(email: str) -> tuple[Any, list[str]]:
    """The answer, and the first words of each statement but for the edges of transactions."""
    with CaptureQueriesContext(connection) as captured:
        answer = Client().post("/accounts/password/reset/", {"email": email})
    plain = [re.sub('"_django_curs_[^"]+"', "cursor", each["sql"]) for each in captured]
    asked = [each.split(" WHERE ")[0].split(" VALUES ")[0] for each in plain]
    edges = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return answer, [each for each in asked if not each.startswith(edges)]


def test_as_much_is_done_for_nobody_as_for_somebody(
    django_capture_on_commit_callbacks: Any,
) -> None:
    """How long the answer takes would else tell who has an account."""
    known = person(Role.CHAIR, PartnershipFactory())
    with django_capture_on_commit_callbacks(execute=False):
        told, for_somebody = ask(known.email)
    assert [each.to for each in OutboxMessage.objects.all()] == [known.email]

    with django_capture_on_commit_callbacks(execute=True) as to_do:
        said, for_nobody = ask("nobody@fenshire.example")

    assert (said.status_code, said["Location"]) == (told.status_code, told["Location"])
    assert for_nobody == for_somebody
    assert (to_do, mail.outbox) == ([], [])
    assert OutboxMessage.objects.count() == 1
