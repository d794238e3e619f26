"""How the library of OpenID Connect hears a directory; loaded where the operator names one."""

from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest


class DirectoryProvider(OpenIDConnectProvider):
    """Keeps nothing of what a directory tells about somebody but its id for them."""

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """Asked for an age, a directory has to say when it asked (OpenID Connect Core, 2)."""
        longest = {"max_age": str(settings.SESSION_LONGEST)}
        return {**longest, **super().get_auth_params_from_request(request, action)}

    def sociallogin_from_response(self, request: HttpRequest, data: dict[str, Any]) -> SocialLogin:
        token, told = data.get("id_token") or {}, data.get("userinfo") or {}
        if not token.get("sub") or (told and told.get("sub") != token["sub"]):
            raise ProviderException("The directory speaks of two different people.")
        login = super().sociallogin_from_response(request, data)
        login.claims = {**told, **token}
        return login

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["id_token"]["sub"])

    def extract_extra_data(self, _data: dict[str, Any]) -> dict[str, Any]:
        return {}
