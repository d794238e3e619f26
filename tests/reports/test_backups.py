import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from agencies.backups import Box
from agencies.backups.box import About
from agencies.domain.invitations import send_invitation
from agencies.models import Activity, MessageState, OutboxMessage, SignedIn
from agencies.roles import Role
from reports.domain import backups
from reports.domain.backups import Settled
from tests.audits.contributing import asked, coordinating, practice, send
from tests.factories import MessageFactory, PartnershipFactory, UserFactory, person
from tests.support.other_database import OtherDatabase

MOMENT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
LET_IN = [
    "SELECT COUNT(*) FROM audits_contributorlink WHERE withdrawn_at IS NULL",
    "SELECT COUNT(*) FROM agencies_invitation WHERE withdrawn_at IS NULL",
]
AN_EMPTY_ONE = About(engine=connection.vendor, made=MOMENT, migrations=())


def said(*arguments: str, **options: Path) -> str:
    words = StringIO()
    call_command(*arguments, stdout=words, **options)  # type: ignore[arg-type]
    return words.getvalue()


def let_in_by_links() -> None:
    """Two contributors and somebody invited, each by a mail that went out."""
    world = coordinating()
    practices = [practice(world), practice(world, "The Green", "desk@green.example")]
    asked(world, *practices)
    send(world, *practices)
    invited = person(Role.MEMBER, world.partnership, is_active=False)
    send_invitation(user=invited, partnership=world.partnership, by=world.officer)


@pytest.fixture
def made(tmp_path: Path, transactional_db: None) -> Callable[[], Path]:
    def make() -> Path:
        said("backup", str(tmp_path))
        return max(tmp_path.glob("*.backup"))

    return make


class TestMaking:
    def test_says_where_it_lies_and_can_be_checked(self, made: Callable[[], Path]) -> None:
        path = made()
        assert said("backup", check=path).startswith(f"{path} is whole: {connection.vendor}, ")

    def test_wants_a_folder(self) -> None:
        with pytest.raises(CommandError, match="Name the folder"):
            said("backup")
        with pytest.raises(CommandError, match="is no folder"):
            said("backup", "/nowhere")

    def test_a_damaged_one_is_found(self, made: Callable[[], Path]) -> None:
        path = made()
        os.truncate(path, path.stat().st_size - 1)
        with pytest.raises(CommandError, match="damaged or cut short"):
            said("backup", check=path)


class TestPuttingBack:
    def test_what_waited_and_who_was_signed_in_is_settled(
        self, made: Callable[[], Path], tmp_path: Path
    ) -> None:
        partnership = PartnershipFactory()
        MessageFactory.create_batch(3, partnership=partnership)
        OutboxMessage.objects.filter(pk=MessageFactory().pk).update(state=MessageState.SENT)
        Client().force_login(UserFactory())
        assert SignedIn.objects.count() == 1
        let_in_by_links()
        path = made()

        with OtherDatabase(tmp_path) as other:
            answer = other.manage("restore", str(path))
            states = other.ask("SELECT state, COUNT(*) FROM agencies_outboxmessage GROUP BY state")
            [sessions] = other.ask("SELECT COUNT(*) FROM agencies_signedin")
            let_in = [other.ask(question) for question in LET_IN]
            verbs = other.ask("SELECT verb FROM agencies_activity WHERE verb LIKE '%restore%'")
            again = other.manage("restore", str(path))
            replaced = other.manage("restore", str(path), "--replace")

        assert answer.returncode == 0, answer.stderr
        assert "for a person to decide: 3." in answer.stdout
        assert "Sessions ended: 1." in answer.stdout
        assert dict(states) == {"doubtful": 3, "sent": 4}
        assert sessions == (0,)
        assert "links withdrawn: 2. Invitations withdrawn: 1. Send new ones" in answer.stdout
        assert let_in == [[(0,)], [(0,)]]
        assert sorted(verb for (verb,) in verbs) == [
            "restored the database from a backup",
            "withdrew an invitation after a restore",
            "withdrew its contributors' links after a restore",
        ]
        assert again.returncode == 1
        assert "say --replace" in again.stderr
        assert replaced.returncode == 0, replaced.stderr

    def test_a_damaged_one_changes_nothing(self, made: Callable[[], Path]) -> None:
        path = made()
        os.truncate(path, path.stat().st_size - 1)
        PartnershipFactory(name="Still here")
        with pytest.raises(CommandError, match="damaged or cut short"):
            said("restore", str(path), "--replace")
        assert not Activity.objects.filter(verb__startswith="restored").exists()

    def test_one_that_fails_half_way_changes_nothing(self, made: Callable[[], Path]) -> None:
        """Whole as a file, but not a database."""
        path = made()
        Box(path).write(replace(AN_EMPTY_ONE), [b"CREATE TABLE half (id int);\nNO DATABASE;\n"])
        before = connection.introspection.table_names()
        with pytest.raises(CommandError):
            said("restore", str(path), "--replace")
        assert connection.introspection.table_names() == before

    @pytest.mark.parametrize(
        ("about", "fault"),
        [
            (replace(AN_EMPTY_ONE, engine="oracle"), "The backup is of oracle"),
            (replace(AN_EMPTY_ONE, migrations=("audits.9999_later",)), "newer MACA, which has aud"),
        ],
    )
    @pytest.mark.django_db
    def test_what_is_not_for_this_database_is_refused(
        self, tmp_path: Path, about: About, fault: str
    ) -> None:
        box = Box(tmp_path / "a.backup")
        box.write(about, [b""])
        with pytest.raises(CommandError, match=fault):
            said("restore", str(box.path), "--replace")

    @pytest.mark.django_db
    def test_a_database_with_tables_is_not_empty(self) -> None:
        assert not backups.is_empty()


def test_what_is_said_afterwards() -> None:
    nothing = Settled(made=MOMENT, seals=0, sessions=0, mails=0, links=0, invitations=0)
    assert list(nothing.lines()) == [
        "The database is that of 4 March 2026, 05:06 UTC.",
        "People whose access ended since then have it again: go through the access review.",
    ]
