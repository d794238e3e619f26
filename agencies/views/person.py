from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require_anywhere
from agencies.confirming import confirmed
from agencies.domain import people
from agencies.domain.refusal import RefusedError
from agencies.filters import PersonFilter
from agencies.forms.people import AccountReasonForm, InviteForm, RenameForm
from agencies.models import AccountState, Membership, Partnership, User
from agencies.reading.second_factors import kinds_of
from agencies.roles import Permission

PAGE_LENGTH = 50


def find(request: SignedInRequest, person_id: UUID) -> tuple[User, Partnership]:
    """A person the user manages, and the partnership what is done next belongs to."""
    managed = User.objects.managed_by(request.user)
    person = get_object_or_404(managed, pk=person_id)
    shared = Membership.objects.managed_by(request.user).filter(user=person)
    memberships = list(shared.select_related("partnership"))
    chosen = [m for m in memberships if m.partnership == request.partnership]
    return person, (chosen or memberships)[0].partnership


def find_whole(request: SignedInRequest, person_id: UUID) -> tuple[User, Partnership]:
    """The same for what concerns the account itself, which not every manager may touch."""
    person, partnership = find(request, person_id)
    people.require_whole(request.user, person)
    return person, partnership


def person_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_PEOPLE)
    everybody = User.objects.managed_by(request.user).of_partnership(partnership)
    listed = PersonFilter(request.GET, everybody, partnership=partnership)
    pages = Paginator(listed.qs.with_roles_in(partnership).with_invitations(), PAGE_LENGTH)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filter": listed,
        "form": listed.form,
        "is_filtered": bool(request.GET),
        "dormant_days": settings.DORMANT_DAYS,
    }
    return render(request, "agencies/person_list.html", context)


@confirmed
def person_invite(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_PEOPLE)
    form = InviteForm(
        request.POST or None,
        partnership=partnership,
        roles=people.grantable_roles(request.user, partnership),
        initial={"agency": request.GET.get("agency")},
    )
    if form.is_valid() and (person := _invite(request, partnership, form)):
        return redirect("person-detail", person.pk)
    context = {
        "form": form,
        "title": "Invite somebody",
        "lead": "They get an e-mail with a link, choose a password, and can begin.",
        "submit_label": "Send invitation",
        "cancel_url": reverse("person-list"),
    }
    return render(request, "agencies/form_page.html", context)


def _invite(request: SignedInRequest, partnership: Partnership, form: InviteForm) -> User | None:
    try:
        person = people.invite(
            partnership=partnership,
            by=request.user,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            membership=form.membership,
        )
    except RefusedError as refusal:
        form.add_error("email", str(refusal))
        return None
    if person.is_active:
        said = f"{person.email} has an account already. We have written to tell them of the role."
    else:
        said = f"An invitation is on its way to {person.email}."
    messages.success(request, said)
    return person


def person_detail(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = find(request, person_id)
    managed = Membership.objects.managed_by(request.user).filter(user=person)
    memberships = list(managed.select_related("partnership", "agency"))
    changes = person.account_changes
    context = {
        "person": person,
        "state": person.account_state,
        "states": AccountState,
        "invitation": person.invitations.first(),
        "memberships": memberships,
        "several": len({each.partnership_id for each in memberships}) > 1,
        "changes": (changes.visible_to(request.user) | changes.by_itself()).select_related("by"),
        "dormant_days": settings.DORMANT_DAYS,
        "has_second_factor": bool(kinds_of(person)),
        "endable": people.grantable_roles(request.user, partnership),
        "is_self": person == request.user,
        "manages_wholly": people.manages_wholly(request.user, person),
    }
    return render(request, "agencies/person_detail.html", context)


def person_update(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = find_whole(request, person_id)
    form = RenameForm(request.POST or None, initial={"name": person.name})
    if form.is_valid():
        people.rename(
            user=person, partnership=partnership, by=request.user, name=form.cleaned_data["name"]
        )
        messages.success(request, "Saved.")
        return redirect("person-detail", person.pk)
    context = {
        "form": form,
        "title": "Change a name",
        "caption": person.email,
        "cancel_url": reverse("person-detail", args=[person.pk]),
    }
    return render(request, "agencies/form_page.html", context)


@confirmed
def person_deactivate(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person, partnership = find_whole(request, person_id)
    form = AccountReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        people.deactivate(
            user=person,
            partnership=partnership,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, f"The account of {person.name} is deactivated.")
        return redirect("person-detail", person.pk)
    context = {
        "form": form,
        "title": f"Deactivate the account of {person.name}?",
        "consequences": [
            "They are signed out everywhere at once and cannot sign in.",
            "Links for a new password and invitations that they have not used stop working.",
            "Case returns assigned to them stay where they are: assign them to somebody else.",
            "What they wrote and did stays on record under their name.",
            "You can activate the account again.",
        ],
        "confirm_label": "Deactivate account",
        "danger": True,
        "cancel_url": reverse("person-detail", args=[person.pk]),
    }
    return render(request, "components/confirm.html", context)


@confirmed
def person_reactivate(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Open again what was deactivated, or has locked for want of use."""
    person, partnership = find_whole(request, person_id)
    form = AccountReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _reopen(request, person, partnership, form):
        return redirect("person-detail", person.pk)
    locked = person.account_state == AccountState.LOCKED
    context = {
        "form": form,
        "title": f"{'Unlock' if locked else 'Activate'} the account of {person.name}"
        f"{'' if locked else ' again'}?",
        "consequences": [
            "They sign in with the password they had, or choose a new one.",
            "Their present roles apply. Check that each is still right.",
            f"It locks again after {settings.DORMANT_DAYS} days without signing in.",
        ],
        "confirm_label": "Unlock account" if locked else "Activate account",
        "cancel_url": reverse("person-detail", args=[person.pk]),
    }
    return render(request, "components/confirm.html", context)


def _reopen(
    request: SignedInRequest, person: User, partnership: Partnership, form: AccountReasonForm
) -> bool:
    try:
        people.reactivate(
            user=person,
            partnership=partnership,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    except RefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"The account of {person.name} is open again.")
    return True
