import json
from collections.abc import Collection
from typing import Any, NoReturn, Self
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from agencies.chain_format import short_fingerprint
from agencies.models import Activity, Partnership, RandomIdModel, User
from agencies.roles import Permission
from audits.models import Audit
from reports.documents.codec import canonical, digest
from reports.documents.content import Briefing, SummaryReport
from reports.documents.fingerprint import SUBJECT, TAKEN, fingerprint_of

READ_AT_ONCE = 10
NAMED = ("title", "audience", "version")

Name = tuple[UUID, str]
"""An audit, and the fingerprint by which its activity names a document."""


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        partnerships = {
            m.partnership_id
            for m in user.current_memberships
            if m.allows(Permission.READ_PUBLISHED)
        }
        return self.filter(audit__partnership__in=partnerships)

    def with_audit(self) -> Self:
        return self.select_related("audit__partnership", "audit__theme", "published_by")

    def without_contents(self) -> Self:
        """For lists: a row without its pages."""
        return self.defer("content", "pdf")

    def library(self, partnership: Partnership) -> Self:
        """The newest version of everything a partnership has published."""
        return self.filter(audit__partnership=partnership).newest().with_audit().without_contents()

    def of_audit(self, audit: Audit) -> Self:
        return self.filter(audit=audit).with_audit().without_contents()

    def altered(self) -> set[UUID]:
        """Ids of those that are no longer what was approved; a few are read at a time."""
        whole = self.select_related(None).defer(None)
        names, altered = {}, set()
        for each in whole.iterator(READ_AT_ONCE):
            names[each.pk] = each.name_in_activity
            if not each.fits_its_hashes():
                altered.add(each.pk)
        named = _named_in_activity(names.values())
        return altered | {pk for pk, name in names.items() if name not in named}

    def newest(self) -> Self:
        """The newest version of each kind of each audit."""
        newer = Document.objects.filter(
            audit=models.OuterRef("audit"),
            kind=models.OuterRef("kind"),
            version__gt=models.OuterRef("version"),
        )
        return self.filter(~models.Exists(newer))


class Document(RandomIdModel):
    """A published version: frozen content, its PDF and a hash of each; never rendered again."""

    class Kind(models.TextChoices):
        SUMMARY_REPORT = "summary_report", "Summary report"
        BRIEFING = "briefing", "Six-step briefing"

    class Audience(models.TextChoices):
        BOARD = "board", "Board-confidential"
        PUBLIC = "public", "Public"

    FILE_NAMES = {
        Kind.SUMMARY_REPORT: "summary-report.pdf",
        Kind.BRIEFING: "six-step-briefing.pdf",
    }

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveIntegerField()
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.BOARD)
    title = models.CharField(max_length=300)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    pdf = models.BinaryField()
    pdf_hash = models.CharField(max_length=64)
    template_version = models.CharField(max_length=20)
    accepted_gaps = models.JSONField(
        default=list, help_text="Codes of the gaps accepted without an action on publication."
    )
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "kind", "version"], name="document_version_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def file_name(self) -> str:
        """For a download; holds nothing but the audit's code and the version."""
        return f"{slugify(self.audit.code)}-v{self.version}-{self.FILE_NAMES[self.Kind(self.kind)]}"

    @property
    def fingerprints(self) -> str:
        """Of its content and of its PDF, short enough to be read aloud."""
        return f"{short_fingerprint(self.content_hash)} and {short_fingerprint(self.pdf_hash)}"

    def read(self) -> SummaryReport | Briefing:
        """The frozen content, as it was published."""
        reader = SummaryReport if self.kind == self.Kind.SUMMARY_REPORT else Briefing
        return reader.from_json(json.dumps(self.content))

    @property
    def fingerprint(self) -> str:
        """Of all that its row says; content and PDF by their hashes."""
        return fingerprint_of(self)

    @property
    def name_in_activity(self) -> Name:
        return self.audit_id, self.fingerprint

    def holds(self) -> bool:
        """Whether it is still what was approved, byte for byte, and what the activity named then:
        who changes a document and its hashes together does not change that."""
        return bool(_named_in_activity([self.name_in_activity])) and self.fits_its_hashes()

    def fits_its_hashes(self) -> bool:
        """Whether its content and PDF do, under the title, for the readers and of the version that
        the content names."""
        said = self.content.get("imprint") if isinstance(self.content, dict) else None
        return (
            digest(canonical(self.content).encode()) == self.content_hash
            and digest(bytes(self.pdf)) == self.pdf_hash
            and isinstance(said, dict)
            and all(said.get(name) == getattr(self, name) for name in NAMED)
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A published document is frozen; publish a new version instead.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("A published document is frozen and stays.")


def _named_in_activity(names: Collection[Name]) -> set[Name]:
    """Those of the names that the activity of their own audit holds."""
    entries = Activity.objects.filter(
        audit_id__in={audit for audit, _ in names},
        verb=TAKEN,
        subject_type=SUBJECT,
        subject_id__in={fingerprint for _, fingerprint in names},
    )
    return set(names) & {
        (audit, name) for audit, name in entries.values_list("audit_id", "subject_id")
    }
