"""Inviting somebody, and what becomes of the link that was mailed."""

from django.core import signing
from django.db import transaction
from django.utils import timezone

from agencies import mail
from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import AccountState, Invitation, InvitationState, Partnership, User

# The token holds the invitation's random id and a signature, nothing else.
_signer = signing.Signer(sep=".", salt="agencies.invitation")


def token_for(invitation: Invitation) -> str:
    return _signer.sign(invitation.pk.hex)


def invitation_of(token: str) -> Invitation | None:
    """The invitation a link names, whatever has become of it; None for a link never sent."""
    try:
        key = _signer.unsign(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("user", "invited_by").filter(pk=key).first()


def lets_in(invitation: Invitation) -> bool:
    """Whether a link still begins an account: in time, and for a role that is not over."""
    held = invitation.user.memberships.unfinished()
    return invitation.state == InvitationState.OPEN and held.exists()


@transaction.atomic
def send_invitation(*, user: User, partnership: Partnership, by: User | None) -> Invitation:
    """Mail a fresh link; earlier ones of the same person stop working. Raises RefusedError."""
    if user.account_state in (AccountState.ACTIVE, AccountState.DEACTIVATED, AccountState.LOCKED):
        raise RefusedError(f"{user.name} has an account already and needs no invitation.")
    _withdraw_open(user)
    invitation = Invitation.objects.create(user=user, invited_by=by)
    activity.record("sent an invitation", by=by, partnership=partnership, subject=user)
    mail.send(
        user.email,
        "invitation",
        {
            "user": user,
            "partnership": partnership,
            "invited_by": by,
            "link": mail.link("invitation-accept", token_for(invitation)),
            "expires_at": invitation.expires_at,
        },
        key=f"invitation:{invitation.pk}",
        partnership=partnership,
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, user: User, partnership: Partnership, by: User) -> None:
    """The link stops working at once. Nothing open: nothing happens."""
    if _withdraw_open(user):
        activity.record("withdrew an invitation", by=by, partnership=partnership, subject=user)


def _withdraw_open(user: User) -> int:
    return user.invitations.unanswered().update(withdrawn_at=timezone.now())


@activity.gathered()
def withdraw_all(*, by: User | None) -> int:
    """After a restore: what is open again may have been withdrawn since the backup; how many."""
    found = list(Invitation.objects.open().select_related("user").order_by("pk"))
    keys = [each.pk for each in found]
    Invitation.objects.filter(pk__in=keys).update(withdrawn_at=timezone.now())
    for user in {each.user_id: each.user for each in found}.values():
        _record_at_each("withdrew an invitation after a restore", user, by=by)
    return len(found)


def _record_at_each(verb: str, user: User, *, by: User | None) -> None:
    """In every partnership where the person has a role."""
    places = set(user.memberships.values_list("partnership", flat=True))
    for partnership_id in sorted(places, key=str):
        activity.record(verb, by=by, partnership=partnership_id, subject=user)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str | None) -> User:
    """The person chooses a password and has an account; None for who comes by a directory.

    Raises RefusedError, as for a used link.
    """
    locked = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    if not lets_in(locked):
        raise RefusedError("This invitation can no longer be used.")
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    user = locked.user
    user.is_active = True
    user.vouched_at = locked.accepted_at
    user.set_password(password)
    user.save(update_fields=["is_active", "password", "vouched_at"])
    _record_at_each("accepted an invitation", user, by=user)
    return user
