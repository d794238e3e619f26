"""Who belongs to a partnership, in which role, from when until when.

Three rules keep a manager of people from becoming more than that: nobody gives a role to
themselves; only a system administrator makes or unmakes one; and what concerns the whole
account is open only to those who manage people wherever the person holds a role.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import mail
from agencies.domain import activity
from agencies.domain.invitations import send_invitation, withdraw_invitation
from agencies.domain.refusal import RefusedError
from agencies.domain.sessions import end_sessions
from agencies.models import (
    AccountChange,
    AccountState,
    Agency,
    Membership,
    Partnership,
    User,
)
from agencies.roles import Permission, Role


def grantable_roles(by: User, partnership: Partnership) -> list[Role]:
    """The roles this person may give to others, and end, in this partnership."""
    if not by.may(Permission.MANAGE_PEOPLE, partnership):
        return []
    is_admin = any(
        each.partnership_id == partnership.pk and each.role == Role.ADMIN
        for each in by.current_memberships
    )
    return [role for role in Role if is_admin or role != Role.ADMIN]


def manages_wholly(by: User, user: User) -> bool:
    """Whether `by` may change the account itself: every role it holds is theirs to end."""
    unfinished = user.memberships.unfinished().select_related("partnership")
    return by.pk != user.pk and all(
        Role(each.role) in grantable_roles(by, each.partnership) for each in unfinished
    )


@transaction.atomic
def invite(
    *, partnership: Partnership, by: User, email: str, name: str, membership: Mapping[str, Any]
) -> User:
    """Give a role to somebody new, or to somebody another partnership knows already.

    `membership` holds role, agency, starts_on and ends_on. Who has an account is told of the
    role; anybody else is invited. Raises RefusedError.
    """
    user: User | None = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User(email=email.lower(), name=name, is_active=False)
        user.set_unusable_password()
        user.save()
    elif user.account_state in OPENED_AGAIN:
        raise RefusedError(
            "The account with this e-mail address was deactivated, or has locked because it was "
            "not used. Whoever manages it has to open it again first."
        )
    add_membership(user=user, partnership=partnership, by=by, fields=membership)
    if not user.is_active:
        send_invitation(user=user, partnership=partnership, by=by)
    return user


@transaction.atomic
def add_membership(
    *, user: User, partnership: Partnership, by: User, fields: Mapping[str, Any]
) -> Membership:
    """`fields` holds role, agency, starts_on and ends_on. Raises RefusedError."""
    if user.pk == by.pk:
        raise RefusedError("Nobody gives themselves a role. Ask somebody else who manages people.")
    if Role(fields["role"]) not in grantable_roles(by, partnership):
        raise RefusedError("Only a system administrator can give this role.")
    if _holds_already(user, partnership, fields):
        raise RefusedError(f"{user.name} holds this role already.")
    membership = Membership.objects.create(user=user, partnership=partnership, **fields)
    activity.record("gave somebody a role", by=by, partnership=partnership, subject=user)
    if user.is_active:
        mail.send(
            user.email,
            "role_given",
            {
                "user": user,
                "by": by,
                "partnership": partnership,
                "membership": membership,
                "link": mail.link("account_login"),
            },
            key=f"role-given:{membership.pk}",
            partnership=partnership,
        )
    return membership


def _holds_already(user: User, partnership: Partnership, fields: Mapping[str, Any]) -> bool:
    agency: Agency | None = fields.get("agency")
    same = user.memberships.unfinished().filter(
        partnership=partnership, role=fields["role"], agency=agency
    )
    return same.overlapping(fields["starts_on"], fields.get("ends_on")).exists()


@transaction.atomic
def end_membership(*, membership: Membership, by: User, last_day: date | None = None) -> None:
    """End a role with yesterday, so that it opens nothing any more, or with `last_day`.

    One that has not begun, or began today, is taken back altogether. Raises RefusedError when
    nobody would be left to manage people.
    """
    # Two who end each other's role would each find the other still there.
    held = Partnership.objects.select_for_update(no_key=True)
    partnership = held.get(pk=membership.partnership_id)
    locked = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    locked.partnership = partnership
    if Role(locked.role) not in grantable_roles(by, partnership):
        raise RefusedError("Only a system administrator can end this role.")
    if not _somebody_else_manages(locked):
        raise RefusedError(
            f"Nobody else manages people in {partnership}. Give somebody that role first."
        )
    ends_on = last_day or timezone.localdate() - timedelta(days=1)
    if ends_on < locked.starts_on:
        locked.delete()
    else:
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
    activity.record("ended a role", by=by, partnership=partnership, subject=locked.user)


def _somebody_else_manages(ending: Membership) -> bool:
    if not ending.allows(Permission.MANAGE_PEOPLE):
        return True
    held = Membership.objects.giving(Permission.MANAGE_PEOPLE)
    return held.filter(partnership=ending.partnership_id).exclude(pk=ending.pk).exists()


@transaction.atomic
def rename(*, user: User, partnership: Partnership, by: User, name: str) -> None:
    require_whole(by, user)
    user.name = name
    user.save(update_fields=["name"])
    activity.record("changed a person's name", by=by, partnership=partnership, subject=user)


@activity.gathered()
def deactivate(*, user: User, partnership: Partnership, by: User, reason: str) -> None:
    """Shut the account: it is signed out everywhere and opens nothing any more."""
    require_whole(by, user)
    user.is_active, user.closed_at, user.locked_at = False, timezone.now(), None
    user.save(update_fields=["is_active", "closed_at", "locked_at"])
    end_sessions(user=user)
    withdraw_invitation(user=user, partnership=partnership, by=by)
    _note(user, AccountChange.Kind.DEACTIVATED, partnership=partnership, by=by, reason=reason)
    activity.record("deactivated an account", by=by, partnership=partnership, subject=user)


@transaction.atomic
def reactivate(*, user: User, partnership: Partnership, by: User, reason: str) -> None:
    """Open what was deactivated, or has locked for want of use; days are counted anew."""
    require_whole(by, user)
    state = user.account_state
    if state not in OPENED_AGAIN:
        raise RefusedError("Only an account that was deactivated or locked can be opened again.")
    kind, verb = OPENED_AGAIN[state]
    user.is_active, user.closed_at, user.locked_at = True, None, None
    user.vouched_at = timezone.now()
    user.save(update_fields=["is_active", "closed_at", "locked_at", "vouched_at"])
    _note(user, kind, partnership=partnership, by=by, reason=reason)
    activity.record(verb, by=by, partnership=partnership, subject=user)


OPENED_AGAIN = {
    AccountState.DEACTIVATED: (AccountChange.Kind.ACTIVATED, "activated an account again"),
    AccountState.LOCKED: (AccountChange.Kind.UNLOCKED, "unlocked an account"),
}


def _note(user: User, kind: AccountChange.Kind, **about: Any) -> None:
    AccountChange.objects.create(user=user, kind=kind, **about)


def require_whole(by: User, user: User) -> None:
    """Raise PermissionDenied unless the account itself is theirs to change; never one's own."""
    if not manages_wholly(by, user):
        raise PermissionDenied(f"{by.pk} does not manage the account {user.pk}")
