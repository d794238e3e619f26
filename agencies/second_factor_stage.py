"""Signing in does not go on before somebody who has a second factor has shown it.

The library’s own stage knows two ways round, a passkey instead of the password and a browser that
is trusted, which are left out here; and it loads what passkeys need for everybody who signs in.
"""

from allauth.account.stages import LoginStage
from allauth.mfa.internal.constants import LoginStageKey
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import redirect

from agencies.domain.directories import showed_second_factor
from agencies.second_factor import KINDS


class SecondFactorStage(LoginStage):
    """Nobody shows a second factor twice: a directory may have asked for it."""

    key = LoginStageKey.MFA_AUTHENTICATE.value
    urlname = "mfa_authenticate"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not is_mfa_enabled(self.login.user, list(KINDS)) or self._shown_elsewhere():
            return None, True
        self.state["authentication_required"] = True
        return redirect(self.urlname), True

    def _shown_elsewhere(self) -> bool:
        signalled = self.login.signal_kwargs or {}
        return showed_second_factor(signalled.get("sociallogin"))
