"""Whatever is done to the activity behind the application's back is found.

Each round does one random thing to the rows of a few chains, with the database's own guards put
aside as its owner can, and goes through the chains.
"""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from agencies.chain_format import COLUMNS, REGISTER, entry_hash, opening_hash
from agencies.domain import activity, verifying
from agencies.models import Activity, ActivityChain, ActivityCheck, ActivityKind, User
from tests.endurance import Figures
from tests.factories import PartnershipFactory, UserFactory
from tests.support.guards import unguarded

pytestmark = pytest.mark.django_db

SMALL = 120
LONG = 1000
BAD = ("tamperings not found", "faults found where nothing was done")
SEED = 40_961

Row = dict[str, Any]


class Ground:
    """Five chains of a few dozen entries, and ways to change them by raw statements."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.people: list[User] = UserFactory.create_batch(3)
        self.partnerships = PartnershipFactory.create_batch(2)
        self.audits = [uuid4(), uuid4()]
        for _ in range(60):
            partnership = random.choice([*self.partnerships, None])
            activity.record(
                random.choice(["signed off the return", "downloaded a document", "signed in"]),
                by=random.choice([*self.people, None]),
                partnership=partnership,
                audit_id=random.choice([*self.audits, None]) if partnership else None,
                subject=random.choice([*self.people, None]),
                kind=random.choice(list(ActivityKind)),
            )

    @property
    def rows(self) -> list[Row]:
        names = ("id", "hash", *COLUMNS)
        return list(Activity.objects.order_by("chain", "number").values(*names))

    def chain(self, least: int = 3) -> list[Row]:
        """One of the chains with so many entries at least."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row["chain"], []).append(row)
        return self.random.choice([rows for rows in found.values() if len(rows) >= least])

    def write(self, row: Row, **values: Any) -> None:
        self._run("agencies_activity", "id", row["id"], values)

    def move_head(self, key: str, **values: Any) -> None:
        self._run("agencies_activitychain", "key", key, values)

    def _run(self, table: str, key: str, value: Any, values: Row) -> None:
        sets = ", ".join(f'"{name}" = %s' for name in values)
        execute(
            f'UPDATE {table} SET {sets} WHERE "{key}" = %s',  # noqa: S608
            [*map(adapted, values.values()), value],
        )

    def other(self, name: str, row: Row) -> Any:
        """Something else that this column could say."""
        choices: dict[str, list[Any]] = {
            "at": [row["at"] + timedelta(microseconds=1), row["at"] - timedelta(days=3)],
            "number": [row["number"] + 1000],
            "previous": ["0" * 64, ""],
            "hash": ["0" * 64, row["hash"][::-1]],
            "chain": [f"partnership:{uuid4()}", f"audit:{uuid4()}"],
            "kind": list(ActivityKind),
            "verb": ["Signed off the return", "signed off the return "],
            "by_id": [None, *(each.pk for each in self.people)],
            "partnership_id": [None, *(each.pk for each in self.partnerships)],
            "audit_id": [None, uuid4()],
            "agency_id": [None, uuid4()],
            "subject_type": ["", "audits.audit"],
            "subject_id": ["", "1"],
        }
        return self.random.choice([each for each in choices[name] if each != row[name]])


def adapted(value: Any) -> Any:
    """As each database's own driver takes it."""
    if isinstance(value, UUID):
        return str(value) if connection.vendor == "postgresql" else value.hex
    return value


def execute(statement: str, values: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def remove(rows: list[Row]) -> None:
    for row in rows:
        execute("DELETE FROM agencies_activity WHERE id = %s", [row["id"]])


def alter(ground: Ground) -> None:
    row = ground.random.choice(ground.rows)
    name = ground.random.choice([*COLUMNS, "hash"])
    ground.write(row, **{name: ground.other(name, row)})


def alter_and_hash_afresh(ground: Ground) -> None:
    """One who knows the format, and forgets what follows."""
    row = ground.random.choice(ground.rows)
    name = ground.random.choice([name for name in COLUMNS if name not in {"chain", "number"}])
    said = {**row, name: ground.other(name, row)}
    ground.write(row, **{name: said[name]}, hash=entry_hash(said))


def alter_and_hash_all_that_follows(ground: Ground) -> None:
    """And who remembers it, but not the head."""
    rows = ground.chain()
    at = ground.random.randrange(len(rows))
    previous = rows[at]["previous"]
    for row in rows[at:]:
        verb = "did nothing" if row is rows[at] else row["verb"]
        said = {**row, "verb": verb, "previous": previous}
        previous = entry_hash(said)
        ground.write(row, verb=verb, previous=said["previous"], hash=previous)


def remove_from_the_middle(ground: Ground) -> None:
    rows = ground.chain()
    remove([ground.random.choice(rows[:-1])])


def remove_from_the_middle_and_close_the_gap(ground: Ground) -> None:
    rows = ground.chain()
    at = ground.random.randrange(len(rows) - 1)
    remove([rows[at]])
    previous = rows[at]["previous"]
    for row in rows[at + 1 :]:
        said = {**row, "number": row["number"] - 1, "previous": previous}
        previous = entry_hash(said)
        ground.write(row, number=said["number"], previous=said["previous"], hash=previous)


def remove_the_end(ground: Ground) -> None:
    rows = ground.chain()
    remove(rows[-ground.random.randrange(1, len(rows)) :])


def remove_a_chain(ground: Ground) -> None:
    remove(ground.chain())


def remove_a_chain_and_its_head(ground: Ground) -> None:
    rows = ground.chain()
    remove(rows)
    execute("DELETE FROM agencies_activitychain WHERE key = %s", [rows[0]["chain"]])


def remove_a_head(ground: Ground) -> None:
    keys = ActivityChain.objects.values_list("key", flat=True)
    key = ground.random.choice(list(keys))
    execute("DELETE FROM agencies_activitychain WHERE key = %s", [key])


def move_a_head(ground: Ground) -> None:
    head = ground.random.choice(list(ActivityChain.objects.all()))
    values: dict[str, Any] = {"count": head.count + ground.random.choice([1, -1])}
    if ground.random.random() < 0.5:
        values = {"hash": "f" * 64}
    ground.move_head(head.key, **values)


def move_a_place_in_the_register(ground: Ground) -> None:
    head = ground.random.choice(list(ActivityChain.objects.exclude(key=REGISTER)))
    opened = (head.opened or 0) + 50
    ground.move_head(head.key, opened=opened, opening=opening_hash(head.key, opened, ""))


def insert(ground: Ground) -> None:
    """A row that continues the last one but one, or stands behind the last."""
    rows = ground.chain()
    before = ground.random.choice([rows[-2], rows[-1]])
    said = {**before, "number": before["number"] + 1, "previous": before["hash"]}
    if before is rows[-2]:
        ground.write(rows[-1], number=rows[-1]["number"] + 1)
    columns = ", ".join(f'"{name}"' for name in (*COLUMNS, "hash"))
    marks = ", ".join(["%s"] * (len(COLUMNS) + 1))
    execute(
        f"INSERT INTO agencies_activity ({columns}) VALUES ({marks})",  # noqa: S608
        [*(adapted(said[name]) for name in COLUMNS), entry_hash(said)],
    )


def swap(ground: Ground) -> None:
    """Two entries change places: their numbers alone, or all that ties them to their place."""
    one, two = ground.random.sample(ground.chain(), 2)
    names = ground.random.choice(
        [("number",), ("number", "previous"), ("number", "previous", "hash")]
    )
    ground.write(one, number=10_000)
    ground.write(two, **{name: one[name] for name in names})
    ground.write(one, **{name: two[name] for name in names})


TAMPERINGS: list[Callable[[Ground], None]] = [
    alter,
    alter,
    alter,
    alter_and_hash_afresh,
    alter_and_hash_all_that_follows,
    remove_from_the_middle,
    remove_from_the_middle_and_close_the_gap,
    remove_the_end,
    remove_a_chain,
    remove_a_chain_and_its_head,
    remove_a_head,
    move_a_head,
    move_a_place_in_the_register,
    insert,
    swap,
]


def run(rounds: int) -> Figures:
    figures = Figures("Tampering with the activity", bad=BAD)
    random = Random(SEED)
    with transaction.atomic():
        ground = Ground(random)
        figures.add("entries", len(ground.rows))
        for number in range(rounds):
            one_round(ground, TAMPERINGS[number % len(TAMPERINGS)], figures)
        transaction.set_rollback(True)
    return figures


def one_round(ground: Ground, tamper: Callable[[Ground], None], figures: Figures) -> None:
    figures.add("faults found where nothing was done", len(verifying.verify().faults))
    with transaction.atomic():
        with unguarded():
            tamper(ground)
        figures.add("tamperings")
        if verifying.verify().faults:
            figures.add("found")
        else:
            figures.add("tamperings not found")
            figures.add(tamper.__name__)
        transaction.set_rollback(True)


def test_every_tampering_is_found() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["found"] == SMALL


@pytest.fixture
def ground() -> Ground:
    return Ground(Random(SEED))


def told(*arguments: str) -> str:
    """What the command says, whether or not it ends well."""
    out = StringIO()
    try:
        call_command("verify_activity", *arguments, stdout=out)
    except CommandError as error:
        return str(error)
    return out.getvalue()


class TestTheCommand:
    def test_says_that_nothing_is_wrong(self, ground: Ground) -> None:
        chains = len({row["chain"] for row in ground.rows})
        assert told() == f"Unbroken: 60 entries in {chains} chains.\n"
        kept = ActivityCheck.objects.get()
        assert (kept.entries, kept.chains, kept.faults) == (60, chains, [])

    def test_says_where_and_what(self, ground: Ground) -> None:
        row = ground.chain()[1]
        with unguarded():
            ground.write(row, verb="did nothing")
        words = f"{row['chain']}, entry 2: what it says is not what its hash was made of"
        assert told().splitlines()[1:] == [words]
        assert ActivityCheck.objects.get().faults == [words]

    def test_nothing_recorded_is_nothing_broken(self) -> None:
        assert told() == "Unbroken: 0 entries in 0 chains.\n"


class TestAnchors:
    """Who may write everything can work every hash out afresh; what left before, they cannot."""

    @pytest.fixture
    def anchor(self, ground: Ground, tmp_path: Path) -> Path:
        path = tmp_path / "anchor.json"
        assert "keep it in another place" in told("--anchor", str(path))
        return path

    def rewrite(self, ground: Ground) -> str:
        """Take the last entry of a chain out, and set its head back as if it had never been."""
        rows = ground.chain()
        with unguarded():
            remove(rows[-1:])
            ground.move_head(rows[0]["chain"], count=rows[-2]["number"], hash=rows[-2]["hash"])
        return f"{rows[0]['chain']}, entry {rows[-1]['number']}: it was anchored, and is gone"

    def test_an_anchor_holds_while_chains_only_grow(self, ground: Ground, anchor: Path) -> None:
        activity.record("signed in", by=None, partnership=ground.partnerships[0])
        assert f"They continue what {anchor} says." in told("--against", str(anchor))

    def test_what_was_rewritten_with_its_head_is_found_by_the_anchor_alone(
        self, ground: Ground, anchor: Path
    ) -> None:
        words = self.rewrite(ground)
        assert told().startswith("Unbroken")
        assert told("--against", str(anchor)).splitlines()[1:] == [words]

    def test_and_what_was_written_in_its_place(self, ground: Ground, anchor: Path) -> None:
        self.rewrite(ground)
        for key in ActivityChain.objects.exclude(key=REGISTER).values_list("key", flat=True):
            kind, _, pk = key.partition(":")
            activity.record(
                "did something else",
                by=None,
                partnership=UUID(pk)
                if kind == "partnership"
                else ground.partnerships[0].pk
                if pk
                else None,
                audit_id=UUID(pk) if kind == "audit" else None,
            )
        assert told().startswith("Unbroken")
        assert "it was anchored with another hash" in told("--against", str(anchor))

    @pytest.mark.parametrize("text", ["", "[]", '{"format": "maca-activity-anchor-1"}', "ü"])
    def test_a_file_that_is_no_anchor_is_said_to_be_none(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "anchor.json"
        path.write_bytes(text.encode("latin-1"))
        assert told("--against", str(path)).startswith(f"{path} is no anchor.")

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert "cannot be read" in told("--against", str(tmp_path / "none.json"))
        assert "cannot be written" in told("--anchor", str(tmp_path / "none" / "anchor.json"))


STATEMENTS = [
    "UPDATE agencies_activity SET verb = 'did nothing'",
    "UPDATE agencies_activity SET number = number + 100",
    "DELETE FROM agencies_activity",
    "DELETE FROM agencies_activity WHERE number = 1",
    "DELETE FROM agencies_activitychain",
    "UPDATE agencies_activitychain SET hash = ''",
    "UPDATE agencies_activitychain SET count = count + 1",
    (
        "INSERT INTO agencies_activitychain (key, count, hash, opened, opening)"
        " VALUES ('a', 3, '', 9, '')"
    ),
]
EMPTYING = ["TRUNCATE agencies_activity", "TRUNCATE agencies_activitychain"]
COPIES = "INSERT INTO agencies_activity ({columns}) SELECT {columns} FROM agencies_activity"


class TestTheDatabaseRefuses:
    """Whoever asks: these statements stand for a console, a script, a careless migration."""

    @pytest.fixture
    def statements(self, ground: Ground) -> list[str]:
        columns = ", ".join(f'"{name}"' for name in (*COLUMNS, "hash"))
        copies = [COPIES.format(columns=columns)]
        if connection.vendor == "postgresql":
            connection.check_constraints()
            return [*STATEMENTS, *EMPTYING, *copies]
        replaced = COPIES.format(columns=f'"id", {columns}').replace("INSERT", "INSERT OR REPLACE")
        return [*STATEMENTS, *copies, replaced]

    def test_to_alter_remove_empty_and_insert(self, ground: Ground, statements: list[str]) -> None:
        before = ground.rows
        for statement in statements:
            with pytest.raises(IntegrityError, match=r"[Aa]ctivity|chain"), transaction.atomic():
                execute(statement)
        assert ground.rows == before
        assert verifying.verify().faults == []

    def test_what_the_activity_talks_of_may_go(self, ground: Ground) -> None:
        user: User = UserFactory()
        pk = str(user.pk)
        activity.record("added somebody", by=None, partnership=None, subject=user)
        user.delete()
        assert Activity.objects.get(subject_id=pk).verb == "added somebody"


class TestGathered:
    def test_entries_are_written_at_the_end_and_in_the_order_of_their_chains(self) -> None:
        one, two = sorted(PartnershipFactory.create_batch(2), key=lambda each: str(each.pk))
        with activity.gathered():
            activity.record("second", by=None, partnership=two)
            activity.record("first", by=None, partnership=one)
            activity.record("third", by=None, partnership=two)
            assert not Activity.objects.exists()
        rows = Activity.objects.order_by("pk").values_list("verb", "number")
        assert list(rows) == [("first", 1), ("second", 1), ("third", 2)]

    def test_what_failed_inside_leaves_no_entry(self) -> None:
        partnership = PartnershipFactory()

        @activity.gathered()
        def fails() -> None:
            activity.record("failed", by=None, partnership=partnership)
            raise ValueError

        with activity.gathered():
            with pytest.raises(ValueError):  # noqa: PT011
                fails()
            activity.record("went on", by=None, partnership=partnership)
        assert [each.verb for each in Activity.objects.all()] == ["went on"]
        assert verifying.verify().faults == []
