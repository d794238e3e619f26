"""All audits of a partnership by stage, with what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from audits.models import FINISHED, SETTLED, Audit, CaseReturn, Stage
from audits.models.action import ActionQuerySet
from audits.models.audit import AuditQuerySet
from audits.models.case_return import KNOWN_TO_AGENCY


@dataclass(frozen=True)
class Progress:
    """One audit on the board."""

    audit: Audit
    settled: int
    asked: int
    finished: int
    expected: int


@dataclass(frozen=True)
class Column:
    stage: Stage
    audits: list[Progress]


@dataclass(frozen=True)
class MetGood:
    audit: Audit
    good: int
    graded: int


@dataclass(frozen=True)
class Overview:
    columns: list[Column]
    met_good: list[MetGood]
    overdue_actions: int

    @property
    def _all(self) -> list[Progress]:
        return [progress for column in self.columns for progress in column.audits]

    @property
    def total(self) -> int:
        return len(self._all)

    @property
    def open(self) -> int:
        return sum(progress.audit.stage != Stage.CLOSED for progress in self._all)

    @property
    def late(self) -> int:
        return sum(progress.audit.is_late for progress in self._all)

    @property
    def owed(self) -> int:
        """Returns still owed to audits that are collecting."""
        return sum(
            progress.asked - progress.settled
            for progress in self._all
            if progress.audit.stage == Stage.COLLECTING
        )


def overview(audits: AuditQuerySet, actions: ActionQuerySet) -> Overview:
    """`audits` and `actions` as the user may see them."""
    listed = list(
        audits.with_names()
        .annotate(
            settled=Count(
                "agency_returns", filter=Q(agency_returns__stage__in=SETTLED), distinct=True
            ),
            asked=Count("agency_returns", distinct=True),
        )
        .order_by("-code")
    )
    returns = _case_returns(listed)
    board = [_progress(audit, returns) for audit in listed]
    return Overview(
        columns=[
            Column(stage, [each for each in board if each.audit.stage == stage]) for stage in Stage
        ],
        met_good=[
            MetGood(audit, returns[audit.pk]["good"], returns[audit.pk]["graded"])
            for audit in listed
            if returns.get(audit.pk, {}).get("graded")
        ],
        overdue_actions=actions.unfinished()
        .filter(audit__in=[audit.pk for audit in listed], due_on__lt=timezone.localdate())
        .count(),
    )


def _progress(audit: "Audit", returns: dict[object, dict[str, Any]]) -> Progress:
    counts = returns.get(audit.pk, {"finished": 0, "expected": 0})
    return Progress(
        audit=audit,
        settled=audit.settled,  # type: ignore[attr-defined]
        asked=audit.asked,  # type: ignore[attr-defined]
        finished=counts["finished"],
        expected=counts["expected"],
    )


def _case_returns(audits: Iterable[Audit]) -> dict[object, dict[str, Any]]:
    """Counts of case returns by audit: finished, expected, graded and good, in one query."""
    counting = Q(
        stage="complete",
        known__in=KNOWN_TO_AGENCY,
        own_grade__isnull=False,
        agency_return__stage__in=["open", "signed_off"],
    )
    rows = (
        CaseReturn.objects.filter(audit__in=[audit.pk for audit in audits])
        .in_sample()
        .values("audit")
        .annotate(
            expected=Count("pk"),
            finished=Count("pk", filter=Q(stage__in=FINISHED)),
            graded=Count("pk", filter=counting),
            good=Count("pk", filter=counting & Q(own_grade__meets_good=True)),
        )
        .order_by()
    )
    return {row["audit"]: dict(row) for row in rows}
