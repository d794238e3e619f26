from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from agencies.models import Agency, RandomIdModel, User
from agencies.roles import Permission
from audits.models.agency_return import AgencyReturn, readable_returns
from audits.models.audit import Audit, Grade
from audits.models.case import Case
from audits.models.stages import FINISHED, FROM_COLLECTING, CaseReturnStage, ReturnStage, Stage
from audits.models.toolkit import Question


class Known(models.TextChoices):
    CHILD = "child", "Yes, the child"
    SIBLING = "sibling", "Yes, a sibling"
    CARER = "carer", "Yes, a parent or carer"
    NO = "no", "No"
    UNSURE = "unsure", "We can’t tell yet"


KNOWN_TO_AGENCY = [Known.CHILD, Known.SIBLING, Known.CARER]


class CaseReturnQuerySet(models.QuerySet["CaseReturn"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(readable_returns(user))

    def editable_by(self, user: User) -> Self:
        """Open to writing: the agency's own people, or the officer for an agency on paper."""
        return self.filter(
            Q(agency__in=user.agencies_with(Permission.ANSWER_RETURN))
            | Q(audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT)),
            audit__stage__in=FROM_COLLECTING,
            agency_return__stage=ReturnStage.OPEN,
        )

    def sent_back_to(self, user: User) -> Self:
        """Their own, open and last sent back; adds `last_reason` and `last_at`."""
        from audits.models.status import StatusChange

        last = StatusChange.objects.filter(case_return=OuterRef("pk")).order_by("-at", "-pk")
        return (
            self.visible_to(user)
            .editable_by(user)
            .in_sample()
            .filter(auditor=user, audit__stage__in=[Stage.COLLECTING, Stage.MEETING])
            .exclude(stage__in=FINISHED)
            .annotate(
                last_step=Subquery(last.values("transition")[:1]),
                last_reason=Subquery(last.values("reason")[:1]),
                last_at=Subquery(last.values("at")[:1]),
            )
            .filter(last_step="send-back")
            .select_related("case", "audit", "agency_return__audit")
        )

    def in_sample(self) -> Self:
        return self.filter(case__withdrawn_at=None)


class CaseReturn(RandomIdModel):
    """One agency's audit of one case. Carries its audit and agency for counting and scoping."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="case_returns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="case_returns")
    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="case_returns"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_returns")
    stage = models.CharField(
        max_length=20, choices=CaseReturnStage, default=CaseReturnStage.NOT_STARTED
    )
    auditor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="case_returns"
    )
    known = models.CharField(
        "is the family known to you?", max_length=10, choices=Known, blank=True
    )
    not_known_reason = models.TextField("how you checked", blank=True)
    engagement_past = models.TextField("past engagement", blank=True)
    engagement_present = models.TextField("present engagement", blank=True)
    voice_practitioners = models.TextField("what practitioners say", blank=True)
    voice_child = models.TextField("what the child says", blank=True)
    voice_family = models.TextField("what the family says", blank=True)
    own_grade = models.ForeignKey(
        Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    grade_reason = models.TextField("reason for the grade", blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    entered_from_paper = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)

    objects = CaseReturnQuerySet.as_manager()

    class Meta:
        ordering = ["case__number"]
        constraints = [
            models.UniqueConstraint(fields=["agency_return", "case"], name="case_return_once")
        ]
        indexes = [
            models.Index(
                fields=["audit", "agency", "case", "stage", "known", "own_grade"],
                name="case_return_counts",
            ),
            models.Index(fields=["auditor", "stage"], name="case_return_by_auditor"),
        ]

    def __str__(self) -> str:
        return f"{self.case}, {self.agency}"

    @property
    def is_finished(self) -> bool:
        return self.stage in FINISHED

    def has_words(self) -> bool:
        """Whether more than the first answer, about who is known, has been written in it."""
        own = ("engagement_past", "engagement_present", "grade_reason", "own_grade_id")
        voices = ("voice_practitioners", "voice_child", "voice_family")
        return (
            any(getattr(self, name) for name in (*own, *voices))
            or self.answers.exclude(value="", evidence="").exists()
            or self.points.exists()
            or self.engagement_entries.exists()
        )


class Answer(models.Model):
    """The answer to one question in one case return.

    `value` is a code for yes/no, the label for one of a list, a decimal, an ISO date, or words.
    """

    case_return = models.ForeignKey(CaseReturn, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    value = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["question__position"]
        constraints = [
            models.UniqueConstraint(fields=["case_return", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return self.value
