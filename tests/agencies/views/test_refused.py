"""Whoever is refused what they were writing gets it back, and learns nothing by it."""

import html
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.middleware import NOT_FOUND
from agencies.models import Activity, ActivityKind
from agencies.roles import Role
from audits.models import Audit, Point, Stage
from tests.audits.collecting import signed_in
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import AuditFactory, PartnershipFactory, person

pytestmark = pytest.mark.django_db

WORDS = "Nobody asked the <school>, and twice."
KEPT = "What you wrote was not saved"


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def scene() -> Scene:
    return meeting_scene()


def point(audit: Audit) -> tuple[str, dict[str, str]]:
    return reverse("agreed-point-create", args=[audit.pk]), {"text": WORDS, "kind": "went_well"}


def test_a_point_typed_while_the_audit_went_back_to_collecting(scene: Scene) -> None:
    chair = person(Role.CHAIR, scene.audit.partnership)
    Audit.objects.filter(pk=scene.audit.pk).update(stage=Stage.COLLECTING)

    response = signed_in(chair).post(*point(scene.audit))

    assert response.status_code == 404
    assert html.escape(WORDS) in response.content.decode()
    assert KEPT in text_of(response)
    assert not Point.objects.filter(text=WORDS).exists()
    refusal = Activity.objects.get(kind=ActivityKind.REFUSED)
    assert (refusal.verb, refusal.subject_id) == (NOT_FOUND, "agreed-point-create")


def test_whose_role_does_not_let_them_any_more(scene: Scene) -> None:
    board = person(Role.BOARD, scene.audit.partnership)
    Audit.objects.filter(pk=scene.audit.pk).update(stage=Stage.PUBLISHED)
    response = signed_in(board).post(reverse("theme-create"), {"name": WORDS})
    assert response.status_code == 403
    assert WORDS in text_of(response)


def test_who_may_not_see_a_page_is_told_that_and_who_may_not_act_that_nothing_changed(
    scene: Scene,
) -> None:
    board = signed_in(person(Role.BOARD, scene.audit.partnership))

    seeing, doing = board.get(reverse("theme-list")), board.post(reverse("theme-create"))

    assert (seeing.status_code, doing.status_code) == (403, 403)
    assert "Your role does not let you see this page." in text_of(seeing)
    assert "Nothing has been changed" not in text_of(seeing)
    assert "Your role does not let you do this. Nothing has been changed." in text_of(doing)


def test_what_is_not_theirs_answers_like_what_is_not_there() -> None:
    client = signed_in(person(Role.CHAIR, PartnershipFactory()))
    url, sent = point(AuditFactory(stage=Stage.COLLECTING))
    theirs = client.post(url, sent)
    nowhere = client.post(reverse("agreed-point-create", args=[uuid4()]), sent)
    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert theirs.context["words"] == nowhere.context["words"] == [WORDS]
    assert text_of(theirs).partition("<main")[2] == text_of(nowhere).partition("<main")[2]


def test_one_who_wrote_nothing_is_told_of_no_words(scene: Scene) -> None:
    chair = person(Role.CHAIR, scene.audit.partnership)
    Audit.objects.filter(pk=scene.audit.pk).update(stage=Stage.COLLECTING)
    url, _ = point(scene.audit)
    for response in (signed_in(chair).post(url), signed_in(chair).get("/nowhere/")):
        assert response.status_code in (404, 405)
        assert KEPT not in text_of(response)


def test_no_page_elsewhere_puts_words_into_one_of_ours(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.officer)
    assert WORDS not in text_of(client.post("/nowhere/", {"text": WORDS}))
    url, sent = point(AuditFactory(stage=Stage.COLLECTING))
    response = client.post(url, sent)
    assert response.status_code == 403
    assert WORDS not in text_of(response)


def test_who_a_child_is_does_not_come_back(scene: Scene) -> None:
    elsewhere = AuditFactory(stage=Stage.COLLECTING)
    response = signed_in(scene.officer).post(
        reverse("identity-seal", args=[elsewhere.pk]), {"name_1": "Jack Wren Example"}
    )
    assert response.status_code == 404
    assert "Jack Wren Example" not in text_of(response)


@pytest.mark.parametrize(
    ("kind", "body", "size"),
    [
        ("multipart/form-data; boundary=" + "x" * 300, b"--x", None),
        ("multipart/form-data", b"--x", None),
        ("application/x-www-form-urlencoded", b"a=1", str(2**62)),
    ],
    ids=["no boundary", "none at all", "larger than may be"],
)
@pytest.mark.parametrize("route", ["point-create", "theme-create"])
def test_what_nobody_can_read_is_refused_like_what_says_nothing(
    scene: Scene, kind: str, body: bytes, size: str | None, route: str
) -> None:
    board = person(Role.BOARD, scene.audit.partnership)
    address = point(scene.audit)[0] if route == "point-create" else reverse(route)
    client = signed_in(board)
    client.raise_request_exception = False
    more = {} if size is None else {"CONTENT_LENGTH": size}
    response: Any = client.generic("POST", address, body, content_type=kind, **more)
    assert response.status_code in {403, 404}
    assert KEPT not in text_of(response)
