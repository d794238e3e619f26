"""What the templates of printed documents need besides the content itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.safestring import SafeString

from reports import charts
from reports.documents import content

register = template.Library()
LONG_WORD = re.compile(r"\S{40}(?=\S)")
BREAK_HERE = "\u200b"
register.filter("letter", content.letter)
register.filter("long_date", content.long_date)


@register.filter
def tidy(text: str) -> str:
    """Text that may follow a list marker, which makes WeasyPrint awkward in two ways.

    A space at the end makes it break a full line after its first word, and a word longer than
    the line runs off the page unless it is told where to break.
    """
    return LONG_WORD.sub(rf"\g<0>{BREAK_HERE}", " ".join(text.split()))


@register.filter
def filled(groups: tuple[content.Group, ...]) -> list[content.Group]:
    """Groups with something in them: no line is printed for an empty case."""
    return [group for group in groups if group.items]


@register.filter
def met_good_chart(grades: content.Grades) -> SafeString:
    return charts.share_bars(
        title="Cases that met good, by agency",
        unit="Cases graded good or better, of the cases each agency graded",
        shares=[
            charts.Share(tally.name, sum(tally.counts[: grades.good_levels]), tally.total)
            for tally in grades.tallies
        ],
    )


@register.filter
def answers_chart(question: content.QuestionAnswers) -> SafeString:
    return charts.stacked_bars(
        title=f"Answers to question {question.number}, by agency",
        unit="Cases audited",
        series=question.answers,
        bars=bars(question.tallies),
    )


@dataclass(frozen=True)
class BarRow:
    """A row of a table that carries its own bar."""

    tally: content.Tally
    bar: SafeString


@register.filter
def answer_rows(question: content.QuestionAnswers) -> list[BarRow]:
    return _bar_rows(question.tallies, question.answers, charts.ANSWERS)


@register.filter
def grade_rows(grades: content.Grades) -> list[BarRow]:
    return _bar_rows(grades.tallies, grades.scale, charts.GRADES)


def _bar_rows(
    tallies: tuple[content.Tally, ...], series: tuple[str, ...], palette: Sequence[str]
) -> list[BarRow]:
    top = max((tally.total for tally in tallies), default=0)
    return [
        BarRow(
            tally,
            charts.cell_bar(
                title=f"{tally.name}: "
                + ", ".join(
                    f"{count} {name.lower()}"
                    for count, name in zip(tally.counts, series, strict=True)
                ),
                counts=tally.counts,
                top=top,
                palette=[palette[index % len(palette)] for index in range(len(series))],
            ),
        )
        for tally in tallies
    ]


@register.filter
def themes_chart(points: content.ThemePoints) -> SafeString:
    return charts.stacked_bars(
        title="Points by learning theme",
        unit="Points agreed at the meeting",
        series=points.kinds,
        bars=bars(points.tallies),
        palette=charts.KINDS,
    )


@register.filter
def met_good(tally: content.Tally, grades: content.Grades) -> str:
    return f"{sum(tally.counts[: grades.good_levels])} of {tally.total}"


def bars(tallies: tuple[content.Tally, ...]) -> list[charts.Bar]:
    return [charts.Bar(tally.name, tally.counts) for tally in tallies]
