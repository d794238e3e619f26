"""Words that a correction puts into what is signed off: decided before they stand there.

A sign-off is stopped by a guard, and whoever signs goes to another page to decide. A correction is
not kept while it waits, so what is found in it is decided in the same step that writes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agencies.domain.refusal import RefusedError
from agencies.models import User
from audits.domain.amount import too_long
from audits.domain.guards import GuardError
from audits.domain.screened import Scope, Screener, ScreeningDownError, decide
from audits.domain.screened_texts import Passage, Place, flagged, return_passages
from audits.models import AgencyReturn, CaseReturn, ScreeningDecision
from audits.models.seal import may_look
from audits.screening.likely_names import CODE as NAME
from audits.screening.registry import CERTAIN

UNHEARD = (
    "There are names in this of which no more are shown to you today. Read it again for names, or "
    "ask the officer, who sees all of them."
)


def is_certain(rule: str, *, may_look: bool) -> bool:
    """Whether such words are reworded, or cleared by who answers for them, and with a reason.

    To whoever may not look at identities a sealed name is a name like any other, so that every
    name is cleared as a sealed one is.
    """
    return rule in CERTAIN or (rule == NAME and not may_look)


@dataclass(frozen=True)
class Clearing:
    """What somebody says about words that screening found."""

    rule: str
    words: str
    why: ScreeningDecision.Why
    reason: str = ""

    @property
    def is_explained(self) -> bool:
        return self.why == ScreeningDecision.Why.OTHER and bool(self.reason.strip())


class WordsToClearError(Exception):
    """Something in these texts may say who somebody is, and nobody has decided about it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__("Words that may say who somebody is are undecided.")
        self.passages = passages


def clear(scope: Scope, clearings: Iterable[Clearing], *, by: User) -> int:
    """Keep what was said about each; how many had not been decided before.

    Raises RefusedError for what is certain, unless somebody says in their own words what it is.
    """
    clearings = list(clearings)
    if any(each.rule in CERTAIN and not each.is_explained for each in clearings):
        raise RefusedError("A name or a number that is somebody’s needs a reason in words.")
    return sum(decide(scope, by=by, **vars(each)) for each in clearings)


def stop_at_words(
    agency_return: AgencyReturn,
    case_return: CaseReturn | None,
    *,
    by: User,
    reason: str,
    clearings: Iterable[Clearing],
) -> None:
    """Let a correction go on once nothing is undecided in what it leaves, its reason among it.

    Raises WordsToClearError, or GuardError where screening cannot run or there is too much to look
    through: then nothing is written.
    """
    scope = Scope.of_return(agency_return)
    passages = _corrected(agency_return, case_return, reason)
    if long := too_long(passages):
        raise GuardError(long)
    try:
        clear(scope, clearings, by=by)
        looks = may_look(by, agency_return.audit, agency_return)
        found = flagged(passages, Screener(scope, may_look=looks))
    except ScreeningDownError as fault:
        raise GuardError([str(fault)]) from None
    if found:
        raise WordsToClearError(passages)


def _corrected(
    agency_return: AgencyReturn, case_return: CaseReturn | None, reason: str
) -> list[Passage]:
    """Every text of what is corrected, as it stands now: each can be reworded on the same page."""
    why = Place(
        "The correction", "Why it is made", "agency-return-detail", (agency_return.pk,), "id_reason"
    )
    own = (agency_return.pk, case_return.pk) if case_return else (agency_return.pk,)
    texts = [each for each in return_passages(agency_return) if each.place.args == own]
    return [Passage(why, reason), *texts]
