from typing import Any

import django_filters
from django.http import HttpRequest

from agencies.models import Partnership
from audits.models import Audit, Stage, Theme
from audits.models.audit import AuditQuerySet


class AuditFilter(django_filters.FilterSet):
    """Which audits a list shows; everything stands in the address."""

    theme = django_filters.ModelChoiceFilter(queryset=Theme.objects.none(), empty_label="All")
    year = django_filters.ChoiceFilter(label="Year", empty_label="All", method="by_year")
    stage = django_filters.ChoiceFilter(choices=Stage.choices, empty_label="All")
    kind = django_filters.ChoiceFilter(choices=Audit.Kind.choices, empty_label="All")

    class Meta:
        model = Audit
        fields: list[str] = []

    def __init__(
        self,
        data: Any,
        queryset: AuditQuerySet,
        *,
        partnership: Partnership,
        request: HttpRequest,
    ) -> None:
        super().__init__(data, queryset, request=request)
        self.filters["theme"].queryset = Theme.objects.filter(partnership=partnership)
        self.filters["year"].extra["choices"] = [(year, year) for year in queryset.years()]

    def by_year(self, audits: AuditQuerySet, _name: str, year: str) -> AuditQuerySet:
        return audits.of_year(int(year))
