"""The form pack: what a field says reaches the page escaped, named, described and reachable."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_LABEL
from django.http import QueryDict
from django.template import Context, Template
from django.test.html import Element, parse_html

from agencies.forms import fields
from agencies.forms.rendering import error_lines, render_field, render_form

SCRIPT = '<script>alert("x")</script> & co'
ESCAPED = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; co"
YES_NO = [("yes", "Yes"), ("no", "No")]


def elements(markup: str) -> Iterator[Element]:
    def walk(node: Any) -> Iterator[Element]:
        if isinstance(node, Element):
            yield node
            for child in node.children:
                yield from walk(child)

    yield from walk(parse_html(f"<div>{markup}</div>"))


def attributes(element: Element) -> dict[str, str | None]:
    return dict(element.attributes)


def by_id(markup: str, id_: str) -> Element:
    found = [each for each in elements(markup) if attributes(each).get("id") == id_]
    assert len(found) == 1, f"{id_} stands {len(found)} times in {markup}"
    return found[0]


def named(markup: str, tag: str) -> list[Element]:
    return [each for each in elements(markup) if each.name == tag]


def words(element: Element) -> str:
    parts = [c if isinstance(c, str) else words(c) for c in element.children]
    return " ".join(" ".join(parts).split())


def form_of(data: dict[str, Any] | None = None, /, **declared: forms.Field) -> forms.Form:
    form_class = type("DeclaredForm", (forms.Form,), declared)
    query = None
    if data is not None:
        query = QueryDict(mutable=True)
        for name, value in data.items():
            query.setlist(name, value if isinstance(value, list) else [value])
    form: forms.Form = form_class(query)
    return form


def page(source: str, **context: Any) -> str:
    libraries = "{% load look crispy_forms_tags %}"
    return Template(libraries + source).render(Context(context))


KINDS: list[Callable[..., forms.Field]] = [
    fields.CharField,
    fields.TextField,
    fields.EmailField,
    fields.IntegerField,
    fields.DecimalField,
    fields.DateField,
    fields.TimeField,
    fields.DateTimeField,
    fields.BooleanField,
    fields.FileField,
    fields.URLField,
    lambda **kwargs: fields.ChoiceField(choices=YES_NO, **kwargs),
    lambda **kwargs: fields.SelectField(choices=YES_NO, **kwargs),
    lambda **kwargs: fields.MultipleChoiceField(choices=YES_NO, **kwargs),
]


@pytest.mark.parametrize("kind", KINDS)
def test_label_and_hint_are_escaped(kind: Callable[..., forms.Field]) -> None:
    markup = render_form(form_of(answer=kind(label=SCRIPT, help_text=SCRIPT)))

    assert "<script" not in markup
    assert markup.count(ESCAPED) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_is_named_described_and_reached_from_the_summary(
    kind: Callable[..., forms.Field],
) -> None:
    form = form_of({}, answer=kind(label="Answer", help_text="A hint"))
    markup = render_form(form)
    (line,) = error_lines(form)

    target = by_id(markup, line.target)
    assert target.name in {"input", "select", "textarea"}
    error = by_id(markup, "id_answer_error")
    assert words(error).startswith("Error: ")
    describing = [
        each.name
        for each in elements(markup)
        if attributes(each).get("aria-describedby") == "id_answer_helptext id_answer_error"
    ]
    assert describing in (["fieldset"], [target.name])


@pytest.mark.parametrize("kind", KINDS)
def test_every_control_has_a_label(kind: Callable[..., forms.Field]) -> None:
    markup = render_form(form_of(answer=kind(label="Answer")))

    controls = {
        attributes(each)["id"]
        for tag in ("input", "select", "textarea")
        for each in named(markup, tag)
    }
    labels = {attributes(each)["for"] for each in named(markup, "label")}
    assert controls == labels


@pytest.mark.parametrize(
    "kind", [fields.ChoiceField, fields.SelectField, fields.MultipleChoiceField]
)
def test_choices_are_escaped(kind: Callable[..., forms.Field]) -> None:
    markup = render_form(form_of(answer=kind(choices=[(SCRIPT, SCRIPT)])))

    assert "<script" not in markup
    assert markup.count(ESCAPED) == 2


def test_choice_hints_are_escaped_and_described() -> None:
    field = fields.ChoiceField(choices=YES_NO, choice_hints={"no": SCRIPT})
    markup = render_form(form_of(known=field))

    assert "<script" not in markup
    assert attributes(by_id(markup, "id_known_1"))["aria-describedby"] == "id_known_1_hint"
    assert "aria-describedby" not in attributes(by_id(markup, "id_known_0"))


def test_an_error_that_quotes_what_was_typed_is_escaped() -> None:
    form = form_of({"answer": "x"}, answer=fields.CharField())
    form.add_error("answer", SCRIPT)

    assert "<script" not in page("{% error_summary form %}{% fields form %}", form=form)


def test_typed_text_is_kept_and_escaped() -> None:
    form = form_of({"answer": "</textarea>" + SCRIPT}, answer=fields.TextField())

    assert "&lt;/textarea&gt;" + ESCAPED in render_form(form)


def test_a_group_is_a_fieldset_whose_buttons_carry_no_repeated_state() -> None:
    markup = render_form(form_of({}, known=fields.ChoiceField(label="Known?", choices=YES_NO)))

    (group,) = named(markup, "fieldset")
    assert words(named(markup, "legend")[0]) == "Known?"
    assert attributes(group)["aria-describedby"] == "id_known_error"
    assert [set(attributes(each)) for each in named(markup, "input")] == [
        {"type", "name", "value", "id", "class"}
    ] * 2


def test_the_chosen_answers_are_checked() -> None:
    form = form_of(
        {"agencies": ["p", "h"]},
        agencies=fields.MultipleChoiceField(choices=[("p", "Police"), ("s", "S"), ("h", "H")]),
    )
    checked = ["checked" in attributes(each) for each in named(render_form(form), "input")]

    assert checked == [True, False, True]


def test_optional_questions_say_so_and_required_ones_do_not() -> None:
    form = form_of(
        title=fields.CharField(label="Title"), note=fields.CharField(label="Note", required=False)
    )
    assert [words(each) for each in named(render_form(form), "label")] == [
        "Title",
        "Note (optional)",
    ]


def test_a_form_may_leave_out_that_questions_are_optional() -> None:
    form = form_of(theme=fields.CharField(label="Theme", required=False))
    form.hide_optional = True  # type: ignore[attr-defined]

    assert words(named(render_form(form), "label")[0]) == "Theme"


def test_a_field_that_cannot_be_changed_is_text() -> None:
    form = form_of(
        stage=fields.ChoiceField(label="Stage", choices=YES_NO, disabled=True, initial="no"),
        sure=fields.BooleanField(label="Sure", disabled=True, initial=True),
        power=fields.TextField(label="Power", disabled=True, initial="One\n<b>Two</b>"),
        empty=fields.CharField(label="Empty", disabled=True),
        due=fields.DateField(label="Due", disabled=True, initial=dt.date(2026, 3, 9)),
    )
    markup = render_form(form)

    assert [name for name in ("input", "select", "textarea") if named(markup, name)] == []
    shown = [
        words(each) for each in elements(markup) if attributes(each).get("class") == "maca-readonly"
    ]
    assert shown == ["No", "Yes", "One <b>Two</b>", "Not given", "09/03/2026"]


def test_a_date_is_picked_unless_the_picker_could_not_show_what_was_typed() -> None:
    fresh = render_form(form_of(due=fields.DateField(initial=dt.date(2026, 3, 9))))
    assert 'type="date"' in fresh
    assert 'value="2026-03-09"' in fresh

    form = form_of({"due": "31/13/2026"}, due=fields.DateField(label="Return by"))
    wrong = render_form(form)
    assert 'type="text"' in wrong
    assert 'value="31/13/2026"' in wrong
    assert [line.text for line in error_lines(form)] == [
        "Return by: enter a date that exists, such as 27/3/2026"
    ]


@pytest.mark.parametrize("typed", ["2026-03-27", "27/3/2026", "27 March 2026", "27 Mar 2026"])
def test_dates_are_understood_as_people_write_them(typed: str) -> None:
    form = form_of({"due": typed}, due=fields.DateField())

    assert form.is_valid()
    assert form.cleaned_data == {"due": dt.date(2026, 3, 27)}


def test_a_number_keeps_what_was_typed() -> None:
    form = form_of({"size": "12a"}, size=fields.IntegerField(label="How many?", min_value=1))
    control = attributes(named(render_form(form), "input")[0])

    assert (control["type"], control["inputmode"], control["value"]) == ("text", "numeric", "12a")
    assert "min" not in control


@pytest.mark.parametrize("blank", ["---------", BLANK_CHOICE_LABEL])
def test_a_drop_down_of_plain_django_says_choose_one(blank: str) -> None:
    form = form_of(theme=forms.ChoiceField(choices=[("", blank), ("n", "Neglect")]))

    assert [words(each) for each in named(render_form(form), "option")] == [
        "Choose one",
        "Neglect",
    ]


def test_a_placeholder_that_repeats_the_label_is_left_out() -> None:
    password = forms.CharField(widget=forms.PasswordInput(attrs={"placeholder": "Password"}))
    code = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "2026-03"}))
    markup = render_form(form_of(password=password, code=code))

    assert [attributes(each).get("placeholder") for each in named(markup, "input")] == [
        None,
        "2026-03",
    ]


def test_look_of_a_field() -> None:
    form = form_of(
        size=fields.IntegerField(suffix="cases", width="3"),
        how=fields.TextField(follows=("answer", ["yes", "partly"]), max_words=50, rows=6),
        answer=fields.ChoiceField(choices=YES_NO, inline=True),
    )
    form.prefix = "q"
    markup = render_form(form)

    assert "govuk-input maca-width-3" in markup
    assert "cases</div>" in markup
    follower = attributes(by_id(markup, "id_q-how_field"))
    assert follower["data-maca-follows"] == "q-answer"
    assert follower["data-maca-answers"] == "yes|partly"
    assert attributes(named(markup, "textarea")[0])["rows"] == "6"
    assert "Up to 50 words" in markup
    assert "maca-choices--inline" in markup


def test_words_of_a_field_can_be_changed_for_one_page() -> None:
    form = form_of(email=fields.EmailField(label="Email", help_text="Yours"))
    markup = page('{% field form.email label="E-mail" hint=False width="full" %}', form=form)

    assert words(named(markup, "label")[0]) == "E-mail"
    assert "Yours" not in markup
    assert "aria-describedby" not in attributes(named(markup, "input")[0])
    assert "maca-width-full" in markup


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        (fields.CharField(label="Title"), "", "Title: fill this in"),
        (fields.CharField(label="What is it called?"), "", "What is it called? Fill this in"),
        (
            fields.CharField(label="Title", max_length=3),
            "long",
            "Title: shorten this to 3 characters or fewer: it has 4",
        ),
        (fields.ChoiceField(label="Known?", choices=YES_NO), "", "Known? Choose an answer"),
        (
            fields.ChoiceField(label="Known?", choices=YES_NO),
            "zz",
            "Known? Choose one of the answers offered",
        ),
        (
            fields.MultipleChoiceField(label="Asked", choices=YES_NO),
            [],
            "Asked: choose at least one",
        ),
        (fields.BooleanField(label="I read it"), "", "I read it: tick this box to go on"),
        (fields.DateField(label="Due"), "", "Due: enter a date"),
        (fields.IntegerField(label="Size", min_value=1), "0", "Size: enter 1 or more"),
        (fields.IntegerField(label="Size", max_value=9), "10", "Size: enter 9 or less"),
        (fields.IntegerField(label="Size"), "x", "Size: enter a whole number, such as 12"),
        (
            fields.EmailField(label="Address"),
            "nobody",
            "Address: enter an e-mail address, such as name@agency.example",
        ),
        (
            forms.CharField(label="Password", widget=forms.PasswordInput),
            "",
            "Password: enter your password",
        ),
    ],
)
def test_messages_say_what_to_do_and_which_question_is_meant(
    field: forms.Field, typed: str | list[str], expected: str
) -> None:
    assert [line.text for line in error_lines(form_of({"answer": typed}, answer=field))] == [
        expected
    ]


def test_a_message_written_for_a_field_is_kept() -> None:
    field = fields.CharField(error_messages={"required": "Say why case 3 is withdrawn"})

    assert [line.text for line in error_lines(form_of({}, answer=field))] == [
        "Say why case 3 is withdrawn"
    ]


def test_errors_of_the_whole_form_have_a_place_on_the_page() -> None:
    form = form_of({"token": ""}, token=forms.CharField(widget=forms.HiddenInput))
    form.add_error(None, "Move one of the dates")
    markup = render_form(form)

    lines = error_lines(form)
    assert [(line.text, line.target) for line in lines] == [
        ("Move one of the dates", "id_form_errors"),
        ("Token: fill this in", "id_form_errors"),
    ]
    assert "Move one of the dates" in words(by_id(markup, "id_form_errors"))


class ActionForm(forms.Form):
    action = fields.CharField(label="Action")
    owner = fields.ChoiceField(label="Owner", choices=[("p", "Police")])

    def clean(self) -> None:
        if self.cleaned_data.get("action") == "nothing":
            raise ValidationError("Say what will be done")


def test_a_formset_is_drawn_with_its_errors() -> None:
    formset_class = forms.formset_factory(ActionForm, extra=0, max_num=1, validate_max=True)
    formset = formset_class(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-action": "nothing",
            "form-0-owner": "p",
            "form-1-action": "Train",
        }
    )
    formset.row_label = "Action"  # type: ignore[attr-defined]
    markup = page("{% error_summary formset %}{{ formset|crispy }}", formset=formset)

    targets = [attributes(each)["href"] for each in named(markup, "a")]
    assert targets == ["#id_form-formset_errors", "#id_form-0-form_errors", "#id_form-1-owner_0"]
    for target in targets:
        assert target is not None
        by_id(markup, target.removeprefix("#"))
    assert [words(each) for each in named(markup, "legend")] == [
        "Action 1",
        "Owner",
        "Action 2",
        "Owner",
    ]
    assert 'name="form-TOTAL_FORMS"' in markup


def test_crispy_draws_a_whole_form() -> None:
    form = form_of(title=fields.CharField(label="Title"))
    form.submit_label = "Save and continue"  # type: ignore[attr-defined]
    markup = page("{% crispy form %}", form=form, cancel_url="/audits/", csrf_token="t0ken")

    (element,) = named(markup, "form")
    assert attributes(element)["method"] == "post"
    assert "novalidate" in attributes(element)
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in markup
    assert [words(each) for each in named(markup, "button")] == ["Save and continue"]
    assert [attributes(each)["href"] for each in named(markup, "a")] == ["/audits/"]


def test_crispy_filter_draws_fields_only() -> None:
    markup = page("{{ form|crispy }}", form=form_of(title=fields.CharField(label="Title")))

    assert named(markup, "form") == []
    assert len(named(markup, "input")) == 1


def test_a_hidden_field_is_only_an_input() -> None:
    form = form_of(revision=forms.IntegerField(widget=forms.HiddenInput, initial=4))

    assert render_field(form["revision"]) == (
        '<input type="hidden" name="revision" value="4" id="id_revision">'
    )


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "31/12/2200"])
def test_a_day_nobody_can_mean_is_refused(typed: str) -> None:
    form = form_of({"due": typed}, due=fields.DateField(label="Due"))
    assert form.errors["due"] == ["Give the year in full, such as 2025."]
