from collections.abc import Iterator
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from agencies.models import Agency, Membership, RandomIdModel, User
from agencies.models.base import any_of
from agencies.roles import Permission
from audits.models.audit import Audit
from audits.models.stages import (
    FINISHED,
    FROM_COLLECTING,
    FROM_MEETING,
    HANDED_IN,
    SETTLED,
    ReturnStage,
    Stage,
)


def readable_returns(user: User, *, stage: str = "agency_return__stage") -> Q:
    """Condition on a row with `audit` and `agency`: the user may read what that agency wrote.
    `stage` is where the row finds how far the agency's return is.

    The officer reads all at any time, the chair from the meeting stage on, an agency its own,
    and from the meeting stage the others' once its own return is in (design, privacy rule 3) and
    theirs is too: what an agency has not handed in is its own, excused or reopened though it is.
    A way that the person's roles do not open is left out: the database would plan it in vain.
    """
    return any_of(list(_ways_to_read(user, stage)))


def _ways_to_read(user: User, stage: str) -> Iterator[Q]:
    if everything := user.partnerships_with(Permission.SEE_RETURNS):
        yield Q(audit__partnership__in=everything)
    if from_meeting := user.partnerships_with(Permission.SEE_RETURNS_FROM_MEETING):
        yield Q(audit__partnership__in=from_meeting, audit__stage__in=FROM_MEETING)
    if own := user.agencies_with(Permission.ANSWER_RETURN):
        yield Q(agency__in=own, audit__stage__in=FROM_COLLECTING)
    if shared := user.agencies_with(Permission.SEE_SHARED_RETURNS):
        handed_in = AgencyReturn.objects.filter(agency__in=shared, stage__in=HANDED_IN)
        yield Q(
            (f"{stage}__in", HANDED_IN),
            audit__stage__in=FROM_MEETING,
            audit__in=handed_in.values("audit").order_by(),
        )


class AgencyReturnQuerySet(models.QuerySet["AgencyReturn"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(readable_returns(user, stage="stage"))

    def states_visible_to(self, user: User) -> Self:
        """Returns of which the user may know the stage and the counts, though not the words."""
        return self.filter(
            Q(audit__partnership__in=user.partnerships_with(Permission.SEE_STATES))
            | Q(
                agency__in=user.agencies_with(Permission.ANSWER_RETURN),
                audit__stage__in=FROM_COLLECTING,
            )
        )

    def owed(self) -> Self:
        return self.filter(stage=ReturnStage.OPEN, audit__stage="collecting")

    def with_what_is_left(self, user: User) -> Self:
        """How many case returns are left: `total`, `left`, `unassigned`; `mine`, `mine_left`.

        `unanswered` are those of which the agency has not said whether it knows them.
        """
        here = Membership.objects.giving(Permission.ANSWER_RETURN)
        # A case whose auditor no longer fills in returns is nobody's.
        nobodys = Q(case_returns__auditor=None) | ~Q(case_returns__auditor__in=here.values("user"))
        in_sample = Q(case_returns__case__withdrawn_at=None)
        left = in_sample & ~Q(case_returns__stage__in=FINISHED)
        mine = Q(case_returns__auditor=user)
        return self.annotate(
            total=Count("case_returns", filter=in_sample),
            left=Count("case_returns", filter=left),
            unanswered=Count("case_returns", filter=left & Q(case_returns__known="")),
            unassigned=Count("case_returns", filter=left & nobodys),
            mine=Count("case_returns", filter=in_sample & mine),
            mine_left=Count("case_returns", filter=left & mine),
        )

    def with_seal(self) -> Self:
        """Adds `is_sealed`: whether it stands here who the audit's cases are."""
        from audits.models.seal import is_sealed

        return self.annotate(is_sealed=is_sealed())

    def settled(self) -> Self:
        return self.filter(stage__in=SETTLED)


class AgencyReturn(RandomIdModel):
    """Everything one agency sends back for one audit; the row is made when the agency is asked."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="agency_returns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agency_returns")
    stage = models.CharField(max_length=20, choices=ReturnStage, default=ReturnStage.OPEN)
    extended_to = models.DateField(
        null=True, blank=True, help_text="The day until which this agency alone was given time."
    )
    overview = models.TextField("overview of findings", blank=True)
    signed_off_at = models.DateTimeField(null=True, blank=True)
    signed_off_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = AgencyReturnQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "agency"], name="agency_asked_once")
        ]
        indexes = [models.Index(fields=["agency", "stage"], name="return_by_agency")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.audit}"

    @property
    def due_on(self) -> date | None:
        """The day by which this agency's return is due.

        Its own once it was given time, unless the audit's has moved beyond it since.
        """
        days = [day for day in (self.extended_to, self.audit.return_by) if day]
        return max(days, default=None)

    @property
    def is_late(self) -> bool:
        return (
            self.stage == ReturnStage.OPEN
            and self.audit.stage == Stage.COLLECTING
            and self.due_on is not None
            and self.due_on < timezone.localdate()
        )

    @property
    def is_settled(self) -> bool:
        return self.stage in SETTLED


class RestorativeAction(models.Model):
    """What an agency itself will put right, by whom and by when."""

    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="restorative_actions"
    )
    text = models.TextField("what will be done")
    owner = models.CharField("by whom", max_length=200, blank=True)
    due_on = models.DateField("by when", null=True, blank=True)
    measure = models.TextField("how we will know", blank=True)
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
