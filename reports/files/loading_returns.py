"""Returns and the meeting of a file."""

from datetime import date
from typing import Any

from audits.models import (
    AgencyReturn,
    AgreedGrade,
    Answer,
    Attendance,
    CaseReturn,
    ContributorRequest,
    Discussion,
    EngagementEntry,
    Known,
    Meeting,
    Point,
    RestorativeAction,
    StatusChange,
)
from reports.files.book import Row
from reports.files.moments import read_day, read_moment
from reports.files.shelf import Shelf, now_unless

CASE_RETURN_TEXTS = (
    "known",
    "not_known_reason",
    "engagement_past",
    "engagement_present",
    "voice_practitioners",
    "voice_child",
    "voice_family",
    "grade_reason",
    "entered_from_paper",
)


def status_changes(row: Row, shelf: Shelf, **thing: Any) -> None:
    for change in row.get("status_changes", []):
        shelf.batch.add(
            StatusChange(
                audit=shelf.audit,
                transition=change["transition"],
                from_stage=change["from"],
                to_stage=change["to"],
                reason=change.get("reason", ""),
                by=shelf.people[change["by"].lower()],
                at=read_moment(change["at"]),
                **thing,
            )
        )


def add_returns(data: Row, shelf: Shelf) -> None:
    for row in data.get("returns", []):
        _agency_return(row, shelf)


def _agency_return(row: Row, shelf: Shelf) -> None:
    made = shelf.batch.add(
        AgencyReturn(
            audit=shelf.audit,
            agency=shelf.agencies[row["agency"]],
            stage=row.get("stage", "open"),
            overview=row.get("overview", ""),
            signed_off_at=read_moment(row.get("signed_off_at")),
            signed_off_by=shelf.person(row.get("signed_off_by")),
        )
    )
    for position, action in enumerate(row.get("restorative_actions", [])):
        shelf.batch.add(
            RestorativeAction(
                agency_return=made,
                text=action["text"],
                owner=action.get("owner", ""),
                due_on=read_day(action.get("due_on")),
                measure=action.get("measure", ""),
                position=position,
            )
        )
    home = Point(origin=Point.Origin.SUMMATIVE, agency=made.agency, agency_return=made)
    shelf.write_points(row.get("points", {}), home)
    shelf.place_points(row.get("points", {}), agreed=False)
    status_changes(row, shelf, agency_return=made)
    for case in sorted(row.get("cases", []), key=lambda case: case["case"]):
        _case_return(case, made, shelf)


def _case_return(row: Row, agency_return: AgencyReturn, shelf: Shelf) -> None:
    made = shelf.batch.add(
        CaseReturn(
            audit=shelf.audit,
            agency=agency_return.agency,
            agency_return=agency_return,
            case=shelf.cases[row["case"]],
            stage=row.get("stage") or _stage(row),
            auditor=shelf.person(row.get("auditor")),
            own_grade=shelf.grade(row.get("own_grade")),
            completed_at=read_moment(row.get("completed_at")),
            **{name: row[name] for name in CASE_RETURN_TEXTS if name in row},
        )
    )
    for line in row.get("engagement", []):
        shelf.batch.add(
            EngagementEntry(
                case_return=made,
                began_on=read_day(line.get("from")),
                ended_on=read_day(line.get("until")),
                words=line.get("words", ""),
            )
        )
    for code, given in row.get("answers", {}).items():
        answer = given if isinstance(given, dict) else {"value": given}
        shelf.batch.add(
            Answer(
                case_return=made,
                question=shelf.shared.questions[code],
                value=str(answer.get("value", "")),
                evidence=answer.get("evidence", ""),
            )
        )
    home = Point(
        origin=Point.Origin.CASE_RETURN,
        case=made.case,
        agency=made.agency,
        case_return=made,
        agency_return=agency_return,
    )
    shelf.write_points(row.get("points", {}), home)
    shelf.place_points(row.get("points", {}), agreed=False)
    for request in row.get("contributors", []):
        _request(request, made, shelf)
    _agreed_grade(row.get("agreed_grade"), made, shelf)
    status_changes(row, shelf, case_return=made)


def _stage(row: Row) -> str:
    known = row.get("known")
    if known is None:
        return "not_started"
    stages = {Known.NO: "not_known", Known.UNSURE: "in_progress"}
    return stages.get(known, "complete")


def _request(row: Row, case_return: CaseReturn, shelf: Shelf) -> None:
    name = (case_return.agency.short_name, row["contributor"])
    shelf.batch.add(
        ContributorRequest(
            case_return=case_return,
            contributor=shelf.shared.contributors[name],
            stage=row.get("stage", "asked"),
            asked_on=date.fromisoformat(row["asked_on"]),
            answered_on=read_day(row.get("answered_on")),
            reason=row.get("reason", ""),
        )
    )


def _agreed_grade(row: Row | None, case_return: CaseReturn, shelf: Shelf) -> None:
    if row is not None:
        shelf.batch.add(
            AgreedGrade(
                case_return=case_return,
                grade=shelf.grades[row["grade"]],
                reason=row["reason"],
                moderator=shelf.people[row["moderator"].lower()],
                at=now_unless(row.get("at")),
            )
        )


def add_meeting(row: Row | None, shelf: Shelf) -> None:
    if row is None:
        return
    meeting = shelf.batch.add(
        Meeting(
            audit=shelf.audit,
            held_on=read_day(row.get("held_on")),
            chaired_by=row.get("chaired_by", ""),
            notes=row.get("notes", ""),
        )
    )
    for position, person in enumerate(row.get("attendance", [])):
        shelf.batch.add(
            Attendance(
                meeting=meeting,
                name=person["name"],
                job_title=person.get("job_title", ""),
                agency=shelf.agency(person.get("agency")),
                body=shelf.body(person.get("body")),
                state=person.get("state", "attended"),
                position=position,
            )
        )
    shelf.write_points(row.get("agreed", {}), Point(origin=Point.Origin.MEETING))
    shelf.place_points(row.get("agreed", {}), agreed=True)
    for case in row.get("cases", []):
        _discussion(case, shelf)


def _discussion(row: Row, shelf: Shelf) -> None:
    case = shelf.cases[row["case"]]
    overall = row.get("overall_grade", {})
    shelf.batch.add(
        Discussion(
            case=case,
            state=row.get("state", "discussed"),
            introduced_by=row.get("introduced_by", ""),
            passed_over_reason=row.get("passed_over_reason", ""),
            overall_grade=shelf.grade(overall.get("grade")),
            overall_grade_reason=overall.get("reason", ""),
            overall_grade_by=shelf.person(overall.get("by")),
        )
    )
    shelf.write_points(row.get("agreed", {}), Point(origin=Point.Origin.MEETING, case=case))
    shelf.place_points(row.get("agreed", {}), agreed=True)
