import pytest
from django.test import Client
from django.test.utils import override_settings


@pytest.mark.django_db
def test_answers_a_load_balancer_that_has_no_account(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True)
def test_answers_without_tls_while_every_other_page_moves_to_it(client: Client) -> None:
    assert client.get("/health/").status_code == 200
    assert client.get("/accounts/login/").headers["Location"].startswith("https://")
