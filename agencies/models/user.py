from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils import timezone

from agencies.models.base import RandomIdModel
from agencies.roles import ROLES, Permission, Role, roles_with

if TYPE_CHECKING:
    from agencies.models.membership import Membership
    from agencies.models.partnership import Partnership


class AccountState(models.TextChoices):
    """How far a person has come in; their roles, which begin and end, are another matter."""

    ACTIVE = "active", "Active"
    INVITED = "invited", "Invited"
    EXPIRED = "expired", "Invitation ran out"
    WITHDRAWN = "withdrawn", "Invitation withdrawn"
    NOT_INVITED = "not_invited", "Not invited yet"
    DEACTIVATED = "deactivated", "Deactivated"
    LOCKED = "locked", "Locked: not used"


class UserQuerySet(models.QuerySet["User"]):
    def managed_by(self, user: "User") -> Self:
        partnerships = user.partnerships_with(Permission.MANAGE_PEOPLE)
        return self.filter(memberships__partnership__in=partnerships).distinct()

    def of_partnership(self, partnership: "Partnership") -> Self:
        """Everybody who holds, held or will hold a role in it."""
        return self.filter(pk__in=partnership.memberships.values("user"))

    def holding(self, partnership: "Partnership", **condition: Any) -> Self:
        """Who holds a role of this kind today or later."""
        held = partnership.memberships.unfinished().filter(**condition)
        return self.filter(pk__in=held.values("user"))

    def current_in(self, partnership: "Partnership") -> Self:
        held = partnership.memberships.current()
        return self.filter(is_active=True, pk__in=held.values("user"))

    def not_in_yet(self) -> Self:
        """Invited or still to be invited: no password was ever chosen."""
        return self.filter(
            is_active=False,
            closed_at=None,
            locked_at=None,
            password__startswith=UNUSABLE_PASSWORD_PREFIX,
        )

    def shut(self) -> Self:
        """Deactivated, or locked for want of use."""
        return self.filter(
            Q(closed_at__isnull=False)
            | Q(locked_at__isnull=False)
            | ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
            is_active=False,
        )

    def silent_since(self, edge: datetime) -> Self:
        """Open accounts that nobody has signed in to, or spoken for, since then."""
        return self.filter(
            Q(last_login=None) | Q(last_login__lt=edge), is_active=True, vouched_at__lt=edge
        )

    def gone_from(self, partnership: "Partnership") -> Self:
        held = partnership.memberships.unfinished()
        return self.filter(Q(pk__in=self.model.objects.shut()) | ~Q(pk__in=held.values("user")))

    def with_roles_in(self, partnership: "Partnership") -> Self:
        """`roles_there`: what each holds in this partnership today or later."""
        held = partnership.memberships.unfinished().select_related("agency")
        return self.prefetch_related(Prefetch("memberships", held, to_attr="roles_there"))

    def with_invitations(self) -> Self:
        """Each `account_state` then costs no query of its own."""
        return self.prefetch_related("invitations")

    def who_may(self, permission: Permission, *, partnership: UUID, agency: UUID) -> Self:
        """People whose role today allows this for one agency: its own, or the whole partnership's.

        `partnership` and `agency` are ids; the other side of `User.may`.
        """
        from agencies.models.membership import Membership

        roles = roles_with(permission)
        bound = [role for role in roles if ROLES[role].in_agency]
        held = Membership.objects.current().filter(
            Q(role__in=bound, agency=agency) | Q(role__in=set(roles) - set(bound)),
            partnership=partnership,
        )
        return self.filter(is_active=True, pk__in=held.values("user"))

    def answering_for(self, agency_id: UUID) -> Self:
        """People who may fill in this agency's returns today."""
        from agencies.models.membership import Membership

        held = Membership.objects.giving(Permission.ANSWER_RETURN).filter(agency=agency_id)
        return self.filter(pk__in=held.values("user"))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email__iexact=username)
        return user


class User(RandomIdModel, AbstractBaseUser):
    """A person. Signs in with an e-mail address; what they may do comes from memberships."""

    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody with this e-mail address already exists."},
    )
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField("when somebody deactivated it", null=True, blank=True)
    locked_at = models.DateTimeField("when it locked for want of use", null=True, blank=True)
    vouched_at = models.DateTimeField(
        "when somebody last said that it is wanted", default=timezone.now
    )
    second_factor_since = models.DateTimeField(
        "proofs of a second factor count from when", null=True, blank=True
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def account_state(self) -> AccountState:
        if self.is_active:
            return AccountState.ACTIVE
        if self.closed_at is not None:
            return AccountState.DEACTIVATED
        if self.locked_at is not None:
            return AccountState.LOCKED
        if self.has_usable_password():
            return AccountState.DEACTIVATED
        newest = max(self.invitations.all(), key=lambda each: each.sent_at, default=None)
        if newest is None:
            return AccountState.NOT_INVITED
        return {
            "open": AccountState.INVITED,
            "expired": AccountState.EXPIRED,
            "withdrawn": AccountState.WITHDRAWN,
            "accepted": AccountState.DEACTIVATED,
        }[newest.state]

    @cached_property
    def current_memberships(self) -> "list[Membership]":
        """Memberships valid today; loaded once a request, since each request loads its user."""
        if not self.is_active:
            return []
        return list(self.memberships.current().select_related("partnership", "agency"))

    @property
    def owes_second_factor(self) -> bool:
        """Whether a role held today needs one; asks the database nothing of its own."""
        return any(m.partnership.asks_second_factor_of(m.role) for m in self.current_memberships)

    def partnerships_with(self, permission: Permission) -> set[UUID]:
        """Ids of the partnerships in which a role that is not bound to an agency allows this."""
        return {
            m.partnership_id
            for m in self.current_memberships
            if m.allows(permission) and not ROLES[Role(m.role)].in_agency
        }

    def agencies_with(self, permission: Permission) -> set[UUID]:
        """Ids of the agencies for which a membership held in that agency allows this."""
        return {
            m.agency_id
            for m in self.current_memberships
            if m.agency_id is not None and m.allows(permission)
        }

    def may(
        self,
        permission: Permission,
        partnership: "Partnership | UUID",
        agency: Any = None,
    ) -> bool:
        """Whether any role held today in this partnership (and agency, if it is bound) allows it.

        `agency` is an Agency or its id; left out, only roles that reach the whole
        partnership count.
        """
        partnership_id = getattr(partnership, "pk", partnership)
        agency_id = getattr(agency, "pk", agency)
        return any(
            m.partnership_id == partnership_id
            and m.allows(permission)
            and (not ROLES[Role(m.role)].in_agency or m.agency_id == agency_id)
            for m in self.current_memberships
        )

    def may_any_of(
        self,
        permissions: Iterable[Permission],
        partnership: "Partnership | UUID",
        agency: Any = None,
    ) -> bool:
        """Whether one of these is enough and held; see `may`."""
        return any(self.may(each, partnership, agency) for each in permissions)

    def may_anywhere_in(self, permission: Permission, partnership: "Partnership | UUID") -> bool:
        """Whether any role held today in this partnership allows it, for whichever agency."""
        partnership_id = getattr(partnership, "pk", partnership)
        return any(
            m.partnership_id == partnership_id and m.allows(permission)
            for m in self.current_memberships
        )
