from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Body, User
from audits.models.audit import Audit, Grade
from audits.models.case import Case
from audits.models.case_return import CaseReturn


class Meeting(models.Model):
    """The multi-agency meeting of an audit; planned for `audit.meeting_on`, held on `held_on`."""

    audit = models.OneToOneField(Audit, on_delete=models.CASCADE, related_name="meeting")
    held_on = models.DateField(null=True, blank=True)
    chaired_by = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Meeting on {self.audit}"


class Attendance(models.Model):
    class State(models.TextChoices):
        ATTENDED = "attended", "Attended"
        APOLOGIES = "apologies", "Sent apologies"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State, default=State.ATTENDED)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "attendance"

    def __str__(self) -> str:
        return self.name


class Discussion(models.Model):
    """What became of one case at the meeting."""

    class State(models.TextChoices):
        DISCUSSED = "discussed", "Discussed"
        PASSED_OVER = "passed_over", "Passed over"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="discussion")
    state = models.CharField(max_length=20, choices=State, blank=True)
    introduced_by = models.CharField(max_length=200, blank=True)
    passed_over_reason = models.TextField(blank=True)
    overall_grade = models.ForeignKey(
        Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    overall_grade_reason = models.TextField(blank=True)
    overall_grade_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["case__number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="passed_over") | ~Q(passed_over_reason=""),
                name="passed_over_with_reason",
                violation_error_message="Say why the case was passed over.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_state_display()}"


class AgreedGrade(models.Model):
    """The grade the meeting gave a case return, beside the agency's own, which stays."""

    case_return = models.OneToOneField(
        CaseReturn, on_delete=models.CASCADE, related_name="agreed_grade"
    )
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["case_return__case__number"]

    def __str__(self) -> str:
        return f"{self.case_return}: {self.grade}"
