"""The page of a case return, filled in and sent without a script."""

from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from agencies.models import User
from audits.models import CaseReturn
from audits.reading.case_returns import CaseReturnPage, case_returns_for


def url(case_return: CaseReturn, name: str = "case-return-edit") -> str:
    return reverse(name, args=[case_return.agency_return_id, case_return.pk])


def basis(case_return: CaseReturn, user: User) -> str:
    row = case_returns_for(user).get(pk=case_return.pk)
    return str(CaseReturnPage(row, user).basis)


def post(client: Client, case_return: CaseReturn, user: User, **data: Any) -> Any:
    typed = {"basis": basis(case_return, user), "do": "stay", **data}
    return client.post(url(case_return), typed)


def line(pk: UUID, began: str = "", ended: str = "", words: str = "") -> dict[str, str]:
    stem = f"entry_{pk}"
    return {f"{stem}_began": began, f"{stem}_ended": ended, f"{stem}_words": words}
