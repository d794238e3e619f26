from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agencies.models.base import RandomIdModel
from agencies.models.partnership import Partnership
from agencies.roles import ROLES, Permission, Role

if TYPE_CHECKING:
    from agencies.models.user import User


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(partnership__in={m.partnership_id for m in user.current_memberships})

    def with_people_and_contributors(self) -> Self:
        """`lead_count`, people who lead it today; `contributor_count`, those that can be asked."""
        from agencies.models.membership import Membership

        leading = Membership.objects.current().filter(
            agency=OuterRef("pk"), role=Role.LEAD, user__is_active=True
        )
        return self.annotate(
            lead_count=Coalesce(
                Subquery(leading.order_by().values("agency").annotate(n=Count("pk")).values("n")), 0
            ),
            contributor_count=Count("contributors", filter=Q(contributors__active=True)),
        )

    def without_lead(self) -> Self:
        return self.with_people_and_contributors().filter(active=True, lead_count=0)

    def without_people(self) -> Self:
        """Agencies for which nobody can answer a return today."""
        from agencies.models.membership import Membership

        roles = [
            role for role, rule in ROLES.items() if Permission.ANSWER_RETURN in rule.permissions
        ]
        answering = Membership.objects.current().filter(
            role__in=roles, agency__isnull=False, user__is_active=True
        )
        return self.exclude(pk__in=answering.values("agency"))

    def managed_by(self, user: "User") -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_AGENCIES))


class Agency(RandomIdModel):
    class Kind(models.TextChoices):
        POLICE = "police", "Police"
        SOCIAL_CARE = "social_care", "Children's social care"
        EARLY_HELP = "early_help", "Early help"
        HEALTH_COMMISSIONER = "health_commissioner", "Health commissioner"
        HEALTH_PROVIDER = "health_provider", "Health provider"
        EDUCATION = "education", "Schools and education"
        YOUTH_JUSTICE = "youth_justice", "Youth justice"
        PROBATION = "probation", "Probation"
        HOUSING = "housing", "Housing"
        VOLUNTARY = "voluntary", "Voluntary sector"
        OTHER = "other", "Other"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agencies")
    short_name = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=Kind)
    contributor_noun = models.CharField(
        "what its contributors are called",
        max_length=60,
        blank=True,
        help_text="For an agency that co-ordinates many like it, for example “GP practice”. "
        "Leave empty for any other agency.",
    )
    contributor_noun_plural = models.CharField("the same in the plural", max_length=60, blank=True)
    active = models.BooleanField(default=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "short_name"], name="agency_short_name_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def coordinates_contributors(self) -> bool:
        return bool(self.contributor_noun)
