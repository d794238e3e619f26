"""Mail about an audit, sent after the write it tells of: what is due, when, and a link."""

from uuid import UUID


def audit_circulated(audit_id: UUID) -> None:
    pass
