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
            charts.Share(tally.name, good, total)
            for tally in grades.tallies
            if (good := grades.met_good(tally)) is not None and (total := tally.total) is not None
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
    top = max((tally.total or 0 for tally in question.tallies), default=0)
    palette = [
        charts.ANSWERS[index % len(charts.ANSWERS)] for index in range(len(question.answers))
    ]
    return [BarRow(tally, _answer_bar(tally, question, top, palette)) for tally in question.tallies]


def _answer_bar(
    tally: content.Tally, question: content.QuestionAnswers, top: int, palette: Sequence[str]
) -> SafeString:
    if tally.printed is None:
        return SafeString("")
    words = ", ".join(
        f"{count} {answer.lower()}"
        for count, answer in zip(tally.printed, question.answers, strict=True)
    )
    return charts.cell_bar(
        title=f"{tally.name}: {words}", counts=tally.printed, top=top, palette=palette
    )


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
    good = grades.met_good(tally)
    return f"{shown(good)} of {shown(tally.total)}"


@register.filter
def shown(count: int | None) -> str:
    """A count in a table, or what stands for one that is withheld."""
    return content.WITHHELD if count is None else str(count)


@register.filter
def drawn(tallies: tuple[content.Tally, ...]) -> list[content.Tally]:
    """Those that a chart can draw: a bar would tell what its row withholds."""
    return [tally for tally in tallies if tally.printed is not None]


@register.filter
def graded(grades: content.Grades) -> bool:
    """Whether there is a share to draw."""
    return any(grades.met_good(tally) is not None for tally in grades.tallies)


def bars(tallies: tuple[content.Tally, ...]) -> list[charts.Bar]:
    return [charts.Bar(tally.name, tally.printed) for tally in tallies if tally.printed is not None]
