from typing import Any
from uuid import UUID

from agencies.models import Activity, Partnership, User


def record(
    verb: str,
    *,
    by: User | None,
    partnership: Partnership | UUID,
    subject: Any = None,
    audit_id: UUID | None = None,
) -> Activity:
    """Append to the activity; call inside the transaction of the write it records.

    `verb` is a fixed phrase such as "signed off the return": never text somebody typed.
    """
    return Activity.objects.create(
        verb=verb,
        by=by,
        partnership_id=getattr(partnership, "pk", partnership),
        audit_id=audit_id,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
    )
