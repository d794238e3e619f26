from datetime import date, datetime, time, timedelta

import django_filters as filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from agencies.forms import fields
from agencies.models import Activity, ActivityKind, Agency, User


class DateFilter(filters.DateFilter):
    field_class = fields.DateField


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


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
