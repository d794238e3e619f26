"""The figures of an audit as specifications; `reports` computes those that are counted."""

from dataclasses import dataclass

from django.db.models import Count

from audits.models import Audit, Figure
from audits.reading.findings import figure_words


@dataclass(frozen=True)
class FigureLine:
    figure: Figure
    words: str
    used: int

    @property
    def hint(self) -> str:
        """What to write in a finding's text for it."""
        return "{figure:" + self.figure.code + "}"


def figures_of(audit: Audit) -> list[FigureLine]:
    figures = audit.figures.select_related("agency", "question").annotate(used=Count("findings"))
    return [FigureLine(figure, figure_words(figure), figure.used) for figure in figures]
