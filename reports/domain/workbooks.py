"""Case returns that leave as a workbook, and come back as one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agencies.domain import activity
from agencies.domain.activity import record
from agencies.models import ActivityKind, User
from audits.domain.case_returns import finish, save_draft
from audits.domain.completeness import gaps_of
from audits.domain.engagement import Line
from audits.domain.leading import hold_cases
from audits.domain.removal import remove_entry, remove_point
from audits.models import AgencyReturn, CaseReturn, EngagementEntry, Point
from reports.reading.workbook import case_returns_of, content_of
from reports.spreadsheets.differences import CaseDifferences, Differences, differences, draft_of
from reports.spreadsheets.reading import Offer


class DifferentByNowError(Exception):
    """Somebody saved after the differences were shown, so they are no longer what they were."""


@dataclass(frozen=True)
class Taken:
    """What was written: texts, in so many cases, of which some are complete now."""

    texts: int
    cases: int
    completed: int

    def __str__(self) -> str:
        texts = "1 text" if self.texts == 1 else f"{self.texts} texts"
        cases = "1 case" if self.cases == 1 else f"{self.cases} cases"
        done = f" {self.completed} complete now." if self.completed else ""
        return f"Taken over: {texts} in {cases}.{done}"


def record_download(
    agency_return: AgencyReturn, *, by: User, case: CaseReturn | None = None
) -> None:
    record(
        "downloaded a case return" if case else "downloaded case returns",
        by=by,
        partnership=agency_return.audit.partnership_id,
        subject=case or agency_return,
        audit_id=agency_return.audit_id,
        kind=ActivityKind.EXPORT,
    )


def present_differences(agency_return: AgencyReturn, offers: Sequence[Offer]) -> Differences:
    rows = case_returns_of(agency_return).filter(pk__in=[each.case_return for each in offers])
    return differences(content_of(agency_return, rows), offers)


@activity.gathered()
def take_over(
    agency_return: AgencyReturn,
    *,
    by: User,
    offers: Sequence[Offer],
    shown: str,
    mine: Collection[str] = (),
    emptied: Collection[str] = (),
    complete: bool = False,
) -> Taken:
    """Write everything that was shown, or nothing.

    `shown` is the fingerprint of the differences that the person saw; `mine` names the disputed
    texts that the workbook decides, `emptied` those that its empty cells empty; `complete` takes
    the step for cases that lack nothing then. Raises DifferentByNowError, ConflictError,
    ReturnClosedError, PermissionDenied, or PointAdoptedError.
    """
    hold_cases(agency_return, among=[each.case_return for each in offers])
    found = present_differences(agency_return, offers)
    if found.fingerprint != shown:
        raise DifferentByNowError
    texts = [_take_case(case, by=by, mine=set(mine), emptied=set(emptied)) for case in found.cases]
    written = [case for case, number in zip(found.cases, texts, strict=True) if number]
    completed = sum(_completed(case, by=by) for case in written) if complete else 0
    record(
        "took over case returns from a workbook",
        by=by,
        partnership=agency_return.audit.partnership_id,
        subject=agency_return,
        audit_id=agency_return.audit_id,
    )
    return Taken(sum(texts), len(written), completed)


def _completed(case: CaseDifferences, *, by: User) -> bool:
    row = CaseReturn.objects.select_related("audit").get(pk=case.case.case_return.pk)
    if gaps_of(row):
        return False
    finish(row, by=by)
    return True


def _take_case(case: CaseDifferences, *, by: User, mine: set[str], emptied: set[str]) -> int:
    """How many texts it wrote."""
    row = case.case.case_return
    chosen = {_key(each.name) for each in case.conflicts if each.name in mine}
    give_way = {_key(each.name) for each in case.conflicts} - chosen
    empty = [_place(each.name) for each in case.blanks if each.name in emptied]
    texts = case.case.texts
    said = {key: words for key, words in case.offer.said.items() if key not in give_way}
    gone = []
    for key, part in empty:
        if part:
            said[key] = _without(said.get(key) or texts[key].words, part)
        elif key.startswith(("point:", "entry:")):
            gone.append(key)
        else:
            said[key] = ""
    basis = case.offer.basis.updated(texts, {*chosen, *(key for key, _ in empty)})
    save_draft(row, by=by, draft=draft_of(said, case.offer.kinds), basis=basis)
    for key in gone:
        _remove(row, key, by=by)
    return len(case.changes) + len(chosen) + len(empty)


def _key(name: str) -> str:
    return _place(name)[0]


def _place(name: str) -> tuple[str, str]:
    """Key and part of a text from its name on the page."""
    _, key, part = name.split("/")
    return key, part


def _without(line: str, part: str) -> str:
    cleared: dict[str, Any] = {part: "" if part == "words" else None}
    return str(Line(**{**vars(Line.parse(line)), **cleared}))


def _remove(row: CaseReturn, key: str, *, by: User) -> None:
    kind, _, pk = key.partition(":")
    if kind == "point":
        remove_point(Point.objects.get(case_return=row, pk=UUID(pk)), by=by)
    else:
        remove_entry(EngagementEntry.objects.get(case_return=row, pk=UUID(pk)), by=by)
