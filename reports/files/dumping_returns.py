"""Returns and the meeting, as a file has them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from audits.models import (
    AgencyReturn,
    Answer,
    Audit,
    CaseReturn,
    ContributorRequest,
    Discussion,
    Meeting,
    Point,
    PointPlacement,
    StatusChange,
)
from reports.files.book import KINDS, UNPLACED, Row
from reports.files.dumping_shared import compact
from reports.files.index import Index
from reports.files.moments import write_day, write_moment

POINTS = Prefetch(
    "points",
    Point.objects.select_related("written_by", "agency").prefetch_related(
        "learning_themes",
        Prefetch("placements", PointPlacement.objects.order_by("position", "pk")),
    ),
)
STATUS_CHANGES = Prefetch(
    "status_changes", StatusChange.objects.select_related("by").order_by("at", "pk")
)


def status_rows(changes: Any, index: Index) -> list[Row]:
    if isinstance(changes, QuerySet):
        changes = changes.select_related("by").order_by("at", "pk")
    return [
        compact(
            {
                "transition": change.transition,
                "from": change.from_stage,
                "to": change.to_stage,
                "reason": change.reason,
                "by": index.person(change.by),
                "at": write_moment(change.at),
            }
        )
        for change in changes
    ]


def return_rows(audit: Audit, index: Index) -> list[Row]:
    rows = (
        AgencyReturn.objects.filter(audit=audit)
        .select_related("agency", "signed_off_by")
        .prefetch_related("restorative_actions", POINTS, STATUS_CHANGES)
    )
    cases = _case_returns(audit)
    # Sorted here and not by the database: each sorts text in its own way.
    in_order = sorted(rows, key=lambda row: row.agency.short_name)
    return [_return_row(row, cases[row.pk], index) for row in in_order]


def _case_returns(audit: Audit) -> dict[Any, list[CaseReturn]]:
    rows = (
        CaseReturn.objects.filter(audit=audit)
        .select_related("case", "agency", "auditor", "own_grade", "agreed_grade__grade")
        .select_related("agreed_grade__moderator")
        .prefetch_related(
            "engagement_entries",
            Prefetch("answers", Answer.objects.select_related("question")),
            Prefetch(
                "contributor_requests",
                ContributorRequest.objects.select_related("contributor__agency"),
            ),
            POINTS,
            STATUS_CHANGES,
        )
        .order_by("case__number")
    )
    by_return: dict[Any, list[CaseReturn]] = defaultdict(list)
    for row in rows:
        by_return[row.agency_return_id].append(row)
    return by_return


def _return_row(row: AgencyReturn, cases: list[CaseReturn], index: Index) -> Row:
    own = [point for point in row.points.all() if point.case_return_id is None]
    return compact(
        {
            "agency": index.agency(row.agency),
            "stage": row.stage,
            "overview": row.overview,
            "signed_off_at": write_moment(row.signed_off_at),
            "signed_off_by": index.person(row.signed_off_by),
            "restorative_actions": [
                compact(
                    {
                        "text": action.text,
                        "owner": action.owner,
                        "due_on": write_day(action.due_on),
                        "measure": action.measure,
                    }
                )
                for action in row.restorative_actions.all()
            ],
            "status_changes": status_rows(row.status_changes.all(), index),
            "points": point_lists(own, index, agreed=False),
            "cases": [_case_row(case, index) for case in cases],
        }
    )


def _case_row(row: CaseReturn, index: Index) -> Row:
    return compact(
        {
            "case": row.case.number,
            "stage": row.stage,
            "auditor": index.person(row.auditor),
            "known": row.known,
            "not_known_reason": row.not_known_reason,
            "engagement_past": row.engagement_past,
            "engagement_present": row.engagement_present,
            "engagement": _chronology(row),
            "voice_practitioners": row.voice_practitioners,
            "voice_child": row.voice_child,
            "voice_family": row.voice_family,
            "own_grade": row.own_grade.code if row.own_grade else None,
            "grade_reason": row.grade_reason,
            "completed_at": write_moment(row.completed_at),
            "entered_from_paper": row.entered_from_paper,
            "answers": {answer.question.code: _answer(answer) for answer in row.answers.all()},
            "points": point_lists(row.points.all(), index, agreed=False),
            "contributors": [
                compact(
                    {
                        "contributor": index.contributor(request.contributor),
                        "stage": request.stage,
                        "asked_on": write_day(request.asked_on),
                        "answered_on": write_day(request.answered_on),
                        "reason": request.reason,
                    }
                )
                for request in sorted(
                    row.contributor_requests.all(), key=lambda row: row.contributor.name
                )
            ],
            "agreed_grade": _agreed_grade(row, index),
            "status_changes": status_rows(row.status_changes.all(), index),
        }
    )


def _chronology(row: CaseReturn) -> list[Row]:
    lines = [
        (write_day(each.began_on) or "", write_day(each.ended_on) or "", each.words)
        for each in row.engagement_entries.all()
    ]
    return [
        compact({"from": began, "until": ended, "words": words})
        for began, ended, words in sorted(lines)
    ]


def _answer(answer: Answer) -> str | Row:
    if not answer.evidence:
        return answer.value
    return compact({"value": answer.value, "evidence": answer.evidence})


def _agreed_grade(row: CaseReturn, index: Index) -> Row:
    if not hasattr(row, "agreed_grade"):
        return {}
    agreed = row.agreed_grade
    return {
        "grade": agreed.grade.code,
        "reason": agreed.reason,
        "moderator": index.person(agreed.moderator),
        "at": write_moment(agreed.at),
    }


def point_lists(points: Iterable[Point], index: Index, *, agreed: bool) -> Row:
    """Points by kind: written where they first stand, from then on named by their key."""
    placed: dict[str, list[tuple[int, int, Point]]] = {kind: [] for kind in KINDS}
    unplaced = []
    for point in points:
        here = [row for row in point.placements.all() if row.agreed == agreed]
        for row in here:
            placed[row.kind].append((row.position, row.pk, point))
        if not here and index.point(point) is None:
            unplaced.append(point)
    lists = {
        kind: [_point(point, index) for *_, point in sorted(placed[kind], key=lambda row: row[:2])]
        for kind in KINDS
    }
    rest = sorted(unplaced, key=lambda point: (point.text, str(_point_row(point, Index()))))
    return compact({**lists, UNPLACED: [_point(point, index) for point in rest]})


def _point(point: Point, index: Index) -> str | Row:
    if key := index.point(point):
        return key
    return {"key": index.new_point(point), **_point_row(point, index)}


def _point_row(point: Point, index: Index) -> Row:
    at_meeting = point.origin == Point.Origin.MEETING
    return compact(
        {
            "text": point.text,
            "learning_themes": index.learning_themes(point.learning_themes),
            "agency": index.agency(point.agency) if at_meeting else None,
            "written_by": index.person(point.written_by),
        }
    )


def meeting_row(audit: Audit, index: Index) -> Row | None:
    """None when nothing about a meeting was ever written."""
    meeting = Meeting.objects.filter(audit=audit).first()
    cases = _meeting_cases(audit, index)
    about_all = point_lists(_agreed_points(audit)[None], index, agreed=True)
    if meeting is None and not cases and not about_all:
        return None
    meeting = meeting or Meeting(audit=audit)
    attendance = meeting.attendance.select_related("agency", "body") if meeting.pk else []
    return compact(
        {
            "held_on": write_day(meeting.held_on),
            "chaired_by": meeting.chaired_by,
            "notes": meeting.notes,
            "attendance": [
                compact(
                    {
                        "name": person.name,
                        "job_title": person.job_title,
                        "agency": index.agency(person.agency),
                        "body": index.body(person.body),
                        "state": person.state,
                    }
                )
                for person in attendance
            ],
            "agreed": about_all,
            "cases": cases,
        }
    )


def _agreed_points(audit: Audit) -> dict[Any, list[Point]]:
    """Points that the meeting placed or wrote, by the id of their case or None."""
    points = Point.objects.filter(audit=audit).prefetch_related(
        "learning_themes",
        Prefetch("placements", PointPlacement.objects.order_by("position", "pk")),
    )
    by_case: dict[Any, list[Point]] = defaultdict(list)
    for point in points.select_related("written_by", "agency"):
        agreed = any(row.agreed for row in point.placements.all())
        if agreed or point.origin == Point.Origin.MEETING:
            by_case[point.case_id].append(point)
    return by_case


def _meeting_cases(audit: Audit, index: Index) -> list[Row]:
    discussions = {
        row.case_id: row
        for row in Discussion.objects.filter(case__audit=audit).select_related(
            "overall_grade", "overall_grade_by"
        )
    }
    points = _agreed_points(audit)
    return [
        _meeting_case(case.number, discussions.get(case.pk), points[case.pk], index)
        for case in audit.cases.order_by("number")
        if case.pk in discussions or points[case.pk]
    ]


def _meeting_case(
    number: int, discussion: Discussion | None, points: list[Point], index: Index
) -> Row:
    discussion = discussion or Discussion()
    overall = compact(
        {
            "grade": discussion.overall_grade.code if discussion.overall_grade else None,
            "reason": discussion.overall_grade_reason,
            "by": index.person(discussion.overall_grade_by),
        }
    )
    row = compact(
        {
            "case": number,
            "introduced_by": discussion.introduced_by,
            "passed_over_reason": discussion.passed_over_reason,
            "overall_grade": overall,
            "agreed": point_lists(points, index, agreed=True),
        }
    )
    # Left out it would be read as discussed.
    return {**row, "state": discussion.state}
