"""How the workbook looks: the colours of the screen, white where somebody is to write."""

from typing import Any

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

INK = "14282C"
BRAND = "0F3A40"
TEAL = "0B5D66"
ACCENT = "B84A1F"
AMBER = "F2B03D"
PAPER = "FAF7F1"
HAIRLINE = "DFD7C9"
QUIET = "5B6B6E"
FADED = "A9A294"
FACE = "Calibri"

DAY = "d mmm yyyy"
TEXT = "@"


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


def _style(name: str, **parts: Any) -> NamedStyle:
    alignment = parts.pop("alignment", {})
    style = NamedStyle(name=f"MACA {name}")
    style.font = Font(name=FACE, **{"size": 11, "color": INK, **parts.pop("font", {})})
    style.fill = _fill(parts.pop("fill", PAPER))
    style.alignment = Alignment(**{"vertical": "top", "wrap_text": True, **alignment})
    style.border = parts.pop("border", Border())
    style.protection = Protection(locked=parts.pop("locked", True))
    style.number_format = parts.pop("number_format", "General")
    return style


def _box() -> Border:
    side = Side(style="thin", color=FADED)
    return Border(left=side, right=side, top=side, bottom=side)


def _rule() -> Border:
    return Border(bottom=Side(style="thin", color=HAIRLINE))


def named_styles() -> dict[str, NamedStyle]:
    """New ones for each workbook, which takes them over."""
    white = {"fill": "FFFFFF", "border": _box(), "locked": False}
    one_line = {"wrap_text": False, "vertical": "center"}
    styles = [
        _style(
            "title",
            font={"size": 18, "bold": True, "color": "FFFFFF"},
            fill=BRAND,
            alignment=one_line,
        ),
        _style(
            "state",
            font={"color": "FFFFFF"},
            fill=BRAND,
            alignment={**one_line, "horizontal": "right"},
        ),
        _style("whose", font={"color": "FFFFFF"}, fill=BRAND, alignment=one_line),
        _style("advice", font={"color": INK}, fill=AMBER, alignment=one_line),
        _style(
            "head",
            font={"bold": True, "color": TEAL, "size": 10},
            border=_rule(),
            alignment=one_line,
        ),
        _style(
            "section",
            font={"bold": True, "size": 13, "color": BRAND},
            fill="E7E0D3",
            alignment=one_line,
        ),
        _style("number", font={"bold": True, "color": TEAL}, alignment={"horizontal": "center"}),
        _style("words", border=_rule()),
        _style("quiet", font={"color": QUIET, "size": 10}, border=_rule()),
        _style("bold", font={"bold": True}, border=_rule()),
        _style("write", number_format=TEXT, **white),
        _style("choose", number_format="General", alignment={"horizontal": "left"}, **white),
        _style("day", number_format=DAY, alignment={"horizontal": "left"}, **white),
        _style("count", number_format="General", alignment={"horizontal": "left"}, **white),
    ]
    return {style.name.removeprefix("MACA "): style for style in styles}
