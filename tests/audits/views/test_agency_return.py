from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from agencies.roles import Role
from audits.domain import returns
from audits.domain.case_returns import finish
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    Point,
    RestorativeAction,
    ReturnStage,
    Stage,
)
from tests.audits.collecting import NOTHING, Collecting, answered, collecting, signed_in
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    CaseReturnFactory,
    person,
    returned_point,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)


def listing(world: Collecting) -> str:
    return reverse("agency-return-list", args=[world.audit.pk])


def page(world: Collecting, name: str = "agency-return-detail", *more: str) -> str:
    return reverse(name, args=[world.agency_return.pk, *more])


def get(user: User, url: str) -> Any:
    return signed_in(user).get(url)


def test_the_officer_sees_who_owes_what(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)
    world.audit.return_by = timezone.localdate() - timedelta(days=1)
    world.audit.save()

    response = get(world.officer, listing(world))

    row = response.context["rows"][0]
    assert (row.finished, row.total, row.late, row.readable) == (1, 2, True, True)
    assert [name for name, _ in row.steps] == ["excuse"]
    assert row.last_moved is not None
    html = response.content.decode()
    assert "1 of 1 agency still owes a return" in " ".join(html.split())
    assert "Remind" in html


def test_the_chair_sees_states_and_counts_and_no_words(world: Collecting) -> None:
    reason = "The service closed in spring."
    transition(world.agency_return, "decline", by=world.lead, reason=reason)
    chair = person(Role.CHAIR, world.partnership)

    response = get(chair, listing(world))

    html = response.content.decode()
    assert "Declined" in html
    assert reason not in html
    assert page(world) not in html
    assert get(chair, page(world)).status_code == 404


def test_an_agency_sees_its_own_row_alone(world: Collecting) -> None:
    other = AgencyReturnFactory(audit=world.audit)

    rows = get(world.auditor, listing(world)).context["rows"]

    assert [row.agency_return for row in rows] == [world.agency_return]
    assert get(world.auditor, reverse("agency-return-detail", args=[other.pk])).status_code == 404


def test_a_member_may_not_see_the_list_and_a_stranger_finds_nothing(world: Collecting) -> None:
    member = person(Role.MEMBER, world.partnership)

    assert get(member, listing(world)).status_code == 403
    assert get(collecting().officer, listing(world)).status_code == 404


def test_who_opens_an_agencys_page(world: Collecting) -> None:
    people = {
        "auditor": world.auditor,
        "lead": world.lead,
        "officer": world.officer,
        "board": person(Role.BOARD, world.partnership),
        "admin": person(Role.ADMIN, world.partnership),
        "stranger": person(Role.LEAD, AgencyFactory(partnership=world.partnership)),
        "foreign officer": collecting().officer,
    }

    seen = {name: get(user, page(world)).status_code for name, user in people.items()}

    assert seen == {
        "auditor": 200,
        "lead": 200,
        "officer": 200,
        "board": 404,
        "admin": 404,
        "stranger": 404,
        "foreign officer": 404,
    }


def test_another_agency_reads_it_from_the_meeting_once_its_own_is_in(world: Collecting) -> None:
    returned_point(world.first, "A point of the police")
    other = AgencyFactory(partnership=world.partnership)
    own = AgencyReturnFactory(audit=world.audit, agency=other)
    reader = person(Role.AUDITOR, other)
    world.audit.stage = Stage.MEETING
    world.audit.save()
    AgencyReturn.objects.filter(pk=world.agency_return.pk).update(stage=ReturnStage.SIGNED_OFF)

    before = get(reader, page(world)).status_code
    own.stage = ReturnStage.NIL
    own.save()
    after = get(reader, page(world))

    assert (before, after.status_code) == (404, 200)
    assert "Save who audits what" not in after.content.decode()
    case = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    assert get(reader, case).templates[0].name == "audits/case_return_detail.html"


def test_the_lead_assigns_in_the_table(world: Collecting) -> None:
    typed = {
        f"auditor_{world.case_returns[0].pk}": str(world.auditor.pk),
        f"auditor_{world.case_returns[1].pk}": "",
    }

    response = signed_in(world.lead).post(page(world, "agency-return-assign"), typed)

    assert response.status_code == 302
    assert list(CaseReturn.objects.values_list("auditor", flat=True)) == [world.auditor.pk, None]
    refused = signed_in(world.auditor).post(page(world, "agency-return-assign"), typed)
    assert refused.status_code == 403


def test_somebody_of_another_agency_cannot_be_assigned(world: Collecting) -> None:
    stranger = collecting().auditor
    typed = {f"auditor_{world.first.pk}": str(stranger.pk)}

    response = signed_in(world.lead).post(page(world, "agency-return-assign"), typed)

    assert response.status_code == 200
    assert CaseReturn.objects.filter(auditor=stranger).count() == 0


def test_signing_off_first_names_what_is_missing_with_links(world: Collecting) -> None:
    html = get(world.lead, page(world, "agency-return-transition", "sign-off")).content.decode()

    case = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    assert f'<a href="{case}">Case 1 is not finished (not started, nobody’s yet).</a>' in html
    assert "Write the overview of the summative report." in html
    assert "What this does" not in html


def test_signing_off(world: Collecting) -> None:
    for row in world.case_returns:
        finish(answered(world, row), by=world.auditor)
    draft = returns.SummativeDraft(overview="Done.")
    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)
    client = signed_in(world.lead)
    url = page(world, "agency-return-transition", "sign-off")

    assert "You sign off all 2 cases" in client.get(url).content.decode()
    response = client.post(url)

    assert response.url == page(world)
    assert AgencyReturn.objects.get().stage == ReturnStage.SIGNED_OFF
    assert get(world.auditor, url).status_code == 403


def test_a_nil_return(world: Collecting) -> None:
    signed_in(world.lead).post(
        page(world, "agency-return-transition", "nil"), {"how_checked": "Searched."}
    )

    assert AgencyReturn.objects.get().stage == ReturnStage.NIL


def test_the_officer_excuses_and_reopens_with_a_reason(world: Collecting) -> None:
    client = signed_in(world.officer)
    excuse = page(world, "agency-return-transition", "excuse")

    refused = client.post(excuse, {"reason": ""})
    assert "Give a reason." in refused.content.decode()
    response = client.post(excuse, {"reason": "Merged with another service."})
    assert response.url == listing(world)
    client.post(page(world, "agency-return-transition", "reopen"), {"reason": "They will answer."})

    assert AgencyReturn.objects.get().stage == ReturnStage.OPEN
    html = get(world.lead, page(world)).content.decode()
    assert "They will answer." in html
    assert signed_in(world.lead).get(excuse).status_code == 403


@pytest.mark.parametrize("stage", [Stage.DRAFTING, Stage.PUBLISHED, Stage.CLOSED])
def test_once_the_audit_has_gone_on_the_way_back_is_named_and_no_step(
    world: Collecting, stage: Stage
) -> None:
    AgencyReturn.objects.update(stage=ReturnStage.NIL)
    Audit.objects.update(stage=stage)
    reopen = page(world, "agency-return-transition", "reopen")
    way = reverse("audit-detail", args=[world.audit.pk])

    shown = get(world.officer, page(world)).content.decode()

    assert reopen not in shown + get(world.officer, listing(world)).content.decode()
    assert f'<a href="{way}">Take the audit back first</a>' in shown
    assert "Take the audit back first" not in get(world.lead, page(world)).content.decode()
    asked = get(world.officer, reopen).content.decode()
    assert "only while the audit is collecting or at the meeting. Take the audit back" in asked
    assert "Reopen the return</button>" not in asked


def test_until_then_it_reads_none_of_the_others(world: Collecting) -> None:
    AgencyReturn.objects.update(stage=ReturnStage.NIL)
    Audit.objects.update(stage=Stage.MEETING)
    html = get(world.officer, page(world, "agency-return-transition", "reopen")).content.decode()
    assert "it can read none of the others’ returns" in html


def test_a_step_that_is_none_is_404(world: Collecting) -> None:
    assert get(world.lead, page(world, "agency-return-transition", "vanish")).status_code == 404


def test_the_summative_report_is_written_and_read(world: Collecting) -> None:
    client = signed_in(world.lead)
    url = page(world, "summative-edit")
    typed = {
        "basis": str(client.get(url).context["basis"]),
        "overview": "Neglect is recognised.",
        "new_went_well": "Quick.",
        "actions-TOTAL_FORMS": "2",
        "actions-INITIAL_FORMS": "0",
        "actions-0-text": "Train the desk.",
        "actions-0-owner": "Head of training",
        "actions-0-due_on": "2027-01-31",
        "do": "done",
    }

    response = client.post(url, typed)

    assert response.url == page(world)
    html = get(world.auditor, page(world)).content.decode()
    for words in ("Neglect is recognised.", "Quick.", "Train the desk.", "31 January 2027"):
        assert words in html
    assert RestorativeAction.objects.get().owner == "Head of training"
    assert signed_in(world.auditor).post(url, typed).status_code == 403
    assert get(world.auditor, url).url == page(world)


def test_an_owner_without_an_action_is_told_beside_it(world: Collecting) -> None:
    client = signed_in(world.lead)
    typed = {
        "basis": "{}",
        "overview": "Kept.",
        "actions-TOTAL_FORMS": "1",
        "actions-INITIAL_FORMS": "0",
        "actions-0-owner": "Head of training",
    }

    html = client.post(page(world, "summative-edit"), typed).content.decode()

    assert "Say what will be done, or clear the line." in html
    assert "Kept." in html
    assert AgencyReturn.objects.get().overview == ""


def test_a_point_is_coded_on_a_page_of_its_own(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    url = reverse("point-update", args=[world.agency_return.pk, point.pk])
    client = signed_in(world.auditor)

    refused = client.post(url, {"text": "", "kinds": [], "revision": "0"})
    assert "Write the point, or remove it." in refused.content.decode()
    typed = {"text": "One.", "kinds": ["went_well", "good_practice"], "revision": "0"}
    response = client.post(url, typed)

    case = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    assert response.url.startswith(f"{case}#points-")
    assert Point.objects.get().placements.count() == 2
    assert get(collecting().lead, url).status_code == 404


def test_a_place_that_is_named_twice_lists_a_point_once(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    url = reverse("point-update", args=[world.agency_return.pk, point.pk])
    twice = {"text": "One.", "kinds": ["challenge", "challenge"], "revision": "0"}

    assert signed_in(world.auditor).post(url, twice).status_code == 302
    assert [each.kind for each in point.placements.all()] == ["challenge"]


def test_a_point_saved_from_two_tabs_comes_back_with_both_texts(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    url = reverse("point-update", args=[world.agency_return.pk, point.pk])
    client = signed_in(world.auditor)
    client.post(url, {"text": "Theirs.", "kinds": ["went_well"], "revision": "0"})

    response = client.post(url, {"text": "Mine.", "kinds": ["went_well"], "revision": "0"})

    html = response.content.decode()
    assert "Theirs." in html
    assert "Mine." in html
    assert Point.objects.get().text == "Theirs."
    again = response.context["form"]["revision"].value()
    client.post(url, {"text": "Mine.", "kinds": ["went_well"], "revision": again})
    assert Point.objects.get().text == "Mine."


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_nine_queries(rows: int, django_assert_num_queries: Any) -> None:
    world = collecting(cases=rows)
    for _ in range(rows - 1):
        other = AgencyReturnFactory(audit=world.audit)
        for each in world.case_returns:
            CaseReturnFactory(agency_return=other, case=each.case)
    client = signed_in(world.officer)

    with django_assert_num_queries(9):
        assert len(client.get(listing(world)).context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_agencys_page_takes_the_same_queries_for_more_cases(
    rows: int, django_assert_num_queries: Any
) -> None:
    world = collecting(cases=rows)
    client = signed_in(world.lead)
    for each in world.case_returns:
        returned_point(each, "Well")

    with django_assert_num_queries(13):
        assert len(client.get(page(world)).context["rows"]) == rows
