"""Which ways on the audit's page offers, and what it says of them."""

import pytest
from django.urls import reverse

from agencies.roles import Role
from audits.models import Audit, Stage
from audits.reading.audit_steps import consequences
from audits.reading.overview import overview_of
from tests.audits.browsing import page, signed_in
from tests.audits.sealing import sealed_audit
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


@pytest.mark.parametrize("stage", [Stage.COLLECTING, Stage.MEETING, Stage.DRAFTING])
def test_a_name_in_the_title_is_the_officers_to_put_right_and_nobody_elses_to_hear_of(
    stage: Stage,
) -> None:
    world = sealed_audit()
    Audit.objects.update(stage=stage, title="Neglect and Quillfeather")
    chair, lead = person(Role.CHAIR, world.audit.partnership), world.nurse
    said = f'<a href="{reverse("audit-update", args=[world.audit.pk])}">The title says who'
    for somebody in (world.officer, chair, lead):
        text = page(signed_in(somebody), "audit-detail", world.audit.pk)
        assert (said in text, "To put right now" in text) == (somebody == world.officer,) * 2
    Audit.objects.update(title="Neglect and Bofimara")
    text = page(signed_in(world.officer), "audit-detail", world.audit.pk)
    assert "To put right now" not in text


def test_before_the_cases_go_out_it_is_told_once_beside_the_step_that_it_stops() -> None:
    world = sealed_audit()
    Audit.objects.update(stage=Stage.NOMINATING, title="Neglect and Quillfeather")
    text = page(signed_in(world.officer), "audit-detail", world.audit.pk)
    assert text.count("The title says who somebody is") == 1


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
