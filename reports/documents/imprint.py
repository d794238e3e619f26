from dataclasses import dataclass
from datetime import date

from audits.models import Audit
from reports.documents import content


@dataclass(frozen=True, kw_only=True)
class Edition:
    """For whom and how far a document has come; version None is a draft."""

    dated: date
    audience: content.Audience = content.Audience.BOARD
    version: int | None = None
    approved_by: str = ""


def imprint(audit: Audit, edition: Edition) -> content.Imprint:
    return content.Imprint(
        partnership=audit.partnership.name,
        child_noun=audit.partnership.subject_noun,
        title=audit.title,
        theme=audit.theme.name,
        extraordinary=audit.is_extraordinary,
        audience=edition.audience,
        dated=edition.dated,
        version=edition.version,
        approved_by=edition.approved_by,
    )
