"""What a web process does not load before somebody needs it: see docs/developers/speed.md."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.models import CaseReturn, Stage
from maca import settings as project
from tests.factories import (
    PASSWORD,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    person,
)
from tests.support.workers import process_environment

ROOT = Path(__file__).resolve().parents[2]
LATE = {
    "cryptography": "sealed words, passkeys",
    "docx": "Word files",
    "docxtpl": "Word files",
    "fido2": "passkeys",
    "jwt": "directories",
    "lxml": "Word files",
    "openpyxl": "workbooks",
    "pikepdf": "PDFs",
    "PIL": "pictures in documents",
    "qrcode": "setting up an authenticator app",
    "requests": "directories",
    "urllib3": "directories",
    "weasyprint": "PDFs, in a process of their own",
}
PROCESS = f"""
import sys
from maca.wsgi import application
from django.test import Client
from django.urls import get_resolver
get_resolver().reverse_dict

def loaded():
    return ",".join(sorted({set(LATE)!r} & set(sys.modules))) or "none"

print("start", loaded())
for address, *paths in [line.split() for line in sys.stdin.read().splitlines()]:
    browser = Client(headers={{"host": "localhost"}})
    sent = {{"login": address, "password": {PASSWORD!r}}}
    print("sign-in", browser.post("/accounts/login/", sent).status_code)
    for path in paths:
        print("page", browser.get(path).status_code)
print("end", loaded())
"""


@pytest.fixture
def row(transactional_db: None, settings: Any) -> CaseReturn:
    settings.PASSWORD_HASHERS = project.PASSWORD_HASHERS
    audit = AuditFactory(stage=Stage.COLLECTING)
    made: CaseReturn = CaseReturnFactory(
        agency_return=AgencyReturnFactory(audit=audit), case=CaseFactory(audit=audit)
    )
    return made


def visits(user: User, *paths: str) -> str:
    return " ".join([user.email, *paths])


def test_a_process_that_signed_people_in_and_served_them_holds_none_of_it(row: CaseReturn) -> None:
    agency = row.agency_return.agency
    audit = row.agency_return.audit
    officer = person(Role.OFFICER, audit.partnership, password=PASSWORD)
    auditor = person(Role.AUDITOR, agency, password=PASSWORD)
    dashboard = reverse("audit-dashboard", args=[audit.pk])
    form = reverse("case-return-edit", args=[row.agency_return_id, row.pk])
    asked = [visits(officer, "/", "/audits/", dashboard), visits(auditor, "/", form)]
    process = subprocess.run(
        [sys.executable, "-c", PROCESS],
        cwd=ROOT,
        env=process_environment() | {"MACA_DEBUG": "no", "MACA_WORKER": "separate"},
        input="\n".join(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.stdout.splitlines() == [
        "start none",
        "sign-in 302",
        *["page 200"] * 3,
        "sign-in 302",
        *["page 200"] * 2,
        "end none",
    ], process.stderr


def test_the_directories_of_the_tests_are_not_installed_where_no_file_names_one() -> None:
    provider = "allauth.socialaccount.providers.openid_connect"
    assert provider in settings.INSTALLED_APPS
    assert provider not in project.INSTALLED_APPS
    assert "allauth.socialaccount" in project.INSTALLED_APPS
