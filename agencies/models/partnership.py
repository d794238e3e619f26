from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from agencies.models.base import RandomIdModel

if TYPE_CHECKING:
    from agencies.models.user import User


IMMEDIATE_RISK_ADVICE = """\
If somebody is in danger now, ring 999.
Then ring the front door of children’s social care and make a referral, as you would for \
any child, and tell your agency’s safeguarding lead.
Nothing you write on this page makes that referral for you."""


ACCESS_REVIEW_EVERY = timedelta(days=91)


def next_access_review() -> date:
    """A quarter from today."""
    return timezone.localdate() + ACCESS_REVIEW_EVERY


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(pk__in={m.partnership_id for m in user.current_memberships})


class Partnership(RandomIdModel):
    """The board whose audits these are; the boundary nothing crosses."""

    short_name = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    subject_noun = models.CharField(
        "word for the person a case is about", max_length=40, default="child"
    )
    subject_noun_plural = models.CharField(
        "the same word in the plural", max_length=40, default="children"
    )

    remind_days_before = models.PositiveSmallIntegerField(
        "days before the due date on which agencies are reminded", default=5
    )
    tell_lead_days_after = models.PositiveSmallIntegerField(
        "days after the due date on which the lead is told", default=2
    )
    tell_chair_days_after = models.PositiveSmallIntegerField(
        "days after the due date on which the chair is told", default=7
    )
    immediate_risk_advice = models.TextField(
        "what to do at once when a child is at immediate risk", default=IMMEDIATE_RISK_ADVICE
    )
    small_numbers_below = models.PositiveSmallIntegerField(
        "counts of fewer than this are withheld from documents for the public",
        default=8,
        validators=[MinValueValidator(3), MaxValueValidator(50)],
    )
    second_factor_roles = models.JSONField(
        "roles that need a second factor; nothing said: what the installation says",
        null=True,
        blank=True,
        default=None,
    )
    keep_identities_months = models.PositiveSmallIntegerField(
        "months after an audit’s last date for which it is kept who its cases are", default=6
    )
    access_review_due_on = models.DateField(
        "day by which it is next looked at who has access", default=next_access_review
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def asks_second_factor_of(self, role: str) -> bool:
        if self.second_factor_roles is None:
            return bool(settings.SECOND_FACTOR)
        return role in self.second_factor_roles
