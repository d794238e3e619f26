from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import AppendOnlyError, RandomIdModel, User
from agencies.models.base import any_of
from agencies.roles import Permission
from audits.models.agency_return import AgencyReturn
from audits.models.audit import Audit


class ScreeningDecisionQuerySet(models.QuerySet["ScreeningDecision"]):
    def visible_to(self, user: User) -> Self:
        """Those of the returns somebody reads, and those of an audit's own texts for who drafts."""
        of_returns = Q(agency_return__in=AgencyReturn.objects.visible_to(user))
        drafts = user.partnerships_with(Permission.DRAFT)
        return self.filter(
            any_of([of_returns, Q(agency_return=None, audit__partnership__in=drafts)])
        )

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("What somebody decided is kept as it was decided.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("What somebody decided is kept as it was decided.")


class ScreeningDecision(RandomIdModel):
    """That somebody looked at words which may say who somebody is, and what they made of them.

    `mark` is a keyed hash of the words, so that nothing which identifies stands here as well. A
    decision holds for the same words under the same rule: in one agency's return, or, without
    one, in the texts that belong to the audit itself.
    """

    class Why(models.TextChoices):
        PLACE = "place", "A place, a service or an organisation"
        PROFESSIONAL = "professional", "A professional in their work, not a child or family"
        WORD = "word", "An ordinary word or a number that points to nobody"
        OTHER = "other", "Something else"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="screening_decisions")
    agency_return = models.ForeignKey(
        AgencyReturn,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="screening_decisions",
    )
    rule = models.CharField(max_length=40)
    mark = models.CharField(max_length=80)
    why = models.CharField(max_length=12, choices=Why)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScreeningDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_return", "rule", "mark"],
                condition=Q(agency_return__isnull=False),
                name="screening_decided_once_a_return",
            ),
            models.UniqueConstraint(
                fields=["audit", "rule", "mark"],
                condition=Q(agency_return=None),
                name="screening_decided_once_an_audit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()} ({self.rule})"
