"""What waits for the chair of the QA sub-group: approvals, meetings, and what has slipped."""

from collections.abc import Iterator

from audits.models import Stage
from reports.reading.home.officer import Work
from reports.reading.home.tasks import Task, counted, to


def approvals(found: list[Work]) -> Iterator[Task]:
    for work in found:
        if work.audit.awaiting_approval and work.audit.stage == Stage.DRAFTING:
            yield Task(
                f"Read “{work.audit}” and approve it, or send it back",
                to("audit-documents", work.audit.pk),
                "The officer asks for your approval of both documents.",
                work.audit.report_by,
            )


def steering(found: list[Work]) -> Iterator[Task]:
    """For a chair who is not the officer too, and so is not told of the same already."""
    for work in found:
        if work.audit.stage == Stage.MEETING:
            yield _meeting(work)
        elif work.audit.is_late and not work.audit.awaiting_approval:
            yield _late(work)


def _meeting(work: Work) -> Task:
    return Task(
        f"Chair the meeting on “{work.audit}”",
        to("meeting-detail", work.audit.pk),
        f"{work.settled_cases} of {counted(work.cases, 'case')} discussed or passed over, "
        f"{work.graded_cases} with an overall grade.",
        work.audit.meeting_on,
        work.audit.due_word,
    )


def _late(work: Work) -> Task:
    stage = work.audit.get_stage_display().lower()
    owing = f"Still to come, of {work.asked}: {', '.join(work.owing)}." if work.owing else ""
    return Task(
        f"“{work.audit}” is late: it is still {stage}",
        to("audit-detail", work.audit.pk),
        owing,
        work.audit.due_on,
        work.audit.due_word,
    )
