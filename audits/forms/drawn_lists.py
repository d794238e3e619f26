"""Points and lines of a chronology, joined in Python: see `drawing.py` for why.

Every word that a person wrote passes `escape` where it is put in.
"""

from dataclasses import dataclass
from functools import cache
from html import escape
from uuid import UUID

from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from agencies.forms import drawing as fields
from audits.forms.chronology import PARTS, ChronologyForm
from audits.forms.points import KIND_HEADINGS, PointsBlock
from audits.models import EngagementEntry, PointKind
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
        f"</button></div></div>{_keys(block.kind) + _pattern(block, kinds) if moves else ''}</div>"
    )


def _point(
    number: int, item: ListedPoint, box: BoundField | None, block: PointsBlock, kinds: list[str]
) -> str:
    heading = escape(block.heading)
    words = _point_box(number, box, heading) if box else _written_above(item)
    tools = _point_tools(_Tools(number, str(item.point.pk), block.kind, heading, item), kinds)
    return (
        f'<li class="maca-pointbox__point{wrong(box)}" data-maca-point="{item.point.pk}">'
        f"{GRIP if kinds else ''}{words}{tools}</li>"
    )


GRIP = '<span class="maca-grip" data-maca-grip draggable="true" aria-hidden="true">•</span>'


def _keys(kind: str) -> str:
    """Shown while one writes points, and said by screen readers."""
    return (
        f'<p class="maca-pointbox__keys" id="keys-{kind}" hidden><kbd>Enter</kbd> the next point,'
        " <kbd>Backspace</kbd> at the beginning joins it to the one before,"
        " <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> moves it, on into the next list too</p>"
    )


def _pattern(block: PointsBlock, kinds: list[str]) -> str:
    """What a script makes new points of: the id in it gives way to the point's own."""
    pk, heading = str(UUID(int=PointKind.values.index(block.kind))), escape(block.heading)
    return (
        f'<template data-maca-id="{pk}"><li class="maca-pointbox__point" data-maca-point="{pk}">'
        f'{GRIP}<label class="govuk-visually-hidden" for="id_point_{pk}">{heading}, point 1</label>'
        f'<textarea class="govuk-textarea maca-pointbox__text" name="point_{pk}"'
        f' id="id_point_{pk}" rows="1" data-maca-grow placeholder=" "'
        f' aria-describedby="keys-{block.kind}"></textarea>'
        f'<input type="hidden" name="kind_{pk}" value="{block.kind}">'
        f'<input type="hidden" name="after_{pk}" value="">'
        f"{_point_tools(_Tools(1, pk, block.kind, heading), kinds)}</li></template>"
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


@dataclass(frozen=True)
class _Tools:
    """Which point the tools are for; `item` is None for one that is not there yet."""

    number: int
    pk: str
    kind: str
    heading: str
    item: ListedPoint | None = None

    @property
    def target(self) -> str:
        return f"{self.pk}:{self.kind}"

    @property
    def which(self) -> str:
        words = f"point {self.number}: {self.heading}"
        return f'<span class="govuk-visually-hidden"> {words}</span>'

    @property
    def themes(self) -> str:
        return f" ({self.item.themes})" if self.item is not None and self.item.themes else ""

    def disabled(self, end: str) -> str:
        return " disabled" if self.item is not None and getattr(self.item, end) else ""


def _point_tools(of: _Tools, kinds: list[str]) -> str:
    """Each button says `do=…` to the view, which saves the page first."""
    return (
        '<div class="maca-tools">'
        f'<button class="maca-tool" name="do" value="up:{of.target}" aria-label="Move point'
        f' {of.number} up: {of.heading}"{of.disabled("first")}>↑</button>'
        f'<button class="maca-tool" name="do" value="down:{of.target}" aria-label="Move point'
        f' {of.number} down: {of.heading}"{of.disabled("last")}>↓</button>'
        f'<button class="maca-tool" name="do" value="point:{of.target}">Themes{of.themes}'
        f'<span class="govuk-visually-hidden"> of point {of.number}: {of.heading}</span></button>'
        f"{_more(of, kinds) if kinds else _remove(of)}</div>"
    )


def _remove(of: _Tools) -> str:
    return (
        f'<button class="maca-tool maca-tool--danger" name="do" value="remove:{of.target}">'
        f"Remove{of.which}</button>"
    )


def _more(of: _Tools, kinds: list[str]) -> str:
    buttons = "".join(
        f'<button class="maca-tool" name="do" value="list:{of.target}:{to}">To: '
        f"{escape(KIND_HEADINGS[PointKind(to)])}{of.which}</button>"
        for to in kinds
    )
    return (
        f'<details class="maca-more"><summary class="maca-tool">More{of.which}</summary>'
        f'<div class="maca-more__list">{buttons}'
        f'<button class="maca-tool" name="do" value="split:{of.target}" data-maca-split>Split at'
        f" line breaks{of.which}</button>{_remove(of)}</div></details>"
    )


def chronology(form: ChronologyForm) -> SafeString:
    """Each line with its dates, its words and a way out; and what new ones are made of."""
    lines = "".join(
        _line(number, str(pk), boxes, there=there)
        for number, (pk, there, boxes) in enumerate(form.boxes, start=1)
    )
    return _safe(
        f'<ol class="maca-chrono" data-maca-chronology>{lines}</ol>{_line_pattern()}'
        '<button class="govuk-button govuk-button--secondary" type="button" data-maca-add-line'
        " hidden>Add a line</button>"
    )


def _line(number: int, pk: str, boxes: list[BoundField], *, there: bool) -> str:
    return (
        f'<li class="maca-chrono__line" id="entry-{pk}" data-maca-entry="{pk}" tabindex="-1"'
        f"{'' if there else ' data-maca-new'}>"
        f"{''.join(_part(box, number) for box in boxes)}"
        f'<div class="maca-tools">{_remove_line(number, pk) if there else ""}</div></li>'
    )


def _part(box: BoundField, number: int) -> str:
    """A date or the words of a line. Dates are the browser's own picker."""
    name = box.html_name.rpartition("_")[2]
    error = f"{box.auto_id}_error"
    said = fields.errors(error, box.errors)
    described = f' aria-invalid="true" aria-describedby="{error}"' if box.errors else ""
    if name == "words":
        control = text_area(box, rows=1, attributes=described)
    else:
        value = box.value()
        control = (
            f'<input class="govuk-input" type="date" name="{box.html_name}" id="{box.auto_id}"'
            f' value="{escape(str(value or ""))}"{described}>'
        )
    return (
        f'<div class="govuk-form-group maca-field maca-chrono__{name}{wrong(box)}">'
        f'<label class="govuk-label maca-evidence__label" for="{box.auto_id}">{box.label}'
        f'<span class="govuk-visually-hidden">, line {number}</span></label>{said}{control}</div>'
    )


def _remove_line(number: int, pk: str) -> str:
    return (
        f'<button class="maca-tool maca-tool--danger" name="do" value="entry:remove:{pk}">Remove'
        f'<span class="govuk-visually-hidden"> line {number} of the chronology</span></button>'
    )


@cache
def _line_pattern() -> str:
    pk = UUID(int=9)
    blank = ChronologyForm(entries=[EngagementEntry(id=pk)])
    drawn = "".join(_part(blank[f"entry_{pk}_{part}"], 1) for part in PARTS)
    return (
        f'<template data-maca-line data-maca-id="{pk}"><li class="maca-chrono__line"'
        f' id="entry-{pk}" data-maca-entry="{pk}" tabindex="-1" data-maca-new>{drawn}'
        f'<div class="maca-tools">{_remove_line(1, str(pk))}</div></li></template>'
    )


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every word in it was escaped where it was put in
