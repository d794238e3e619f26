"""A file becomes an audit, whole or not at all."""

from datetime import date
from typing import Any

from django.db import DatabaseError, transaction

from agencies.domain import activity
from agencies.models import User
from audits.models import Audit, Case, DateMove, Draw, Grade, IdentityNotice, Nomination
from reports.files import checks, schema
from reports.files.batch import Batch
from reports.files.book import Row, default_scale
from reports.files.faults import Fault, FileRefused, fault
from reports.files.loading_report import add_report
from reports.files.loading_returns import add_meeting, add_returns, status_changes
from reports.files.moments import read_day, read_moment
from reports.files.shared import Shared, settle
from reports.files.shelf import Shelf, now_unless
from reports.files.text import from_bytes

AUDIT_TEXTS = (
    "code",
    "title",
    "kind",
    "stage",
    "awaiting_approval",
    "asked_for_reason",
    "purpose",
    "legal_power",
    "identity_channel",
    "asks_practitioners",
    "asks_child",
    "asks_family",
)
AUDIT_DAYS = (
    "asked_for_on",
    "lookback_from",
    "lookback_to",
    "nominate_by",
    "return_by",
    "meeting_on",
    "report_by",
)


def load(content: bytes, *, by: User | None = None) -> Audit:
    """The audit the file describes; raises FileRefused with every fault, and writes nothing then.

    `by` is None when the operator loads it at the command line.
    """
    data, found = from_bytes(content)
    found += schema.faults(data) + checks.faults(data)
    if found and not _is_readable(data):
        raise FileRefused(found)
    return load_data(data, by=by, found=found)


def load_data(data: Row, *, by: User | None = None, found: list[Fault] | None = None) -> Audit:
    try:
        return _load(data, by=by, found=found or [])
    except DatabaseError as error:
        words = f"The database does not take this file: {error}"
        raise FileRefused([Fault("", words.strip())]) from error


def _is_readable(data: Any) -> bool:
    """Whether the file is sound enough to be compared with what is kept here."""
    return not schema.faults(data) and not checks.faults(data)


@transaction.atomic
def _load(data: Row, *, by: User | None, found: list[Fault]) -> Audit:
    batch = Batch()
    shared = settle(data, batch)
    found = [*found, *shared.faults, *_already_here(data["audit"], shared)]
    if found:
        raise FileRefused(found)
    audit = _audit(data["audit"], shared, batch)
    shelf = Shelf(batch, shared, audit)
    _grades(data["audit"], shelf)
    _cases(data, shelf)
    status_changes(data, shelf)
    _traces(data, shelf)
    add_returns(data, shelf)
    add_meeting(data.get("meeting"), shelf)
    add_report(data, shelf)
    batch.write()
    activity.record(
        "loaded the audit from a file",
        by=by,
        partnership=audit.partnership_id,
        subject=audit,
        audit_id=audit.pk,
    )
    return audit


def _already_here(row: Row, shared: Shared) -> list[Fault]:
    found = []
    if "id" in row and Audit.objects.filter(pk=row["id"]).exists():
        found.append(fault(("audit", "id"), "This audit is kept here already."))
    kept = Audit.objects.filter(partnership=shared.partnership)
    if other := kept.filter(code=row["code"]).first():
        words = f"“{other}” has the code “{row['code']}” already."
        found.append(fault(("audit", "code"), words))
    return found


def _audit(row: Row, shared: Shared, batch: Batch) -> Audit:
    audit = Audit(
        partnership=shared.partnership,
        theme=shared.theme,
        toolkit=shared.toolkit,
        **{name: row[name] for name in AUDIT_TEXTS if name in row},
        **{name: read_day(row.get(name)) for name in AUDIT_DAYS},
    )
    if "id" in row:
        audit.id = audit._meta.pk.to_python(row["id"])
    if "asked_for_by" in row:
        audit.asked_for_by = shared.agencies[row["asked_for_by"]]
    _name_predecessor(audit, row.get("predecessor"))
    return batch.add(audit)


def _name_predecessor(audit: Audit, row: Row | None) -> None:
    """An earlier audit that is kept here is linked; of any other the name is kept."""
    if row is None:
        return
    code, title = row.get("code", ""), row["title"]
    audit.predecessor = Audit.objects.filter(
        partnership=audit.partnership, code=code, title=title
    ).first()
    if audit.predecessor is None:
        audit.earlier_code, audit.earlier_title = code, title


def _grades(row: Row, shelf: Shelf) -> None:
    scale = row.get("grade_scale", default_scale())
    for position, step in enumerate(scale):
        grade = Grade(audit=shelf.audit, position=position, **{"meets_good": False, **step})
        shelf.grades[grade.code] = shelf.batch.add(grade)


def _cases(data: Row, shelf: Shelf) -> None:
    draws = {row["key"]: _draw(row, shelf) for row in data.get("draws", [])}
    nominations = {}
    for row in data.get("nominations", []):
        nominations[row.get("case")] = _nomination(row, shelf)
    for row in sorted(data.get("cases", []), key=lambda row: row["number"]):
        withdrawn = row.get("withdrawn")
        case = Case(
            audit=shelf.audit,
            number=row["number"],
            nomination=nominations.get(row["number"]),
            draw=draws.get(row.get("draw")),
            draw_row=row.get("draw_row"),
        )
        if withdrawn:
            case.withdrawn_at = now_unless(withdrawn.get("at"))
            case.withdrawn_by = shelf.person(withdrawn.get("by"))
            case.withdrawn_reason = withdrawn["reason"]
        shelf.cases[case.number] = shelf.batch.add(case)
    for row in data.get("cases", []):
        if "replaces" in row:
            shelf.cases[row["number"]].replaces = shelf.cases[row["replaces"]]


def _draw(row: Row, shelf: Shelf) -> Draw:
    return shelf.batch.add(
        Draw(
            audit=shelf.audit,
            list_description=row["list_description"],
            list_size=row["list_size"],
            sample_size=row.get("sample_size", len(row["rows"])),
            seed=row["seed"],
            rows=row["rows"],
            by=shelf.people[row["by"].lower()],
            at=now_unless(row.get("at")),
        )
    )


def _nomination(row: Row, shelf: Shelf) -> Nomination:
    return shelf.batch.add(
        Nomination(
            audit=shelf.audit,
            reason=row["reason"],
            agency=shelf.agency(row.get("agency")),
            by=shelf.people[row["by"].lower()],
            at=now_unless(row.get("at")),
            stage=row.get("stage", "selected" if "case" in row else "proposed"),
            decline_reason=row.get("decline_reason", ""),
        )
    )


def _traces(data: Row, shelf: Shelf) -> None:
    for row in data.get("date_moves", []):
        shelf.batch.add(
            DateMove(
                audit=shelf.audit,
                field=row["field"],
                from_date=read_day(row.get("from")),
                to_date=read_day(row.get("to")),
                reason=row.get("reason", ""),
                by=shelf.people[row["by"].lower()],
                at=read_moment(row["at"]),
            )
        )
    for row in data.get("identity_notices", []):
        shelf.batch.add(
            IdentityNotice(
                audit=shelf.audit,
                agency=shelf.agencies[row["agency"]],
                sent_on=date.fromisoformat(row["sent_on"]),
                by=shelf.people[row["by"].lower()],
            )
        )
