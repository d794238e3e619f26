from agencies.domain import activity, refusals
from agencies.models import ActivityKind, User
from audits.models import Audit
from reports.models import Document


def record_download(document: Document, *, by: User) -> None:
    """Every export is recorded (design, privacy rule 6)."""
    activity.record(
        "downloaded a document",
        by=by,
        partnership=document.audit.partnership_id,
        subject=document,
        audit_id=document.audit_id,
        kind=ActivityKind.EXPORT,
    )


def note_altered(document: Document, *, by: User) -> None:
    """Somebody asked for the PDF of a document that is no longer what was approved."""
    refusals.note(
        "was refused a document that is no longer what was approved",
        by=by,
        partnership=document.audit.partnership_id,
        subject=document,
        audit_id=document.audit_id,
    )


def record_draft_download(audit: Audit, *, by: User) -> None:
    _record("took a draft out as a PDF", audit, by=by)


def record_print(audit: Audit) -> None:
    """Both documents of an audit, which a command wrote into a folder."""
    _record("took the documents out as PDF", audit, by=None)


def _record(verb: str, audit: Audit, *, by: User | None) -> None:
    activity.record(
        verb,
        by=by,
        partnership=audit.partnership_id,
        subject=audit,
        audit_id=audit.pk,
        kind=ActivityKind.EXPORT,
    )
