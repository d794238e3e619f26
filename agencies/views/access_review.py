"""The quarterly look at who has access: one page on which each role is kept or ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import SignedInRequest, require_anywhere
from agencies.confirming import confirmed_if
from agencies.domain import access_reviews
from agencies.domain.refusal import RefusedError
from agencies.downloads import hands_out_files, workbook_response
from agencies.forms.access_review import AccessReviewForm
from agencies.models import AccessReview
from agencies.reading.access_review import counts_of, gone_since, previous, record_of, rows_of
from agencies.roles import Permission

COMPLETE, END = "complete", "end"
"""What the button says: complete it, or end the roles that were named and complete it."""


def _find(request: SignedInRequest, review_id: UUID) -> AccessReview:
    reviews = AccessReview.objects.visible_to(request.user)
    return get_object_or_404(
        reviews.select_related("partnership", "begun_by", "completed_by"), pk=review_id
    )


@require_GET
def access_review_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_PEOPLE)
    reviews = AccessReview.objects.visible_to(request.user).filter(partnership=partnership)
    found = list(reviews.select_related("begun_by", "completed_by").with_counts())
    context = {
        "open": next((each for each in found if each.completed_at is None), None),
        "completed": [each for each in found if each.completed_at is not None],
        "due_on": partnership.access_review_due_on,
    }
    return render(request, "agencies/access_review_list.html", context)


@require_POST
def access_review_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_PEOPLE)
    review = access_reviews.begin(partnership=partnership, by=request.user)
    return redirect("access-review-detail", review.pk)


def _completes(request: HttpRequest, **_named: object) -> bool:
    return request.POST.get("do") in {COMPLETE, END}


@require_http_methods(["GET", "POST"])
@confirmed_if(_completes)
def access_review_detail(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """The sheet while it is open; the record once it is completed.

    Where roles end by it, they are named first, and end once that was confirmed.
    """
    review = _find(request, review_id)
    if review.completed_at is not None:
        context = {"review": review, "record": record_of(review)}
        return render(request, "agencies/access_review_record.html", context)
    completes = _completes(request)
    rows = rows_of(review, by=request.user)
    sent = request.POST if request.method == "POST" else None
    form = AccessReviewForm(sent, rows=rows, whole=completes)
    if form.is_valid():
        asks = request.POST.get("do") == COMPLETE and bool(form.ending)
        if _save(request, review, form, completes=completes and not asks):
            return _ask_first(request, review, form) if asks else _go_on(request, review, completes)
    context = {
        "review": review,
        "form": form,
        "counts": counts_of(rows),
        "gone": gone_since(review, rows),
        "previous": previous(review),
    }
    return render(request, "agencies/access_review_detail.html", context)


def _ask_first(
    request: SignedInRequest, review: AccessReview, form: AccessReviewForm
) -> HttpResponse:
    """Which roles are about to end; what was decided about the others goes along."""
    number, kept = len(form.ending), len(form.rows) - len(form.ending)
    roles = "1 role" if number == 1 else f"{number} roles"
    context = {
        "title": f"End {roles} and complete the review?",
        "caption": review.partnership.name,
        "consequences": [
            "What ends opens nothing from then on; whoever has no other role is signed out.",
            f"{'The other 1 is' if kept == 1 else f'The other {kept} are'} kept.",
            "The record reads like this for ever.",
        ],
        "ending": form.ending,
        "decided": [(row.key, form.cleaned_data[row.key]) for row in form.rows],
        "confirm_label": f"End {roles} and complete",
        "danger": True,
        "back_label": "Who has access",
        "cancel_url": reverse("access-review-detail", args=[review.pk]),
    }
    return render(request, "agencies/access_review_end.html", context)


def _go_on(request: SignedInRequest, review: AccessReview, completed: bool) -> HttpResponse:
    said = "The review is completed, and kept." if completed else "Saved. Go on whenever you like."
    messages.success(request, said)
    return redirect("access-review-detail", review.pk)


def _save(
    request: SignedInRequest, review: AccessReview, form: AccessReviewForm, *, completes: bool
) -> bool:
    act = access_reviews.complete if completes else access_reviews.keep
    try:
        act(review=review, by=request.user, decisions=form.decisions)
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_GET
@hands_out_files
def access_review_sheet(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """The record as a workbook."""
    # Brings openpyxl with it, which a web process need not carry that writes no workbook.
    from agencies.access_review_sheet import sheet_of

    review = _find(request, review_id)
    if review.completed_at is None:
        messages.info(request, "Complete the review first: then there is something to download.")
        return redirect(reverse("access-review-detail", args=[review.pk]))
    access_reviews.record_download(review, by=request.user)
    name = f"access-review-{review.completed_at:%Y-%m-%d}"
    return workbook_response(sheet_of(review, record_of(review)), name)
