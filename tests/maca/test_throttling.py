"""Wrong passwords are counted for all processes together, and whoever has to wait is told so."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client

from agencies.domain import counters
from agencies.models import User
from agencies.roles import Role
from maca import settings as project
from tests.factories import PartnershipFactory, person
from tests.support.workers import process_environment

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "seven grey herons wade"
WRONG = "some other words of Ada"
ELSEWHERE = f"""
import django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
for _ in range(3):
    form = {{"login": "ada@fenshire.example", "password": "{WRONG}"}}
    print(Client().post("/accounts/login/", form).status_code)
"""


@pytest.fixture
def shared(settings: Any, transactional_db: None) -> Iterator[None]:
    settings.CACHES = project.CACHES
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada(transactional_db: None) -> User:
    return person(Role.BOARD, PartnershipFactory(), email="ada@fenshire.example", password=PASSWORD)


def sign_in(password: str) -> str:
    form = {"login": "ada@fenshire.example", "password": password}
    answer = Client().post("/accounts/login/", form)
    return "in" if answer.status_code == 302 else answer.content.decode()


def test_two_processes_count_together(ada: User, shared: None) -> None:
    assert type(caches["default"]).__name__ == "DatabaseCache"
    other = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        cwd=ROOT,
        env=process_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert other.stdout.split() == ["200", "200", "200"], other.stderr
    for _ in range(2):
        assert "No account has this e-mail address with this password" in sign_in(WRONG)
    said = sign_in(PASSWORD)
    assert "Too many wrong passwords for this e-mail address. Wait five minutes" in said
    cache.clear()
    assert sign_in(PASSWORD) == "in"


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache_entry")
        return int(cursor.fetchone()[0])


def test_a_thousand_other_counters_unlock_nobody(ada: User, shared: None) -> None:
    for _ in range(5):
        sign_in(WRONG)
    copy = "INSERT INTO cache_entry SELECT %s, value, expires FROM cache_entry LIMIT 1"
    with connection.cursor() as cursor:
        cursor.executemany(copy, [(f":1:z{number}",) for number in range(1000)])
    cache.set("another", 1, timeout=300)
    assert rows() > 1000
    assert "Too many wrong passwords" in sign_in(PASSWORD)


def test_counters_whose_time_is_over_are_tidied_away(shared: None) -> None:
    cache.set("over", 1, timeout=-60)
    cache.set("counting", 1, timeout=300)
    counters.forget_old()
    assert rows() == 1
    assert cache.get("counting") == 1


@pytest.mark.django_db
def test_too_many_tries_from_one_place_get_a_page_that_says_what_to_do() -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": f"ada{number}@fenshire.example"})
        for number in range(21)
    ]
    assert {each.status_code for each in answers[:20]} == {302}
    assert answers[20].status_code == 429
    assert b"Wait a minute, then go back and try again." in answers[20].content
