"""What the script of a case return's page sends as somebody writes."""

import json
from typing import Any

from django.urls import reverse

from agencies.models import User
from audits.models import CaseReturn, Question
from audits.reading.case_returns import CaseReturnPage, case_returns_for


def address(case_return: CaseReturn, name: str = "case-return-save") -> str:
    return reverse(name, args=[case_return.agency_return_id, case_return.pk])


def basis(case_return: CaseReturn, user: User, *keys: str) -> str:
    page = CaseReturnPage(case_returns_for(user).get(pk=case_return.pk), user)
    marks = page.basis.marks
    return json.dumps({key: marks[key] for key in (keys or marks) if key in marks})


def save(client: Any, case_return: CaseReturn, **sent: Any) -> Any:
    return client.post(address(case_return), sent, headers={"Accept": "application/json"})


def field(question: Question, kind: str = "answer") -> str:
    return f"{kind}_{question.code}"
