"""Whether a draft lies with the chair."""

from agencies.models import User
from audits.models import Audit


def asked(audit: Audit, *, by: User) -> None:
    _write(audit, awaiting=True)


def answered(audit: Audit, *, by: User) -> None:
    _write(audit, awaiting=False)


def _write(audit: Audit, *, awaiting: bool) -> None:
    audit.awaiting_approval = awaiting
    audit.save(update_fields=["awaiting_approval"])
