"""Writes that the database throws out in favour of somebody else's."""

import sqlite3
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from agencies.domain.again import once_more, was_thrown_out
from agencies.middleware import ThrownOutMiddleware


def throw_out(folder: Path) -> None:
    """What a database says to whoever lost: PostgreSQL is asked to say it, SQLite has to be."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
        return
    first, second = (sqlite3.connect(folder / "two.sqlite3", timeout=0) for _ in range(2))
    try:
        first.execute("BEGIN IMMEDIATE")
        second.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise OperationalError(str(error)) from error
    finally:
        first.close()
        second.close()


class Write:
    def __init__(self, folder: Path, *, lost: int) -> None:
        self.folder, self.lost, self.tries = folder, lost, 0

    def __call__(self, words: str) -> str:
        self.tries += 1
        with transaction.atomic():
            if self.tries <= self.lost:
                throw_out(self.folder)
        return words


@pytest.mark.django_db(transaction=True)
def test_a_write_that_was_thrown_out_is_tried_once_more(tmp_path: Path) -> None:
    write = Write(tmp_path, lost=1)
    assert once_more(write.__call__)("Not safe tonight.") == "Not safe tonight."
    assert write.tries == 2

    write = Write(tmp_path, lost=2)
    with pytest.raises(OperationalError) as lost:
        once_more(write.__call__)("Not safe tonight.")
    assert was_thrown_out(lost.value)
    assert write.tries == 2


@pytest.mark.django_db
def test_inside_another_transaction_it_is_not(tmp_path: Path) -> None:
    write = Write(tmp_path, lost=1)
    with pytest.raises(OperationalError):
        once_more(write.__call__)("Not safe tonight.")
    assert write.tries == 1


def test_other_faults_are_none_of_its_business() -> None:
    assert not was_thrown_out(OperationalError("no connection"))
    assert not was_thrown_out(ValueError("no number"))


@pytest.mark.django_db
def test_whoever_lost_gets_their_words_back(tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as lost, transaction.atomic():
        throw_out(tmp_path)
    middleware = ThrownOutMiddleware(lambda _request: HttpResponse())
    request = RequestFactory().post("/audits/", {"reason": "The school is <closed>."})
    request.user = AnonymousUser()

    page = middleware.process_exception(request, lost.value)

    assert page is not None
    assert page.status_code == 503
    assert "Somebody else was saving at the same moment" in page.content.decode()
    assert "The school is &lt;closed&gt;." in page.content.decode()
    assert middleware.process_exception(request, ValueError()) is None

    told = middleware.process_exception(
        RequestFactory(headers={"accept": "application/json"}).post("/"), lost.value
    )
    assert told is not None
    assert (told.status_code, told.content) == (503, b'{"busy": true}')
