from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.domain.refusal import RefusedError
from audits.domain import toolkits as domain
from audits.forms.question import QuestionForm, initial_of
from audits.models import Question, Toolkit
from audits.views.closed import refused_in
from audits.views.toolkit import managed_toolkit, refuse_frozen


def question_create(request: SignedInRequest, toolkit_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    if request.method != "POST" and toolkit.is_frozen:
        return refuse_frozen(request, toolkit)
    form = QuestionForm(request.POST or None, toolkit=toolkit)
    if form.is_valid():
        with refused_in(form):
            question = domain.add_question(
                toolkit=toolkit,
                by=request.user,
                values=form.question_values,
                agencies=form.cleaned_data["agencies"],
            )
            messages.success(request, f"Question {question.number} is added.")
            if "another" in request.POST:
                return redirect("question-create", toolkit.pk)
            return redirect(_place_of(question))
    context = {"toolkit": toolkit, "form": form, "title": "Add a question"}
    return render(request, "audits/question_form.html", context)


def question_update(request: SignedInRequest, toolkit_id: UUID, question_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    question = get_object_or_404(toolkit.questions, pk=question_id)
    if request.method != "POST" and toolkit.is_frozen:
        return refuse_frozen(request, toolkit)
    form = QuestionForm(
        request.POST or None, toolkit=toolkit, question=question, initial=initial_of(question)
    )
    if form.is_valid():
        with refused_in(form):
            domain.update_question(
                question=question,
                by=request.user,
                values=form.question_values,
                agencies=form.cleaned_data["agencies"],
            )
            messages.success(request, f"Question {question.number} is saved.")
            return redirect(_place_of(question))
    title = f"Question {question.number}"
    context = {"toolkit": toolkit, "form": form, "title": title, "question": question}
    return render(request, "audits/question_form.html", context)


def _place_of(question: Question) -> str:
    return reverse("toolkit-detail", args=[question.toolkit_id]) + f"#question-{question.code}"


@require_POST
def question_move(
    request: SignedInRequest, toolkit_id: UUID, question_id: UUID, direction: str
) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    question = get_object_or_404(toolkit.questions, pk=question_id)
    try:
        domain.move_question(question=question, by=request.user, up=direction == "up")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect(_place_of(question))


def question_remove(request: SignedInRequest, toolkit_id: UUID, question_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    question = get_object_or_404(toolkit.questions, pk=question_id)
    if request.method == "POST":
        return _remove(request, toolkit, question)
    context = {
        "title": f"Remove question {question.number}?",
        "caption": str(toolkit),
        "lead": question.text,
        "confirm_label": "Remove it",
        "consequences": ["The questions below it move up by one number."],
        "cancel_url": _place_of(question),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)


def _remove(request: SignedInRequest, toolkit: Toolkit, question: Question) -> HttpResponse:
    try:
        domain.remove_question(question=question, by=request.user)
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The question is removed.")
    return redirect("toolkit-detail", toolkit.pk)
