"""Django's own administration is no way round: it is not there, and nobody is staff."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from agencies.models import User

OURS = ("agencies.", "audits.", "reports.", "maca.")
LENT = ("allauth.",)


def callbacks(patterns: Sequence[object]) -> list[str]:
    found = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += callbacks(each.url_patterns)
        elif isinstance(each, URLPattern):
            found.append(each.callback.__module__)
    return found


def test_the_administration_is_not_installed() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert not apps.is_installed("django.contrib.admindocs")
    assert not any("admin" in name for name in settings.MIDDLEWARE)


def test_every_address_leads_to_our_own_views_or_to_those_for_signing_in() -> None:
    modules = callbacks(list(get_resolver().url_patterns))
    assert len(modules) > 100
    assert [name for name in modules if not name.startswith(OURS + LENT)] == []


def test_the_usual_addresses_of_a_side_door_are_not_there() -> None:
    for path in ("/admin/", "/admin/login/", "/django-admin/", "/__debug__/", "/api/", "/graphql"):
        assert Client().get(path).status_code == 404, path


def test_nobody_is_staff_or_super() -> None:
    assert not {"is_staff", "is_superuser", "groups", "user_permissions"} & {
        field.name for field in User._meta.get_fields()
    }
    assert not hasattr(User, "has_perm")
