"""Setting up an audit: what it is about, who is asked, by which scale, and by when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import Agency, Partnership, User
from audits.domain import notices
from audits.domain.circulation import ask_about_cases
from audits.domain.leading import hold_audit
from audits.domain.mailed_names import NamesSomebodyError, record_refusal, refuse_names
from audits.domain.writing import fresh
from audits.models import AgencyReturn, Audit, DateMove, Grade, Stage


@dataclass(frozen=True)
class GradeStep:
    label: str
    description: str
    meets_good: bool
    code: str = ""


DEFAULT_SCALE = [
    GradeStep(
        "Outstanding",
        "Practice made a marked difference to the child and is worth showing to others.",
        meets_good=True,
        code="outstanding",
    ),
    GradeStep(
        "Good",
        "The child’s needs were seen and met in time; what was missed did no harm.",
        meets_good=True,
        code="good",
    ),
    GradeStep(
        "Requires improvement",
        "Practice kept to the essentials, but gaps delayed or weakened the help given.",
        meets_good=False,
        code="requires-improvement",
    ),
    GradeStep(
        "Inadequate",
        "Risk was missed or left unanswered, or help came too late to protect the child.",
        meets_good=False,
        code="inadequate",
    ),
]

SCALE_LOCKED = "The scale cannot be changed: agencies have already been asked to grade by it."
AGENCIES_LOCKED = (
    "The agencies asked cannot be changed from the meeting on. Take the audit back to "
    "collecting first."
)
VOICES = ("asks_practitioners", "asks_child", "asks_family")
VOICES_LOCKED = "Whose voices are asked for cannot be changed: agencies have already been asked."
TOOLKIT_LOCKED = "The toolkit cannot be changed: agencies have already been asked by it."


@transaction.atomic
def create_audit(
    *,
    partnership: Partnership,
    by: User,
    values: Mapping[str, Any],
    agencies: Iterable[Agency],
    scale: Sequence[GradeStep] = (),
) -> Audit:
    """`values` are the audit's own fields by name; without a scale it gets the default one."""
    audit = Audit.objects.create(partnership=partnership, **values)
    _write_scale(audit, scale or DEFAULT_SCALE)
    AgencyReturn.objects.bulk_create(
        AgencyReturn(audit=audit, agency=agency) for agency in agencies
    )
    activity.record(
        "set up an audit", by=by, partnership=partnership, subject=audit, audit_id=audit.pk
    )
    return audit


def copied_values(audit: Audit) -> dict[str, Any]:
    """The set-up of an earlier audit as a new one starts from it: all but cases and dates."""
    names = ("theme", "toolkit", "purpose", "legal_power", "identity_channel", *VOICES)
    copied = {name: getattr(audit, name) for name in names}
    return copied | {
        "predecessor": audit,
        "agencies": list(audit.agencies_asked.filter(active=True)),
    }


def update_audit(*, audit: Audit, by: User, values: Mapping[str, Any], revision: int) -> Audit:
    """Raises StaleError when somebody changed the set-up since the form was opened, and
    NamesSomebodyError for a title or code that mails must not carry."""
    try:
        return _update_audit(audit, by=by, values=values, revision=revision)
    except NamesSomebodyError as refused:
        record_refusal(audit, refused, by=by)
        raise


@activity.gathered()
def _update_audit(audit: Audit, *, by: User, values: Mapping[str, Any], revision: int) -> Audit:
    locked = fresh(audit, revision)
    refuse_names(locked, values)
    toolkit = values.get("toolkit", locked.toolkit)
    if locked.is_locked and toolkit != locked.toolkit:
        raise RefusedError(TOOLKIT_LOCKED)
    asked = [values.get(name, getattr(locked, name)) for name in VOICES]
    if locked.is_locked and asked != [getattr(locked, name) for name in VOICES]:
        raise RefusedError(VOICES_LOCKED)
    if values.get("predecessor"):
        values = {**values, "earlier_code": "", "earlier_title": ""}
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    _record("changed the set-up of the audit", audit=locked, by=by)
    return locked


def scale_of(audit: Audit) -> list[GradeStep]:
    return [
        GradeStep(grade.label, grade.description, grade.meets_good, grade.code)
        for grade in audit.grades.all()
    ]


@transaction.atomic
def set_scale(*, audit: Audit, by: User, scale: Sequence[GradeStep]) -> None:
    audit = hold_audit(audit.pk)
    if audit.is_locked:
        raise RefusedError(SCALE_LOCKED)
    audit.grades.all().delete()
    _write_scale(audit, scale)
    _record("changed the grade scale", audit=audit, by=by)


def _write_scale(audit: Audit, scale: Sequence[GradeStep]) -> None:
    taken: set[str] = set()
    grades = []
    for position, step in enumerate(scale):
        code = step.code or slugify(step.label)[:30] or "grade"
        while code in taken:
            code = f"{code}-{position + 1}"
        taken.add(code)
        grades.append(
            Grade(
                audit=audit,
                code=code,
                label=step.label,
                description=step.description,
                meets_good=step.meets_good,
                position=position,
            )
        )
    Grade.objects.bulk_create(grades)


@activity.gathered()
def ask_agencies(*, audit: Audit, by: User, agencies: Iterable[Agency]) -> None:
    """Make these, and no others, the agencies asked.

    One that was already sent the cases can no longer be taken off: it is excused instead.
    """
    if audit.has_reached(Stage.MEETING):
        raise RefusedError(AGENCIES_LOCKED)
    wanted = {agency.pk: agency for agency in agencies}
    rows = {row.agency_id: row for row in audit.agency_returns.select_related("agency")}
    dropped = [row for pk, row in rows.items() if pk not in wanted]
    refusals = [
        f"{row.agency} has already been sent the cases: excuse its return instead."
        for row in dropped
        if row.case_returns.exists()
    ]
    if refusals:
        raise RefusedError(" ".join(refusals))
    audit.agency_returns.filter(pk__in=[row.pk for row in dropped]).delete()
    AgencyReturn.objects.bulk_create(
        AgencyReturn(audit=audit, agency=agency) for pk, agency in wanted.items() if pk not in rows
    )
    if audit.stage == Stage.COLLECTING:
        ask_about_cases(audit, by=by)
    _record("changed which agencies are asked", audit=audit, by=by)


@transaction.atomic
def move_dates(*, audit: Audit, by: User, dates: Mapping[str, date | None], reason: str) -> None:
    """Set the dates by field name; one that was set before leaves a trace once it moves."""
    locked = hold_audit(audit.pk)
    moved = moved_fields(locked, dates)
    DateMove.objects.bulk_create(
        DateMove(
            audit=locked,
            field=name,
            from_date=getattr(locked, name),
            to_date=dates[name],
            reason=reason.strip(),
            by=by,
        )
        for name in moved
        if getattr(locked, name) is not None
    )
    for name in moved:
        setattr(locked, name, dates[name])
    if moved:
        locked.save(update_fields=moved)
        _record("moved the dates of the audit", audit=locked, by=by)
        notices.dates_moved(locked, moved)


def moved_fields(audit: Audit, dates: Mapping[str, date | None]) -> list[str]:
    return [name for name, day in dates.items() if getattr(audit, name) != day]


def needs_reason(audit: Audit, dates: Mapping[str, date | None]) -> bool:
    """Whether a date that people were told of is about to move."""
    told = audit.stage != Stage.PLANNED
    return told and any(getattr(audit, name) is not None for name in moved_fields(audit, dates))


def _record(verb: str, *, audit: Audit, by: User) -> None:
    activity.record(verb, by=by, partnership=audit.partnership_id, subject=audit, audit_id=audit.pk)
