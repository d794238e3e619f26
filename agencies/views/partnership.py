from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.middleware import SESSION_KEY
from agencies.models import Partnership


@require_POST
def partnership_choose(request: SignedInRequest) -> HttpResponse:
    """The page one was on may belong to the other partnership, so this leads home."""
    own = Partnership.objects.visible_to(request.user)
    chosen = get_object_or_404(own, pk=request.POST.get("partnership"))
    request.session[SESSION_KEY] = str(chosen.pk)
    return redirect("home")
