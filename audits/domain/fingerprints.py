"""The fingerprint of a signed-off return: a hash of everything it says, taken when it is signed.

It is SHA-256 over one JSON object: keys sorted, no spaces, what is beyond ASCII escaped, lists in
the order given here. In it stand the return's and the audit's id, the overview, restorative actions
in their order, the points of the summative report, and for each case by number: its texts, grade,
answers by the code of their question, chronology and points. A point says its words and the kinds
it is listed under in its return. What may change after sign-off without a correction is not in it:
the auditor, the return's stage and date, learning themes, whatever the meeting agreed.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from agencies.domain import activity
from agencies.models import Activity, User
from audits.models import (
    AgencyReturn,
    CaseReturn,
    Correction,
    Fingerprint,
    Point,
    PointPlacement,
    RestorativeAction,
)

FORMAT = "maca-return-1"
# The texts of a case return; a text that comes to it later belongs to a format of its own.
TEXTS = (
    "known",
    "not_known_reason",
    "engagement_past",
    "engagement_present",
    "voice_practitioners",
    "voice_child",
    "voice_family",
    "grade_reason",
)
TAKEN = "took the fingerprint of the return"


@dataclass(frozen=True)
class Standing:
    """The last fingerprint of a return, whether the return is still like it, and earlier ones."""

    last: Fingerprint
    holds: bool
    earlier: list[Fingerprint]


def take(agency_return: AgencyReturn, *, by: User, correction: Correction | None = None) -> None:
    """Of the return as it stands now; inside the transaction that signs or corrects it."""
    taken = Fingerprint.objects.create(
        agency_return=agency_return, correction=correction, hash=hash_of(agency_return)
    )
    audit = agency_return.audit
    activity.record(
        TAKEN, by=by, partnership=audit.partnership_id, subject=taken, audit_id=audit.pk
    )


def standing(agency_return: AgencyReturn) -> Standing | None:
    """None where no fingerprint was ever taken, or the return is not signed off."""
    if agency_return.signed_off_at is None:
        return None
    taken = list(agency_return.fingerprints.order_by("-at", "-pk"))
    if not taken:
        return None
    last, *earlier = taken
    named = Activity.objects.filter(
        audit_id=agency_return.audit_id,
        subject_type=Fingerprint._meta.label_lower,
        subject_id=last.named_as,
    )
    holds = named.exists() and hash_of(agency_return) == last.hash
    return Standing(last, holds, earlier)


def hash_of(agency_return: AgencyReturn) -> str:
    return hashes_of([agency_return.pk])[agency_return.pk]


def hashes_of(keys: Collection[UUID]) -> dict[UUID, str]:
    """By the returns' ids; in the same few queries however many there are, and of whatever size."""
    return {
        pk: sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        for pk, said in _contents(keys).items()
    }


def _contents(keys: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What each of these returns says, by its id."""
    placed = PointPlacement.objects.filter(agreed=False).order_by("kind", "position", "pk")
    points = _by_return(
        Point.objects.filter(agency_return__in=keys)
        .order_by("pk")
        .prefetch_related(Prefetch("placements", placed, to_attr="placed"))
    )
    cases = _by_return(
        CaseReturn.objects.filter(agency_return__in=keys)
        .select_related("case", "own_grade")
        .prefetch_related("answers__question", "engagement_entries")
        .order_by("case__number")
    )
    actions = _by_return(
        RestorativeAction.objects.filter(agency_return__in=keys).order_by("position", "pk")
    )
    return {
        row.pk: _content(row, points[row.pk], actions[row.pk], cases[row.pk])
        for row in AgencyReturn.objects.filter(pk__in=keys).order_by()
    }


def _by_return[Part: (Point, CaseReturn, RestorativeAction)](
    parts: Iterable[Part],
) -> Mapping[UUID, list[Part]]:
    found: defaultdict[UUID, list[Part]] = defaultdict(list)
    for each in parts:
        if each.agency_return_id is not None:
            found[each.agency_return_id].append(each)
    return found


def _content(
    row: AgencyReturn,
    points: Collection[Point],
    actions: Iterable[RestorativeAction],
    cases: Iterable[CaseReturn],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "audit": str(row.audit_id),
        "return": str(row.pk),
        "overview": row.overview,
        "points": [_point(each) for each in points if each.case_return_id is None],
        "actions": [_action(each) for each in actions],
        "cases": [_case(each, points) for each in cases],
    }


def _case(row: CaseReturn, points: Iterable[Point]) -> dict[str, Any]:
    answers = {
        each.question.code: [each.value, each.evidence]
        for each in row.answers.all()
        if each.value or each.evidence
    }
    entries = sorted(row.engagement_entries.all(), key=lambda entry: str(entry.pk))
    return {
        **{name: getattr(row, name) for name in TEXTS},
        "number": row.case.number,
        "stage": row.stage,
        "own_grade": row.own_grade.code if row.own_grade else "",
        "entered_from_paper": row.entered_from_paper,
        "answers": answers,
        "entries": [
            [str(each.pk), _day(each.began_on), _day(each.ended_on), each.words] for each in entries
        ],
        "points": [_point(each) for each in points if each.case_return_id == row.pk],
    }


def _point(point: Point) -> list[Any]:
    placed: list[PointPlacement] = getattr(point, "placed", [])
    return [str(point.pk), point.text, [[each.kind, each.position] for each in placed]]


def _action(action: RestorativeAction) -> list[Any]:
    return [action.text, action.owner, _day(action.due_on), action.measure, action.position]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
