"""Which second factors people have, for their own page and for who manages people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q

from agencies.models import Membership, Partnership, User
from agencies.roles import Role
from agencies.second_factor import KINDS


def kinds_of(user: User) -> set[str]:
    """Recovery codes among them, where there is something they stand in for."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return kinds if kinds & set(KINDS) else set()


@dataclass(frozen=True)
class Passkey:
    pk: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What one person has; `codes_left` is None where they have no recovery codes."""

    app: Any
    passkeys: list[Passkey]
    codes_left: int | None

    @property
    def any(self) -> bool:
        return bool(self.app or self.passkeys)


def factors_of(user: User) -> Factors:
    app, codes, passkeys = None, None, []
    for each in Authenticator.objects.filter(user=user).order_by("created_at", "pk"):
        if each.type == Authenticator.Type.TOTP:
            app = each
        elif each.type == Authenticator.Type.RECOVERY_CODES:
            codes = len(each.wrap().get_unused_codes())
        else:
            passkeys.append(Passkey(each.pk, str(each), each.created_at, each.last_used_at))
    return Factors(app, passkeys, codes)


@dataclass(frozen=True)
class RoleFactors:
    role: Role
    people: int
    with_one: int


def by_role(partnership: Partnership) -> list[RoleFactors]:
    """For each role, how many people hold it today, and how many of them have a second factor."""
    has_one = Authenticator.objects.filter(user=OuterRef("user"), type__in=KINDS)
    held = Membership.objects.current().filter(partnership=partnership, user__is_active=True)
    rows = (
        held.annotate(has_one=Exists(has_one))
        .order_by()
        .values("role")
        .annotate(
            people=Count("user", distinct=True),
            with_one=Count("user", distinct=True, filter=Q(has_one=True)),
        )
    )
    found = {row["role"]: (row["people"], row["with_one"]) for row in rows}
    return [RoleFactors(role, *found.get(role, (0, 0))) for role in Role]


WORDS = {
    Authenticator.Type.TOTP: "Authenticator app",
    Authenticator.Type.WEBAUTHN: "Passkey",
}


def second_factors_of(users: Iterable[User]) -> dict[UUID, str]:
    """For each of these people what they have, in words; empty for nothing. One query."""
    found: dict[UUID, set[str]] = {user.pk: set() for user in users}
    held = Authenticator.objects.filter(user__in=found, type__in=KINDS)
    for user, kind in held.values_list("user", "type"):
        found[user].add(WORDS[kind])
    return {user: ", ".join(sorted(words)) for user, words in found.items()}
