"""Answering for a return: its report begun from the cases, and correcting what was signed off."""

from django.urls import URLPattern, path

from audits.urls.returns import CASE, RETURN
from audits.views import agency_return, correction, picking

urlpatterns: list[URLPattern] = [
    path(f"{RETURN}auditors/", agency_return.agency_return_compare, name="agency-return-compare"),
    path(f"{CASE}correct/", correction.case_return_correct, name="case-return-correct"),
    path(f"{RETURN}summative/pick/", picking.summative_pick, name="summative-pick"),
    path(f"{RETURN}summative/correct/", correction.summative_correct, name="summative-correct"),
    path(
        f"{RETURN}corrections/<uuid:correction_id>/",
        correction.correction_detail,
        name="correction-detail",
    ),
]
