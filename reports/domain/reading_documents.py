from agencies.domain import activity
from agencies.models import User
from reports.models import Document


def record_download(document: Document, *, by: User) -> None:
    """Every export is recorded (design, privacy rule 6)."""
    activity.record(
        "downloaded a document",
        by=by,
        partnership=document.audit.partnership_id,
        subject=document,
        audit_id=document.audit_id,
    )
