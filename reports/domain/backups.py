"""Making a backup of everything, and putting one back.

A backup brings back what had come to an end since it was made. What must not come back is settled
here: identities whose key was destroyed, sessions, links that let somebody in, and mail that may
have gone out meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from agencies.backups import BackupError, Box, engine
from agencies.backups.box import About
from agencies.domain import activity, invitations, outbox, sessions
from audits.domain import contributor_links, identity_destruction


@dataclass(frozen=True)
class Settled:
    """What a restore found and put an end to again; numbers of rows."""

    made: datetime
    seals: int
    sessions: int
    mails: int
    links: int
    invitations: int

    def lines(self) -> Iterator[str]:
        yield f"The database is that of {self.made:%-d %B %Y, %H:%M %Z}."
        if self.seals:
            yield f"Sealed identities destroyed since then and cleared away again: {self.seals}."
        if self.mails:
            yield f"Mails that may have gone out since then, for a person to decide: {self.mails}."
        if self.sessions:
            yield f"Sessions ended: {self.sessions}. Everybody signs in again."
        if self.links or self.invitations:
            yield (
                f"Contributors' links withdrawn: {self.links}. Invitations withdrawn: "
                f"{self.invitations}. Send new ones to those who still need them."
            )
        yield "People whose access ended since then have it again: go through the access review."


def make(box: Box) -> None:
    """Raises BackupError."""
    database = engine()
    about = About(engine=database.name, made=timezone.now(), migrations=tuple(_applied()))
    box.write(about, database.dump())


def is_empty() -> bool:
    return not connection.introspection.table_names()


def put_back(box: Box) -> Settled:
    """Replace the database by the backup, bring it up to date, and settle what came back.

    Read to its end before anything is touched. Raises BackupError, and then nothing has changed.
    """
    about, database = box.about(), engine()
    if about.engine != database.name:
        raise BackupError(
            f"The backup is of {about.engine}, and this database is {database.name}. To move from "
            "one to the other, dump the audits and load them (docs/developers/audit-file.md)."
        )
    if unknown := set(about.migrations) - _known():
        raise BackupError(
            f"The backup was made by a newer MACA, which has {min(unknown)}. Install that one."
        )
    box.check()
    database.load(box.read())
    call_command("migrate", verbosity=0)
    return _settle(about)


@activity.gathered()
def _settle(about: About) -> Settled:
    settled = Settled(
        made=about.made,
        seals=identity_destruction.clear_away(by=None),
        sessions=sessions.end_all(),
        mails=outbox.doubt_those_that_waited(),
        links=contributor_links.withdraw_all(by=None),
        invitations=invitations.withdraw_all(by=None),
    )
    activity.record("restored the database from a backup", by=None, partnership=None)
    return settled


def _applied() -> Iterator[str]:
    rows = MigrationRecorder(connection).applied_migrations()
    return (f"{app}.{name}" for app, name in sorted(rows))


def _known() -> set[str]:
    nodes = MigrationExecutor(connection).loader.disk_migrations
    return {f"{app}.{name}" for app, name in nodes}
