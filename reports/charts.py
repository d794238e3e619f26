"""Charts as inline SVG for a page and for print: plain data in, escaped markup out.

Only presentation attributes are used, since the content security policy allows no inline
style and WeasyPrint reads no page style inside an SVG. Every chart stands beside a table of the same
numbers; counts are written on the bars so that colour never carries meaning alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 640
NAME_WIDTH = 168
END_WIDTH = 92
ROW = 30
BAR = 20
LEGEND = 30
FONT = 12.5
# Mean advance of the typeface in ems, for deciding what fits; generous on purpose.
ADVANCE = 0.54
INK = "#1c2830"
MUTED = "#55636b"
TRACK = "#e4eaeb"

# Each keeps 3:1 against white; neighbours differ in lightness as well as in hue.
GRADES = ("#0c3b47", "#3c8089", "#bd7d14", "#94301d", "#5c5470", "#7d868c")
ANSWERS = ("#11505f", "#5a969d", "#b0521e", "#7d868c", "#a39a86", "#4f4a63")
KINDS = ("#11505f", "#bd7d14", "#7a4a6b", "#5a969d")


@dataclass(frozen=True)
class Bar:
    """One row of a chart: counts in the order of the chart's series."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Share:
    """One row of "48 of 56"."""

    name: str
    part: int
    whole: int


def stacked_bars(
    *,
    title: str,
    series: Sequence[str],
    bars: Sequence[Bar],
    unit: str,
    palette: Sequence[str] = ANSWERS,
) -> SafeString:
    """Rows of counts on one common scale, each part labelled and the total at the end."""
    top = max((sum(bar.counts) for bar in bars), default=0)
    rows = [
        _stacked_row(bar, series, palette, top, LEGEND + index * ROW)
        for index, bar in enumerate(bars)
    ]
    description = "; ".join(
        f"{bar.name}: "
        + ", ".join(f"{count} {name}" for name, count in zip(series, bar.counts, strict=True))
        for bar in bars
    )
    return _svg(title, f"{unit}. {description}", len(bars), [_legend(series, palette), *rows])


def share_bars(
    *, title: str, shares: Sequence[Share], unit: str, colour: str = ANSWERS[0]
) -> SafeString:
    """Rows of a part of a whole ("48 of 56"), every bar drawn against its own denominator."""
    rows = [
        _share_row(share, colour, LEGEND // 4 + index * ROW) for index, share in enumerate(shares)
    ]
    description = "; ".join(f"{row.name}: {row.part} of {row.whole}" for row in shares)
    return _svg(title, f"{unit}. {description}", len(shares), rows, legend=LEGEND // 4)


def _svg(
    title: str, description: str, rows: int, parts: list[SafeString], legend: int = LEGEND
) -> SafeString:
    height = legend + rows * ROW
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" width="{}" height="{}"'
        ' viewBox="0 0 {} {}" font-family="Source Sans 3, Arial, sans-serif" font-size="{}">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        *(WIDTH, height, WIDTH, height, FONT, title, description),
        mark_safe("".join(parts)),  # noqa: S308 - each part was escaped when it was made
    )


def _stacked_row(
    bar: Bar, series: Sequence[str], palette: Sequence[str], top: int, y: int
) -> SafeString:
    scale = _bar_width() / top if top else 0
    starts = [0, *accumulate(bar.counts)]
    segments = [
        _segment(NAME_WIDTH + starts[i] * scale, y, count * scale, f"{count}", name, palette[i])
        for i, (name, count) in enumerate(zip(series, bar.counts, strict=True))
        if count
    ]
    end = NAME_WIDTH + starts[-1] * scale + 8
    total = _text(end, y + 14, str(starts[-1]), weight=600)
    return mark_safe("".join([_name(bar.name, y), *segments, total]))  # noqa: S308


def _segment(x: float, y: int, width: float, count: str, name: str, fill: str) -> SafeString:
    """A part of a bar, labelled with as much as fits into it: "12 yes", "12" or nothing."""
    # The gap keeps neighbours apart for eyes that do not tell their colours apart.
    box = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        *(_px(x), y, _px(max(width - 1.5, 1)), BAR, fill),
    )
    label = next((t for t in (f"{count} {name.lower()}", count) if _length(t) + 10 <= width), "")
    if not label:
        return box
    return box + _text(x + 6, y + 14, label, fill=_readable_on(fill))


def _share_row(share: Share, colour: str, y: int) -> SafeString:
    full = _bar_width()
    width = full * share.part / share.whole if share.whole else 0
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        [(NAME_WIDTH, y, full, BAR, TRACK), (NAME_WIDTH, y, _px(width), BAR, colour)],
    )
    label = f"{share.part} of {share.whole}" if share.whole else "none"
    return _name(share.name, y) + bars + _text(NAME_WIDTH + full + 10, y + 14, label, weight=600)


def _legend(series: Sequence[str], palette: Sequence[str]) -> SafeString:
    x = float(NAME_WIDTH)
    parts: list[SafeString] = []
    for name, fill in zip(series, palette, strict=False):
        parts.append(
            format_html(
                '<rect x="{}" y="5" width="10" height="10" fill="{}"/>{}',
                *(_px(x), fill, _text(x + 15, 14, name, fill=MUTED)),
            )
        )
        x += _length(name) + 32
    return mark_safe("".join(parts))  # noqa: S308


def _name(name: str, y: int) -> SafeString:
    room = int((NAME_WIDTH - 14) / (FONT * ADVANCE))
    return _text(0, y + 14, name if len(name) <= room else name[: room - 1].rstrip() + "…")


def _text(x: float, y: float, words: str, *, fill: str = INK, weight: int = 400) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" fill="{}" font-weight="{}">{}</text>', _px(x), y, fill, weight, words
    )


def _px(value: float) -> str:
    return f"{value:.1f}"


def _bar_width() -> int:
    return WIDTH - NAME_WIDTH - END_WIDTH


def _length(words: str) -> float:
    return len(words) * FONT * ADVANCE


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _readable_on(fill: str) -> str:
    return max(("#ffffff", "#10181c"), key=lambda ink: contrast(ink, fill))
