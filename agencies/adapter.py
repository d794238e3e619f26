from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_reset
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage, get_ip
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Min
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from agencies import mail
from agencies.domain import dormancy
from agencies.models import AccountState, User


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an account begins with an invitation.

    Whoever may not come in is told why, in so many words, but only once their password was right.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "No account has this e-mail address with this password. "
        "Check both, or choose a new password with “I have forgotten my password”.",
        "too_many_login_attempts": "Too many wrong passwords for this e-mail address. Wait five "
        "minutes, after very many an hour, and try again, or choose a new password with “I have "
        "forgotten my password”.",
        "rate_limited": "Too many tries in a short time. Wait a minute, then try again.",
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Somebody elsewhere who guesses is stopped there, and locks nobody out from here.

        What counts for all places together comes second, so that no one place uses it up.
        """
        used = RateLimitUsage(usage=[])
        for limit in self._limits(request, **credentials):
            found = ratelimit.consume(request, **limit)
            if found is None:
                raise self.validation_error("too_many_login_attempts")
            used.usage += found.usage
        self._login_failed_rl_usage = used

    def _limits(self, request: HttpRequest, **credentials: Any) -> list[dict[str, str]]:
        account = self._get_login_attempts_cache_key(request, **credentials)
        keys = {"password_here": f"{get_ip(request)} {account}", "password_anywhere": account}
        return [
            {"app": "allauth.account", "action": action, "key": key} for action, key in keys.items()
        ]

    def forget_wrong_passwords(self, request: HttpRequest, email: str) -> None:
        for limit in self._limits(request, email=email):
            ratelimit.clear(request, **limit)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def get_login_stages(self) -> list[str]:
        """With our own stage in the place of the library's, which would load passkeys each time."""
        stages: list[str] = super().get_login_stages()
        stages[stages.index("allauth.mfa.stages.AuthenticateStage")] = (
            "agencies.second_factor_stage.SecondFactorStage"
        )
        return stages

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        if directory := request.session.get("directory"):
            return reverse("directory-left", args=[directory])
        address: str = super().get_logout_redirect_url(request)
        return address

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        kind = template_prefix.rpartition("/")[2]
        mail.send_words(email, kind, str(message.subject), str(message.body))

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **hook: Any
    ) -> HttpResponse | None:
        person = cast("User", user)
        if dormancy.lock_if_dormant(person, now=timezone.now()):
            person.refresh_from_db()
        shut: HttpResponse | None = super().pre_login(request, person, **hook)
        if shut is None and not person.current_memberships:
            return self.respond_user_inactive(request, person)
        return shut

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return not_let_in(request, cast("User", user))


@receiver(password_reset, dispatch_uid="wrong-passwords-forgotten")
def begin_to_count_anew(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Whoever chose a new password by mail comes in with it at once."""
    AccountAdapter(request).forget_wrong_passwords(request, user.email)


def not_let_in(request: HttpRequest, person: User) -> HttpResponse:
    """Why somebody who is known here does not come in today."""
    begins_on = person.memberships.unfinished().aggregate(day=Min("starts_on"))["day"]
    context = {
        "state": person.account_state,
        "states": AccountState,
        "begins_on": begins_on,
        "dormant_days": settings.DORMANT_DAYS,
    }
    return render(request, "account/account_inactive.html", context, status=403)
