from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.adapter import not_let_in
from agencies.directories import directory_of
from agencies.domain import invitations
from agencies.domain.refusal import RefusedError
from agencies.forms.people import ChoosePasswordForm
from agencies.models import Invitation, InvitationState
from agencies.views import person as persons


@require_POST
def invitation_send(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = persons.find(request, person_id)
    try:
        invitations.send_invitation(user=person, partnership=partnership, by=request.user)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"A new invitation is on its way to {person.email}.")
    return redirect("person-detail", person.pk)


def invitation_withdraw(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = persons.find_whole(request, person_id)
    if request.method == "POST":
        invitations.withdraw_invitation(user=person, partnership=partnership, by=request.user)
        messages.success(request, "The link in their e-mail no longer works.")
        return redirect("person-detail", person.pk)
    context = {
        "title": f"Withdraw the invitation to {person.name}?",
        "consequences": [
            "The link in the e-mail stops working at once.",
            "Their roles stay as they are. You can invite them again at any time.",
        ],
        "confirm_label": "Withdraw invitation",
        "danger": True,
        "cancel_url": reverse("person-detail", args=[person.pk]),
    }
    return render(request, "components/confirm.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters("password", "repeated")
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.invitation_of(token)
    if invitation is None or not invitations.lets_in(invitation):
        return _closed(request, invitation)
    directory = directory_of(invitation.user.email)
    if directory is not None and not directory.password_too:
        context = {"invitation": invitation, "directory": directory}
        return render(request, "agencies/invitation_directory.html", context)
    form = ChoosePasswordForm(request.POST or None, user=invitation.user)
    if form.is_valid():
        return _begin(request, invitation, form.cleaned_data["password"])
    context = {"form": form, "invitation": invitation, "submit_label": "Save and begin"}
    return render(request, "agencies/invitation_accept.html", context)


def _begin(request: HttpRequest, invitation: Invitation, password: str) -> HttpResponse:
    try:
        user = invitations.accept_invitation(invitation=invitation, password=password)
    except RefusedError:
        return _closed(request, invitations.invitation_of(invitations.token_for(invitation)))
    if not user.current_memberships:
        return not_let_in(request, user)
    login(request, user)
    messages.success(request, f"Welcome, {user.name}. From now on you sign in with {user.email}.")
    return redirect("home")


def _closed(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """A link never sent is a 404; one that was, and no longer works, is gone."""
    state = "unknown" if invitation is None else invitation.state
    if state == InvitationState.OPEN:
        state = InvitationState.WITHDRAWN  # Nobody took it back, but the last role has ended.
    context = {"invitation": invitation, "state": state}
    status = 410 if invitation else 404
    return render(request, "agencies/invitation_closed.html", context, status=status)
