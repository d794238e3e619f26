from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models.agency import Agency
from agencies.models.base import RandomIdModel
from agencies.models.partnership import Partnership
from agencies.models.user import User
from agencies.roles import ROLES, Permission, Role, roles_with


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        today = timezone.localdate()
        return self.filter(Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today)))

    def giving(self, permission: Permission) -> Self:
        """Held today, by somebody who can sign in, in a role with this permission."""
        return self.current().filter(role__in=roles_with(permission), user__is_active=True)

    def unfinished(self) -> Self:
        """Held today, or to be held later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))

    def overlapping(self, first: date, last: date | None) -> Self:
        begun = Q() if last is None else Q(starts_on__lte=last)
        return self.filter(begun & (Q(ends_on=None) | Q(ends_on__gte=first)))

    def managed_by(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_PEOPLE))


class Membership(RandomIdModel):
    """A person's role in a partnership, and in which agency, from when until when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True
    )
    starts_on = models.DateField("from", default=timezone.localdate)
    ends_on = models.DateField("until", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["role", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[r for r, rule in ROLES.items() if rule.in_agency])
                | Q(agency__isnull=False),
                name="membership_agency_where_needed",
                violation_error_message="Choose the agency in which this role is held.",
            ),
        ]

    def __str__(self) -> str:
        place = f", {self.agency}" if self.agency else ""
        return f"{self.get_role_display()}{place}"

    def allows(self, permission: Permission) -> bool:
        return permission in ROLES[Role(self.role)].permissions

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()
