"""An audit becomes a file: the same audit, the same bytes."""

from collections.abc import Iterable

from agencies.domain import activity
from agencies.models import ActivityKind, Agency, Body, Contributor, User
from audits.models import Audit, LearningTheme
from reports.files.book import Row
from reports.files.dumping_report import (
    action_rows,
    figure_rows,
    section_rows,
)
from reports.files.dumping_returns import meeting_row, return_rows, status_rows
from reports.files.dumping_shared import (
    agency_rows,
    body_rows,
    compact,
    contributor_rows,
    learning_theme_rows,
    partnership_row,
    person_rows,
    theme_row,
    toolkit_row,
)
from reports.files.index import Index
from reports.files.moments import write_day, write_moment
from reports.files.text import to_bytes

FORMAT = "maca-audit-1"


def dump(audit: Audit, *, by: User | None = None) -> bytes:
    """The audit as a file; the activity records that it was taken out."""
    content = to_bytes(dump_data(audit))
    activity.record(
        "took the audit out as a file",
        by=by,
        partnership=audit.partnership_id,
        subject=audit,
        audit_id=audit.pk,
        kind=ActivityKind.EXPORT,
    )
    return content


def dump_data(audit: Audit) -> Row:
    index = Index()
    # Points get their keys in the order of the returns, so those come before what names them.
    returns = return_rows(audit, index)
    body = compact(
        {
            "audit": _audit_row(audit, index),
            "status_changes": status_rows(
                audit.status_changes.filter(agency_return=None, case_return=None), index
            ),
            "date_moves": _date_moves(audit, index),
            "identity_notices": _identity_notices(audit, index),
            **_case_rows(audit, index),
            "returns": returns,
            "figures": figure_rows(audit, index),
            "prose": dict(audit.prose.values_list("passage", "text")),
        }
    )
    if (meeting := meeting_row(audit, index)) is not None:
        body["meeting"] = meeting
    if sections := section_rows(audit, index):
        body["sections"] = sections
    if actions := action_rows(audit, index):
        body["actions"] = actions
    return {"format": FORMAT, **body, **_shared_rows(audit, index)}


def _shared_rows(audit: Audit, index: Index) -> Row:
    questions = audit.toolkit.questions.all()
    for agency in Agency.objects.filter(pk__in=questions.values("agencies")):
        index.agency(agency)
    contributors = index.all(Contributor)
    for contributor in contributors:
        index.agency(contributor.agency)
    return {
        "partnership": partnership_row(audit.partnership),
        "theme": theme_row(audit.theme),
        "toolkit": toolkit_row(audit.toolkit),
        **compact(
            {
                "agencies": agency_rows(index.all(Agency)),
                "bodies": body_rows(index.all(Body)),
                "contributors": contributor_rows(contributors),
                "people": person_rows(index.all(User)),
                "learning_themes": learning_theme_rows(index.all(LearningTheme)),
            }
        ),
    }


def _audit_row(audit: Audit, index: Index) -> Row:
    row = compact(
        {
            "id": str(audit.pk),
            "code": audit.code,
            "title": audit.title,
            "kind": audit.kind,
            "stage": audit.stage,
            "awaiting_approval": audit.awaiting_approval,
            "predecessor": _predecessor(audit),
            "asked_for_by": index.agency(audit.asked_for_by),
            "asked_for_on": write_day(audit.asked_for_on),
            "asked_for_reason": audit.asked_for_reason,
            "purpose": audit.purpose,
            "legal_power": audit.legal_power,
            "identity_channel": audit.identity_channel,
            "lookback_from": write_day(audit.lookback_from),
            "lookback_to": write_day(audit.lookback_to),
            "asks_practitioners": audit.asks_practitioners,
            "asks_child": audit.asks_child,
            "asks_family": audit.asks_family,
            "nominate_by": write_day(audit.nominate_by),
            "return_by": write_day(audit.return_by),
            "meeting_on": write_day(audit.meeting_on),
            "report_by": write_day(audit.report_by),
        }
    )
    scale = [
        compact(
            {
                "code": grade.code,
                "label": grade.label,
                "description": grade.description,
                "meets_good": grade.meets_good,
            }
        )
        for grade in audit.grades.all()
    ]
    return {**row, "grade_scale": scale}


def _predecessor(audit: Audit) -> Row:
    if audit.predecessor is not None:
        return {"code": audit.predecessor.code, "title": audit.predecessor.title}
    return compact({"code": audit.earlier_code, "title": audit.earlier_title})


def _date_moves(audit: Audit, index: Index) -> list[Row]:
    return [
        compact(
            {
                "field": move.field,
                "from": write_day(move.from_date),
                "to": write_day(move.to_date),
                "reason": move.reason,
                "by": index.person(move.by),
                "at": write_moment(move.at),
            }
        )
        for move in audit.date_moves.select_related("by")
    ]


def _identity_notices(audit: Audit, index: Index) -> list[Row]:
    rows = [
        {
            "agency": index.agency(notice.agency),
            "sent_on": notice.sent_on.isoformat(),
            "by": index.person(notice.by),
        }
        for notice in audit.identity_notices.select_related("agency", "by")
    ]
    return _sorted(rows, "sent_on", "agency", "by")


def _case_rows(audit: Audit, index: Index) -> Row:
    draws = sorted(
        audit.draws.select_related("by"), key=lambda row: (row.at, row.seed, row.list_description)
    )
    keys = {draw.pk: f"d{number}" for number, draw in enumerate(draws, start=1)}
    return {
        "draws": [
            {
                "key": keys[draw.pk],
                "list_description": draw.list_description,
                "list_size": draw.list_size,
                "sample_size": draw.sample_size,
                "seed": draw.seed,
                "rows": draw.rows,
                "by": index.person(draw.by),
                "at": write_moment(draw.at),
            }
            for draw in draws
        ],
        "nominations": _nominations(audit, index),
        "cases": [
            compact(
                {
                    "number": case.number,
                    "draw": keys[case.draw_id] if case.draw_id else None,
                    "draw_row": case.draw_row,
                    "replaces": case.replaces.number if case.replaces else None,
                    "withdrawn": compact(
                        {
                            "at": write_moment(case.withdrawn_at),
                            "by": index.person(case.withdrawn_by),
                            "reason": case.withdrawn_reason,
                        }
                    ),
                }
            )
            for case in audit.cases.select_related("replaces", "withdrawn_by")
        ],
    }


def _nominations(audit: Audit, index: Index) -> list[Row]:
    rows = [
        compact(
            {
                "reason": nomination.reason,
                "agency": index.agency(nomination.agency),
                "by": index.person(nomination.by),
                "at": write_moment(nomination.at),
                "stage": nomination.stage,
                "decline_reason": nomination.decline_reason,
                "case": nomination.case.number if hasattr(nomination, "case") else None,
            }
        )
        for nomination in audit.nominations.select_related("agency", "by", "case")
    ]
    return _sorted(rows, "at", "case", "reason", "by")


def _sorted(rows: Iterable[Row], *keys: str) -> list[Row]:
    def order(row: Row) -> list[tuple[bool, str]]:
        return [(key not in row, _sortable(row.get(key))) for key in keys]

    return sorted(rows, key=order)


def _sortable(value: object) -> str:
    return f"{value:010}" if isinstance(value, int) else str(value)
