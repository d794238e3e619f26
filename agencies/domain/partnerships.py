from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agencies.domain.activity import record
from agencies.domain.invitations import send_invitation
from agencies.models import Membership, Partnership, User
from agencies.roles import Role


@transaction.atomic
def start_partnership(
    *, name: str, short_name: str, administrator_name: str, administrator_email: str
) -> Partnership:
    """The first rows of an installation: a partnership and the person who keeps it running.

    Somebody who already has an account keeps it; anybody else is invited by mail. Nobody
    signed in does this, so the activity names nobody. Raises ValidationError.
    """
    partnership = Partnership(name=name, short_name=short_name)
    partnership.full_clean()
    partnership.save()
    user = User.objects.filter(email=administrator_email.lower()).first()
    if user is None:
        user = User(name=administrator_name, email=administrator_email.lower(), is_active=False)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
    membership = Membership.objects.create(user=user, partnership=partnership, role=Role.ADMIN)
    record("started the partnership", by=None, partnership=partnership, subject=membership)
    if not user.is_active:
        send_invitation(user=user, partnership=partnership, by=None)
    return partnership


@transaction.atomic
def change_settings(*, partnership: Partnership, by: User, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(partnership, name, value)
    partnership.save(update_fields=list(fields))
    record(
        "changed the partnership’s settings", by=by, partnership=partnership, subject=partnership
    )
