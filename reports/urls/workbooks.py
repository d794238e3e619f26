from django.urls import path

from reports.views import workbook

RETURN = "returns/<uuid:return_id>"

urlpatterns = [
    path(f"{RETURN}/offline/", workbook.workbook_detail, name="workbook-detail"),
    path(f"{RETURN}/offline/cases.xlsx", workbook.workbook_download, name="workbook-download"),
    path(f"{RETURN}/offline/take-over/", workbook.workbook_take_over, name="workbook-take-over"),
    path(
        f"{RETURN}/cases/<uuid:case_return_id>/case.xlsx",
        workbook.case_return_download,
        name="case-return-download",
    ),
]
