"""What the page of an audit's seal puts together: what is in it, who looked, what went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency, User
from audits.domain.seals import takes_seal, usual_end
from audits.models import Audit, Case, IdentityView, LegalHold, Seal, SealedIdentity

WARN_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class CaseRow:
    case: Case
    sealed: SealedIdentity | None
    seen_by: list[str]
    """Short names of the agencies that have looked at what is sealed now, and “QA officer”."""


@dataclass(frozen=True)
class Look:
    """One sitting: who asked for which cases at once, and why."""

    at: datetime
    by: User
    agency: Agency | None
    reason: str
    cases: list[int]

    @property
    def numbers(self) -> str:
        return spans(self.cases)


@dataclass(frozen=True)
class SealPage:
    """Reads lazily, each part once."""

    audit: Audit
    user: User

    @cached_property
    def seals(self) -> list[Seal]:
        rows = Seal.objects.visible_to(self.user).filter(audit=self.audit)
        return list(rows.select_related("begun_by", "destroyed_by"))

    @cached_property
    def seal(self) -> Seal | None:
        return next((seal for seal in self.seals if seal.stands), None)

    @property
    def destroyed(self) -> list[Seal]:
        return [seal for seal in reversed(self.seals) if not seal.stands]

    @cached_property
    def holds(self) -> list[LegalHold]:
        rows = LegalHold.objects.visible_to(self.user).filter(audit=self.audit)
        return list(rows.select_related("by", "lifted_by"))

    @property
    def hold(self) -> LegalHold | None:
        return next((hold for hold in self.holds if hold.lifted_at is None), None)

    @property
    def lifted(self) -> list[LegalHold]:
        return [hold for hold in self.holds if hold.lifted_at is not None]

    @property
    def may_begin(self) -> bool:
        return self.seal is None and takes_seal(self.audit)

    @property
    def usual_end(self) -> date:
        return usual_end(self.audit)

    @property
    def ends_soon(self) -> bool:
        """Whether the officer is to be warned: a fortnight before, and while a hold stands."""
        return self.seal is not None and self.seal.keep_until - timezone.localdate() <= WARN_BEFORE

    @cached_property
    def rows(self) -> list[CaseRow]:
        cases = Case.objects.visible_to(self.user).filter(audit=self.audit).in_sample()
        sealed = {row.case_id: row for row in self._sealed}
        seen: dict[UUID, dict[str, None]] = {}
        for view in reversed(self._views):
            now = sealed.get(view.case_id)
            if now is None or view.at < now.sealed_at:
                continue  # at another child, entered before
            who = view.agency.short_name if view.agency else "QA officer"
            seen.setdefault(view.case_id, {})[who] = None
        return [CaseRow(case, sealed.get(case.pk), list(seen.get(case.pk, {}))) for case in cases]

    @cached_property
    def _sealed(self) -> list[SealedIdentity]:
        if self.seal is None:
            return []
        rows = SealedIdentity.objects.visible_to(self.user).filter(seal=self.seal)
        return list(rows.select_related("sealed_by").defer("box", "name_hashes"))

    @property
    def sealed(self) -> int:
        return sum(row.sealed is not None for row in self.rows)

    @cached_property
    def _views(self) -> list[IdentityView]:
        rows = IdentityView.objects.visible_to(self.user).filter(seal__audit=self.audit)
        return list(rows.select_related("by", "agency", "case"))

    @property
    def looks(self) -> list[Look]:
        sittings = groupby(self._views, key=lambda view: (view.at, view.by_id))
        return [_look(list(views)) for _, views in sittings]


def _look(views: list[IdentityView]) -> Look:
    first = views[0]
    numbers = sorted(view.case.number for view in views)
    return Look(first.at, first.by, first.agency, first.reason, numbers)


def spans(numbers: Iterable[int]) -> str:
    """“1 to 4, 7” for 1, 2, 3, 4 and 7; two in a row stay two."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(words)


def sealed_cases(seal: Seal, user: User) -> list[Case]:
    """Those of which this person may ask who the child is."""
    rows: QuerySet[SealedIdentity] = SealedIdentity.objects.visible_to(user).filter(seal=seal)
    return [row.case for row in rows.select_related("case").defer("box", "name_hashes")]
