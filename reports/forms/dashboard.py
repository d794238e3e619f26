from typing import Any

import django_filters

from agencies.models import Agency, Partnership
from audits.forms.audit_filter import AuditFilter


class DashboardFilter(AuditFilter):
    """Theme, year, stage, kind and the agency asked; everything stands in the address."""

    agency = django_filters.ModelChoiceFilter(
        field_name="agencies_asked", queryset=Agency.objects.none(), empty_label="All"
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        self.filters["agency"].queryset = Agency.objects.filter(partnership=partnership)
        self.form.hide_optional = True
