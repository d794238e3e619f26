from datetime import date, datetime, time, timedelta

import django_filters as filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from agencies.forms import fields
from agencies.models import Activity, Partnership, User


class DateFilter(filters.DateFilter):
    field_class = fields.DateField


class ActivityFilter(filters.FilterSet):
    """Who, what, and between which days; the choices are what the partnership's activity holds."""

    by = filters.ModelChoiceFilter(
        label="Person", queryset=User.objects.none(), empty_label="Everybody"
    )
    verb = filters.ChoiceFilter(label="What they did", choices=(), empty_label="Anything")
    since = DateFilter(label="From", method="from_day")
    until = DateFilter(label="Until", method="until_day")

    class Meta:
        model = Activity
        fields: list[str] = []

    def __init__(
        self, data: QueryDict, queryset: QuerySet[Activity], *, partnership: Partnership
    ) -> None:
        super().__init__(data, queryset)
        everybody = Activity.objects.filter(partnership=partnership)
        doers = everybody.order_by().values("by")
        self.filters["by"].queryset = User.objects.filter(pk__in=doers)
        verbs = queryset.order_by("verb").values_list("verb", flat=True).distinct()
        self.filters["verb"].extra["choices"] = [
            (verb, verb[:1].upper() + verb[1:]) for verb in verbs
        ]
        self.form.hide_optional = True

    def from_day(self, rows: QuerySet[Activity], _name: str, day: date) -> QuerySet[Activity]:
        return rows.filter(at__gte=_midnight(day))

    def until_day(self, rows: QuerySet[Activity], _name: str, day: date) -> QuerySet[Activity]:
        if day == date.max:
            return rows
        return rows.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
