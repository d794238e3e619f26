"""Backup, wipe, restore: is everything there again, and nothing that had been destroyed?"""

import time
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command

from agencies.backups import engine
from agencies.key_folder import KeyDestroyedError, key_folder
from agencies.roles import Role
from audits.domain import contributor_links
from audits.domain.identity_destruction import destroy
from audits.models import Audit
from tests.audits.contributing import asked, coordinating, practice, send
from tests.audits.sealing import WORDS, sealed_audit
from tests.endurance import Figures
from tests.factories import AuditFactory, CaseFactory, person
from tests.reports.publications import published
from tests.support.other_database import OtherDatabase, hashes_of_the_tests

SMALL, LONG = 1, 20
BAD = ("tables that differ", "restores that failed", "records or documents that do not hold")
# A restore adds one entry to what happened, and says so here; nothing else may differ. No link that
# lets somebody in stands in these rows: a restore ends those, as a test below says.
ADDED_TO = {"agencies_activity", "agencies_activitychain"}


def run(rounds: int) -> Figures:
    """Each round some audits more, a backup, an empty database and a restore."""
    figures = Figures("backups", bad=BAD)
    with TemporaryDirectory() as name, OtherDatabase(Path(name)) as other:
        for _ in range(rounds):
            for audit in AuditFactory.create_batch(5):
                CaseFactory.create_batch(20, audit=audit)
            other.wipe()
            _drill(other, Path(name), figures)
    return figures


def _drill(other: OtherDatabase, folder: Path, figures: Figures) -> None:
    before = hashes_of_the_tests()
    began = time.perf_counter()
    call_command("backup", str(folder), stdout=StringIO())
    made = time.perf_counter()
    [box] = folder.glob("*.backup")
    answer = other.manage("restore", str(box))
    restored = time.perf_counter()
    box.unlink()
    figures.add("rows", sum(count for count, _ in before.values()))
    figures.add("ms to back up", round(1000 * (made - began)))
    figures.add("ms to restore", round(1000 * (restored - made)))
    figures.add("restores that failed", int(answer.returncode != 0))
    after = other.hashes()
    differing = {table for table, found in before.items() if after.get(table) != found}
    figures.add("tables", len(before))
    figures.add("tables that differ", len(differing - ADDED_TO))
    checked = other.manage("verify_activity")
    figures.add("records or documents that do not hold", int(checked.returncode != 0))


@pytest.mark.django_db(transaction=True)
def test_every_row_of_every_table_comes_back() -> None:
    for name in ("front-door", "neglect-1"):
        call_command("load_audit", f"reports/demonstration/{name}.json", stdout=StringIO())
    audit = Audit.objects.get(title__startswith="Neglect")
    published(audit, person(Role.CHAIR, audit.partnership))
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["rows"] > 3000
    assert figures.counts["tables"] > 60


@pytest.mark.django_db(transaction=True)
def test_what_was_destroyed_after_a_backup_stays_destroyed(tmp_path: Path) -> None:
    world = sealed_audit()
    ended = sealed_audit()
    call_command("backup", str(tmp_path), stdout=StringIO())
    destroy(seal=ended.seal, by=ended.officer, reason="The audit is over.")
    [box] = tmp_path.glob("*.backup")

    with OtherDatabase(tmp_path) as other:
        answer = other.manage("restore", str(box))
        assert answer.returncode == 0, answer.stderr
        left = other.ask("SELECT seal_id FROM audits_sealedidentity")
        standing = other.ask("SELECT id FROM audits_seal WHERE destroyed_at IS NULL")

    assert "Sealed identities destroyed since then and cleared away again: 1." in answer.stdout
    assert {UUID(str(seal)) for (seal,) in left} == {world.seal.pk}
    assert [UUID(str(seal)) for (seal,) in standing] == [world.seal.pk]
    # And the boxes in the backup itself open for nobody: their key is in no folder.
    assert key_folder().cipher(world.seal.pk)
    with pytest.raises(KeyDestroyedError):
        key_folder().cipher(ended.seal.pk)


@pytest.mark.django_db(transaction=True)
def test_a_link_that_was_withdrawn_after_a_backup_stays_withdrawn(tmp_path: Path) -> None:
    world = coordinating(cases=1)
    mill = practice(world)
    asked(world, mill)
    send(world, mill)
    call_command("backup", str(tmp_path), stdout=StringIO())
    contributor_links.withdraw(world.agency_return, by=world.lead, contributor=mill)
    [box] = tmp_path.glob("*.backup")

    with OtherDatabase(tmp_path) as other:
        answer = other.manage("restore", str(box))
        assert answer.returncode == 0, answer.stderr
        links = other.ask("SELECT withdrawn_at IS NULL FROM audits_contributorlink")
        checked = other.manage("verify_activity")

    assert [bool(stands) for (stands,) in links] == [False]
    assert "Contributors' links withdrawn: 1." in answer.stdout
    assert checked.returncode == 0, checked.stdout


@pytest.mark.django_db(transaction=True)
def test_no_name_and_no_key_stands_in_a_backup(tmp_path: Path) -> None:
    world = sealed_audit()
    database = b"".join(engine().dump())
    for word in WORDS:
        assert word.encode() not in database
    key = (key_folder().path / f"{world.seal.pk}.key").read_text().strip()
    assert key.encode() not in database
    assert settings.MASTER_KEYS.encode() not in database
