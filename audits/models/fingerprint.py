from typing import Any, NoReturn
from uuid import UUID

from django.db import models
from django.utils import timezone

from agencies.chain_format import short_fingerprint
from agencies.models import AppendOnlyError, RandomIdModel
from audits.models.agency_return import AgencyReturn
from audits.models.revision import Correction


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("A fingerprint is kept as it was taken.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A fingerprint is kept as it was taken.")


class Fingerprint(RandomIdModel):
    """The hash of everything a return said when it was signed off, or corrected after that.

    The last one taken says what it must still be; earlier ones are kept. `audits.domain.
    fingerprints` says what it is made of; the activity names each one, so that it cannot be
    changed together with the return.
    """

    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="fingerprints"
    )
    correction = models.OneToOneField(
        Correction, on_delete=models.CASCADE, null=True, blank=True, related_name="fingerprint"
    )
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    objects = FingerprintQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        get_latest_by = "at"

    def __str__(self) -> str:
        return short_fingerprint(self.hash)

    @property
    def named_as(self) -> str:
        """How the activity names it: by what it says."""
        return self.hash[:40]

    @property
    def agency_id(self) -> UUID:
        return self.agency_return.agency_id
