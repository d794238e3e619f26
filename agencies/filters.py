from typing import Any

import django_filters as filters
from django.http import QueryDict

from agencies.models import Agency, Partnership, User
from agencies.models.user import UserQuerySet
from agencies.roles import Role

CURRENT = "current"
STATES = [
    (CURRENT, "With an account and a role today"),
    ("waiting", "Not in yet"),
    ("gone", "No role today, deactivated or locked"),
]


class PersonFilter(filters.FilterSet):
    """Who among the people of one partnership."""

    role = filters.ChoiceFilter(
        label="Role", choices=Role.choices, method="by_role", empty_label="Any role"
    )
    agency = filters.ModelChoiceFilter(
        label="Agency",
        queryset=Agency.objects.none(),
        method="by_agency",
        empty_label="Any agency",
    )
    state = filters.ChoiceFilter(
        label="Account", choices=STATES, method="by_state", empty_label="Everybody"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(
        self, data: QueryDict, queryset: UserQuerySet, *, partnership: Partnership
    ) -> None:
        super().__init__(data, queryset)
        self.partnership = partnership
        self.filters["agency"].queryset = partnership.agencies.all()
        self.form.hide_optional = True

    def by_role(self, people: UserQuerySet, _name: str, role: str) -> UserQuerySet:
        return people.holding(self.partnership, role=role)

    def by_agency(self, people: UserQuerySet, _name: str, agency: Any) -> UserQuerySet:
        return people.holding(self.partnership, agency=agency)

    def by_state(self, people: UserQuerySet, _name: str, state: str) -> UserQuerySet:
        if state == CURRENT:
            return people.current_in(self.partnership)
        if state == "waiting":
            return people.not_in_yet()
        return people.gone_from(self.partnership)
