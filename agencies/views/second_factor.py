"""One's own second factors, who has to have one, and resetting somebody's who lost theirs."""

from typing import Any, cast
from uuid import UUID

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import SignedInRequest, require_anywhere
from agencies.confirming import confirmed, confirmed_by_factor
from agencies.domain import second_factor
from agencies.domain.refusal import RefusedError
from agencies.forms.second_factor import RequiredRolesForm
from agencies.reading.second_factors import by_role, factors_of
from agencies.roles import Permission, Role
from agencies.second_factor import GO_ON, has_just_proved, note_proof
from agencies.views import person as persons


@require_GET
def own(request: SignedInRequest) -> HttpResponse:
    """What one has. Who was led here from another page goes back to it with the proof given."""
    factors = factors_of(request.user)
    owes = request.user.owes_second_factor
    if owes and has_just_proved(request) and GO_ON in request.session:
        return redirect(request.session.pop(GO_ON))
    context = {"factors": factors, "owes": owes, "total": 10}
    return render(request, "agencies/second_factor.html", context)


PAGE = {"back_label": "Second step at signing in", "cancel_url": reverse_lazy("mfa_index")}
WITHOUT_ANOTHER = (
    "Without another second step, your recovery codes end too, and you may have to set up a new "
    "one at once."
)


class AppView(ActivateTOTPView):
    extra_context = {"heading": "Set up an authenticator app"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        note_proof(self.request, form.user)
        return cast("HttpResponse", super().form_valid(form))


class AppRemoveView(DeactivateTOTPView):
    template_name = "components/confirm.html"
    extra_context = PAGE | {
        "title": "Remove the authenticator app?",
        "consequences": ["Its codes no longer open your account.", WITHOUT_ANOTHER],
        "confirm_label": "Remove the app",
        "danger": True,
    }


class CodesView(ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not context["can_view_codes"]:
            return {**context, "heading": "Recovery codes"}
        lead = (
            "Each opens your account once, when your phone or passkey is lost. They are shown now "
            "and never again."
        )
        return {**context, "heading": "Keep these recovery codes", "lead": lead}


class CodesMakeView(GenerateRecoveryCodesView):
    template_name = "components/confirm.html"
    extra_context = PAGE | {
        "title": "Make new recovery codes?",
        "confirm_label": "Make new codes",
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        lines = ["You get ten new codes, shown once."]
        if old := context["unused_code_count"]:
            lines.append(
                "The old one that you have not used no longer works."
                if old == 1
                else f"The {old} old ones that you have not used no longer work."
            )
        return {**context, "consequences": lines}


app = confirmed_by_factor(AppView.as_view())
app_remove = confirmed_by_factor(AppRemoveView.as_view())
codes = confirmed_by_factor(CodesView.as_view())
codes_make = confirmed_by_factor(CodesMakeView.as_view())
own_page = confirmed_by_factor(own)


# What follows is imported when somebody asks for it: a library that no other page needs.


@login_not_required
def check(request: HttpRequest) -> HttpResponse:
    from agencies.views.passkey import CheckView

    return cast("HttpResponse", CheckView.as_view()(request))


@confirmed_by_factor
def passkey_add(request: HttpRequest) -> HttpResponse:
    from agencies.views.passkey import AddPasskeyView

    return cast("HttpResponse", AddPasskeyView.as_view()(request))


@confirmed_by_factor
def passkey_rename(request: HttpRequest, pk: int) -> HttpResponse:
    from agencies.views.passkey import RenamePasskeyView

    return cast("HttpResponse", RenamePasskeyView.as_view()(request, pk=pk))


@confirmed_by_factor
def passkey_remove(request: HttpRequest, pk: int) -> HttpResponse:
    from agencies.views.passkey import RemovePasskeyView

    return cast("HttpResponse", RemovePasskeyView.as_view()(request, pk=pk))


@require_http_methods(["GET", "POST"])
@confirmed
def second_factor_require(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_AGENCIES)
    asked = [role for role in Role if partnership.asks_second_factor_of(role)]
    form = RequiredRolesForm(
        request.POST if request.method == "POST" else None, initial={"roles": asked}
    )
    if form.is_valid():
        second_factor.require_of(
            partnership=partnership, by=request.user, roles=form.cleaned_data["roles"]
        )
        messages.success(request, "Saved. It holds from each person’s next step on.")
        return redirect("second-factor-require")
    context = {"form": form, "by_role": by_role(partnership)}
    return render(request, "agencies/second_factor_require.html", context)


@confirmed
def second_factor_reset(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = persons.find_whole(request, person_id)
    if request.method == "POST":
        try:
            second_factor.reset(user=person, partnership=partnership, by=request.user)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Reset. We have written to tell {person.name}.")
        return redirect("person-detail", person.pk)
    context = {
        "title": f"Reset the second factor of {person.name}?",
        "lead": "Ring them on a number you know already, and ask whether they lost theirs.",
        "consequences": [
            "Their authenticator app, passkeys and recovery codes no longer open the account.",
            "They sign in with their password alone, and set up a new one if their role needs it.",
            "They get an e-mail that says who did this.",
        ],
        "confirm_label": "Reset the second factor",
        "danger": True,
        "cancel_url": reverse("person-detail", args=[person.pk]),
    }
    return render(request, "components/confirm.html", context)
