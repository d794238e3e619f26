"""The tags pages are built with."""

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.contrib.messages.constants import SUCCESS
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.html import parse_html

from agencies.templatetags.look import TONE_OF

SCRIPT = "<script>1</script>"
STAGES = [("planned", "Planned"), ("collecting", "Collecting"), ("closed", "Closed")]


def page(source: str, **context: Any) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def same(markup: str, expected: str) -> bool:
    return bool(parse_html(markup) == parse_html(expected))


@pytest.mark.parametrize(
    ("value", "tone"),
    [
        ("not_started", "neutral"),
        ("in_progress", "info"),
        ("signed_off", "good"),
        ("sent_back", "warn"),
        ("late", "bad"),
        ("closed", "quiet"),
        ("requires_improvement", "warn"),
        ("requires-improvement", "warn"),
        ("never heard of", "neutral"),
    ],
)
def test_a_status_has_words_and_the_tone_of_its_value(value: str, tone: str) -> None:
    assert page("{% status_tag 'In words' value %}", value=value) == (
        f'<strong class="maca-tag maca-tag--{tone}">In words</strong>'
    )


class Wrong(forms.Form):
    name = forms.CharField()


def test_what_is_wrong_stands_above_the_heading_below_the_way_back_and_once() -> None:
    header = "{% page_header 'Who came' back_url='/' back_label='Home' %}{% endpage_header %}"
    shown = page(header + "{% error_summary %}", form=Wrong({}))
    assert shown.count("There is a problem") == 1
    marks = [shown.index(each) for each in ("Home", "There is a problem", "Who came")]
    assert marks == sorted(marks)


def test_a_page_without_a_header_has_its_summary_all_the_same() -> None:
    assert "There is a problem" in page("{% error_summary %}", form=Wrong({}))


def test_a_tone_can_be_chosen() -> None:
    assert "maca-tag--bad" in page("{% status_tag '3 days late' tone='bad' %}")


def test_each_value_has_one_tone() -> None:
    assert set(TONE_OF.values()) == {"neutral", "info", "good", "warn", "bad", "quiet"}


def test_a_status_is_escaped() -> None:
    assert SCRIPT not in page("{% status_tag label %}", label=SCRIPT)


def test_the_stages_behind_and_ahead_of_the_present_one() -> None:
    markup = page(
        "{% stage_tracker stages 'collecting' notes=notes %}",
        stages=STAGES,
        notes={"planned": "3 February"},
    )

    assert "Stage 2 of 3: <strong>Collecting</strong>" in markup
    assert markup.count('aria-current="step"') == 1
    states = [word for word in ("done", "current", "ahead") if f"step--{word}" in markup]
    assert states == ["done", "current", "ahead"]
    assert "3 February" in markup


def test_progress_says_its_numbers_in_words() -> None:
    assert same(
        page("{% progress_bar 56 60 label='Police' unit='cases' %}"),
        '<div class="maca-progress"><progress class="maca-progress__bar" max="60" value="56"'
        ' aria-label="Police"></progress><span class="maca-progress__words">56 of 60 cases</span>'
        "</div>",
    )


def test_progress_of_nothing_is_still_a_bar() -> None:
    markup = page("{% progress_bar 0 0 %}")

    assert 'max="1"' in markup
    assert "0 of 0" in markup


def test_a_table_stands_in_a_region_that_can_be_reached_and_is_named() -> None:
    markup = page("{% table_region label %}<table></table>{% endtable_region %}", label='"A" & B')

    assert same(
        markup,
        '<div class="maca-table-region" role="region" aria-label="&quot;A&quot; &amp; B"'
        ' tabindex="0"><table></table></div>',
    )


def test_a_tall_table_keeps_its_header_in_view() -> None:
    assert "maca-table-region--tall" in page(
        "{% table_region 'Cases' tall=True %}{% endtable_region %}"
    )


def test_a_page_header_escapes_its_words_and_keeps_its_actions() -> None:
    markup = page(
        "{% page_header title caption=title lead=title %}<a href='/x'>Do</a>{% endpage_header %}",
        title=SCRIPT,
    )

    assert markup.count("&lt;script&gt;1&lt;/script&gt;") == 3
    assert "<a href='/x'>Do</a>" in markup
    assert markup.count("<h1") == 1


def test_a_page_header_without_actions_leaves_no_empty_box() -> None:
    markup = page("{% page_header 'Title' back_url='/audits/' %}\n{% endpage_header %}")

    assert "maca-page-header__actions" not in markup
    assert 'href="/audits/"' in markup


def test_crumbs_stand_in_a_named_navigation() -> None:
    markup = page(
        "{% page_header 'Case 3' crumbs=crumbs %}{% endpage_header %}",
        crumbs=[{"label": "Audits", "url": "/audits/"}],
    )

    assert '<nav class="maca-crumbs" aria-label="Breadcrumb">' in markup
    assert '<a class="maca-crumbs__link" href="/audits/">Audits</a>' in markup


def test_a_card_has_a_heading_of_the_level_asked_for() -> None:
    markup = page(
        "{% card title=title url='/p/' level=3 tone='warn' %}<p>x</p>{% endcard %}", title="A & B"
    )

    assert same(
        markup,
        '<section class="maca-card maca-card--warn"><h3 class="maca-card__title">'
        '<a class="maca-card__link" href="/p/">A &amp; B</a></h3><p>x</p></section>',
    )


def test_a_chart_carries_its_numbers() -> None:
    markup = page(
        "{% chart title %}<svg></svg>{% numbers %}<table></table>{% endnumbers %}{% endchart %}",
        title=SCRIPT,
    )

    assert SCRIPT not in markup
    assert "<summary" in markup
    assert "The same numbers in a table" in markup
    drawing = markup.partition('<div class="maca-chart__drawing" role="group" tabindex="0"')[2]
    assert "<svg></svg>" in drawing


def test_pages_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/audits/", {"stage": "closed", "page": "2"})
    markup = render_to_string(
        "components/pagination.html", {"page": Paginator(range(60), 10).page(2)}, request
    )

    assert 'href="?stage=closed&amp;page=1"' in markup
    assert 'href="?stage=closed&amp;page=3"' in markup
    assert "Page 2 of 6" in markup


def test_one_page_needs_no_pages() -> None:
    request = RequestFactory().get("/audits/")
    context = {"page": Paginator(range(3), 10).page(1)}

    assert render_to_string("components/pagination.html", context, request).strip() == ""


def test_what_waits_says_by_when() -> None:
    markup = render_to_string(
        "components/todo_list.html",
        {
            "items": [
                {
                    "title": SCRIPT,
                    "url": "/r/",
                    "due": dt.date(2026, 3, 9),
                    "status": "Late",
                    "tone": "bad",
                }
            ]
        },
    )

    assert SCRIPT not in markup
    assert '<time datetime="2026-03-09">9 March</time>' in markup
    assert "maca-tag--bad" in markup


def test_a_summary_row_names_what_its_link_changes() -> None:
    markup = render_to_string(
        "components/summary_list.html",
        {"rows": [{"key": "Theme", "value": SCRIPT, "url": "/t/"}, {"key": "Number", "value": ""}]},
    )

    assert SCRIPT not in markup
    assert 'Change<span class="govuk-visually-hidden"> theme</span>' in markup
    assert "Not given" in markup


def test_a_task_that_cannot_start_has_no_link() -> None:
    markup = render_to_string(
        "components/task_list.html",
        {
            "tasks": [
                {"title": "Toolkit", "url": "/q/", "status": "In progress", "value": "in_progress"},
                {"title": "Grade", "status": "Cannot start yet", "value": "inactive"},
            ]
        },
    )

    assert markup.count("<a ") == 1
    assert 'aria-describedby="task-1-status"' in markup
    assert 'id="task-1-status"' in markup


def test_messages_are_announced_and_escaped() -> None:
    markup = render_to_string("components/messages.html", {"messages": [Message(SUCCESS, SCRIPT)]})

    assert SCRIPT not in markup
    assert 'role="status"' in markup
    assert "maca-message--success" in markup


def test_no_component_needs_an_inline_style_or_script() -> None:
    markup = render_to_string("base.html", request=RequestFactory().get("/"))

    assert " style=" not in markup
    assert " onclick=" not in markup
    assert all("src=" in tag.split(">")[0] for tag in markup.split("<script")[1:])
