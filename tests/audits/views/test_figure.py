"""Figures of an audit: what a form must say, and how the list names them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Figure, Stage
from tests.audits.scenes import Scene, meeting_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return meeting_scene(stage=Stage.DRAFTING)


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.force_login(scene.officer)
    return client


def url(name: str, scene: Scene, *args: Any) -> str:
    return reverse(name, args=[scene.audit.pk, *args])


def html(response: Any) -> str:
    text: str = response.content.decode()
    return text


def figure_data(**more: Any) -> dict[str, Any]:
    return {
        "kind": "stated",
        "code": "practices",
        "label": "GP practices that replied",
        "numerator": "31",
        "denominator": "",
        "unit": "practices",
        "stated_by": "Commissioner",
        **more,
    }


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"code": "two words"}, "Enter a valid “slug”"),
        ({"label": ""}, "Say what was counted."),
        ({"numerator": ""}, "Enter the number."),
        ({"unit": ""}, "Give the unit: a number alone says nothing."),
        ({"stated_by": ""}, "Say who stated it."),
        ({"denominator": "30"}, "It cannot be less than the number."),
        ({"denominator": "9" * 12}, "Enter 2147483647 or less"),
        ({"kind": "counted", "measure": ""}, "Choose what is counted."),
        (
            {"kind": "counted", "measure": "question"},
            "Choose the question whose answers are counted.",
        ),
        (
            {"kind": "counted", "measure": "contributors_yes"},
            "Choose the question whose answers are counted.",
        ),
        ({"kind": ""}, "Say where the number comes from."),
    ],
)
def test_a_figure_that_says_too_little_is_refused(
    officer: Client, scene: Scene, more: dict[str, Any], complaint: str
) -> None:
    page = html(officer.post(url("figure-create", scene), figure_data(**more)))
    assert complaint in page
    assert not Figure.objects.exists()


def test_contributors_answers_can_be_counted_only_where_they_were_asked(
    officer: Client, scene: Scene
) -> None:
    question = scene.audit.toolkit.questions.first()
    assert question is not None
    data = figure_data(kind="counted", measure="contributors_yes", question=str(question.pk))
    page = html(officer.post(url("figure-create", scene), data))
    assert "Contributors were not asked this. Choose one that they were." in page
    scene.audit.toolkit.questions.update(for_contributors=True)
    officer.post(url("figure-create", scene), data)
    assert Figure.objects.get().question == question


def test_figures_are_listed_with_how_to_write_them(officer: Client, scene: Scene) -> None:
    assert "No figures yet" in html(officer.get(url("figure-list", scene)))
    officer.post(url("figure-create", scene), figure_data())
    again = officer.post(url("figure-create", scene), figure_data())
    assert "Another figure of this audit already has this code." in html(again)
    figure = Figure.objects.get()
    page = html(officer.get(url("figure-list", scene)))
    assert "{figure:practices}" in page
    assert "GP practices that replied: 31 practices" in page
    change = figure_data(denominator="40")
    officer.post(url("figure-update", scene, figure.pk), change)
    assert "31 of 40 practices" in html(officer.get(url("figure-list", scene)))
    assert "Findings that rest on it: 0." in html(
        officer.get(url("figure-delete", scene, figure.pk))
    )
    officer.post(url("figure-delete", scene, figure.pk))
    assert not Figure.objects.exists()
