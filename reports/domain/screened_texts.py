"""Every text that an audit's documents print, for screening before they are published."""

from audits.domain.amount import too_long
from audits.domain.guards import Missing
from audits.domain.screened import Scope, Screener, ScreeningDownError
from audits.domain.screened_texts import (
    Passage,
    Place,
    audit_passages,
    flagged,
    told_by_group,
)
from audits.models import Audit
from reports.models import Prose


def document_passages(audit: Audit) -> list[Passage]:
    """Those of the audit, and the prose that somebody edited; what is filled in comes from them."""
    prose = [
        Passage(
            Place(
                "Prose of the documents",
                Prose.Passage(row.passage).label,
                "prose-update",
                (audit.pk, row.passage.replace("_", "-")),
                "id_text",
            ),
            row.text,
        )
        for row in audit.prose.all()
    ]
    return [*audit_passages(audit), *(each for each in prose if each.words.strip())]


def words_undecided(audit: Audit) -> list[str]:
    """What keeps the documents from being published, by place and never in words."""
    passages = document_passages(audit)
    if long := too_long(passages):
        return long
    try:
        found = flagged(passages, Screener(Scope.of_audit(audit)))
    except ScreeningDownError as fault:
        return [str(fault)]
    return [Missing(sentence, "audit-screening") for sentence in told_by_group(found)]
