from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.forms.people import PartnershipForm
from agencies.middleware import SESSION_KEY
from agencies.models import Partnership


@require_POST
def partnership_choose(request: SignedInRequest) -> HttpResponse:
    """The page one was on may belong to the other partnership, so this leads home."""
    form = PartnershipForm(request.POST, own=Partnership.objects.visible_to(request.user))
    if not form.is_valid():
        raise Http404
    chosen = form.cleaned_data["partnership"]
    request.session[SESSION_KEY] = str(chosen.pk)
    return redirect("home")
