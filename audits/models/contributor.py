from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils import timezone

from agencies.models import Contributor, RandomIdModel, User
from audits.models.agency_return import AgencyReturn
from audits.models.case_return import CaseReturn
from audits.models.point import Point
from audits.models.stages import FROM_COLLECTING, ReturnStage
from audits.models.toolkit import PointKind, Question


class ContributorRequestQuerySet(models.QuerySet["ContributorRequest"]):
    def of_return(self, agency_return: AgencyReturn) -> Self:
        """Those about cases still in the sample."""
        return self.filter(
            case_return__agency_return=agency_return, case_return__case__withdrawn_at=None
        )

    def held_by(self, link: "ContributorLink") -> Self:
        """What a link opens: its own contributor's requests in its own return, and no others."""
        return self.filter(
            case_return__agency_return=link.agency_return_id,
            contributor=link.contributor_id,
            case_return__case__withdrawn_at=None,
        )

    def owing(self) -> Self:
        return self.filter(stage__in=ContributorRequest.OWING_STAGES)


class ContributorRequest(RandomIdModel):
    """One contributor asked about one case."""

    class Stage(models.TextChoices):
        ASKED = "asked", "Asked"
        OPENED = "opened", "Opened"
        REPLIED = "replied", "Replied"
        HOLDS_NOTHING = "holds_nothing", "Holds nothing"
        DECLINED = "declined", "Declined"

    REPLIED_STAGES = (Stage.REPLIED, Stage.HOLDS_NOTHING)
    OWING_STAGES = (Stage.ASKED, Stage.OPENED)

    case_return = models.ForeignKey(
        CaseReturn, on_delete=models.CASCADE, related_name="contributor_requests"
    )
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="requests")
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.ASKED)
    asked_on = models.DateField(default=timezone.localdate)
    answered_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = ContributorRequestQuerySet.as_manager()

    class Meta:
        ordering = ["contributor__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_return", "contributor"], name="contributor_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("asked_on")),
                name="contributor_answers_after_asked",
                violation_error_message="The answer cannot come before the request.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contributor}: {self.get_stage_display()}"


class LinkState(models.TextChoices):
    SENT = "sent", "Link sent"
    OPENED = "opened", "Link opened"
    LOCKED = "locked", "Locked after wrong codes"
    EXPIRED = "expired", "Link has run out"
    WITHDRAWN = "withdrawn", "Link withdrawn"
    MOVED = "moved", "Address changed"


class ContributorLinkQuerySet(models.QuerySet["ContributorLink"]):
    def standing(self) -> Self:
        """Not withdrawn: at most one for each contributor of a return, run out or not."""
        return self.filter(withdrawn_at=None)

    def usable(self) -> Self:
        """Links that let somebody in: as long as the return itself can still change.

        One in the mailbox of somebody whose account is shut lets nobody in; nor does one in a
        mailbox that is the contributor's no longer.
        """
        shut = User.objects.shut().filter(email=Lower(OuterRef("email")))
        return self.standing().filter(
            ~Exists(shut),
            Exact(Lower("email"), Lower("contributor__email")),
            expires_at__gt=timezone.now(),
            code_attempts__lt=ContributorLink.LOCKED_AFTER,
            contributor__active=True,
            agency_return__stage=ReturnStage.OPEN,
            agency_return__audit__stage__in=FROM_COLLECTING,
        )

    def with_names(self) -> Self:
        return self.select_related(
            "contributor", "agency_return__agency", "agency_return__audit__partnership"
        )


class ContributorLink(RandomIdModel):
    """One contributor's own way in, without an account: an address, then a code by mail.

    Token and code are kept as hashes. The address holds the token and nothing else.
    `code_attempts` counts wrong codes since the last right one, over all codes sent.
    """

    CODE_VALID_FOR = timedelta(minutes=10)
    """The longest that ASVS 5.0, 6.5.5, gives a code that comes another way."""
    TRIES_A_CODE = 5
    LOCKED_AFTER = 25

    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="contributor_links"
    )
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="links")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    learns_by = models.TextField(blank=True, max_length=500)
    """How the contributor learns who the children are, in the sender's words."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=128, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)

    objects = ContributorLinkQuerySet.as_manager()

    class Meta:
        ordering = ["contributor__name", "-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_return", "contributor"],
                condition=Q(withdrawn_at=None),
                name="one_link_a_contributor",
            )
        ]

    def __str__(self) -> str:
        return f"Link for {self.contributor}"

    @property
    def state(self) -> LinkState:
        if self.withdrawn_at is not None:
            return LinkState.WITHDRAWN
        if self.email.lower() != self.contributor.email.lower():
            return LinkState.MOVED
        if self.expires_at <= timezone.now():
            return LinkState.EXPIRED
        if self.code_attempts >= self.LOCKED_AFTER:
            return LinkState.LOCKED
        return LinkState.SENT if self.opened_at is None else LinkState.OPENED

    @property
    def lets_in(self) -> bool:
        return self.state in (LinkState.SENT, LinkState.OPENED)

    @property
    def code_is_open(self) -> bool:
        """Whether a code was sent that could still be typed in."""
        return (
            bool(self.code_hash)
            and self.code_sent_at is not None
            and self.code_sent_at + self.CODE_VALID_FOR > timezone.now()
        )


class ContributorAnswer(models.Model):
    """A contributor's answer to one question about one case."""

    request = models.ForeignKey(
        ContributorRequest, on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    value = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["question__position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "question"], name="contributor_answers_once")
        ]

    def __str__(self) -> str:
        return self.value


class ContributorPoint(RandomIdModel):
    """A point a contributor wrote about one case.

    `taken_over` once the agency has made `point` of it; both are undone together.
    """

    request = models.ForeignKey(ContributorRequest, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=20, choices=PointKind)
    text = models.TextField()
    position = models.PositiveIntegerField(default=0)
    taken_over = models.BooleanField(default=False)
    point = models.OneToOneField(
        Point, on_delete=models.SET_NULL, null=True, blank=True, related_name="contributed"
    )

    class Meta:
        ordering = ["kind", "position"]

    def __str__(self) -> str:
        return self.text
