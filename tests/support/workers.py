"""The environment in which a real worker process meets the tests' database and mail server."""

import os

from django.db import connection

from tests.support.mailserver import MailServer


def database_url() -> str:
    """The test database's address, which is not the one that the environment names."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    given = os.environ["DATABASE_URL"]
    return f"{given.rpartition('/')[0]}/{name}"


def process_environment() -> dict[str, str]:
    """For any process of the application, with the project's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MACA_")}
    return kept | {"DJANGO_SETTINGS_MODULE": "maca.settings", "DATABASE_URL": database_url()}


def environment(server: MailServer, *, lease: int = 2) -> dict[str, str]:
    return process_environment() | {
        "MACA_WORKER": "separate",
        "MACA_WORKER_LEASE": str(lease),
        "MACA_SMTP_HOST": "127.0.0.1",
        "MACA_SMTP_PORT": str(server.port),
        "MACA_SMTP_SECURITY": "none",
    }
