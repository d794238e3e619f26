"""A return's questions, joined in Python.

The form of a case return has a dozen of them, and a template that looks up, tests and escapes
every part by itself would take most of the page's time. In here each word that a toolkit or a
person wrote passes `escape` where it is put in; the rest are slugs, numbers, ids and names.
"""

from html import escape

from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from agencies.forms import drawing as fields
from agencies.forms.rendering import render_field
from audits.forms.answers import QuestionRow
from audits.forms.drawn_lists import points_editor, text_area, wrong
from audits.forms.points import PointsBlock


def question(row: QuestionRow, block: PointsBlock | None) -> SafeString:
    """One question of a toolkit; `block` holds the points that answer it, if any do."""
    asked = row.question
    return _safe(
        f'<div class="maca-question" id="question-{escape(asked.code)}" tabindex="-1"'
        f"{_waits_for(row)}{_asks_for(row)}>"
        f'<p class="maca-question__number" aria-hidden="true">{asked.number}</p>'
        f'<div class="maca-question__body">{_condition(row)}{_answer(row, block)}'
        f"{_evidence(row)}</div></div>"
    )


def _asks_for(row: QuestionRow) -> str:
    """What the page's script needs to know to say what is left."""
    named = f' data-maca-answer="{row.value.html_name}"' if row.value is not None else ""
    required = " data-maca-required" if row.question.required else ""
    return f' data-maca-number="{row.question.number}"{named}{required}'


def _waits_for(row: QuestionRow) -> str:
    if row.follows is None:
        return ""
    return (
        f' data-maca-follows="{escape(row.follows_name)}"'
        f' data-maca-answers="{escape(row.follows_answers)}"'
    )


def _condition(row: QuestionRow) -> str:
    if row.follows is None:
        return ""
    labels = escape(row.follows_labels.lower())
    return f'<p class="maca-question__if">If {labels} to question {row.follows.number}</p>'


def _answer(row: QuestionRow, block: PointsBlock | None) -> str:
    if row.value is not None and row.is_radios:
        return _radios(row, row.value)
    if row.value is not None:
        field = render_field(row.value, {"label_size": "s"})
        return f'<div class="maca-question__field">{field}</div>'
    points = points_editor(block, moves=True) if block else ANSWERED_IN_POINTS
    return f'<p class="maca-question__text">{escape(row.question.text)}</p>{_help(row)}{points}'


ANSWERED_IN_POINTS = '<p class="maca-quiet">Answered in points, one a line.</p>'


def _help(row: QuestionRow) -> str:
    words = row.question.help_text
    return f'<p class="govuk-hint">{escape(words)}</p>' if words else ""


def _radios(row: QuestionRow, value: BoundField) -> str:
    describedby = row.describedby
    described = f' aria-describedby="{describedby}"' if describedby else ""
    number, text = row.question.number, escape(row.question.text)
    said = fields.hint(f"{value.auto_id}_helptext", value.help_text) if value.help_text else ""
    return (
        f'<div class="govuk-form-group maca-field{wrong(value)}">'
        f'<fieldset class="govuk-fieldset"{described}>'
        '<legend class="govuk-fieldset__legend maca-question__text">'
        f'<span class="govuk-visually-hidden">Question {number}: </span>{text}</legend>'
        f"{said}{fields.errors(f'{value.auto_id}_error', value.errors)}"
        f'<div class="govuk-radios maca-answers">{row.radios}</div></fieldset></div>'
    )


def _evidence(row: QuestionRow) -> str:
    box = row.evidence
    if box is None:
        return ""
    return (
        f'<div class="govuk-form-group maca-field maca-evidence{wrong(box)}">'
        f'<label class="govuk-label maca-evidence__label" for="{box.auto_id}">Evidence'
        f'<span class="govuk-visually-hidden"> for question {row.question.number}</span></label>'
        f"{text_area(box, rows=2)}</div>"
    )


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every word in it was escaped where it was put in
