"""The settings file is run afresh for each test, in an environment of the test's making."""

import json
import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).resolve().parents[2] / "maca" / "settings.py"
PRODUCTION = {
    "MACA_ENV": "production",
    "MACA_SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdef",
    "MACA_MASTER_KEYS": "1:0123456789+abcdefghijklmnopqrstuvwxyz+01234=",
    "MACA_KEY_FOLDER": "/srv/maca/keys",
    "MACA_ALLOWED_HOSTS": "maca.example, www.maca.example",
    "DATABASE_URL": "postgresql://maca:a%40b@db.example:5433/audits",
    "MACA_SMTP_HOST": "mail.example",
    "MACA_MAIL_FROM": "audits@maca.example",
}


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name in list(os.environ):
        if name.startswith("MACA_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def production(monkeypatch: pytest.MonkeyPatch, **changes: str) -> dict[str, Any]:
    return settings(monkeypatch, **{**PRODUCTION, **changes})


class TestDevelopment:
    def test_needs_no_variable_and_answers_this_computer_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = settings(monkeypatch)
        assert made["DEBUG"] is True
        assert made["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
        assert made["DATABASES"]["default"]["NAME"].endswith("/var/maca.sqlite3")

    def test_sqlite_waits_writes_ahead_and_locks_at_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = settings(monkeypatch, DATABASE_URL="sqlite:////tmp/some/where.sqlite3")
        database = made["DATABASES"]["default"]
        assert database["NAME"] == "/tmp/some/where.sqlite3"  # noqa: S108
        assert database["OPTIONS"] == {
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }

    def test_mail_becomes_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        mailer = settings(monkeypatch)["MAILERS"]["default"]
        assert mailer["BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"

    def test_mail_leaves_where_a_server_for_it_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = settings(monkeypatch, MACA_SMTP_HOST="127.0.0.1", MACA_SMTP_SECURITY="none")
        assert made["MAILERS"]["default"]["BACKEND"] == "agencies.smtp.EmailBackend"

    def test_the_worker_is_in_the_web_process_and_in_production_is_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert settings(monkeypatch)["WORKER"] == "embedded"
        assert production(monkeypatch)["WORKER"] == "separate"
        assert production(monkeypatch, MACA_WORKER="embedded")["WORKER"] == "embedded"
        with pytest.raises(ImproperlyConfigured, match="MACA_WORKER is 'both'"):
            production(monkeypatch, MACA_WORKER="both")

    def test_debugging_can_be_turned_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert settings(monkeypatch, MACA_DEBUG="no")["DEBUG"] is False


class TestProduction:
    def test_is_never_debugging(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert production(monkeypatch, MACA_DEBUG="yes")["DEBUG"] is False

    def test_reads_the_database_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        database = production(monkeypatch, MACA_PGBOUNCER="yes")["DATABASES"]["default"]
        assert database == {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "audits",
            "USER": "maca",
            "PASSWORD": "a@b",
            "HOST": "db.example",
            "PORT": 5433,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": True,
        }

    @pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"MACA_ENV"}))
    def test_refuses_to_start_without(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"^{name} is not set"):
            production(monkeypatch, **{name: " "})

    def test_refuses_a_short_secret_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ImproperlyConfigured, match="at least 50 characters"):
            production(monkeypatch, MACA_SECRET_KEY="short")

    @pytest.mark.parametrize(
        ("keys", "fault"),
        [
            ("1:short", "has a key that is not 32 bytes in base64"),
            ("0123456789+abcdefghijklmnopqrstuvwxyz+01234=", "must read version:key"),
            (",", "names no key"),
        ],
    )
    def test_refuses_keys_it_could_not_use_and_prints_none(
        self, monkeypatch: pytest.MonkeyPatch, keys: str, fault: str
    ) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"^MACA_MASTER_KEYS {fault}") as refusal:
            production(monkeypatch, MACA_MASTER_KEYS=keys)
        assert "0123" not in str(refusal.value)

    def test_a_second_factor_is_asked_for_unless_somebody_says_otherwise(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert production(monkeypatch)["SECOND_FACTOR"] is True
        assert production(monkeypatch, MACA_SECOND_FACTOR="no")["SECOND_FACTOR"] is False
        assert settings(monkeypatch)["SECOND_FACTOR"] is False

    def test_a_file_of_directories_that_is_none_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"^MACA_DIRECTORIES cannot be read"):
            production(monkeypatch, MACA_DIRECTORIES="nowhere.json")

    def test_what_speaks_to_directories_is_installed_where_there_is_one(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        entry: dict[str, object] = dict.fromkeys(("id", "name", "client_id", "client_secret"), "x")
        entry |= {"issuer": "https://login.fenshire.example", "domains": ["fenshire.example"]}
        for entries, installed in ([], False), ([entry], True):
            file = tmp_path / "directories.json"
            file.write_text(json.dumps(entries))
            made = production(monkeypatch, MACA_DIRECTORIES=str(file))
            names = [name for name in made["INSTALLED_APPS"] if "socialaccount" in name]
            assert names[0] == "allauth.socialaccount"
            assert ("allauth.socialaccount.providers.openid_connect" in names) is installed

    def test_refuses_a_word_it_does_not_know(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in "MACA_ENV", "MACA_SSL_REDIRECT", "MACA_HSTS_SECONDS", "MACA_SMTP_SECURITY":
            with pytest.raises(ImproperlyConfigured, match=f"^{name} "):
                production(monkeypatch, **{name: "perhaps"})

    @pytest.mark.parametrize(
        "name", ["MACA_DORMANT_DAYS", "MACA_FILES_AN_HOUR", "MACA_WORKER_LEASE"]
    )
    def test_refuses_a_nought_where_it_would_stop_everything(
        self, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"^{name} must be at least 1"):
            production(monkeypatch, **{name: "0"})
        assert production(monkeypatch, **{name: "1"})[name.removeprefix("MACA_")] == 1

    def test_is_strict_in_a_browser(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = production(monkeypatch)
        assert made["SESSION_COOKIE_SECURE"]
        assert made["CSRF_COOKIE_SECURE"]
        assert made["SECURE_SSL_REDIRECT"]
        assert made["SECURE_HSTS_SECONDS"] == 31_536_000
        assert made["SECURE_CSP"]["default-src"] == ["'none'"]
        assert "SECURE_PROXY_SSL_HEADER" not in made
        assert made["SESSION_COOKIE_NAME"] == "__Host-sessionid"
        assert settings(monkeypatch)["SESSION_COOKIE_NAME"] == "sessionid"

    def test_trusts_the_proxy_it_is_told_of(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = production(
            monkeypatch, MACA_PROXY_SSL_HEADER="X-Forwarded-Proto", MACA_PROXY_COUNT="1"
        )
        assert made["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
        assert made["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1

    def test_sends_mail_through_the_given_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = production(
            monkeypatch,
            MACA_SMTP_SECURITY="tls",
            MACA_SMTP_PORT="4650",
            MACA_SMTP_USER="maca",
            MACA_SMTP_PASSWORD="secret words",
        )
        assert made["MAILERS"]["default"]["OPTIONS"] == {
            "host": "mail.example",
            "port": 4650,
            "use_tls": False,
            "use_ssl": True,
            "username": "maca",
            "password": "secret words",
            "timeout": 20,
        }
        assert made["DEFAULT_FROM_EMAIL"] == "audits@maca.example"
