"""What the page about filling in offline shows."""

from functools import cached_property

from django.urls import reverse

from agencies.models import User
from audits.models import AgencyReturn, CaseReturn, ReturnStage
from reports.reading.workbook import case_returns_of


class WorkbookPage:
    def __init__(self, agency_return: AgencyReturn, user: User) -> None:
        self.agency_return = agency_return
        self.user = user

    @cached_property
    def cases(self) -> list[CaseReturn]:
        rows = case_returns_of(self.agency_return).filter(case__withdrawn_at=None)
        return list(rows.order_by("case__number"))

    @property
    def is_open(self) -> bool:
        return self.agency_return.stage == ReturnStage.OPEN

    @property
    def to_fill_in(self) -> list[CaseReturn]:
        return [row for row in self.cases if self.is_open and not row.is_finished]

    @property
    def mine(self) -> list[CaseReturn]:
        return [row for row in self.to_fill_in if row.auditor_id == self.user.pk]

    def chosen(self, which: str) -> list[CaseReturn]:
        """`which`: mine, open, or else all."""
        return {"mine": self.mine, "open": self.to_fill_in}.get(which, self.cases)

    @property
    def why_closed(self) -> str:
        stage = self.agency_return.get_stage_display().lower()
        return (
            f"This return is {stage}, so a workbook cannot change it. Ask the officer to reopen it "
            "if something has to change."
        )

    @property
    def caption(self) -> str:
        return f"{self.agency_return.agency} · {self.agency_return.audit}"

    @property
    def back_label(self) -> str:
        return f"All cases of {self.agency_return.agency.short_name}"

    @property
    def return_url(self) -> str:
        return reverse("agency-return-detail", args=[self.agency_return.pk])
