"""What really goes over the wire in production: headers, cookies, and what is written about it.

Nothing is read from the settings here: a real server answers, every route is asked, and each
answer is looked at.
"""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.finders import find
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from agencies.models import User
from agencies.roles import Role
from tests import scenario
from tests.audits.contributing import browser_of
from tests.contracts.walking import Walk, all_routes
from tests.factories import PartnershipFactory, person
from tests.security.production import Answer, Server, environment, serving
from tests.support.checks import ROOT, production

pytestmark = pytest.mark.django_db(transaction=True)

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The contributor's way in goes further: no address of it is told to anybody.
STRICTER = {"Referrer-Policy": "no-referrer"}
PASSWORD = "words that open the door"
CANARY = "Zqaveth"
PEOPLE = ("officer", "anonymous")
ARGON = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Server]:
    """One for all: what a test leaves in the database is gone before the next one asks."""
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("production")) as server:
        yield server


def faults(answer: Answer, *, is_asset: bool = False) -> list[str]:
    found = [
        f"{name}: {answer.headers[name]}"
        for name, value in HEADERS.items()
        if answer.headers[name] not in {value, STRICTER.get(name)}
    ]
    policy = answer.headers["Content-Security-Policy"] or ""
    if {each.strip() for each in policy.split(";")} != POLICY:
        found.append(f"policy: {policy}")
    kind = answer.headers["Content-Type"] or ""
    if answer.body and not (kind if is_asset else re.search("charset=|^application/", kind)):
        found.append(f"type: {kind}")
    found += [name for name in answer.headers if name.lower().startswith("access-control")]
    if "camera=()" not in (answer.headers["Permissions-Policy"] or ""):
        found.append("no permissions policy")
    if ("no-store" in (answer.headers["Cache-Control"] or "")) is is_asset:
        found.append(f"kept: {answer.headers['Cache-Control']}")
    return found + [f"cookie: {each}" for each in answer.cookies if not is_safe(each)]


def is_safe(cookie: str) -> bool:
    """RFC 6265bis, 4.1.3.2, and what a script may not read."""
    name, *attributes = (part.strip() for part in cookie.split(";"))
    said = {each.lower() for each in attributes}
    return (
        name.startswith("__Host-")
        and {"secure", "httponly", "path=/"} <= said
        and not any(each.startswith("domain") for each in said)
        and bool(said & {"samesite=lax", "samesite=strict"})
    )


def cookies_of(client: Any) -> str:
    """A test's browser speaks plain HTTP, so its cookies have their plain names."""
    return "; ".join(f"__Host-{name}={each.value}" for name, each in client.cookies.items())


def test_every_answer_of_every_route_is_strict_and_nothing_is_kept(server: Server) -> None:
    walk = Walk(scenario.build())
    walk.clients["holder"] = browser_of(walk.scenario.links["holder"])
    everybody = {name: cookies_of(walk.clients[name]) for name in (*PEOPLE, "holder")}

    for route in all_routes():
        stages = walk.stages_of(route)[-1:]
        for address in filter(None, (walk.address(route, stage) for stage in stages)):
            for name, cookies in everybody.items():
                if name != "holder" or address.startswith("/contribute/"):
                    server.ask(address, Cookie=cookies)
            server.ask(address, "POST", "", Cookie=everybody["officer"])

    wrong = [f"{what}: {fault}" for what, each in server.answers for fault in faults(each)]
    assert not wrong, "\n".join(wrong[:40])
    assert {each.status for _, each in server.answers} >= {200, 302, 403, 404, 405}
    failed = [what for what, each in server.answers if each.status >= 500]
    log = server.log.read_text().splitlines()
    assert failed == [], [line for line in log if '"level": "ERROR"' in line]
    check_log(server)


def check_log(server: Server) -> None:
    """A line a request, with a number of its own, of the route and not of the address."""
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    by_request = {line["request_id"]: line for line in lines if "status" in line}
    for what, answer in server.answers:
        line = by_request[answer.headers["X-Request-ID"]]
        assert set(line) <= KNOWN
        assert (line["status"], line["method"]) == (answer.status, what.split()[0])
    assert {line["route"] for line in by_request.values()} > {"audit-detail", "contribution-detail"}
    assert not any(re.search("/[0-9a-f-]{36}", str(line)) for line in lines)


KNOWN = {
    "time", "level", "logger", "event", "request_id", "method", "route", "status", "ms", "user",
}  # fmt: skip


def test_signing_in_gives_cookies_that_belong_to_this_host_alone(server: Server) -> None:
    board = person(Role.BOARD, PartnershipFactory(), name="Ada Marsh")
    with override_settings(PASSWORD_HASHERS=ARGON):
        User.objects.filter(pk=board.pk).update(
            email="ada@fenshire.example", password=make_password(PASSWORD)
        )

    page = server.ask("/accounts/login/")
    token = TOKEN.search(page.body.decode())
    assert token is not None
    (planted,) = page.cookies
    form = f"csrfmiddlewaretoken={token[1]}&login=ada%40fenshire.example&password={PASSWORD}"
    signed_in = server.ask(
        "/accounts/login/",
        "POST",
        form.replace(" ", "+"),
        Cookie=planted.partition(";")[0],
        Origin="https://maca.example",
        Content_Type="application/x-www-form-urlencoded",
    )

    names = {each.partition("=")[0] for each in signed_in.cookies}
    assert signed_in.status == 302
    assert "__Host-sessionid" in names
    assert faults(signed_in) == []


def test_what_goes_astray_is_answered_as_strictly_and_logged_without_its_words(
    server: Server,
) -> None:
    plain = server.ask("/audits/?q=Zqaveth", tls=False)
    assert (plain.status, plain.headers["Location"][:8]) == (301, "https://")
    assert plain.headers["Strict-Transport-Security"] is None
    assert plain.cookies == []

    stranger = server.ask("/", Host="Zqaveth.example")
    lost = server.ask("/Zqaveth/Moss/?born=Zqaveth", User_Agent="Zqaveth", Referer="/Zqaveth")
    later = server.ask("/audits/?born=Zqaveth")
    odd = server.ask("/audits/", "ZQAVETH", X_Request_ID="Zqaveth")
    forged = server.ask("/accounts/login/", "POST", "login=Zqaveth", Cookie="a=Zqaveth")
    assert [each.status for each in (stranger, lost, later, forged)] == [400, 404, 302, 403]
    assert [fault for each in (stranger, lost, later, odd, forged) for fault in faults(each)] == []
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.sendall(b"GET /Zqaveth Zqaveth HTTP/1.1\r\nZqaveth\r\n\r\n")
        link.recv(100)

    asset = server.ask("/static/" + asset_name(server))
    assert faults(asset, is_asset=True) == []
    assert "immutable" in asset.headers["Cache-Control"]
    assert faults(server.ask("/static/none.css")) == []

    log = server.log.read_text()
    assert CANARY.lower() not in log.lower()
    assert "other audit-list" in log
    assert all(json.loads(line) for line in log.splitlines())


def asset_name(server: Server) -> str:
    assert find("css/print.css")
    manifest = json.loads((server.log.parent / "static" / "staticfiles.json").read_text())
    return str(manifest["paths"]["css/print.css"])


def test_the_check_for_deployment_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        # A key folder as an operator makes it, in place of the one of the tests.
        env=environment(tmp_path) | {"MACA_KEY_FOLDER": production()["MACA_KEY_FOLDER"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (0 silenced).\n"
