"""Signing in with two steps, and what is on record of it."""

from django.test import Client

from agencies.models import Activity, User
from tests.factories import PASSWORD
from tests.support.authenticators import shown

INDEX = "/accounts/second-step/"


def sign_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def proven(user: User) -> Client:
    """Signed in with password and app."""
    client = sign_in(user)
    assert client.post(f"{INDEX}check/", {"code": shown()}).status_code == 302
    return client


def verbs(user: User) -> list[str]:
    return list(
        Activity.objects.filter(subject_id=str(user.pk), kind="change").values_list(
            "verb", flat=True
        )
    )
