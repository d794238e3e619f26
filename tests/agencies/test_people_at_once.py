"""Two people who manage people, at the same moment."""

import pytest
from django.db import transaction

from agencies.chain_format import chain_of
from agencies.domain import activity
from agencies.domain.people import end_membership
from agencies.domain.refusal import RefusedError
from agencies.models import Membership, User
from agencies.roles import Role
from tests.factories import PartnershipFactory, person
from tests.support.racing import in_turn


@pytest.mark.django_db(transaction=True)
def test_the_last_two_cannot_end_each_others_role() -> None:
    partnership = PartnershipFactory()
    one, other = (person(Role.ADMIN, partnership) for _ in range(2))
    with transaction.atomic():
        activity.record("changed the partnership", by=one, partnership=partnership)

    def ends(by: User, theirs: User) -> None:
        membership = Membership.objects.get(user=theirs)
        end_membership(membership=membership, by=User.objects.get(pk=by.pk))

    errors = in_turn(
        chain_of(partnership.pk, None), lambda: ends(one, other), lambda: ends(other, one)
    )

    assert errors[0] is None
    assert isinstance(errors[1], RefusedError)
    assert [each.user for each in Membership.objects.current()] == [one]
