"""Points and lines of a chronology, joined in Python: see `drawing.py` for why.

Every word that a person wrote passes `escape` where it is put in.
"""

from html import escape

from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from agencies.forms.rendering import render_field
from audits.forms.chronology import ChronologyForm
from audits.forms.points import KIND_HEADINGS, PointsBlock
from audits.models import PointKind
from audits.reading.points import ListedPoint


def text_area(box: BoundField, *, rows: int, more: str = "", attributes: str = "") -> str:
    """The line break belongs to the markup: browsers drop the first one in a text area."""
    words = box.value()
    return (
        f'<textarea class="govuk-textarea{more}" name="{box.html_name}" id="{box.auto_id}"'
        f' rows="{rows}" data-maca-grow{attributes}>\n'
        f"{'' if words is None else escape(str(words))}</textarea>"
    )


def wrong(bound: BoundField | None) -> str:
    return " govuk-form-group--error" if bound is not None and bound.errors else ""


def points_editor(block: PointsBlock, *, moves: bool = False) -> SafeString:
    """The points of one kind, each in a box, and a box for new ones.

    `moves`: the page has a script that moves them, and other kinds to move them to.
    """
    heading = escape(block.heading)
    kinds = [kind for kind in PointKind.values if kind != block.kind] if moves else []
    points = "".join(
        _point(number, item, box, block, kinds)
        for number, (item, box) in enumerate(block.boxes, start=1)
    )
    tended = f' data-maca-points="{block.kind}" data-maca-heading="{heading}"' if moves else ""
    return _safe(
        f'<div class="maca-pointbox" id="points-{block.kind}" tabindex="-1"{tended}>'
        f"{f'<ol class="maca-pointbox__list">{points}</ol>' if points or moves else ''}"
        '<div class="maca-pointbox__new" data-maca-add-points>'
        f'<label class="govuk-label maca-evidence__label" for="{block.new.auto_id}">Add points,'
        f' one a line<span class="govuk-visually-hidden">: {heading}</span></label>'
        f'<div class="maca-pointbox__add">{text_area(block.new, rows=2)}'
        '<button class="govuk-button govuk-button--secondary" name="do"'
        f' value="add::{block.kind}">Add<span class="govuk-visually-hidden"> to: {heading}</span>'
        "</button></div></div></div>"
    )


def _point(
    number: int, item: ListedPoint, box: BoundField | None, block: PointsBlock, kinds: list[str]
) -> str:
    heading = escape(block.heading)
    words = _point_box(number, box, heading) if box else _written_above(item)
    tools = _point_tools(number, item, block.kind, heading, kinds)
    return (
        f'<li class="maca-pointbox__point{wrong(box)}" data-maca-point="{item.point.pk}">'
        f"{words}{tools}</li>"
    )


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
        return label + text_area(box, rows=1, more=" maca-pointbox__text")
    error_id = f"{box.auto_id}_error"
    message = (
        f'<p class="govuk-error-message" id="{error_id}"><span class="govuk-visually-hidden">'
        f"Error: </span>{escape(str(box.errors[0]))}</p>"
    )
    area = text_area(
        box,
        rows=1,
        more=" maca-pointbox__text govuk-textarea--error",
        attributes=f' aria-invalid="true" aria-describedby="{error_id}"',
    )
    return label + message + area


def _point_tools(number: int, item: ListedPoint, kind: str, heading: str, kinds: list[str]) -> str:
    """Each button says `do=…` to the view, which saves the page first."""
    target = f"{item.point.pk}:{kind}"
    themes = f" ({item.themes})" if item.themes else ""
    what = f'<span class="govuk-visually-hidden"> point {number}: {heading}</span>'
    moves = "".join(
        f'<button class="maca-tool" name="do" value="list:{target}:{to}">Move to '
        f"{escape(KIND_HEADINGS[PointKind(to)].lower())}{what}</button>"
        for to in kinds
    )
    split = (
        f'<button class="maca-tool" name="do" value="split:{target}" data-maca-split>Split at'
        f" line breaks{what}</button>"
        if kinds
        else ""
    )
    return (
        '<div class="maca-tools">'
        f'<button class="maca-tool" name="do" value="up:{target}" aria-label="Move point {number}'
        f' up: {heading}"{" disabled" if item.first else ""}>↑</button>'
        f'<button class="maca-tool" name="do" value="down:{target}" aria-label="Move point'
        f' {number} down: {heading}"{" disabled" if item.last else ""}>↓</button>'
        f'<button class="maca-tool" name="do" value="point:{target}">Themes{themes}'
        f'<span class="govuk-visually-hidden"> of point {number}: {heading}</span></button>'
        f"{_more(number, heading, moves + split)}"
        f'<button class="maca-tool maca-tool--danger" name="do" value="remove:{target}">Remove'
        f"{what}</button></div>"
    )


def _more(number: int, heading: str, buttons: str) -> str:
    if not buttons:
        return ""
    return (
        '<details class="maca-more"><summary class="maca-tool">Move'
        f'<span class="govuk-visually-hidden"> point {number}: {heading}</span></summary>'
        f'<div class="maca-more__list">{buttons}</div></details>'
    )


def chronology(form: ChronologyForm) -> SafeString:
    """Each line with its dates, its words, and a way to take it out."""
    lines = "".join(
        _line(number, str(pk), there, boxes)
        for number, (pk, there, boxes) in enumerate(form.boxes, start=1)
    )
    return _safe(f'<ol class="maca-chrono" data-maca-chronology>{lines}</ol>')


def _line(number: int, pk: str, there: bool, boxes: list[BoundField]) -> str:
    of = f'<span class="govuk-visually-hidden">, line {number}</span>'
    began, ended, words = boxes
    drawn = "".join(
        render_field(box, {"label": _safe(f"{box.label}{of}")}) for box in (began, ended)
    )
    label = (
        f'<label class="govuk-label govuk-label--s" for="{words.auto_id}">{words.label}{of}</label>'
    )
    remove = (
        f'<button class="maca-tool maca-tool--danger" name="do" value="entry:remove:{pk}">Remove'
        f'<span class="govuk-visually-hidden"> line {number} of the chronology</span></button>'
    )
    return (
        f'<li class="maca-chrono__line" id="entry-{pk}" data-maca-entry="{pk}" tabindex="-1"'
        f"{'' if there else ' data-maca-new'}>{drawn}"
        f'<div class="govuk-form-group maca-field maca-chrono__words">{label}'
        f"{text_area(words, rows=1)}</div>"
        f'<div class="maca-tools">{remove if there else ""}</div></li>'
    )


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every word in it was escaped where it was put in
