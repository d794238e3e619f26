from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import grades, meetings
from audits.forms.discussion import (
    GradeForm,
    IntroductionForm,
    PassOverForm,
    agreed_grade_initial,
    grading_of,
    overall_grade_initial,
)
from audits.models import Audit, Case, CaseReturn, Discussion
from audits.reading.board import board_of
from audits.reading.case_room import case_room
from audits.reading.meeting import agenda_of, may_edit_meeting
from audits.views.reach import attempt, attempt_form, audit_to_write, open_audit


def _case(request: SignedInRequest, audit: Audit, case_id: UUID) -> Case:
    cases = Case.objects.visible_to(request.user).filter(audit=audit).in_sample()
    return get_object_or_404(cases.select_related("discussion__overall_grade"), pk=case_id)


def _discussion(case: Case) -> Discussion | None:
    discussion: Discussion | None = getattr(case, "discussion", None)
    return discussion


def meeting_case(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    audit = open_audit(request, audit_id)
    case = _case(request, audit, case_id)
    edits = may_edit_meeting(audit, request.user)
    agenda = agenda_of(audit, request.user)
    before, after = agenda.around(case.pk)
    discussion = _discussion(case)
    room = case_room(audit, case, request.user)
    moderates = edits and request.user.may(Permission.MODERATE, audit.partnership_id)
    context = {
        "audit": audit,
        "case": case,
        "discussion": discussion,
        "state": discussion.state if discussion else "",
        "agenda": agenda,
        "before": before,
        "after": after,
        "room": room,
        "board": board_of(audit, case, request.user, writes=edits),
        "edits": edits,
        "moderates": moderates,
        "grading": grading_of(audit, room.columns, discussion, moderates=moderates),
    }
    return render(request, "audits/meeting_case.html", context)


def meeting_whole(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Points about no case in particular: from the summative reports, and what is agreed."""
    audit = open_audit(request, audit_id)
    edits = may_edit_meeting(audit, request.user)
    context = {
        "audit": audit,
        "agenda": agenda_of(audit, request.user),
        "board": board_of(audit, None, request.user, writes=edits),
        "edits": edits,
    }
    return render(request, "audits/meeting_whole.html", context)


def _written(
    request: SignedInRequest,
    case: Case,
    form: Any,
    write: Callable[[], object],
    *,
    done: str,
    title: str,
    shown: tuple[str, ...] = (),
    **context: Any,
) -> HttpResponse:
    """Save a small form of the case's page, or show it on a page of its own to be mended."""
    if form.is_valid() and attempt_form(form, write, *shown):
        messages.success(request, done)
        return redirect("meeting-case", audit_id=case.audit_id, case_id=case.pk)
    page = {"audit": case.audit, "case": case, "form": form, "title": title, **context}
    return render(request, "audits/discussion_form.html", page)


def _room_to_write(
    request: SignedInRequest, audit_id: UUID, case_id: UUID, permission: Permission
) -> Case:
    audit = audit_to_write(request, audit_id, permission)
    case = _case(request, audit, case_id)
    case.audit = audit
    return case


def discussion_introduction(
    request: SignedInRequest, audit_id: UUID, case_id: UUID
) -> HttpResponse:
    case = _room_to_write(request, audit_id, case_id, Permission.RUN_MEETING)
    discussion = _discussion(case) or Discussion()
    form = IntroductionForm(
        request.POST or None,
        initial={"introduced_by": discussion.introduced_by, "revision": discussion.revision},
    )
    return _written(
        request,
        case,
        form,
        lambda: meetings.record_introduction(case=case, by=request.user, **form.cleaned_data),
        done=f"Saved who introduced {case}.",
        title=f"Who introduced {case}?",
        shown=("introduced_by",),
    )


@require_POST
def discussion_done(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    """Mark a case as discussed and go on to the next that is not."""
    case = _room_to_write(request, audit_id, case_id, Permission.RUN_MEETING)
    if attempt(request, lambda: meetings.mark_discussed(case=case, by=request.user)):
        messages.success(request, f"{case} is marked as discussed.")
        following = agenda_of(case.audit, request.user).next_case
        if following is None:
            return redirect("meeting-detail", audit_id=case.audit_id)
        return redirect("meeting-case", audit_id=case.audit_id, case_id=following.id)
    return redirect("meeting-case", audit_id=case.audit_id, case_id=case.pk)


@require_POST
def discussion_reopen(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    case = _room_to_write(request, audit_id, case_id, Permission.RUN_MEETING)
    if attempt(request, lambda: meetings.reopen_discussion(case=case, by=request.user)):
        messages.success(request, f"{case} is back on the list to discuss.")
    return redirect("meeting-case", audit_id=case.audit_id, case_id=case.pk)


def discussion_pass_over(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    case = _room_to_write(request, audit_id, case_id, Permission.RUN_MEETING)
    form = PassOverForm(request.POST or None)
    return _written(
        request,
        case,
        form,
        lambda: meetings.pass_over(case=case, reason=form.cleaned_data["reason"], by=request.user),
        done=f"{case} is passed over.",
        title=f"Pass over {case}",
    )


def overall_grade_update(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    case = _room_to_write(request, audit_id, case_id, Permission.MODERATE)
    form = GradeForm(
        request.POST or None,
        scale=list(case.audit.grades.all()),
        label="Overall grade",
        initial=overall_grade_initial(_discussion(case)),
    )
    return _written(
        request,
        case,
        form,
        lambda: grades.grade_case(case=case, by=request.user, **form.cleaned_data),
        done=f"The overall grade of {case} is saved.",
        title=f"Overall grade of {case}",
    )


def agreed_grade_update(
    request: SignedInRequest, audit_id: UUID, case_id: UUID, case_return_id: UUID
) -> HttpResponse:
    case = _room_to_write(request, audit_id, case_id, Permission.MODERATE)
    rows = CaseReturn.objects.visible_to(request.user).filter(case=case)
    case_return = get_object_or_404(
        rows.select_related("agency", "audit", "own_grade", "agreed_grade"), pk=case_return_id
    )
    form = GradeForm(
        request.POST or None,
        scale=list(case.audit.grades.all()),
        initial=agreed_grade_initial(getattr(case_return, "agreed_grade", None)),
    )
    return _written(
        request,
        case,
        form,
        lambda: grades.agree_grade(case_return=case_return, by=request.user, **form.cleaned_data),
        done=f"The agreed grade for {case_return.agency} is saved.",
        title=f"Agree a grade for {case_return.agency}",
        shown=("grade", "reason"),
        case_return=case_return,
    )
