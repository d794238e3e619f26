"""Signing in by an agency's own directory: the library speaks OpenID Connect, we say who comes in.

Whoever comes has been invited here. The directory's word counts for the e-mail domains it was
given and no other, and once it has named a person by its own id, that id stays that person's.
"""

import time
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.shortcuts import render

from agencies.confirming import note_confirmed
from agencies.directory_list import Directory
from agencies.domain import directories as domain
from agencies.domain.refusal import RefusedError
from agencies.models import User

JUST_NOW = 120
"""Seconds that may lie between a directory's asking somebody and its telling us."""


def directory_of(email: str) -> Directory | None:
    """The directory that speaks for this address."""
    return next((each for each in listed() if each.speaks_for(email)), None)


def listed() -> list[Directory]:
    return sorted(settings.DIRECTORIES.values(), key=lambda each: str(each.name))


class DirectoryAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """Those of the operator's file, and none from the database."""
        from allauth.socialaccount.models import SocialApp

        return [
            SocialApp(provider="openid_connect", **each.as_app())
            for each in listed()
            if provider in {None, each.id, "openid_connect"}
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        directory = settings.DIRECTORIES[sociallogin.account.provider]
        claims = sociallogin.claims
        try:
            person = domain.person_told(
                directory=directory,
                sub=sociallogin.account.uid,
                email=str(claims.get("email") or ""),
                verified=claims.get("email_verified") is True,
            )
        except RefusedError as refusal:
            refuse(request, directory, str(refusal))
        sociallogin.user = person
        process = sociallogin.state.get("process")
        if process == "redirect":
            self._confirm(request, directory, person, claims)
        elif process != "login":
            refuse(request, directory, "That is no way to sign in.")

    def _confirm(
        self, request: HttpRequest, directory: Directory, person: User, claims: dict[str, Any]
    ) -> None:
        """Somebody signed in says again who they are; the directory must just have asked them."""
        is_new = time.time() - domain.asked_at(claims) < JUST_NOW
        if request.user.pk != person.pk or not is_new:
            refuse(request, directory, "That did not say again who you are. Try once more.")
        note_confirmed(request)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_: Any) -> None:
        directory = settings.DIRECTORIES.get(getattr(provider.app, "provider_id", ""))
        refuse(
            request,
            directory,
            "It did not finish. Try again; if it goes on, tell whoever looks after your account.",
        )


def refuse(request: HttpRequest, directory: Directory | None, why: str) -> NoReturn:
    context = {"directory": directory, "why": why}
    page = render(request, "account/directory_refused.html", context, status=403)
    raise ImmediateHttpResponse(page)


def sign_out_address(directory: Directory) -> str:
    """Where one ends the session at the directory itself; nothing if it has no such page."""
    key = f"directory-sign-out:{directory.id}"
    found = cache.get(key)
    if found is None:
        found, lasts = _announced_end(directory)
        cache.set(key, found, timeout=lasts)
    return str(found)


def _announced_end(directory: Directory) -> tuple[str, int]:
    """The address, and for how many seconds to believe it: a directory that is down is let be."""
    # Five MiB that an installation without directories never needs.
    import requests

    try:
        told = requests.get(f"{directory.issuer}/.well-known/openid-configuration", timeout=5)
        return str(told.json().get("end_session_endpoint") or ""), 3600
    except (requests.RequestException, ValueError):
        return "", 60
