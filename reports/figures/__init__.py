"""Every number that is reported is computed here, by the counting rules, and nowhere else."""

from reports.figures.counts import AuditCounts, Count
from reports.figures.printed import PrintedCounts
from reports.figures.small_numbers import EVERYTHING, SmallNumbers
from reports.figures.values import FigureValue, WithheldCount, figure_values, printed_values
from reports.figures.wording import Part, printed_parts

__all__ = [
    "EVERYTHING",
    "AuditCounts",
    "Count",
    "FigureValue",
    "Part",
    "PrintedCounts",
    "SmallNumbers",
    "WithheldCount",
    "figure_values",
    "printed_parts",
    "printed_values",
]
