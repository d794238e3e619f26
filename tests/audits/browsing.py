"""Opening and sending pages as somebody, for tests of pages."""

from typing import Any

from django.test import Client
from django.urls import reverse

from agencies.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, route: str, *args: Any) -> str:
    response = client.get(reverse(route, args=args))
    assert response.status_code == 200, response
    return response.content.decode()


def send(client: Client, route: str, *args: Any, **data: Any) -> str:
    """Post and follow; the page one lands on."""
    response = client.post(reverse(route, args=args), data, follow=True)
    assert response.status_code == 200, response
    return response.content.decode()
