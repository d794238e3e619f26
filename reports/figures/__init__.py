"""Every number that is reported is computed here, by the counting rules, and nowhere else."""

from reports.figures.counts import AuditCounts, Count
from reports.figures.values import FigureValue, figure_values
from reports.figures.wording import Part, printed_parts

__all__ = [
    "AuditCounts",
    "Count",
    "FigureValue",
    "Part",
    "figure_values",
    "printed_parts",
]
