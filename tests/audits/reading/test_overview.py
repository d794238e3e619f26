"""Which ways on the audit's page offers, and what it says of them."""

import pytest

from agencies.roles import Role
from audits.models import Stage
from audits.reading.overview import overview_of
from tests.audits.browsing import page, signed_in
from tests.factories import AuditFactory, person

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
