from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models import Agency, RandomIdModel, User
from audits.models.audit import Audit
from audits.models.learning_theme import LearningTheme
from audits.models.point import Point
from audits.models.toolkit import Question


def agreed_visible(user: User) -> Q:
    """Condition on a row with `audit`: the user may read what the meeting came to."""
    return Q(audit__in=Audit.objects.agreed_visible_to(user).order_by().values("pk"))


class Section(models.TextChoices):
    """The sections of the summary report that findings are placed in."""

    FINDINGS = "findings", "Findings"
    WORKING_WELL = "working_well", "What's working well?"
    WORRIES = "worries", "What are we worried about?"
    GAPS = "gaps", "Gaps and improvements"
    NEXT_STEPS = "next_steps", "Next steps"


class Figure(RandomIdModel):
    """A count with unit and denominator: counted from rows, or stated by an agency.

    A counted figure is a specification (measure, agency, question) that `reports` computes.
    """

    class Kind(models.TextChoices):
        COUNTED = "counted", "Counted"
        STATED = "stated", "Stated by an agency"

    class Measure(models.TextChoices):
        KNOWN = "known", "Cases known to the agency"
        AUDITED = "audited", "Cases audited"
        MET_GOOD = "met_good", "Cases that met good"
        QUESTION = "question", "Cases answered yes to a question"
        CONTRIBUTORS = "contributors", "Contributors who replied"
        CONTRIBUTORS_YES = "contributors_yes", "Contributors who answered yes to a question"

    OF_QUESTION = (Measure.QUESTION, Measure.CONTRIBUTORS_YES)
    """What is counted from the answers to one question."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="figures")
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    measure = models.CharField(max_length=20, choices=Measure, blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    label = models.CharField("what was counted", max_length=200, blank=True)
    numerator = models.PositiveIntegerField(null=True, blank=True)
    denominator = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    stated_by = models.CharField("who said so", max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "code"], name="figure_code_unique"),
            models.CheckConstraint(
                condition=Q(kind="stated", measure="", question=None)
                | (Q(kind="counted", numerator=None, denominator=None) & ~Q(measure="")),
                name="figure_counted_or_stated",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class GapHeading(RandomIdModel):
    """One of the audit's own headings for gaps, tied to a learning theme, with its own label."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="gap_headings")
    learning_theme = models.ForeignKey(LearningTheme, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "label"], name="gap_heading_label_unique")
        ]

    def __str__(self) -> str:
        return self.label


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(agreed_visible(user))


class Finding(RandomIdModel):
    """What the audit concludes, written once and placed in one or more sections."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    code = models.SlugField(max_length=60)
    text = models.TextField()
    learning_themes = models.ManyToManyField(LearningTheme, blank=True, related_name="findings")
    agencies = models.ManyToManyField(Agency, blank=True, related_name="+")
    points = models.ManyToManyField(Point, blank=True, related_name="findings")
    figures = models.ManyToManyField(Figure, blank=True, related_name="findings")
    for_scrutiny = models.BooleanField("for the board's scrutiny", default=False)
    revision = models.PositiveIntegerField(default=0)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "code"], name="finding_code_unique")
        ]

    def __str__(self) -> str:
        return self.text


class SeenBefore(models.Model):
    """That a finding was seen in an earlier audit, named by code and title: it may be on paper."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="seen_before")
    audit_code = models.CharField(max_length=40, blank=True)
    audit_title = models.CharField(max_length=200)

    class Meta:
        ordering = ["audit_code", "audit_title"]
        verbose_name_plural = "seen before"
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "audit_code", "audit_title"], name="seen_before_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audit_title} ({self.audit_code})" if self.audit_code else self.audit_title


class LeadIn(models.Model):
    """A line that introduces several findings of a section, and takes a position among them."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="lead_ins")
    section = models.CharField(max_length=20, choices=Section)
    heading = models.ForeignKey(
        GapHeading, on_delete=models.CASCADE, null=True, blank=True, related_name="lead_ins"
    )
    text = models.TextField()
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class FindingPlacementQuerySet(models.QuerySet["FindingPlacement"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(finding__in=Finding.objects.visible_to(user))


class FindingPlacement(models.Model):
    """One printing of a finding: in a section, under a gap heading, under a lead-in, or plain.

    `position` orders it among its siblings: placements and lead-ins of the same section and
    heading, or the placements of the same lead-in. `wording` replaces the finding's own text.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="placements")
    section = models.CharField(max_length=20, choices=Section)
    heading = models.ForeignKey(
        GapHeading, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    lead_in = models.ForeignKey(
        LeadIn, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    position = models.PositiveIntegerField(default=0)
    wording = models.TextField("own wording in this place", blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = FindingPlacementQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section="gaps", heading__isnull=False)
                | (~Q(section="gaps") & Q(heading=None)),
                name="gaps_stand_under_headings",
                violation_error_message="Choose the heading under which this gap stands.",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return self.wording or self.finding.text
