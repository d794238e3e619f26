"""Charts as inline SVG for a page and for print: plain data in, escaped markup out.

Only presentation attributes are used, since the content security policy allows no inline
style and WeasyPrint reads no page style inside an SVG. Every chart stands beside a table of
the same numbers; counts are written on the bars so that colour never carries meaning alone.

Parts are plain strings in which every word is escaped already: `format_html` for each of the
hundreds of bars on a page would take most of the page's time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import accumulate

from django.utils.safestring import SafeString, mark_safe

WIDTH = 640
END_WIDTH = 92
ROW = 27
BAR = 19
LEGEND_LINE = 20
FONT = 12.5
# Mean advance of the typeface in ems, for deciding what fits; generous on purpose.
ADVANCE = 0.5
# A scale is at least so long: a bar of 1 must not look like all there is.
LEAST_TOP = 6
CELL_WIDTH = 200
CELL_HEIGHT = 11
INK = "#14282c"
MUTED = "#4d5a5b"
TRACK = "#ebe6dc"

# Each keeps 3:1 against white; neighbours differ in lightness as well as in hue.
GRADES = ("#0f3a40", "#3d8189", "#bd7d14", "#93230f", "#5c5470", "#7d868c")
ANSWERS = ("#0b5d66", "#5a969d", "#b84a1f", "#7d868c", "#958b78", "#4f4a63")
KINDS = ("#0b5d66", "#bd7d14", "#7a4a6b", "#5a969d")


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
    frame = Frame.holding([bar.name for bar in bars])
    top = max((sum(bar.counts) for bar in bars), default=0)
    scale = frame.bar_width / max(top, LEAST_TOP)
    keys = [Key.of(name, palette[index % len(palette)]) for index, name in enumerate(series)]
    legend, head = _legend(keys)
    rows = [
        _stacked_row(bar, keys, scale, frame, head + index * ROW) for index, bar in enumerate(bars)
    ]
    description = "; ".join(
        f"{bar.name}: "
        + ", ".join(f"{count} {name}" for name, count in zip(series, bar.counts, strict=True))
        for bar in bars
    )
    return _svg(title, f"{unit}. {description}", head + len(bars) * ROW, [legend, *rows])


def share_bars(
    *, title: str, shares: Sequence[Share], unit: str, colour: str = ANSWERS[0]
) -> SafeString:
    """Rows of a part of a whole ("48 of 56"), every bar drawn against its own denominator."""
    frame = Frame.holding([share.name for share in shares])
    rows = [_share_row(share, colour, frame, index * ROW) for index, share in enumerate(shares)]
    description = "; ".join(f"{row.name}: {row.part} of {row.whole}" for row in shares)
    return _svg(title, f"{unit}. {description}", len(shares) * ROW, rows)


def cell_bar(*, title: str, counts: Sequence[int], top: int, palette: Sequence[str]) -> SafeString:
    """A bar for a table's cell, beside the counts it is made of; full width stands for `top`."""
    scale = CELL_WIDTH / top if top else 0.0
    ends = list(accumulate((count * scale for count in counts), initial=0.0))
    parts = [
        _rect(ends[index], 0, max(count * scale - 1, 0.5), CELL_HEIGHT, palette[index])
        for index, count in enumerate(counts)
        if count
    ]
    return _safe(
        '<svg class="cell-bar" xmlns="http://www.w3.org/2000/svg" role="img"'
        f' width="{CELL_WIDTH}" height="{CELL_HEIGHT}" viewBox="0 0 {CELL_WIDTH} {CELL_HEIGHT}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class Key:
    """One series: its name, as the legend and as a bar's label write it, and its colours."""

    name: str
    label: str
    letters: int
    fill: str
    ink: str

    @classmethod
    def of(cls, name: str, fill: str) -> "Key":
        return cls(name, escape(name.lower()), len(name), fill, _readable_on(fill))


@dataclass(frozen=True)
class Frame:
    """Where the bars begin: as far right as the longest name needs, within reason."""

    left: float

    @classmethod
    def holding(cls, names: Sequence[str]) -> "Frame":
        longest = max((_length(name) for name in names), default=0.0)
        return cls(min(max(longest + 14, 90.0), 230.0))

    @property
    def bar_width(self) -> float:
        return WIDTH - self.left - END_WIDTH

    def name(self, words: str, y: int) -> str:
        room = int((self.left - 14) / (FONT * ADVANCE))
        short = words if len(words) <= room + 1 else words[:room].rstrip() + "…"
        return _text(0, y + 14, short)


def _svg(title: str, description: str, height: int, parts: list[str]) -> SafeString:
    return _safe(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img"'
        f' width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' font-family="Source Sans 3, Arial, sans-serif" font-size="{FONT}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def _stacked_row(bar: Bar, keys: Sequence[Key], scale: float, frame: Frame, y: int) -> str:
    x = frame.left
    parts = [frame.name(bar.name, y)]
    for count, key in zip(bar.counts, keys, strict=True):
        if count:
            parts.append(_segment(x, y, count * scale, count, key))
            x += count * scale
    parts.append(_text(x + 8, y + 14, str(sum(bar.counts)), weight=600))
    return "".join(parts)


def _segment(x: float, y: int, width: float, count: int, key: Key) -> str:
    """A part of a bar, labelled with as much as fits into it: "12 yes", "12" or nothing.

    Written out where `_rect` and `_text` would do: a dashboard has hundreds of them.
    """
    # The gap keeps neighbours apart for eyes that do not tell their colours apart.
    gapped = width - 1.5 if width > 2.5 else 1.0
    box = f'<rect x="{x:.1f}" y="{y}" width="{gapped:.1f}" height="{BAR}" fill="{key.fill}"/>'
    room = (width - 9) / (FONT * ADVANCE)
    digits = len(str(count))
    if digits > room:
        return box
    label = f"{count} {key.label}" if digits + 1 + key.letters <= room else f"{count}"
    start = f'<text x="{x + 6:.1f}" y="{y + 14}" fill="{key.ink}" font-weight="400">'
    return f"{box}{start}{label}</text>"


def _share_row(share: Share, colour: str, frame: Frame, y: int) -> str:
    full = frame.bar_width
    done = full * share.part / share.whole if share.whole else 0
    label = f"{share.part} of {share.whole}" if share.whole else "none graded"
    parts = [frame.name(share.name, y), _rect(frame.left, y, full, BAR, TRACK)]
    if done:
        parts.append(_rect(frame.left, y, done, BAR, colour))
    return "".join([*parts, _text(frame.left + full + 10, y + 14, label, weight=600)])


def _legend(keys: Sequence[Key]) -> tuple[str, int]:
    """The keys, on as many lines as they need, and the height they take."""
    x, y = 0.0, 0
    parts: list[str] = []
    for key in keys:
        needed = _length(key.name) + 15
        if x and x + needed > WIDTH:
            x, y = 0.0, y + LEGEND_LINE
        parts += [_rect(x, y + 3, 10, 10, key.fill), _text(x + 15, y + 12, key.name, fill=MUTED)]
        x += needed + 16
    return "".join(parts), y + LEGEND_LINE + 8


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every word in it was escaped where it was put in


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{_px(x)}" y="{y}" width="{_px(width)}" height="{height}" fill="{fill}"/>'


def _text(x: float, y: float, words: str, *, fill: str = INK, weight: int = 400) -> str:
    return f'<text x="{_px(x)}" y="{y}" fill="{fill}" font-weight="{weight}">{escape(words)}</text>'


def _px(value: float) -> str:
    return f"{value:.1f}"


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


@cache
def _readable_on(fill: str) -> str:
    return max(("#ffffff", "#10181c"), key=lambda ink: contrast(ink, fill))
