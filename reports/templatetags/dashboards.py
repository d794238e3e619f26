"""What the dashboards need besides the charts of the printed documents."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import charts
from reports.documents import content
from reports.reading.overview import MetGood
from reports.templatetags.printing import bars

register = template.Library()


@register.filter
def question_title(question: content.QuestionAnswers) -> str:
    return f"Question {question.number}"


@register.filter
def grades_chart(grades: content.Grades) -> SafeString:
    return charts.stacked_bars(
        title="Agencies’ own grades, by agency",
        unit="Cases graded",
        series=grades.scale,
        bars=bars(grades.tallies),
        palette=charts.GRADES,
    )


@register.filter
def audits_chart(met_good: list[MetGood]) -> SafeString:
    return charts.share_bars(
        title="Cases that met good, by audit",
        unit="Case returns graded good or better, of those graded",
        shares=[charts.Share(row.audit.title, row.good, row.graded) for row in met_good],
    )


@register.filter
def tally_rows(tallies: Iterable[content.Tally]) -> SafeString:
    """Rows of a table of counts, joined here: a template's loops cost many times as much."""
    return _safe(
        f'<tr><th scope="row">{escape(tally.name)}</th>{number_cells((*counts, sum(counts)))}</tr>'
        for tally in tallies
        if (counts := tally.printed) is not None
    )


@register.filter
def number_cells(counts: Iterable[int]) -> SafeString:
    return _safe(f'<td class="maca-table__number">{count:d}</td>' for count in counts)


@register.filter
def number_heads(names: Iterable[str]) -> SafeString:
    return _safe(
        f'<th scope="col" class="maca-table__number">{escape(name)}</th>' for name in names
    )


def _safe(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - words are escaped, the rest are numbers
