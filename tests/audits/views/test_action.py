from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.roles import Role
from audits.models import Action, ReturnStage, Stage
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AuditFactory,
    BodyFactory,
    FindingFactory,
    person,
    put_at,
)

pytestmark = pytest.mark.django_db

DjangoAssertNumQueries = Callable[[int], Any]
LIST_QUERIES = 6


@pytest.fixture
def scene() -> Scene:
    return meeting_scene(stage=Stage.DRAFTING)


def html(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_an_action_is_written_for_a_finding(client: Client, scene: Scene) -> None:
    finding = FindingFactory(audit=scene.audit)
    client.force_login(scene.chair)
    address = reverse("action-create", args=[scene.audit.pk])
    form = client.get(address, {"finding": [finding.pk, "no-id"]}).context["form"]
    assert form.initial["findings"] == [finding]
    refused = client.post(address, {"text": "", "revision": 0})
    assert "Write what will be done." in html(refused)
    body = BodyFactory(partnership=scene.audit.partnership)
    client.post(
        address,
        {
            "text": "Write a template.",
            "owner": f"body:{body.pk}",
            "due_on": "2026-09-01",
            "findings": [finding.pk],
            "revision": 0,
        },
    )
    action = Action.objects.get()
    assert (action.owner, action.due_on) == (body, date(2026, 9, 1))
    page = html(client.get(reverse("action-detail", args=[action.pk])))
    assert "Write a template." in page
    assert finding.text in page


def test_owners_of_another_partnership_cannot_be_chosen(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    address = reverse("action-create", args=[scene.audit.pk])
    foreign = f"agency:{AgencyFactory().pk}"
    assert client.post(address, {"text": "x", "owner": foreign, "revision": 0}).status_code == 200
    assert not Action.objects.exists()


def test_what_is_open_reads_to_be_agreed(client: Client, scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    client.force_login(scene.officer)
    page = html(client.get(reverse("action-detail", args=[action.pk])))
    assert page.count("To be agreed") == 2


def test_the_owners_lead_reports_progress_and_changes_nothing_else(
    client: Client, scene: Scene
) -> None:
    action = ActionFactory(audit=scene.audit, owner_agency=scene.agencies[0])
    other = ActionFactory(audit=scene.audit)
    scene.audit.stage = Stage.PUBLISHED
    scene.audit.save()
    client.force_login(scene.leads[0])
    report = reverse("action-progress", args=[action.pk])
    client.post(report, {"progress": "done", "evidence": "Minutes.", "impact": "", "revision": 0})
    action.refresh_from_db()
    assert (action.progress, action.evidence) == ("done", "Minutes.")
    clash = client.post(report, {"progress": "under_way", "evidence": "Mine.", "revision": 0})
    assert "Minutes." in html(clash)
    assert "Mine." in html(clash)
    forbidden = [
        reverse("action-update", args=[action.pk]),
        reverse("action-carry-over", args=[action.pk]),
        reverse("action-delete", args=[action.pk]),
        reverse("action-progress", args=[other.pk]),
    ]
    assert [client.post(address).status_code for address in forbidden] == [403] * 4


def test_an_owner_whose_return_is_not_in_reads_the_action_without_its_findings(
    client: Client, scene: Scene
) -> None:
    action = ActionFactory(audit=scene.audit, owner_agency=scene.agencies[0], text="Ours to do.")
    action.findings.add(FindingFactory(audit=scene.audit, text="What the others found."))
    client.force_login(scene.leads[0])
    address = reverse("action-detail", args=[action.pk])
    assert "What the others found." in html(client.get(address))
    put_at(scene.returns[0], ReturnStage.EXCUSED)
    page = html(client.get(address))
    assert "Ours to do." in page
    assert "What the others found." not in page


def test_the_owner_sees_its_action_even_while_its_own_return_is_open(
    client: Client, scene: Scene
) -> None:
    own = ActionFactory(audit=scene.audit, owner_agency=scene.agencies[0], text="Ours.")
    ActionFactory(audit=scene.audit, text="Theirs.")
    put_at(scene.returns[0], ReturnStage.EXCUSED)
    FindingFactory(audit=scene.audit)
    client.force_login(scene.leads[0])
    page = html(client.get(reverse("audit-action-list", args=[scene.audit.pk])))
    assert "Ours." in page
    assert "Theirs." not in page
    assert client.get(reverse("action-detail", args=[own.pk])).status_code == 200


def test_strangers_find_no_action(client: Client, scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    unasked = person(Role.LEAD, AgencyFactory(partnership=scene.audit.partnership))
    for user in (unasked, person(Role.OFFICER, AuditFactory().partnership)):
        client.force_login(user)
        assert client.get(reverse("action-detail", args=[action.pk])).status_code == 404
        address = reverse("audit-action-list", args=[scene.audit.pk])
        assert client.get(address).status_code == 404
    client.force_login(person(Role.BOARD, scene.audit.partnership))
    assert client.get(reverse("action-list")).status_code == 403


def test_an_action_is_carried_over_by_name(client: Client, scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    client.force_login(scene.chair)
    address = reverse("action-carry-over", args=[action.pk])
    assert "Say why the action is carried over." in html(client.post(address, {"revision": 0}))
    client.post(address, {"reason": "Goes on next year.", "revision": 0})
    page = html(client.get(reverse("action-detail", args=[action.pk])))
    assert "Carried over by Charlie Chair:" in page
    assert "Goes on next year." in page


def test_an_action_is_edited_and_removed_while_drafting(client: Client, scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    client.force_login(scene.officer)
    client.post(
        reverse("action-update", args=[action.pk]),
        {"text": "Better.", "owner": "", "due_on": "", "revision": 0},
    )
    action.refresh_from_db()
    assert (action.text, action.revision) == ("Better.", 1)
    address = reverse("action-delete", args=[action.pk])
    assert "Remove this action?" in html(client.get(address))
    client.post(address)
    assert not Action.objects.exists()


def shown(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("action-list"), query)
    return [action.text for action in response.context["actions"]]


def test_the_list_filters_by_owner_progress_and_lateness(client: Client, scene: Scene) -> None:
    audit, today = scene.audit, timezone.localdate()
    body = BodyFactory(partnership=audit.partnership)
    late = today - timedelta(days=1)
    ActionFactory(audit=audit, text="late", due_on=late, owner_agency=scene.agencies[0])
    ActionFactory(audit=audit, text="done", due_on=late, progress="done", owner_body=body)
    ActionFactory(audit=audit, text="open")
    ActionFactory(text="elsewhere")
    client.force_login(scene.officer)
    assert set(shown(client)) == {"late", "done", "open"}
    assert shown(client)[-1] == "open"
    assert shown(client, state="overdue") == ["late"]
    assert shown(client, state="done") == ["done"]
    assert shown(client, state="no_date") == ["open"]
    assert shown(client, owner="open") == ["open"]
    assert shown(client, owner=f"agency:{scene.agencies[0].pk}") == ["late"]
    assert shown(client, owner=f"body:{body.pk}") == ["done"]


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_the_same_queries_for_one_action_and_for_three(
    client: Client, scene: Scene, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for _ in range(many):
        action = ActionFactory(audit=scene.audit, owner_agency=scene.agencies[0])
        action.findings.add(FindingFactory(audit=scene.audit))
    client.force_login(scene.officer)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("action-list"))
