import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from maca.urls import SIGN_IN, sign_in_patterns


def test_every_sign_in_page_that_is_meant_is_there() -> None:
    assert {pattern.name for pattern in sign_in_patterns} == SIGN_IN


def test_nobody_changes_their_own_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_email")


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    response = client.post(reverse("account_signup"), {"email": "new@fenshire.example"})
    assert response.status_code == 200
    assert response.templates[0].name == "account/signup_closed.html"
