"""Who reads the meeting's pages and when, what their buttons do, and how many queries they take."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.models import (
    AgreedGrade,
    Attendance,
    Discussion,
    Meeting,
    Point,
    PointKind,
    PointPlacement,
    ReturnStage,
    Stage,
)
from tests.audits.scenes import Scene, meeting_scene, summative_point
from tests.factories import AgencyFactory, PartnershipFactory, meeting_point, person, put_at

pytestmark = pytest.mark.django_db

DjangoAssertNumQueries = Callable[[int], Any]
CASE_QUERIES = 15
MEETING_QUERIES = 9


@pytest.fixture
def scene() -> Scene:
    return meeting_scene()


def case_url(scene: Scene, index: int = 0) -> str:
    return reverse("meeting-case", args=[scene.audit.pk, scene.cases[index].pk])


def pages(scene: Scene) -> list[str]:
    audit = scene.audit.pk
    return [
        case_url(scene),
        reverse("meeting-whole", args=[audit]),
        reverse("figure-list", args=[audit]),
    ]


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def get(client: Client, user: User, url: str) -> int:
    client.force_login(user)
    return client.get(url).status_code


def test_strangers_find_nothing(client: Client, scene: Scene) -> None:
    unasked = person(Role.LEAD, AgencyFactory(partnership=scene.audit.partnership))
    elsewhere = person(Role.OFFICER, PartnershipFactory())
    board = person(Role.BOARD, scene.audit.partnership)
    admin = person(Role.ADMIN, scene.audit.partnership)
    detail = reverse("meeting-detail", args=[scene.audit.pk])
    for user in (unasked, elsewhere, board, admin):
        for url in [detail, *pages(scene)]:
            assert get(client, user, url) == 404, (user, url)


def test_before_the_meeting_only_the_officer_reads(client: Client) -> None:
    scene = meeting_scene(stage=Stage.COLLECTING)
    for url in pages(scene):
        assert get(client, scene.officer, url) == 200
        assert get(client, scene.chair, url) == 404
        assert get(client, scene.leads[0], url) == 404
    client.force_login(scene.chair)
    detail = client.get(reverse("meeting-detail", args=[scene.audit.pk]))
    assert "The meeting has not opened yet" in detail.content.decode()
    assert scene.points[0].text not in detail.content.decode()


def test_from_the_meeting_on_an_agency_reads_once_its_return_is_in(
    client: Client, scene: Scene
) -> None:
    lead, member = scene.leads[0], person(Role.MEMBER, scene.audit.partnership)
    for url in pages(scene):
        assert get(client, lead, url) == 200
        assert get(client, member, url) == 200
    client.force_login(lead)
    assert scene.points[2].text in client.get(case_url(scene)).content.decode()
    put_at(scene.returns[0], ReturnStage.EXCUSED)
    for url in pages(scene):
        assert get(client, lead, url) == 404
    closed = client.get(reverse("meeting-detail", args=[scene.audit.pk])).content.decode()
    assert "Not open to you yet" in closed


def test_a_member_reads_what_was_agreed_but_no_agencys_own_points(
    client: Client, scene: Scene
) -> None:
    client.force_login(person(Role.MEMBER, scene.audit.partnership))
    meeting_point(scene.audit, "Agreed by all.", scene.cases[0])
    page = client.get(case_url(scene)).content.decode()
    assert "Agreed by all." in page
    assert scene.points[0].text not in page


def test_readers_cannot_write(client: Client, scene: Scene) -> None:
    audit, case, point = scene.audit.pk, scene.cases[0].pk, scene.points[0].pk
    client.force_login(scene.leads[0])
    for url in [
        reverse("meeting-update", args=[audit]),
        reverse("attendance-update", args=[audit]),
        reverse("agreed-point-create", args=[audit]),
        reverse("agreed-point-adopt-all", args=[audit]),
        reverse("agreed-point-place", args=[audit, point]),
        reverse("discussion-done", args=[audit, case]),
        reverse("discussion-pass-over", args=[audit, case]),
        reverse("overall-grade-update", args=[audit, case]),
        reverse("agreed-grade-update", args=[audit, case, scene.case_returns[0].pk]),
    ]:
        assert client.post(url).status_code == 403, url
    page = client.get(case_url(scene)).content.decode()
    assert "Adopt" not in page
    assert "Mark as discussed" not in page


def test_a_case_of_another_audit_is_not_found(client: Client, scene: Scene) -> None:
    other = meeting_scene()
    client.force_login(scene.officer)
    url = reverse("meeting-case", args=[scene.audit.pk, other.cases[0].pk])
    assert client.get(url).status_code == 404
    place = reverse("agreed-point-place", args=[scene.audit.pk, other.points[0].pk])
    assert client.post(place, {"do": "adopt", "kind": "went_well"}).status_code == 404
    assert client.get(reverse("meeting-detail", args=[uuid4()])).status_code == 404


def adopt(client: Client, scene: Scene, **headers: str) -> Any:
    url = reverse("agreed-point-place", args=[scene.audit.pk, scene.points[0].pk])
    return client.post(url, {"do": "adopt", "kind": "went_well"}, headers=headers)


def test_a_button_works_without_a_script(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    response = adopt(client, scene)
    assert response["Location"] == case_url(scene) + "#went_well"
    assert said(response) == ["Adopted under “Went well”."]
    out = reverse("agreed-point-place", args=[scene.audit.pk, scene.points[0].pk])
    client.post(out, {"do": "take-out", "kind": "went_well"})
    assert not PointPlacement.objects.filter(agreed=True).exists()


def test_a_script_gets_the_lists_and_no_page(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    answer = adopt(client, scene, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert 'id="agreed-went_well" hx-swap-oob="true"' in answer
    assert "Adopted under “Went well”." in answer
    assert "from " + scene.agencies[0].short_name in answer


def test_a_refusal_is_told_and_nothing_is_written(client: Client) -> None:
    scene = meeting_scene(stage=Stage.DRAFTING)
    client.force_login(scene.officer)
    [message] = said(adopt(client, scene))
    assert message.startswith("The audit is now at “Drafting”.")
    scripted = adopt(client, scene, **{"HX-Request": "true"})
    assert "maca-said--refused" in scripted.content.decode()
    assert not PointPlacement.objects.filter(agreed=True).exists()


def test_a_button_that_makes_no_sense_changes_nothing(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    place = reverse("agreed-point-place", args=[scene.audit.pk, scene.points[0].pk])
    assert client.post(place, {"do": "dance", "kind": "went_well"})["Location"] == case_url(scene)
    adopt_all = reverse("agreed-point-adopt-all", args=[scene.audit.pk])
    assert client.post(adopt_all, {"kind": "nothing"}).status_code == 302
    assert not PointPlacement.objects.filter(agreed=True).exists()


def test_lines_typed_become_points_of_the_case_or_of_the_whole_audit(
    client: Client, scene: Scene
) -> None:
    client.force_login(scene.chair)
    url = reverse("agreed-point-create", args=[scene.audit.pk])
    lines = {"kind": "can_be_improved", "text": "• One.\n\n- Two.\n"}
    response = client.post(url, {**lines, "case": scene.cases[0].pk})
    assert response["Location"] == case_url(scene) + "#can_be_improved"
    assert said(response) == ["2 points added."]
    whole = client.post(url, lines, headers={"HX-Request": "true"})
    assert whole["HX-Trigger"] == "maca:added"
    assert Point.objects.filter(origin="meeting", case=None).count() == 2
    assert Point.objects.filter(origin="meeting", case=scene.cases[0]).count() == 2
    assert set(Point.objects.filter(origin="meeting").values_list("text", flat=True)) == {
        "One.",
        "Two.",
    }


def test_an_empty_line_is_complained_about_in_words(client: Client, scene: Scene) -> None:
    client.force_login(scene.chair)
    url = reverse("agreed-point-create", args=[scene.audit.pk])
    response = client.post(url, {"kind": "went_well", "text": " ", "case": scene.cases[0].pk})
    assert said(response) == ["Type what was said, one point a line."]
    assert response["Location"] == case_url(scene) + "#went_well"


def test_adopt_all_says_how_many(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    url = reverse("agreed-point-adopt-all", args=[scene.audit.pk])
    response = client.post(url, {"kind": "went_well", "case": scene.cases[0].pk})
    assert said(response) == ["2 adopted."]


def test_an_edited_point_comes_back_with_both_texts_when_somebody_was_quicker(
    client: Client, scene: Scene
) -> None:
    point = meeting_point(scene.audit, "As typed.", scene.cases[0])
    url = reverse("agreed-point-update", args=[scene.audit.pk, point.pk])
    client.force_login(scene.officer)
    assert client.post(url, {"text": "Theirs.", "revision": 0}).status_code == 302
    clash = client.post(url, {"text": "Mine.", "revision": 0})
    page = clash.content.decode()
    assert clash.status_code == 200
    assert "Theirs." in page
    assert "Mine." in page
    assert 'name="revision" value="1"' in page
    assert client.post(url, {"text": "Mine.", "revision": 1}).status_code == 302
    point.refresh_from_db()
    assert point.text == "Mine."


def test_an_agencys_point_has_no_page_to_edit_it(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    url = reverse("agreed-point-update", args=[scene.audit.pk, scene.points[0].pk])
    assert client.get(url).status_code == 404


def test_marking_as_discussed_goes_on_to_the_next_case_and_then_back(
    client: Client, scene: Scene
) -> None:
    client.force_login(scene.chair)
    audit, cases = scene.audit.pk, scene.cases
    first = client.post(reverse("discussion-done", args=[audit, cases[0].pk]))
    assert first["Location"] == case_url(scene, 1)
    last = client.post(reverse("discussion-done", args=[audit, cases[1].pk]))
    assert last["Location"] == reverse("meeting-detail", args=[audit])
    client.post(reverse("discussion-reopen", args=[audit, cases[0].pk]))
    assert [row.state for row in Discussion.objects.order_by("case__number")] == ["", "discussed"]


def test_a_case_is_passed_over_with_a_reason_only(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    url = reverse("discussion-pass-over", args=[scene.audit.pk, scene.cases[0].pk])
    assert "Say why the case was passed over." in client.post(url, {"revision": 0}).content.decode()
    client.post(url, {"revision": 0, "reason": "No time."})
    assert "No time." in client.get(case_url(scene)).content.decode()


def test_grades_are_agreed_by_code_with_a_reason(client: Client, scene: Scene) -> None:
    client.force_login(scene.chair)
    audit, case = scene.audit.pk, scene.cases[0].pk
    overall = reverse("overall-grade-update", args=[audit, case])
    one = reverse("agreed-grade-update", args=[audit, case, scene.case_returns[0].pk])
    for url in (overall, one):
        assert client.get(url).status_code == 200
        bare = client.post(url, {"grade": "good", "reason": "", "revision": 0})
        assert "Give the reason for the grade" in bare.content.decode()
        done = client.post(url, {"grade": "good", "reason": "On balance.", "revision": 0})
        assert done["Location"] == case_url(scene)
    assert AgreedGrade.objects.get().moderator == scene.chair
    assert Discussion.objects.get().overall_grade_reason == "On balance."
    page = client.get(case_url(scene)).content.decode()
    assert "Agreed: Good" in page


def test_the_day_of_the_meeting_is_entered(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    url = reverse("meeting-update", args=[scene.audit.pk])
    fields = {"held_on": "2026-06-10", "chaired_by": "Charlie", "notes": "", "revision": 0}
    assert client.post(url, {**fields, "held_on": "soon"}).status_code == 200
    assert client.post(url, fields)["Location"] == reverse("meeting-detail", args=[scene.audit.pk])
    detail = client.get(reverse("meeting-detail", args=[scene.audit.pk])).content.decode()
    assert "10 June 2026" in detail
    clash = client.post(url, {**fields, "chaired_by": "Mine"}).content.decode()
    assert "Saved by somebody else while you were writing" in clash
    assert Meeting.objects.get().chaired_by == "Charlie"


def rows(*people: dict[str, Any]) -> dict[str, Any]:
    data = {"form-TOTAL_FORMS": len(people), "form-INITIAL_FORMS": 0, "meeting-revision": 0}
    for index, row in enumerate(people):
        data |= {f"form-{index}-{name}": value for name, value in row.items()}
    return data


def test_leads_are_suggested_and_count_once_it_is_said_that_they_came(
    client: Client, scene: Scene
) -> None:
    client.force_login(scene.officer)
    url = reverse("attendance-update", args=[scene.audit.pk])
    page = client.get(url).content.decode()
    assert f'value="{scene.leads[0].name}"' in page
    agency = f"agency:{scene.agencies[0].pk}"
    people = [
        {"name": scene.leads[0].name, "place": agency, "state": "attended"},
        {"name": scene.leads[1].name, "place": "", "state": ""},
        {"name": "A guest", "job_title": "Observer", "place": "", "state": ""},
        {"name": "", "place": "", "state": ""},
    ]
    response = client.post(url, {**rows(*people), "more": "1"})
    assert response["Location"] == url
    assert list(Attendance.objects.values_list("name", "agency", "state")) == [
        (scene.leads[0].name, scene.agencies[0].pk, "attended"),
        ("A guest", None, "attended"),
    ]


def test_a_person_without_a_name_is_complained_about(client: Client, scene: Scene) -> None:
    client.force_login(scene.officer)
    url = reverse("attendance-update", args=[scene.audit.pk])
    data = rows({}, {}, {"name": "", "place": "", "state": "attended"})
    response = client.post(url, data)
    assert "Enter a name, or take the person off the list." in response.content.decode()
    assert not Attendance.objects.exists()


def test_the_agenda_shows_states_and_what_was_agreed(client: Client, scene: Scene) -> None:
    meeting_point(scene.audit, "Agreed.", scene.cases[0])
    summative_point(scene.returns[0], "Summative.")
    Discussion.objects.create(
        case=scene.cases[1], state="passed_over", passed_over_reason="No time."
    )
    client.force_login(scene.chair)
    page = client.get(reverse("meeting-detail", args=[scene.audit.pk])).content.decode()
    assert "1 of 2 cases settled" in page
    assert "1 agreed" in page
    assert "No time." in page
    assert "Go on with Case 1" in page


@pytest.mark.parametrize(("agencies", "questions"), [(2, 3), (6, 10)])
def test_a_case_takes_the_same_queries_for_few_and_for_many(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    agencies: int,
    questions: int,
) -> None:
    scene = meeting_scene(agencies=agencies, cases=3, questions=questions)
    for point in scene.points[::2]:
        PointPlacement.objects.create(point=point, kind=PointKind.WENT_WELL, agreed=True)
    client.force_login(scene.officer)
    with django_assert_num_queries(CASE_QUERIES):
        client.get(case_url(scene))


@pytest.mark.parametrize("cases", [1, 3])
def test_the_meeting_takes_the_same_queries_for_one_case_and_for_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, cases: int
) -> None:
    scene = meeting_scene(cases=cases)
    client.force_login(scene.officer)
    with django_assert_num_queries(MEETING_QUERIES):
        client.get(reverse("meeting-detail", args=[scene.audit.pk]))
