"""A return's questions and points, joined in Python.

The form of a case return has a dozen of each, and a template that looks up, tests and escapes
every part by itself would take most of the page's time. In here each word that a toolkit or a
person wrote passes `escape` where it is put in; the rest are slugs, numbers, ids and names.
"""

from html import escape

from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from agencies.forms import drawing as fields
from agencies.forms.rendering import render_field
from audits.forms.answers import QuestionRow
from audits.forms.points import PointsBlock
from audits.reading.points import ListedPoint


def question(row: QuestionRow, block: PointsBlock | None) -> SafeString:
    """One question of a toolkit; `block` holds the points that answer it, if any do."""
    asked = row.question
    return _safe(
        f'<div class="maca-question" id="question-{escape(asked.code)}" tabindex="-1"'
        f"{_waits_for(row)}>"
        f'<p class="maca-question__number" aria-hidden="true">{asked.number}</p>'
        f'<div class="maca-question__body">{_condition(row)}{_answer(row, block)}'
        f"{_evidence(row)}</div></div>"
    )


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
    points = points_editor(block) if block else ANSWERED_IN_POINTS
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
        f'<div class="govuk-form-group maca-field{_wrong(value)}">'
        f'<fieldset class="govuk-fieldset"{described}>'
        '<legend class="govuk-fieldset__legend maca-question__text">'
        f'<span class="govuk-visually-hidden">Question {number}: </span>{text}</legend>'
        f"{said}{fields.errors(f'{value.auto_id}_error', value.errors)}"
        f'<div class="govuk-radios maca-answers">{row.radios}</div></fieldset></div>'
    )


def _wrong(bound: BoundField) -> str:
    return " govuk-form-group--error" if bound.errors else ""


def _evidence(row: QuestionRow) -> str:
    box = row.evidence
    if box is None:
        return ""
    return (
        f'<div class="govuk-form-group maca-field maca-evidence{_wrong(box)}">'
        f'<label class="govuk-label maca-evidence__label" for="{box.auto_id}">Evidence'
        f'<span class="govuk-visually-hidden"> for question {row.question.number}</span></label>'
        f"{_text_area(box, rows=2)}</div>"
    )


def _text_area(box: BoundField, *, rows: int, more: str = "", attributes: str = "") -> str:
    """The line break belongs to the markup: browsers drop the first one in a text area."""
    words = box.value()
    return (
        f'<textarea class="govuk-textarea{more}" name="{box.html_name}" id="{box.auto_id}"'
        f' rows="{rows}" data-maca-grow{attributes}>\n'
        f"{'' if words is None else escape(str(words))}</textarea>"
    )


def points_editor(block: PointsBlock) -> SafeString:
    """The points of one kind, each in a box, and a box for new ones."""
    heading = escape(block.heading)
    points = "".join(
        _point(number, item, box, block.kind, heading)
        for number, (item, box) in enumerate(block.boxes, start=1)
    )
    return _safe(
        f'<div class="maca-pointbox" id="points-{block.kind}" tabindex="-1">'
        f"{f'<ol class="maca-pointbox__list">{points}</ol>' if points else ''}"
        '<div class="maca-pointbox__new">'
        f'<label class="govuk-label maca-evidence__label" for="{block.new.auto_id}">Add points,'
        f' one a line<span class="govuk-visually-hidden">: {heading}</span></label>'
        f'<div class="maca-pointbox__add">{_text_area(block.new, rows=2)}'
        '<button class="govuk-button govuk-button--secondary" name="do"'
        f' value="add::{block.kind}">Add<span class="govuk-visually-hidden"> to: {heading}</span>'
        "</button></div></div></div>"
    )


def _point(number: int, item: ListedPoint, box: BoundField | None, kind: str, heading: str) -> str:
    wrong = _wrong(box) if box else ""
    words = _point_box(number, box, heading) if box else _written_above(item)
    tools = _point_tools(number, item, f"{item.point.pk}:{kind}", heading)
    return f'<li class="maca-pointbox__point{wrong}">{words}{tools}</li>'


def _written_above(item: ListedPoint) -> str:
    return (
        f'<p class="maca-pointbox__again">{escape(item.point.text)}'
        ' <span class="maca-quiet">(written above; listed here too)</span></p>'
    )


def _point_box(number: int, box: BoundField, heading: str) -> str:
    label = (
        f'<label class="govuk-visually-hidden" for="{box.auto_id}">{heading}, point {number}'
        "</label>"
    )
    if not box.errors:
        return label + _text_area(box, rows=1, more=" maca-pointbox__text")
    error_id = f"{box.auto_id}_error"
    message = (
        f'<p class="govuk-error-message" id="{error_id}"><span class="govuk-visually-hidden">'
        f"Error: </span>{escape(str(box.errors[0]))}</p>"
    )
    area = _text_area(
        box,
        rows=1,
        more=" maca-pointbox__text govuk-textarea--error",
        attributes=f' aria-invalid="true" aria-describedby="{error_id}"',
    )
    return label + message + area


def _point_tools(number: int, item: ListedPoint, target: str, heading: str) -> str:
    """Each button says `do=…` to the view, which saves the page first."""
    themes = f" ({item.themes})" if item.themes else ""
    return (
        '<div class="maca-tools">'
        f'<button class="maca-tool" name="do" value="up:{target}" aria-label="Move point {number}'
        f' up: {heading}"{" disabled" if item.first else ""}>↑</button>'
        f'<button class="maca-tool" name="do" value="down:{target}" aria-label="Move point'
        f' {number} down: {heading}"{" disabled" if item.last else ""}>↓</button>'
        f'<button class="maca-tool" name="do" value="point:{target}">Themes{themes}'
        f'<span class="govuk-visually-hidden"> of point {number}: {heading}</span></button>'
        '<details class="maca-confirm"><summary class="maca-tool maca-tool--danger">Remove'
        f'<span class="govuk-visually-hidden"> point {number}: {heading}</span></summary>'
        f'<button class="maca-tool maca-tool--danger" name="do" value="remove:{target}">'
        "Yes, remove it</button></details></div>"
    )


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every word in it was escaped where it was put in
