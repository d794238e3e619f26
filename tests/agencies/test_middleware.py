from contextlib import suppress

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies.domain import refusals
from agencies.middleware import NOT_FOUND
from agencies.models import Activity, ActivityKind
from agencies.roles import Role
from audits.domain.guards import GuardError
from audits.domain.transitions import REFUSED as STEP_REFUSED
from audits.domain.transitions import transition
from audits.models import Stage
from tests.factories import AuditFactory, PartnershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def test_a_refusal_is_recorded_with_its_page_and_not_whose_it_was(client: Client) -> None:
    partnership = PartnershipFactory()
    member = person(Role.MEMBER, partnership)
    client.force_login(member)
    assert client.get(reverse("person-list")).status_code == 403
    (refusal,) = Activity.objects.all()
    assert (refusal.verb, refusal.by, refusal.partnership) == ("was refused", member, partnership)
    assert (refusal.subject_type, refusal.subject_id) == ("route", "person-list")
    assert (refusal.kind, refusal.audit_id) == (ActivityKind.REFUSED, None)


def test_what_is_not_theirs_and_what_is_not_there_are_recorded_alike(client: Client) -> None:
    officer = person(Role.OFFICER, PartnershipFactory())
    client.force_login(officer)
    theirs = AuditFactory()
    for pk in ("00000000-0000-4000-8000-000000000000", theirs.pk):
        assert client.get(f"/audits/{pk}/").status_code == 404
    rows = Activity.objects.values_list("by", "verb", "kind", "subject_id", "audit_id")
    alike = (officer.pk, NOT_FOUND, "refused", "audit-detail", None)
    assert list(rows) == [alike, alike]


def test_an_address_that_means_nothing_is_no_refusal(client: Client) -> None:
    client.force_login(person(Role.OFFICER, PartnershipFactory()))
    assert client.get("/nowhere/").status_code == 404
    assert not Activity.objects.exists()


def test_a_step_that_is_refused_is_recorded_though_its_transaction_is_undone(
    client: Client,
) -> None:
    audit = AuditFactory(stage=Stage.PLANNED)
    officer = person(Role.OFFICER, audit.partnership)
    with refusals.collected(), suppress(GuardError), transaction.atomic():
        transition(audit, "close", by=officer)
    (row,) = Activity.objects.all()
    assert (row.verb, row.kind, row.audit_id, row.subject_id) == (
        STEP_REFUSED,
        ActivityKind.REFUSED,
        audit.pk,
        str(audit.pk),
    )


def test_somebody_without_a_role_is_led_to_the_door_without_a_record(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("person-list"))["Location"] == "/accounts/login/?next=/people/"
    assert not Activity.objects.exists()


def test_a_button_opened_as_a_page_says_where_to_go(client: Client) -> None:
    client.force_login(person(Role.OFFICER, PartnershipFactory()))
    address = reverse("access-review-create")

    page = client.get(address)

    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "There is nothing to read here" in page.content.decode()
    assert client.get(address, headers={"Accept": "application/json"}).content == b""
