"""Every text that an audit's documents print, for screening before they are published."""

from agencies.models import User
from audits.domain.amount import too_long
from audits.domain.guards import Missing
from audits.domain.screened import Scope, Screener, ScreeningDownError
from audits.domain.screened_texts import (
    Flagged,
    Passage,
    Place,
    audit_passages,
    flagged,
    told_by_group,
)
from audits.models import Audit
from audits.models.seal import may_look
from reports.models import Prose

FOR_THE_OFFICER = (
    "Something waits for the officer. Read the texts again for names, or ask the officer, who sees "
    "all of them."
)


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


def words_undecided(audit: Audit, *, by: User) -> list[str]:
    """What keeps the documents from being published, by place and never in words."""
    passages = document_passages(audit)
    if long := too_long(passages):
        return long
    try:
        found = flagged(passages, Screener(Scope.of_audit(audit)))
        told = found if may_look(by, audit) else _told_to_others(audit, passages, found)
    except ScreeningDownError as fault:
        return [str(fault)]
    waits = [*told_by_group(told), *([FOR_THE_OFFICER] if _keys(found) - _keys(told) else [])]
    return [Missing(sentence, "audit-screening") for sentence in waits]


def _told_to_others(audit: Audit, passages: list[Passage], found: list[Flagged]) -> list[Flagged]:
    """Without sealed names inside an organisation's name, whose place would tell them apart."""
    if not found:
        return []
    return flagged(passages, Screener(Scope.of_audit(audit), may_look=False))


def _keys(found: list[Flagged]) -> set[tuple[str, str]]:
    return {(each.hit.rule, each.hit.text) for each in found}
