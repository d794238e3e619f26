"""Every number that is reported is computed here, by the counting rules, and nowhere else."""

from reports.figures.counts import AuditCounts, Count
from reports.figures.values import FigureValue, figure_values
from reports.figures.wording import fill_in, with_figures

__all__ = [
    "AuditCounts",
    "Count",
    "FigureValue",
    "figure_values",
    "fill_in",
    "with_figures",
]
