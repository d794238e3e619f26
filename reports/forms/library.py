from typing import Any

import django_filters
from django.db.models import QuerySet

from audits.models import Theme
from reports.models import Document

NO_YEAR = "Enter a year in four digits, such as 2025"


class DocumentFilter(django_filters.FilterSet):
    """Published documents by theme, kind and year of publication."""

    theme = django_filters.ModelChoiceFilter(
        field_name="audit__theme", queryset=Theme.objects.none(), empty_label="All themes"
    )
    kind = django_filters.ChoiceFilter(choices=Document.Kind, empty_label="Both kinds")
    year = django_filters.NumberFilter(
        field_name="published_at",
        lookup_expr="year",
        label="Year",
        min_value=1900,
        max_value=9998,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NO_YEAR),
    )
    words = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", label="Words in the title"
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def __init__(self, *args: Any, themes: QuerySet[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["theme"].queryset = themes
        self.form.hide_optional = True
