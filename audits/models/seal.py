"""The seal of an audit: who its children are, encrypted; who looked; how long it is kept.

The key lies in the key folder under the seal's own id (agencies/key_folder.py). Nothing here can
be read without it.
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.encrypted_fields import EncryptedTextField
from agencies.models import Agency, RandomIdModel, User
from agencies.models.base import any_of
from agencies.roles import Permission
from audits.models.agency_return import AgencyReturn
from audits.models.audit import Audit
from audits.models.case import Case
from audits.models.stages import ReturnStage, Stage


def still_looking(user: User) -> models.QuerySet[AgencyReturn]:
    """Returns for which this person still has to find children.

    From circulation until the agency's return is in, or the meeting has come.
    """
    return AgencyReturn.objects.filter(
        agency__in=user.agencies_with(Permission.ANSWER_RETURN),
        audit__stage=Stage.COLLECTING,
        stage=ReturnStage.OPEN,
    )


def is_sealed() -> models.Exists:
    """Whether it stands here who the audit's cases are; of any row that names its audit."""
    return models.Exists(Seal.objects.standing().filter(audit=models.OuterRef("audit")))


def may_look(user: User, audit: Audit, agency_return: AgencyReturn | None = None) -> bool:
    """Whether this person may ask now who the children of the audit are: the officer, or for their
    agency's return one of `still_looking`; from rows that are read already."""
    if user.may(Permission.RUN_AUDIT, audit.partnership_id):
        return True
    return (
        agency_return is not None
        and is_being_filled(audit, agency_return)
        and agency_return.agency_id in user.agencies_with(Permission.ANSWER_RETURN)
    )


def may_hear_of_seals(user: User, audit: Audit) -> bool:
    """Whether this person may be told what became of the audit's seal: the officer, and whoever
    fills in the return of an agency that was asked, handed in or not."""
    if user.may(Permission.RUN_AUDIT, audit.partnership_id):
        return True
    own = user.agencies_with(Permission.ANSWER_RETURN)
    return AgencyReturn.objects.filter(audit=audit, agency__in=own).exists()


def is_being_filled(audit: Audit, agency_return: AgencyReturn) -> bool:
    """Whether those who fill in the return may look, since they have to find the children."""
    return audit.stage == Stage.COLLECTING and agency_return.stage == ReturnStage.OPEN


class SealQuerySet(models.QuerySet["Seal"]):
    def visible_to(self, user: User) -> Self:
        """The officer's, and for as long as they need them, those who look for the children."""
        ways = [Q(audit__in=still_looking(user).values("audit"))]
        if run := user.partnerships_with(Permission.RUN_AUDIT):
            ways.append(Q(audit__partnership__in=run))
        return self.filter(any_of(ways))

    def standing(self) -> Self:
        return self.filter(destroyed_at=None)

    def due_by(self, day: date) -> Self:
        """Those whose day has come and that nobody holds."""
        held = LegalHold.objects.standing().values("audit")
        return self.standing().filter(keep_until__lte=day).exclude(audit__in=held)


class Seal(RandomIdModel):
    """That an audit's children are named here, from when until when. Stays when they are gone."""

    class Because(models.TextChoices):
        RETENTION = "retention", "Its day had come"
        BY_HAND = "by_hand", "By hand"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="seals")
    begun_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField(default=timezone.now)
    keep_until = models.DateField("day on which the identities are destroyed")

    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    destroyed_because = models.CharField(max_length=20, choices=Because, blank=True)
    destroyed_reason = EncryptedTextField(blank=True)
    destroyed_cases = models.JSONField(
        default=list, help_text="The numbers of the cases whose identities were destroyed."
    )

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit"], condition=Q(destroyed_at=None), name="seal_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"Seal of {self.begun_at:%-d %B %Y}"

    @property
    def stands(self) -> bool:
        return self.destroyed_at is None


class SealedIdentityQuerySet(models.QuerySet["SealedIdentity"]):
    def standing(self) -> Self:
        """Whose seal was not destroyed."""
        return self.filter(seal__destroyed_at=None)

    def visible_to(self, user: User) -> Self:
        """Rows whose content this person may ask for, with a reason; of those asked, the sample."""
        ways = [
            Q(
                seal__audit__in=still_looking(user).values("audit"),
                case__withdrawn_at=None,
            )
        ]
        if run := user.partnerships_with(Permission.RUN_AUDIT):
            ways.append(Q(seal__audit__partnership__in=run))
        return self.filter(any_of(ways))


class SealedIdentity(RandomIdModel):
    """Who the child of one case is, in one box that opens for that seal and that case alone."""

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="identities")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="sealed_identity")
    box = models.BinaryField()
    name_hashes = models.JSONField(
        default=list,
        help_text="Keyed hashes of the names, sorted; without the key they say nothing.",
    )
    sealed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed_at = models.DateTimeField(default=timezone.now)

    objects = SealedIdentityQuerySet.as_manager()

    class Meta:
        ordering = ["case__number"]
        verbose_name_plural = "sealed identities"

    def __str__(self) -> str:
        return f"Sealed identity of {self.case}"

    @property
    def bound_to(self) -> str:
        return f"identity {self.seal_id} {self.case_id}"


class IdentityViewQuerySet(models.QuerySet["IdentityView"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            seal__audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT)
        )


class IdentityView(models.Model):
    """That somebody looked at who a child is: who, when, for which agency, and why.

    What people give as a reason may say more than it should, so it is encrypted too.
    """

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="views")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = EncryptedTextField()

    objects = IdentityViewQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.case}, {self.by}"


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT))

    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class LegalHold(RandomIdModel):
    """Nothing of an audit's identities is destroyed while this stands."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="legal_holds")
    reason = EncryptedTextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_reason = EncryptedTextField(blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit"], condition=Q(lifted_at=None), name="legal_hold_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"Legal hold since {self.since:%-d %B %Y}"
