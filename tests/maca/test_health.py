from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from agencies.models import Worker
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db

LATE = timedelta(minutes=11)


def test_answers_a_load_balancer_that_has_no_account(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok\n")


@override_settings(SECURE_SSL_REDIRECT=True)
def test_answers_without_tls_while_every_other_page_moves_to_it(client: Client) -> None:
    assert client.get("/health/").status_code == 200
    assert client.get("/health/work/").status_code == 200
    assert client.get("/accounts/login/").headers["Location"].startswith("https://")


def work(client: Client) -> tuple[int, str]:
    response = client.get("/health/work/")
    return response.status_code, response.content.decode()


def test_nobody_at_work_is_no_trouble_while_nothing_waits(client: Client) -> None:
    MessageFactory(due_at=timezone.now() - timedelta(minutes=5))
    assert work(client) == (200, "ok\n")


def test_mail_that_waits_without_a_worker_is(client: Client) -> None:
    MessageFactory(due_at=timezone.now() - LATE)
    assert work(client) == (503, "No worker has been seen at all.\n")
    Worker.objects.create(name="gone", seen_at=timezone.now() - LATE)
    status, words = work(client)
    assert status == 503
    assert words.startswith("No worker has been seen since ")
    Worker.objects.create(name="alive")
    assert work(client) == (200, "ok\n")


def test_so_is_a_mail_server_that_lets_nothing_through(client: Client) -> None:
    Worker.objects.create(
        name="alive", mail_failing_since=timezone.now(), mail_fault="nobody answers"
    )
    status, words = work(client)
    assert status == 503
    assert words.startswith("No mail has left since ")
    assert words.endswith(": nobody answers.\n")
