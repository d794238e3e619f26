from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from agencies.forms import fields
from agencies.models import Activity, ActivityKind, Agency, User


class DateFilter(filters.DateFilter):
    field_class = fields.DateField


class PeriodForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and since > until:
            self.add_error("until", "“Until” is before “From”. Change one of the two days.")
        return said


class ActivityFilter(filters.FilterSet):
    """Who, what, about whose part, and between which days; the choices are what there is."""

    by = filters.ModelChoiceFilter(
        label="Person", queryset=User.objects.none(), empty_label="Everybody"
    )
    kind = filters.ChoiceFilter(
        label="Kind", choices=ActivityKind.choices, empty_label="Every kind"
    )
    verb = filters.ChoiceFilter(label="What they did", choices=(), empty_label="Anything")
    agency = filters.ModelChoiceFilter(
        label="About the part of",
        queryset=Agency.objects.none(),
        empty_label="Any agency",
        method="about_agency",
    )
    since = DateFilter(label="From", method="from_day")
    until = DateFilter(label="Until", method="until_day")

    class Meta:
        model = Activity
        fields: list[str] = []
        form = PeriodForm

    def __init__(self, data: QueryDict, queryset: QuerySet[Activity]) -> None:
        super().__init__(data, queryset)
        there = queryset.order_by()
        self.filters["by"].queryset = User.objects.filter(pk__in=there.values("by"))
        self.filters["agency"].queryset = Agency.objects.filter(pk__in=there.values("agency_id"))
        verbs = there.order_by("verb").values_list("verb", flat=True).distinct()
        self.filters["verb"].extra["choices"] = [
            (verb, verb[:1].upper() + verb[1:]) for verb in verbs
        ]
        self.form.hide_optional = True

    @property
    def in_words(self) -> list[str]:
        """What is chosen, for a page on paper: its fields are not printed."""
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        labels = dict(self.filters["kind"].extra["choices"])
        return [
            f"{self.form.fields[name].label}: {_in_words(labels.get(value, value))}"
            for name, value in chosen.items()
            if value
        ]

    def about_agency(
        self, rows: QuerySet[Activity], _name: str, agency: Agency
    ) -> QuerySet[Activity]:
        return rows.filter(agency_id=agency.pk)

    def from_day(self, rows: QuerySet[Activity], _name: str, day: date) -> QuerySet[Activity]:
        return rows.filter(at__gte=_midnight(day))

    def until_day(self, rows: QuerySet[Activity], _name: str, day: date) -> QuerySet[Activity]:
        if day == date.max:
            return rows
        return rows.filter(at__lt=_midnight(day + timedelta(days=1)))


def _in_words(value: object) -> str:
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
