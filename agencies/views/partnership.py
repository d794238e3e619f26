from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.access import SignedInRequest, require_anywhere
from agencies.domain import partnerships
from agencies.forms.partnership import PartnershipSettingsForm
from agencies.forms.people import PartnershipForm
from agencies.middleware import SESSION_KEY
from agencies.models import Partnership
from agencies.reading.chase_days import days_of, steps
from agencies.roles import Permission


@require_POST
def partnership_choose(request: SignedInRequest) -> HttpResponse:
    """The page one was on may belong to the other partnership, so this leads home."""
    form = PartnershipForm(request.POST, own=Partnership.objects.visible_to(request.user))
    if not form.is_valid():
        raise Http404
    chosen = form.cleaned_data["partnership"]
    request.session[SESSION_KEY] = str(chosen.pk)
    return redirect("home")


@require_http_methods(["GET", "POST"])
def partnership_update(request: SignedInRequest) -> HttpResponse:
    """The partnership's settings; the days are told in words beside the form as one types."""
    partnership = require_anywhere(request, Permission.MANAGE_AGENCIES)
    sent = request.method == "POST"
    form = PartnershipSettingsForm(request.POST if sent else None, partnership=partnership)
    if form.is_valid():
        partnerships.change_settings(
            partnership=partnership, by=request.user, fields=form.cleaned_data
        )
        messages.success(request, "Saved. The next mail goes by these days.")
        return redirect("partnership-update")
    typed = request.POST if sent else request.GET
    context = {"form": form, "steps": steps(days_of(partnership, typed.dict()))}
    return render(request, "agencies/partnership_update.html", context)
