"""Answering for a return: correcting what was signed off."""

from django.urls import URLPattern, path

from audits.urls.returns import CASE, RETURN
from audits.views import correction

urlpatterns: list[URLPattern] = [
    path(f"{CASE}correct/", correction.case_return_correct, name="case-return-correct"),
    path(f"{RETURN}summative/correct/", correction.summative_correct, name="summative-correct"),
    path(
        f"{RETURN}corrections/<uuid:correction_id>/",
        correction.correction_detail,
        name="correction-detail",
    ),
]
