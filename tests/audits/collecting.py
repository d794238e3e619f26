"""An audit that is collecting, as the tests of returns need it."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits.domain.case_returns import AnswerDraft, CaseReturnDraft, save_draft
from audits.domain.drafts import Basis
from audits.models import AgencyReturn, Audit, CaseReturn, Question, Stage
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    QuestionFactory,
    ToolkitFactory,
    person,
)

NOTHING = Basis({})


@dataclass
class Collecting:
    """One audit, one agency with a lead and an auditor, the officer, and as many cases as asked."""

    partnership: Partnership
    audit: Audit
    agency: Agency
    agency_return: AgencyReturn
    case_returns: list[CaseReturn]
    questions: list[Question]
    auditor: User
    lead: User
    officer: User

    @property
    def first(self) -> CaseReturn:
        return self.case_returns[0]


def collecting(cases: int = 1, questions: int = 1, **agency: Any) -> Collecting:
    toolkit = ToolkitFactory()
    partnership = toolkit.partnership
    audit = AuditFactory(partnership=partnership, toolkit=toolkit, stage=Stage.COLLECTING)
    own = AgencyFactory(partnership=partnership, **agency)
    agency_return = AgencyReturnFactory(audit=audit, agency=own)
    rows = [CaseFactory(audit=audit) for _ in range(cases)]
    return Collecting(
        partnership=partnership,
        audit=audit,
        agency=own,
        agency_return=agency_return,
        case_returns=[CaseReturnFactory(agency_return=agency_return, case=row) for row in rows],
        questions=[QuestionFactory(toolkit=toolkit) for _ in range(questions)],
        auditor=person(Role.AUDITOR, own),
        lead=person(Role.LEAD, own),
        officer=person(Role.OFFICER, partnership),
    )


def own_texts(**words: str) -> dict[str, str]:
    """The texts of a case return, empty but for those given."""
    names = ("known", "not_known_reason", "engagement_past", "engagement_present", "grade_reason")
    return {name: words.get(name, "") for name in names}


def answered(world: Collecting, case_return: CaseReturn, *, by: User | None = None) -> CaseReturn:
    """The case return as a draft with everything answered: known, and yes to every question."""
    draft = CaseReturnDraft(
        own=own_texts(known="child"),
        answers={each.pk: AnswerDraft("yes", "") for each in world.questions},
    )
    return save_draft(case_return, by=by or world.auditor, draft=draft, basis=NOTHING)


def signed_in(user: User) -> Any:
    """A test client; untyped, since its responses carry context, templates and the redirect."""
    client = Client()
    client.force_login(user)
    return client
