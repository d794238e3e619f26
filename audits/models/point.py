from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, RandomIdModel, User
from agencies.roles import Permission
from audits.models.agency_return import AgencyReturn, readable_returns
from audits.models.audit import Audit
from audits.models.case import Case
from audits.models.case_return import CaseReturn
from audits.models.learning_theme import LearningTheme
from audits.models.stages import FROM_MEETING, HANDED_IN
from audits.models.toolkit import PointKind


class PointQuerySet(models.QuerySet["Point"]):
    def visible_to(self, user: User) -> Self:
        """Points of returns one may read; what the meeting agreed, from the meeting stage on."""
        agreed = Q(placements__agreed=True, audit__stage__in=FROM_MEETING)
        whole = Q(audit__partnership__in=user.partnerships_with(Permission.SEE_AGREED))
        own = Q(
            audit__agency_returns__agency__in=user.agencies_with(Permission.SEE_AGREED),
            audit__agency_returns__stage__in=["signed_off", "nil", "declined"],
        )
        returned = Q(agency__isnull=False) & readable_returns(user)
        return self.filter(returned | (agreed & (whole | own))).distinct()

    def returned(self) -> Self:
        return self.exclude(origin=Point.Origin.MEETING)

    def to_build_on(self) -> Self:
        """What the meeting may adopt and findings rest on: said or agreed there, or in a return
        that is in. What an agency has not handed in, excused or reopened though it is, spreads to
        nobody."""
        agreed = PointPlacement.objects.filter(agreed=True).order_by().values("point")
        return self.filter(
            Q(origin=Point.Origin.MEETING)
            | Q(agency_return__stage__in=HANDED_IN)
            | Q(pk__in=agreed)
        )

    def taken_out(self) -> Self:
        """Points written at the meeting that it then took out again; their words are kept."""
        return self.filter(origin=Point.Origin.MEETING).exclude(placements__agreed=True)


class Point(RandomIdModel):
    """One bullet about one case or about the whole audit, written once.

    Its text stands here; under which kinds it is listed stands in its placements. Points of
    a return belong to a case return or, in the summative report, to the agency return alone.
    """

    class Origin(models.TextChoices):
        CASE_RETURN = "case_return", "Case return"
        SUMMATIVE = "summative", "Summative report"
        MEETING = "meeting", "Meeting"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="points")
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="points"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(max_length=20, choices=Origin)
    case_return = models.ForeignKey(
        CaseReturn, on_delete=models.CASCADE, null=True, blank=True, related_name="points"
    )
    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, null=True, blank=True, related_name="points"
    )
    text = models.TextField()
    learning_themes = models.ManyToManyField(LearningTheme, blank=True, related_name="points")
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)

    objects = PointQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="case_return", case_return__isnull=False, case__isnull=False)
                | Q(origin="summative", agency_return__isnull=False, case__isnull=True)
                | Q(origin="meeting", case_return__isnull=True, agency_return__isnull=True),
                name="point_belongs_to_its_origin",
            )
        ]
        indexes = [models.Index(fields=["audit", "case"], name="point_by_case")]

    def __str__(self) -> str:
        return self.text


class PointPlacementQuerySet(models.QuerySet["PointPlacement"]):
    def bulk_create(
        self, objs: Iterable["PointPlacement"], *args: Any, **options: Any
    ) -> list["PointPlacement"]:
        placements = list(objs)
        for placement in placements:
            placement.audit_id = placement.point.audit_id
        return super().bulk_create(placements, *args, **options)


class PointPlacement(models.Model):
    """One listing of a point under a kind: in its return, or in what the meeting agreed.

    Adopting a returned point adds an agreed placement; taking it out again deletes that
    placement. Every agreed placement prints exactly once. Carries its point's audit for counting.
    """

    audit = models.ForeignKey(
        Audit, on_delete=models.CASCADE, related_name="+", db_index=False, editable=False
    )
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=20, choices=PointKind)
    agreed = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    objects = PointPlacementQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["point", "kind", "agreed"], name="placed_once_a_kind")
        ]
        indexes = [
            models.Index(fields=["point", "agreed", "kind", "position"], name="placement_reads"),
            models.Index(fields=["audit", "agreed", "kind", "point"], name="placement_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.point}"

    def save(self, *args: Any, **options: Any) -> None:
        self.audit_id = self.point.audit_id
        super().save(*args, **options)
