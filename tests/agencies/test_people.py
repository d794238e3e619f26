"""The rules of giving and ending roles, and what nobody may do."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.domain import people
from agencies.domain.refusal import RefusedError
from agencies.models import AccountState, Activity, Membership, Partnership, User
from agencies.roles import Role
from tests.factories import (
    AgencyFactory,
    MembershipFactory,
    PartnershipFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = timedelta(days=1)


def role_of(role: Role, **fields: Any) -> dict[str, Any]:
    return {"role": role, "agency": None, "starts_on": TODAY(), "ends_on": None, **fields}


def state_of(user: User) -> AccountState:
    fresh: User = User.objects.get(pk=user.pk)
    return fresh.account_state


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


@pytest.fixture
def admin(partnership: Partnership) -> User:
    return person(Role.ADMIN, partnership)


def invite(partnership: Partnership, by: User, email: str = "New@Fenshire.example") -> User:
    return people.invite(
        partnership=partnership, by=by, email=email, name="Nora", membership=role_of(Role.MEMBER)
    )


def test_whoever_is_invited_has_a_role_and_no_account_yet(
    partnership: Partnership, officer: User
) -> None:
    user = invite(partnership, officer)
    assert (user.email, user.name, user.is_active) == ("new@fenshire.example", "Nora", False)
    assert not user.has_usable_password()
    assert user.account_state == AccountState.INVITED
    assert [str(each) for each in user.memberships.all()] == ["Sub-group member"]
    assert [(a.verb, a.by, a.subject_id) for a in Activity.objects.all()] == [
        ("sent an invitation", officer, str(user.pk)),
        ("gave somebody a role", officer, str(user.pk)),
    ]


def test_somebody_with_an_account_keeps_it_and_is_told_of_the_role(
    partnership: Partnership,
    officer: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    elsewhere = person(Role.BOARD, PartnershipFactory(), name="Bea", email="bea@fenshire.example")
    with django_capture_on_commit_callbacks(execute=True):
        user = invite(partnership, officer, email="bea@fenshire.example")
    assert (user, user.name) == (elsewhere, "Bea")
    assert not user.invitations.exists()
    assert [mail.subject for mail in mailoutbox] == [f"You have a new role in {partnership}"]
    assert "Sub-group member, from " in mailoutbox[0].body


def test_a_deactivated_account_is_not_revived_by_an_invitation(
    partnership: Partnership, officer: User
) -> None:
    UserFactory(email="gone@fenshire.example", password="a password of old", is_active=False)
    with pytest.raises(RefusedError, match="was deactivated, or has locked"):
        invite(partnership, officer, email="gone@fenshire.example")
    assert not Membership.objects.exclude(user=officer).exists()


@pytest.mark.parametrize(
    ("holder", "grants"),
    [
        (Role.OFFICER, [role for role in Role if role != Role.ADMIN]),
        (Role.ADMIN, list(Role)),
        (Role.CHAIR, []),
        (Role.MEMBER, []),
        (Role.BOARD, []),
    ],
)
def test_who_may_give_which_role(
    partnership: Partnership, holder: Role, grants: list[Role]
) -> None:
    assert people.grantable_roles(person(holder, partnership), partnership) == grants


def test_an_administrator_elsewhere_gives_no_role_here(partnership: Partnership) -> None:
    stranger = person(Role.ADMIN, PartnershipFactory())
    assert people.grantable_roles(stranger, partnership) == []


def test_a_lead_gives_no_role(partnership: Partnership) -> None:
    lead = person(Role.LEAD, AgencyFactory(partnership=partnership))
    with pytest.raises(RefusedError, match="Only a system administrator"):
        people.add_membership(
            user=UserFactory(), partnership=partnership, by=lead, fields=role_of(Role.AUDITOR)
        )


def test_nobody_gives_themselves_a_role(partnership: Partnership, admin: User) -> None:
    with pytest.raises(RefusedError, match="Nobody gives themselves a role"):
        people.add_membership(
            user=admin, partnership=partnership, by=admin, fields=role_of(Role.OFFICER)
        )
    assert admin.memberships.count() == 1


def test_an_officer_makes_no_administrator(partnership: Partnership, officer: User) -> None:
    with pytest.raises(RefusedError, match="Only a system administrator"):
        people.add_membership(
            user=UserFactory(), partnership=partnership, by=officer, fields=role_of(Role.ADMIN)
        )


def test_the_same_role_is_not_given_twice_for_the_same_days(
    partnership: Partnership, officer: User
) -> None:
    user = UserFactory()
    give = role_of(Role.MEMBER, ends_on=TODAY() + 10 * DAY)
    people.add_membership(user=user, partnership=partnership, by=officer, fields=give)
    later = role_of(Role.MEMBER, starts_on=TODAY() + 11 * DAY)
    people.add_membership(user=user, partnership=partnership, by=officer, fields=later)
    with pytest.raises(RefusedError, match="holds this role already"):
        people.add_membership(user=user, partnership=partnership, by=officer, fields=give)
    assert user.memberships.count() == 2


def test_the_same_role_in_two_agencies_is_two_roles(
    partnership: Partnership, officer: User
) -> None:
    user = UserFactory()
    for agency in AgencyFactory.create_batch(2, partnership=partnership):
        fields = role_of(Role.AUDITOR, agency=agency)
        people.add_membership(user=user, partnership=partnership, by=officer, fields=fields)
    assert user.memberships.count() == 2


@pytest.mark.parametrize(
    ("begun", "last_day", "ends"),
    [(-30, None, -1), (-30, 5, 5), (0, 0, 0)],
    ids=["at once", "on a day to come", "with its first day"],
)
def test_a_role_ends(
    partnership: Partnership, officer: User, begun: int, last_day: int | None, ends: int
) -> None:
    role = MembershipFactory(
        partnership=partnership, role=Role.MEMBER, starts_on=TODAY() + begun * DAY
    )
    day = None if last_day is None else TODAY() + last_day * DAY
    people.end_membership(membership=role, by=officer, last_day=day)
    role.refresh_from_db()
    assert role.ends_on == TODAY() + ends * DAY
    assert Activity.objects.get().verb == "ended a role"


def test_a_role_that_never_opened_anything_is_taken_back(
    partnership: Partnership, officer: User
) -> None:
    role = MembershipFactory(partnership=partnership, role=Role.MEMBER, starts_on=TODAY())
    people.end_membership(membership=role, by=officer)
    assert not role.user.memberships.exists()


def test_the_last_who_manages_people_stays(partnership: Partnership, officer: User) -> None:
    only = officer.memberships.get()
    with pytest.raises(RefusedError, match=f"Nobody else manages people in {partnership}"):
        people.end_membership(membership=only, by=officer)
    person(Role.ADMIN, partnership)
    people.end_membership(membership=only, by=officer)
    assert User.objects.get(pk=officer.pk).current_memberships == []


def test_an_inactive_manager_does_not_count_as_one(partnership: Partnership, officer: User) -> None:
    person(Role.ADMIN, partnership, is_active=False)
    with pytest.raises(RefusedError, match="Nobody else manages"):
        people.end_membership(membership=officer.memberships.get(), by=officer)


def test_an_officer_ends_no_administrator(
    partnership: Partnership, officer: User, admin: User
) -> None:
    with pytest.raises(RefusedError, match="Only a system administrator can end"):
        people.end_membership(membership=admin.memberships.get(), by=officer)


def test_a_deactivated_account_opens_nothing_and_can_come_back(
    partnership: Partnership, officer: User
) -> None:
    user = person(Role.MEMBER, partnership, password="a password of old")
    people.deactivate(user=user, partnership=partnership, by=officer, reason="Asked for")
    assert state_of(user) == AccountState.DEACTIVATED
    assert User.objects.get(pk=user.pk).current_memberships == []
    people.reactivate(user=user, partnership=partnership, by=officer, reason="Asked for")
    assert state_of(user) == AccountState.ACTIVE
    assert [each.verb for each in Activity.objects.all()] == [
        "activated an account again",
        "deactivated an account",
    ]


def test_an_account_that_nobody_came_into_yet_is_invited_and_not_activated(
    partnership: Partnership, officer: User
) -> None:
    user = person(Role.MEMBER, partnership, is_active=False)
    with pytest.raises(RefusedError, match="Only an account that was deactivated or locked"):
        people.reactivate(user=user, partnership=partnership, by=officer, reason="Asked for")
    assert not User.objects.get(pk=user.pk).is_active


def test_nobody_deactivates_themselves(partnership: Partnership, admin: User) -> None:
    with pytest.raises(PermissionDenied):
        people.deactivate(user=admin, partnership=partnership, by=admin, reason="Asked for")
    assert admin.is_active


def test_an_officer_leaves_an_administrators_account_alone(
    partnership: Partnership, officer: User, admin: User
) -> None:
    for change in (people.deactivate, people.reactivate):
        with pytest.raises(PermissionDenied):
            change(user=admin, partnership=partnership, by=officer, reason="Asked for")
    with pytest.raises(PermissionDenied):
        people.rename(user=admin, partnership=partnership, by=officer, name="Somebody else")


def test_an_account_that_belongs_elsewhere_too_is_not_one_managers_to_shut(
    partnership: Partnership, officer: User
) -> None:
    user = person(Role.MEMBER, partnership)
    elsewhere = MembershipFactory(user=user, role=Role.BOARD)
    with pytest.raises(PermissionDenied):
        people.deactivate(user=user, partnership=partnership, by=officer, reason="Asked for")
    elsewhere.ends_on = TODAY() - DAY
    elsewhere.save()
    people.deactivate(user=user, partnership=partnership, by=officer, reason="Asked for")
    assert not user.is_active


def test_a_name_is_corrected(partnership: Partnership, officer: User) -> None:
    user = person(Role.MEMBER, partnership)
    people.rename(user=user, partnership=partnership, by=officer, name="Nora Fenn")
    user.refresh_from_db()
    assert user.name == "Nora Fenn"
    assert Activity.objects.get().verb == "changed a person's name"


@pytest.mark.parametrize(
    ("ends_on", "current", "over"),
    [(None, True, False), (TODAY(), True, False), (date(2020, 1, 2), False, True)],
)
def test_a_role_is_held_until_the_end_of_its_last_day(
    ends_on: date | None, current: bool, over: bool
) -> None:
    role = MembershipFactory(starts_on=date(2020, 1, 1), ends_on=ends_on)
    assert (role.is_current, role.is_over) == (current, over)
    assert Membership.objects.current().exists() is current
    assert Membership.objects.unfinished().exists() is not over
