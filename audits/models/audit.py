from typing import Any, Self
from zlib import crc32

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from agencies.models import Agency, Partnership, RandomIdModel, User
from agencies.models.base import any_of
from agencies.roles import Permission
from audits.models.stages import FROM_MEETING, HANDED_IN, OPEN_STAGES, STAGES, Stage
from audits.models.theme import Theme
from audits.models.toolkit import Toolkit

SET_UP = (
    "code",
    "title",
    "kind",
    "theme_id",
    "toolkit_id",
    "predecessor_id",
    "asked_for_by_id",
    "asked_for_on",
    "asked_for_reason",
    "purpose",
    "legal_power",
    "identity_channel",
    "lookback_from",
    "lookback_to",
    "asks_practitioners",
    "asks_child",
    "asks_family",
)

YEAR = Coalesce(
    *(
        ExtractYear(field)
        for field in ("meeting_on", "return_by", "nominate_by", "report_by", "asked_for_on")
    )
)


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> Self:
        """Audits a user may know of: all in the partnership, or those their agency was asked in."""
        ways = []
        if whole := user.partnerships_with(Permission.SEE_AUDITS):
            ways.append(Q(partnership__in=whole))
        if agencies := user.agencies_with(Permission.SEE_AUDITS):
            asked = Audit.agencies_asked.through.objects.filter(agency__in=agencies)
            ways.append(Q(pk__in=asked.values("audit")) & ~Q(stage=Stage.PLANNED))
        return self.filter(any_of(ways))

    def agreed_visible_to(self, user: User) -> Self:
        """Audits of which the user may read what the meeting came to: its points and findings.

        From the meeting stage on, an agency once its own return is in; the officer at any time.
        """
        handed_in = Audit.agencies_asked.through.objects.filter(
            agency__in=user.agencies_with(Permission.SEE_AGREED), stage__in=HANDED_IN
        )
        from_meeting = Q(stage__in=FROM_MEETING) & (
            Q(partnership__in=user.partnerships_with(Permission.SEE_AGREED))
            | Q(pk__in=handed_in.values("audit"))
        )
        return self.filter(
            from_meeting | Q(partnership__in=user.partnerships_with(Permission.SEE_RETURNS))
        )

    def open(self) -> Self:
        return self.filter(stage__in=OPEN_STAGES)

    def of_partnership(self, partnership: Partnership) -> Self:
        return self.filter(partnership=partnership)

    def with_year(self) -> Self:
        """Adds `year`: that of the meeting, or else of the nearest other date there is."""
        return self.annotate(year=YEAR)

    def of_year(self, year: int) -> Self:
        return self.annotate(year=YEAR).filter(year=year)

    def years(self) -> list[int]:
        """The years of these audits, latest first."""
        years = self.order_by().values_list(YEAR, flat=True).distinct()
        return sorted((year for year in years if year is not None), reverse=True)

    def for_list(self) -> Self:
        """Adds `year`, `case_count` and `asked_count`, the open stages first."""
        return (
            self.with_names()
            .with_year()
            .annotate(
                case_count=Count("cases", filter=Q(cases__withdrawn_at=None), distinct=True),
                asked_count=Count("agency_returns", distinct=True),
                is_closed=Q(stage=Stage.CLOSED),
            )
            .order_by("is_closed", "-code")
        )

    def with_names(self) -> Self:
        return self.select_related("partnership", "theme", "toolkit", "asked_for_by", "predecessor")


class Audit(RandomIdModel):
    """One multi-agency case audit (MACA)."""

    class Kind(models.TextChoices):
        PROGRAMMED = "programmed", "Programmed"
        EXTRAORDINARY = "extraordinary", "Extraordinary"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="audits")
    code = models.CharField(
        max_length=40, help_text="Short and never used twice, for example “2026-03”."
    )
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PROGRAMMED)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="audits")
    toolkit = models.ForeignKey(Toolkit, on_delete=models.PROTECT, related_name="audits")
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    earlier_code = models.CharField(
        "code of an earlier audit that is not kept here", max_length=40, blank=True
    )
    earlier_title = models.CharField(
        "title of an earlier audit that is not kept here", max_length=200, blank=True
    )
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.PLANNED)
    awaiting_approval = models.BooleanField(default=False)
    agencies_asked: Any = models.ManyToManyField(
        Agency, through="audits.AgencyReturn", related_name="audits"
    )

    asked_for_by = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_for_on = models.DateField(null=True, blank=True)
    asked_for_reason = models.TextField(blank=True)

    purpose = models.TextField("purpose of the request", blank=True)
    legal_power = models.TextField("legal power to share", blank=True)
    identity_channel = models.TextField(
        "how agencies are told who the cases are",
        blank=True,
        help_text="The partnership's own secure way, in words. Names are never entered here.",
    )
    lookback_from = models.DateField(null=True, blank=True)
    lookback_to = models.DateField(null=True, blank=True)

    asks_practitioners = models.BooleanField("what practitioners say", default=False)
    asks_child = models.BooleanField("what the child says", default=False)
    asks_family = models.BooleanField("what the family says", default=False)

    nominate_by = models.DateField(null=True, blank=True)
    return_by = models.DateField(null=True, blank=True)
    meeting_on = models.DateField(null=True, blank=True)
    report_by = models.DateField(null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-code"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "code"],
                name="audit_code_unique",
                violation_error_message="Another audit already has this code.",
            ),
            models.CheckConstraint(
                condition=Q(predecessor=None) | Q(earlier_code="", earlier_title=""),
                name="audit_one_predecessor",
                violation_error_message="Name one earlier audit, kept here or not.",
            ),
            models.CheckConstraint(
                condition=Q(lookback_from=None)
                | Q(lookback_to=None)
                | Q(lookback_to__gte=F("lookback_from")),
                name="audit_lookback_in_order",
                violation_error_message="The period must not end before it begins.",
            ),
        ]
        indexes = [models.Index(fields=["partnership", "stage"], name="audit_by_stage")]

    def __str__(self) -> str:
        return self.title

    @property
    def voices(self) -> list[str]:
        """Fields of a case return for what people say, as far as this audit asks for them."""
        asked = {
            "voice_practitioners": self.asks_practitioners,
            "voice_child": self.asks_child,
            "voice_family": self.asks_family,
        }
        return [name for name, is_asked in asked.items() if is_asked]

    @property
    def is_extraordinary(self) -> bool:
        return self.kind == self.Kind.EXTRAORDINARY

    @property
    def is_locked(self) -> bool:
        """Whether toolkit and grade scale stand fast: agencies have answered by them.

        Going back to nominating keeps the answers, so it does not unlock them.
        """
        return self.has_reached(Stage.COLLECTING) or self.case_returns.exists()

    @property
    def revision(self) -> int:
        """A number that changes with the set-up: the words, and which rows it names.

        Stage and dates stand apart: each of their changes leaves a trace of its own.
        """
        return crc32("\0".join(str(getattr(self, name)) for name in SET_UP).encode())

    def has_reached(self, stage: Stage) -> bool:
        return STAGES.index(Stage(self.stage)) >= STAGES.index(stage)

    @property
    def due_on(self) -> Any:
        """The date by which the present stage should be over, or None."""
        return {
            Stage.NOMINATING: self.nominate_by,
            Stage.COLLECTING: self.return_by,
            Stage.MEETING: self.meeting_on,
            Stage.DRAFTING: self.report_by,
        }.get(Stage(self.stage))

    @property
    def due_word(self) -> str:
        """A meeting is on its day; everything else is due by it."""
        return "on" if self.stage == Stage.MEETING else "by"

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


class Grade(models.Model):
    """One step of the audit's grade scale, best first."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="grades")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField()
    meets_good = models.BooleanField("counts as “met good”")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["audit", "code"], name="grade_code_unique")]

    def __str__(self) -> str:
        return self.label


class DateMove(models.Model):
    """The trace of a date that moved."""

    class Field(models.TextChoices):
        NOMINATE_BY = "nominate_by", "Nominate by"
        RETURN_BY = "return_by", "Return by"
        MEETING_ON = "meeting_on", "Meeting on"
        REPORT_BY = "report_by", "Report by"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="date_moves")
    field = models.CharField(max_length=20, choices=Field)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.from_date} to {self.to_date}"
