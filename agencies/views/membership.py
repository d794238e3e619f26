from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest
from agencies.confirming import confirmed
from agencies.domain import people
from agencies.domain.refusal import RefusedError
from agencies.forms.people import EndMembershipForm, MembershipForm
from agencies.models import Membership
from agencies.views import person as persons


@confirmed
def membership_create(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = persons.find(request, person_id)
    form = MembershipForm(
        request.POST or None,
        partnership=partnership,
        roles=people.grantable_roles(request.user, partnership),
    )
    if form.is_valid():
        try:
            people.add_membership(
                user=person, partnership=partnership, by=request.user, fields=form.membership
            )
        except RefusedError as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, f"{person.name} has another role.")
            return redirect("person-detail", person.pk)
    context = {
        "form": form,
        "title": "Give another role",
        "caption": person.name,
        "lead": f"In {partnership}. Roles add up.",
        "submit_label": "Give role",
        "cancel_url": reverse("person-detail", args=[person.pk]),
    }
    return render(request, "agencies/form_page.html", context)


@confirmed
def membership_end(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    managed = Membership.objects.managed_by(request.user).unfinished()
    related = managed.select_related("user", "partnership", "agency")
    membership = get_object_or_404(related, pk=membership_id)
    form = EndMembershipForm(request.POST or None, membership=membership)
    if form.is_valid():
        try:
            people.end_membership(
                membership=membership, by=request.user, last_day=form.cleaned_data["last_day"]
            )
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The role “{membership}” of {membership.user.name} ends.")
            return _back(request, membership)
    context = {
        "form": form,
        "title": "End a role?",
        "caption": membership.user.name,
        "consequences": _consequences(request, membership),
        "confirm_label": "End role",
        "danger": True,
        "cancel_url": reverse("person-detail", args=[membership.user_id]),
    }
    return render(request, "components/confirm.html", context)


def _consequences(request: SignedInRequest, membership: Membership) -> list[str]:
    lines = [
        f"{membership.user.name} is no longer: {membership}, {membership.partnership}.",
        "What they wrote and did stays on record under their name.",
    ]
    if membership.user == request.user:
        lines.insert(0, "This is your own role: what it let you see and do ends for you.")
    return lines


def _back(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """Whoever ended their own role may no longer look at people."""
    if membership.user == request.user:
        return redirect("home")
    return redirect("person-detail", membership.user_id)
