"""Who a child is stands in the seal and on the one page that was asked for it, and nowhere else.

Names are typed, uploaded, mistyped, looked at, refused and destroyed; then everything that was left
behind is searched for them: every row of every table, the file of the database, the log, mail, the
audit as a file, documents, and each page of the audit.
"""

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from agencies.models import User
from audits.domain.digests import send_digests
from audits.domain.identity_destruction import destroy
from audits.identity import Identity
from audits.models import SealedIdentity
from reports.files.dumping import dump_data
from tests.audits.sealing import WORDS, Sealed, sealed_audit

TYPED = ("Ottolineke", "Fennimoredale", "1 Quaysideend", "Grizeldine Fennimoredale")
UPLOADED = ("Ivarssonette", "Underhillock")
SEARCHED = (*WORDS, *TYPED, *UPLOADED)
PAGES = (
    "audit-detail",
    "case-list",
    "seal-detail",
    "identity-seal",
    "identity-upload",
    "identity-reveal",
    "agency-return-list",
    "meeting-detail",
    "finding-list",
    "audit-documents",
    "audit-dashboard",
    "audit-figures",
)


def as_(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def found(text: str) -> list[str]:
    return [word for word in SEARCHED if word in text]


def workbook() -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Case", "Given names", "Family name"])
    sheet.append([4, *UPLOADED])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("who.xlsx", out.getvalue())


def live(world: Sealed) -> None:
    """Everything that can be done with names, and that can go wrong while it is done."""
    at = {name: reverse(name, args=[world.audit.pk]) for name in PAGES}
    typed = {
        "case-3-given_names": TYPED[0],
        "case-3-family_name": TYPED[1],
        "case-3-address": TYPED[2],
        "case-3-relatives": f"{TYPED[3]}, mother",
    }
    officer, constable = as_(world.officer), as_(world.constable)
    wrong = officer.post(at["identity-seal"], {**typed, "case-3-postcode": "nowhere"})
    assert wrong.status_code == 200
    assert officer.post(at["identity-seal"], typed).status_code == 302
    assert constable.post(at["identity-seal"], typed).status_code == 403
    assert Client().post(at["identity-seal"], typed).status_code == 302
    assert officer.post(at["identity-upload"], {"workbook": workbook()}).status_code == 302
    assert SealedIdentity.objects.count() == 4
    reason = {"cases": ["1", "2", "3", "4"], "reason": "To find our records."}
    for client in (officer, constable, as_(world.nurse)):
        shown = client.post(at["identity-reveal"], reason)
        assert "Wrenella" in shown.content.decode()
        assert shown.headers["Cache-Control"] == "no-store"
        assert found(str(shown.headers)) == []
    send_digests()


def every_row() -> str:
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows += [_plain(value) for row in cursor.fetchall() for value in row]
    return "\n".join(rows)


def _plain(value: Any) -> str:
    binary = isinstance(value, bytes | memoryview)
    return bytes(value).decode("latin-1") if binary else str(value)


def on_the_disc() -> str:
    """The database's own files, as somebody who copied them would search them."""
    if connection.vendor != "sqlite":
        return ""
    name = str(connection.settings_dict["NAME"])
    files = [Path(name + ending) for ending in ("", "-wal")]
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())


@pytest.mark.django_db(transaction=True)
def test_a_name_is_left_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    world = sealed_audit(cases=4)
    with caplog.at_level(logging.DEBUG):
        live(world)
    assert found(caplog.text) == []
    assert found(every_row()) == []
    assert found(on_the_disc()) == []
    assert found("".join(f"{each.subject} {each.body}" for each in mail.outbox)) == []
    assert found(json.dumps(dump_data(world.audit), ensure_ascii=False, default=str)) == []
    for user in (world.officer, world.constable):
        client = as_(user)
        pages = {name: client.get(reverse(name, args=[world.audit.pk])) for name in PAGES}
        texts = {name: response.content.decode() for name, response in pages.items()}
        assert {name: found(text) for name, text in texts.items() if found(text)} == {}
    preview = reverse("document-preview", args=[world.audit.pk, "summary-report"])
    assert found(as_(world.officer).get(preview).content.decode()) == []


@pytest.mark.django_db(transaction=True)
def test_the_search_would_find_one() -> None:
    """Words that lie in clear are found by each of the searches that found none."""
    world = sealed_audit()
    world.audit.purpose = "Wrenella Quillfeather"
    world.audit.save()
    assert "Quillfeather" in found(every_row())
    assert connection.vendor != "sqlite" or "Quillfeather" in found(on_the_disc())
    assert "Quillfeather" in found(json.dumps(dump_data(world.audit), default=str))


@pytest.mark.django_db
def test_nothing_says_who_they_are_once_they_are_destroyed() -> None:
    world = sealed_audit()
    destroy(seal=world.seal, by=world.officer)
    reason = {"cases": ["1", "2"], "reason": "To find our records."}
    client = as_(world.officer)
    look = reverse("identity-reveal", args=[world.audit.pk])
    answer = client.post(look, reason, follow=True)
    assert "destroyed" in answer.content.decode()
    assert found(answer.content.decode()) == []
    assert found(every_row()) == []


def test_an_identity_prints_itself_nowhere_by_chance() -> None:
    """What a traceback or a log would print of one names no child."""
    assert found(repr(Identity(*WORDS[:2], address=WORDS[5]))) == []
