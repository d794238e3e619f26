"""What in a text may say who somebody is, less what was allowed or decided already."""

import json
import logging
from bisect import bisect_left
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import (
    F,
    OuterRef,
    QuerySet,
    StringAgg,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from agencies.domain import activity
from agencies.encryption import keyring
from agencies.models import Agency, Body, Contributor, Partnership, User
from agencies.models.compiled import compiled
from audits.domain.known_names import answerer
from audits.models import AgencyReturn, Audit, CaseReturn, ScreeningDecision, SealedIdentity
from audits.screening import Allowed, Hit, KnownNames, screen
from audits.screening.words import words_of

logger = logging.getLogger(__name__)

PURPOSE = "screening decisions"
AT_ONCE = 100_000
"""Characters that are screened in passing in one request: two seconds of the worst there is."""
MOST_LISTED = 5_000
"""Names of contributors that are spared at most; above that they are words like any other."""
NAMED = ("kit_partnership", "kit_agencies", "kit_bodies")


class ScreeningDownError(Exception):
    """Screening could not run. Whatever waits for it stops; what is only saved goes on."""

    def __init__(self) -> None:
        super().__init__(
            "The words could not be checked for names and numbers that say who somebody is, so "
            "nothing was done. Try again; if it stays so, tell whoever runs the application: a "
            "key may be missing."
        )


@dataclass(frozen=True)
class Scope:
    """Whose texts: those of one agency's return, or those that belong to the audit itself."""

    partnership_id: UUID
    audit_id: UUID
    return_id: UUID | None = None

    @classmethod
    def of_case_return(cls, row: CaseReturn) -> "Scope":
        return cls(row.audit.partnership_id, row.audit_id, row.agency_return_id)

    @classmethod
    def of_return(cls, agency_return: AgencyReturn) -> "Scope":
        audit = agency_return.audit
        return cls(audit.partnership_id, audit.pk, agency_return.pk)

    @classmethod
    def of_audit(cls, audit: Audit) -> "Scope":
        return cls(audit.partnership_id, audit.pk)


@dataclass(frozen=True)
class Kit:
    """What screening has to be told: organisations' names, what was decided, hashes of names."""

    allowed: Allowed
    decided: frozenset[tuple[str, str]]
    seal: UUID | None
    hashes: frozenset[str]

    @classmethod
    def of(cls, row: Any) -> "Kit":
        """From a row that `with_kit` was asked of."""
        decided = (line.partition(" ") for line in _lines(row.kit_decided))
        hashes = (each for line in _lines(row.kit_hashes) for each in json.loads(line))
        names = (name for part in NAMED for name in _lines(getattr(row, part)))
        return cls(
            Allowed(names, listed=_lines(row.kit_contributors)[:MOST_LISTED]),
            frozenset((rule, mark) for rule, _, mark in decided),
            row.kit_seal,
            frozenset(hashes),
        )


def _lines(joined: str | None) -> list[str]:
    return (joined or "").split("\n") if joined else []


def with_kit[Rows: QuerySet[Any]](rows: Rows, *, audit: str, agency_return: str | None) -> Rows:
    """The rows with all that screening has to be told, in the query that reads them anyway.

    `audit` and `agency_return` say how a row names them, such as "audit" and "pk".
    """
    return rows.annotate(**_compiled(rows.model._meta.label, audit, agency_return))


@cache
def _compiled(model: str, audit: str, agency_return: str | None) -> Mapping[str, RawSQL]:
    """Written once: a save every few seconds asks for all of them."""
    return compiled(apps.get_model(model), **_columns(audit, agency_return))


def _columns(audit: str, agency_return: str | None) -> dict[str, Subquery]:
    here = OuterRef(audit or "pk")
    home = Audit.objects.filter(pk=OuterRef(here)).values("partnership")
    own = OuterRef(agency_return) if agency_return else None
    decided = ScreeningDecision.objects.filter(audit=here)
    decided = decided.filter(agency_return=own) if own else decided.filter(agency_return=None)
    sealed = SealedIdentity.objects.standing().filter(seal__audit=here)
    contributors = Contributor.objects.filter(active=True)
    if own:
        sealed = sealed.filter(case__withdrawn_at=None)
        agency = AgencyReturn.objects.filter(pk=OuterRef(own)).values("agency")
        contributors = contributors.filter(agency__in=agency)
    else:
        contributors = contributors.filter(agency__partnership__in=home)
    both = Concat("name", Value("\n"), "short_name", output_field=TextField())
    mark = Concat("rule", Value(" "), "mark", output_field=TextField())
    return {
        "kit_partnership": _joined(Partnership.objects.filter(pk__in=home), both),
        "kit_agencies": _joined(Agency.objects.filter(partnership__in=home), both),
        "kit_bodies": _joined(Body.objects.filter(partnership__in=home), both),
        "kit_contributors": _joined(contributors, F("name")),
        "kit_decided": _joined(decided, mark),
        "kit_hashes": _joined(sealed, Cast("name_hashes", TextField())),
        "kit_seal": Subquery(sealed.order_by().values("seal")[:1], output_field=UUIDField()),
    }


def _joined(rows: QuerySet[Any], words: Any) -> Subquery:
    """One line a row, as one text."""
    lines = rows.order_by().annotate(every=Value(1)).values("every")
    joined = StringAgg(Cast(words, TextField()), Value("\n"), output_field=TextField())
    return Subquery(lines.annotate(joined=joined).values("joined"), output_field=TextField())


@contextmanager
def _failing_closed() -> Generator[None]:
    try:
        yield
    except Exception as fault:  # noqa: BLE001 - a rule, a key, a database: whatever it is
        # Its kind alone: what it says may quote the text.
        logger.error("Screening failed: %s", type(fault).__name__)  # noqa: TRY400
        raise ScreeningDownError from None


class Screener:
    """Screens texts of one scope, with one query at the most however many they are.

    One that `knows_names` says more than some may hear: `audits.domain.telling` says who may.
    Whoever may not look at identities is told of none inside an organisation's name (`may_look`).
    """

    def __init__(
        self,
        scope: Scope,
        kit: Kit | None = None,
        *,
        knows_names: bool = True,
        may_look: bool = True,
    ) -> None:
        self.scope = scope
        self.knows_names = knows_names
        self.may_look = may_look
        if kit is not None:
            vars(self)["_kit"] = kit

    def flags(self, text: str) -> list[Hit]:
        """What stands undecided in this text, in order. Raises ScreeningDownError."""
        return [hit for hit, is_decided in self.found(text) if not is_decided]

    def found(self, text: str) -> list[tuple[Hit, bool]]:
        """Everything found, and whether it was decided. Raises ScreeningDownError."""
        if not text.strip():
            return []
        with _failing_closed():
            hits = screen(
                text,
                known=self._known,
                allowed=self._kit.allowed,
                spares_known=not self.may_look,
            )
            return [(hit, self._is_decided(hit)) for hit in hits]

    def without_names(self) -> "Screener":
        """The same, told no more than whoever knows none of the audit's names."""
        return Screener(self.scope, self._kit, knows_names=False, may_look=False)

    def waiting(self, text: str, hits: list[Hit]) -> list[Hit]:
        """Those of the `plain_hits` of a text that are no organisation's name and undecided.

        Spares looking through it a second time. Raises ScreeningDownError.
        """
        with _failing_closed():
            words = words_of(text)
            allowed = self._kit.allowed.words_in(text, words)
            starts = [word.start for word in words]
            return [
                hit
                for hit in hits
                if not self._is_decided(hit) and not _lies_in(allowed, starts, hit)
            ]

    def _is_decided(self, hit: Hit) -> bool:
        decided = self._kit.decided
        return bool(decided and decided & marks(self.scope, hit.rule, hit.text))

    @cached_property
    def _kit(self) -> Kit:
        if self.scope.return_id is not None:
            returns = AgencyReturn.objects.filter(pk=self.scope.return_id)
            return Kit.of(with_kit(returns, audit="audit", agency_return="pk").get())
        audits = Audit.objects.filter(pk=self.scope.audit_id)
        return Kit.of(with_kit(audits, audit="", agency_return=None).get())

    @cached_property
    def _known(self) -> KnownNames | None:
        """The names of the audit's own children and families."""
        if not self.knows_names:
            return None
        return answerer(self._kit.seal, self._kit.hashes)


def _lies_in(allowed: frozenset[int], starts: list[int], hit: Hit) -> bool:
    """Whether all its words, which begin at `starts`, belong to a name that is no alarm."""
    indices = range(bisect_left(starts, hit.start), bisect_left(starts, hit.end))
    return bool(indices) and allowed.issuperset(indices)


def plain_hits(text: str) -> list[Hit]:
    """What is found by whoever knows no names and no organisations. Raises ScreeningDownError."""
    with _failing_closed():
        return screen(text)


def marks(scope: Scope, rule: str, words: str) -> set[tuple[str, str]]:
    """What a decision about these words would be kept as, under each key that there is."""
    plain = " ".join(words.casefold().split())
    return {
        (rule, f"{version}.{cipher.digest(f'{scope.audit_id} {rule} {plain}', purpose=PURPOSE)}")
        for version, cipher in keyring().ciphers.items()
    }


@transaction.atomic
def decide(
    scope: Scope,
    *,
    by: User,
    rule: str,
    words: str,
    why: ScreeningDecision.Why,
    reason: str = "",
) -> bool:
    """Keep that somebody looked at these words; whether they had not been decided before.

    Neither the words nor their places are kept, only a keyed hash that knows them again.
    """
    newest = f"{keyring().newest}."
    mark = next(mark for _, mark in marks(scope, rule, words) if mark.startswith(newest))
    _, made = ScreeningDecision.objects.get_or_create(
        audit_id=scope.audit_id,
        agency_return_id=scope.return_id,
        rule=rule,
        mark=mark,
        defaults={"why": why, "reason": reason.strip(), "by": by},
    )
    if made:
        activity.record(
            "decided about words that screening had found",
            by=by,
            partnership=scope.partnership_id,
            subject=subject_of(scope),
            audit_id=scope.audit_id,
        )
    return made


def subject_of(scope: Scope) -> Audit | AgencyReturn:
    if scope.return_id is not None:
        return AgencyReturn.objects.get(pk=scope.return_id)
    return Audit.objects.get(pk=scope.audit_id)
