from agencies.domain import activity
from agencies.models import ActivityKind, Partnership, User
from audits.models import Audit


def record_download(audit: Audit | None, *, partnership: Partnership | None, by: User) -> None:
    """Who took out the record of what happened; of one audit, or of the partnership."""
    activity.record(
        "downloaded the activity",
        by=by,
        partnership=audit.partnership_id if audit else partnership,
        subject=audit,
        audit_id=audit.pk if audit else None,
        kind=ActivityKind.EXPORT,
    )
