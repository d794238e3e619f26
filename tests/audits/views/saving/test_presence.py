"""Who else is here, and what they changed."""

import json
from typing import Any

import pytest
from django.urls import reverse

from audits.models import CaseReturn, Presence
from tests.audits.collecting import Collecting, answered, signed_in
from tests.audits.saving import address, basis, field, save

pytestmark = pytest.mark.django_db


def present(client: Any, case_return: CaseReturn, **sent: Any) -> Any:
    return client.post(
        address(case_return, "case-return-presence"), sent, headers={"Accept": "application/json"}
    )


def test_a_page_says_who_else_is_on_it_and_keeps_nobody_signed_in(world: Collecting) -> None:
    client = signed_in(world.lead)
    assert present(client, world.first).json()["others"] == []
    told = present(signed_in(world.auditor), world.first).json()
    assert told["others"] == [world.lead.name]
    assert present(signed_in(world.auditor), world.case_returns[1]).json()["others"] == []
    present(client, world.first)
    assert Presence.objects.filter(user=world.lead).count() == 1


def test_what_others_changed_comes_with_its_fields_and_marks(world: Collecting) -> None:
    answered(world, world.first)
    one = world.questions[0]
    client = signed_in(world.auditor)
    since = present(client, world.first).json()["now"]
    save(client, world.first, grade_reason="My own words.")
    save(
        signed_in(world.lead),
        world.first,
        basis=basis(world.first, world.lead),
        engagement_past="Theirs.",
        **{field(one, "evidence"): "Seen."},
    )

    told = present(client, world.first, since=since).json()["changed"]

    marks = json.loads(basis(world.first, world.auditor))
    by_key = {each["key"]: each for each in told}
    assert {"engagement_past", f"evidence:{one.pk}"} == set(by_key)
    assert by_key["engagement_past"]["fields"] == {"engagement_past": "Theirs."}
    assert by_key[f"evidence:{one.pk}"]["fields"] == {field(one, "evidence"): "Seen."}
    assert by_key["engagement_past"]["by"] == world.lead.name
    for key, change in by_key.items():
        assert change["mark"] == marks[key]


@pytest.mark.parametrize(
    "since",
    [
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "2026-01-01T00:00:00",
        "\x00",
    ],
)
def test_a_moment_that_no_page_was_ever_told_breaks_nothing(world: Collecting, since: str) -> None:
    save(signed_in(world.lead), world.first, engagement_past="Theirs.")
    report = reverse("summative-presence", args=[world.agency_return.pk])

    answers = [
        present(signed_in(world.auditor), world.first, since=since),
        signed_in(world.lead).post(report, {"since": since}),
    ]

    assert [(each.status_code, each.json()["changed"]) for each in answers] == [(200, [])] * 2
