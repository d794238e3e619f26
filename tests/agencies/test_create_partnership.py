from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Activity, Membership, Partnership, User

pytestmark = pytest.mark.django_db


def create(short_name: str = "fscp", email: str = "Ada@Fenshire.example") -> str:
    said = StringIO()
    call_command(
        "create_partnership",
        "Fenshire Safeguarding Children Partnership",
        short_name=short_name,
        administrator_name="Ada Marsh",
        administrator_email=email,
        stdout=said,
    )
    return said.getvalue()


def test_creates_a_partnership_and_its_administrator() -> None:
    said = create()
    membership = Membership.objects.get()
    assert str(membership.partnership) == "Fenshire Safeguarding Children Partnership"
    assert membership.role == "admin"
    assert membership.user.email == "ada@fenshire.example"
    assert not membership.user.has_usable_password()
    recorded = Activity.objects.filter(by=None).order_by("pk")
    assert [each.verb for each in recorded] == ["started the partnership", "sent an invitation"]
    link = said.split()[-1]
    assert link.startswith("http://127.0.0.1:8000/invitations/")


def test_a_second_partnership_may_have_the_same_administrator() -> None:
    create()
    create(short_name="other")
    assert User.objects.get().memberships.count() == 2


@pytest.mark.parametrize(
    ("short_name", "email", "fault"),
    [
        ("fscp", "ada@fenshire.example", "short_name: Partnership with this Short name already"),
        ("new one", "ada@fenshire.example", "short_name: Enter a valid"),
        ("new", "not an address", "email: Enter a valid email address."),
    ],
)
def test_refuses_what_cannot_be_and_creates_nothing(
    short_name: str, email: str, fault: str
) -> None:
    create()
    with pytest.raises(CommandError, match=fault):
        create(short_name=short_name, email=email)
    assert (Partnership.objects.count(), User.objects.count()) == (1, 1)
