import json
import logging
import sys
import uuid
from typing import Any

import pytest
from django.test import Client

from maca.logs import JsonLines, MaskLinks, configuration, mask, request_id


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/accounts/password/reset/key/2f-abc-123/", "/accounts/password/reset/key/…/"),
        ("/invitations/3c1d:9f/", "/invitations/…/"),
        ("/contribute/links/Zm9v-bar_9/", "/contribute/links/…/"),
        ("/audits/3c1d/", "/audits/3c1d/"),
        ("550 <ada.marsh@fenshire.example> is unknown", "550 <…@…> is unknown"),
    ],
)
def test_a_link_that_lets_somebody_in_is_masked(path: str, logged: str) -> None:
    assert mask(path) == logged


def test_the_filter_masks_what_a_message_is_made_of() -> None:
    path = "/accounts/password/reset/key/2f-abc-123/"
    record = logging.LogRecord("django", 30, "", 0, "%s: %s", ("Not Found", path), None)
    assert MaskLinks().filter(record)
    assert record.getMessage() == "Not Found: /accounts/password/reset/key/…/"


def line(name: str, level: int, words: str, *args: Any, error: bool = False) -> dict[str, Any]:
    trouble = sys.exc_info() if error else None
    path = "/srv/venv/site-packages/lib/module.py"
    record = logging.LogRecord(name, level, path, 7, words, args, trouble)
    written: dict[str, Any] = json.loads(JsonLines().format(record))
    return written


class TestLines:
    def test_our_own_words_are_written_in_full(self) -> None:
        made = line("agencies.mail", logging.WARNING, "Mail %s was %s", 7, "refused")
        assert made["event"] == "Mail 7 was refused"
        assert (made["level"], made["logger"]) == ("WARNING", "agencies.mail")
        assert "at" not in made

    def test_of_a_librarys_words_only_numbers_are(self) -> None:
        number = uuid.uuid4()
        made = line("lib", logging.ERROR, "%s: %d of %s for %r", "Ada", 3, number, "Marsh")
        assert made["event"] == f"…: 3 of {number} for '…'"
        assert made["at"] == "lib/module.py:7"
        named = line("lib", logging.ERROR, "%(who)s did", {"who": "Ada"})
        assert named["event"] == "… did"
        assert line("lib", logging.ERROR, "%d is no number", "Ada")["event"] == "%d is no number"

    def test_what_a_library_put_together_itself_is_left_out(self) -> None:
        said = "Invalid HTTP_HOST header: 'Ada Marsh'"
        assert line("django.security.DisallowedHost", logging.ERROR, said)["event"] == "…"
        assert line("gunicorn.error", logging.WARNING, "Bad request: Ada")["event"] == "…"

    def test_how_the_server_starts_is_told(self) -> None:
        made = line("gunicorn.error", logging.INFO, "Listening at: %s", "http://127.0.0.1:8000")
        assert made["event"] == "Listening at: http://127.0.0.1:8000"

    def test_an_error_is_told_by_kind_and_place_and_never_by_its_words(self) -> None:
        def fail() -> None:
            try:
                int("Ada Marsh")
            except ValueError as error:
                raise LookupError("Ada Marsh was not found") from error

        made: dict[str, Any] = {}
        try:
            fail()
        except LookupError:
            made = line("django.request", logging.ERROR, "%s: %s", "Error", "/Ada", error=True)

        assert "Ada" not in json.dumps(made)
        assert [each["kind"] for each in made["error"]] == ["LookupError", "ValueError"]
        assert made["error"][0]["at"][-1].startswith("tests/maca/test_logs.py:")
        assert made["error"][0]["at"][-1].endswith(" fail")

    def test_errors_that_name_each_other_are_told_once(self) -> None:
        one, two = ValueError("Ada"), KeyError("Marsh")
        one.__cause__, two.__cause__ = two, one
        made: dict[str, Any] = {}
        try:
            raise one
        except ValueError:
            made = line("lib", logging.ERROR, "Error", error=True)
        assert {each["kind"] for each in made["error"]} == {"ValueError", "KeyError"}


def lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [each for each in caplog.records if each.name == "maca.logs"]


class TestRequests:
    @pytest.fixture(autouse=True)
    def listen(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "maca.logs")

    def test_a_request_is_a_line_with_a_number_that_goes_out_too(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        response = client.get("/accounts/login/?next=/Ada/")
        (record,) = lines(caplog)
        assert record.getMessage() == "GET account_login 200"
        fields = vars(record)["fields"]
        assert {**fields, "ms": 0} == {
            "method": "GET", "route": "account_login", "status": 200, "ms": 0,
        }  # fmt: skip
        assert len(response.headers["X-Request-ID"]) == 32
        assert request_id.get() == ""

    @pytest.mark.django_db
    def test_who_asked_is_a_number(
        self, client: Client, django_user_model: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        user = django_user_model.objects.create_user("ada@fenshire.example", "x", name="Ada")
        client.force_login(user)
        client.get("/")
        assert vars(lines(caplog)[-1])["fields"]["user"] == str(user.pk)

    def test_an_address_or_a_method_that_is_none_is_not_repeated(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        client.get("/Ada/Marsh/")
        client.generic("ADA", "/Marsh/")
        client.get("/static/Ada.css")
        assert [each.getMessage() for each in lines(caplog)] == [
            "GET nowhere 404",
            "other nowhere 404",
            "GET static 404",
        ]

    def test_a_line_within_a_request_carries_its_number(self) -> None:
        token = request_id.set("seven")
        made = line("agencies.mail", logging.INFO, "Sent")
        request_id.reset(token)
        assert made["request_id"] == "seven"


def test_production_writes_objects_and_development_lines() -> None:
    made = configuration(production=True, level="INFO")
    assert made["handlers"]["console"]["formatter"] == "json"
    assert made["loggers"]["django.request"] == {"level": "ERROR"}
    assert configuration(production=False, level="INFO")["handlers"]["console"] == {
        "class": "logging.StreamHandler",
        "formatter": "line",
        "filters": ["links"],
    }
