"""Which ways on the audit's page offers, and what it says of them."""

import pytest

from agencies.roles import Role
from audits.models import Stage
from audits.reading.audit_steps import consequences
from audits.reading.overview import overview_of
from tests.audits.browsing import page, signed_in
from tests.factories import AgencyFactory, AgencyReturnFactory, AuditFactory, CaseFactory, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "offered", "words"),
    [
        (False, ["publish"], "The officer has not asked for approval yet."),
        (True, ["publish", "send-back-draft"], "The officer asks for your approval."),
    ],
)
def test_the_chair_sends_back_only_what_was_sent(
    asked: bool, offered: list[str], words: str
) -> None:
    audit = AuditFactory(stage=Stage.DRAFTING, awaiting_approval=asked)
    chair = person(Role.CHAIR, audit.partnership)
    assert [each.name for each in overview_of(audit, chair).next_steps] == offered
    text = page(signed_in(chair), "audit-detail", audit.pk)
    assert words in text
    assert "Next: publish" in text
    assert ("Or: send back with comments" in text) is asked


def test_the_officer_is_told_that_the_chair_has_it() -> None:
    audit = AuditFactory(stage=Stage.DRAFTING, awaiting_approval=True)
    officer = person(Role.OFFICER, audit.partnership)
    assert overview_of(audit, officer).next_steps == []
    assert "With the chair" in page(signed_in(officer), "audit-detail", audit.pk)


def test_circulating_names_the_agencies_for_which_nobody_answers() -> None:
    audit = AuditFactory(stage=Stage.NOMINATING)
    CaseFactory(audit=audit)
    police, probation = (
        AgencyReturnFactory(
            audit=audit, agency=AgencyFactory(partnership=audit.partnership, short_name=name)
        )
        for name in ("Police", "Probation")
    )
    person(Role.LEAD, police.agency)
    lines = consequences(audit, "circulate")
    assert lines[0] == "2 agencies get a case return to fill in for each of 1 case."
    assert lines[-1] == (
        "Nobody answers yet for Probation, so nobody there is told: invite somebody on the "
        "People page."
    )
    person(Role.AUDITOR, probation.agency)
    assert "Nobody answers yet" not in consequences(audit, "circulate")[-1]
