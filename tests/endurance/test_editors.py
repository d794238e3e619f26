"""Two to eight people write on one return at once: nothing is overwritten unseen, and nothing is
gone.

Each editor does what a page does: it sends what changed with the version it was based on, sends
the same again now and then as if the answer had not come, and chooses when somebody else was
first. Every text is unlike every other, so that each can be looked for afterwards: in the text as
it stands, in its history, or in the hands of its writer as a conflict.
"""

import json
import random
from dataclasses import dataclass, field
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.domain import removal
from audits.domain.drafts import digest
from audits.models import CaseReturn, Point, TextRevision
from tests.audits.collecting import Collecting, collecting
from tests.endurance import Figures
from tests.endurance.lasting import quiet
from tests.factories import CaseFactory, CaseReturnFactory, person, returned_point

SMALL, LONG = 2, 500

MOST_EDITORS = 8
SAVES = 5
FIELDS = ("engagement_past", "engagement_present", "grade_reason")
Mark = tuple[int, str]


def run(rounds: int) -> Figures:
    with quiet():
        return Ground().figures(rounds)


@dataclass
class Written:
    """One text an editor was told is saved, and what it had seen the text say before."""

    key: str
    words: str
    seen: str


@dataclass
class Editor:
    """One person at one page. `seen` is what they last saw each text say, with its mark."""

    number: int
    user: User
    client: Client
    chance: random.Random
    seen: dict[str, tuple[str, Mark | None]] = field(default_factory=dict)
    saved: list[Written] = field(default_factory=list)
    tried: list[Written] = field(default_factory=list)
    handed_back: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def work(self, row: CaseReturn, names: dict[str, str], start: Barrier) -> None:
        try:
            start.wait()
            for turn in range(SAVES):
                self._turn(row, names, turn)
        finally:
            connection.close()

    def _turn(self, row: CaseReturn, names: dict[str, str], turn: int) -> None:
        if self.chance.random() < 0.05:
            self._take_out(row)
            return
        chosen = self.chance.sample(sorted(names), self.chance.randint(1, 3))
        keys = dict(names)
        texts = {name: f"{self.number}.{turn}.{name[:14]}.{uuid4().hex}" for name in chosen}
        if self.chance.random() < 0.1:
            pk = uuid4()
            texts |= {f"point_{pk}": f"New {pk.hex}", f"kind_{pk}": "challenge"}
            keys[f"point_{pk}"] = f"point:{pk}"
        self._save(row, keys, texts)

    def _take_out(self, row: CaseReturn) -> None:
        point = Point.objects.filter(case_return=row).order_by("?").first()
        if point is not None:
            try:
                removal.remove_point(point, by=self.user)
            except Point.DoesNotExist:
                return

    def _save(self, row: CaseReturn, keys: dict[str, str], texts: dict[str, str]) -> None:
        status, told = self._send(row, keys, texts)
        if self.chance.random() < 0.2:
            status, told = self._send(row, keys, texts)
        if status not in (200, 409):
            self.unexpected.append(f"{status} {told}")
            return
        conflicts = {each["key"]: each for each in told.get("conflicts", ())}
        for name, words in texts.items():
            key = keys.get(name)
            if key is None or key in conflicts:
                continue
            self.saved.append(Written(key, words, ""))
            self._learn(key, words, told["basis"])
        for key, conflict in conflicts.items():
            self._choose(row, keys, conflict, told["basis"][key], texts)

    def _send(
        self, row: CaseReturn, keys: dict[str, str], texts: dict[str, str]
    ) -> tuple[int, Any]:
        wanted = {keys[name] for name in texts if name in keys}
        basis = {key: self.seen[key][1] for key in wanted if self.seen.get(key, ("", None))[1]}
        self.tried += [
            Written(keys[name], words, self.seen.get(keys[name], ("", None))[0])
            for name, words in texts.items()
            if name in keys
        ]
        answer = self.client.post(
            reverse("case-return-save", args=[row.agency_return_id, row.pk]),
            {**texts, "basis": json.dumps(basis)},
            headers={"Accept": "application/json"},
        )
        return answer.status_code, answer.json() if answer.status_code in (200, 409) else {}

    def _learn(self, key: str, words: str, basis: dict[str, Any]) -> None:
        if key in basis:
            self.seen[key] = (words, tuple(basis[key]))

    def _choose(
        self,
        row: CaseReturn,
        keys: dict[str, str],
        conflict: dict[str, Any],
        mark: Any,
        texts: dict[str, str],
    ) -> None:
        """Take theirs, keep mine, or write both into one, having seen both."""
        key, name = conflict["key"], conflict["name"]
        self.handed_back.append(conflict["mine"])
        self.seen[key] = (conflict["theirs"], tuple(mark))
        wish = self.chance.choice(("theirs", "mine", "both"))
        if wish == "theirs" or conflict["mine"] != texts[name]:
            return
        words = texts[name] if wish == "mine" else f"{conflict['theirs']}\n\n{texts[name]}"
        self._save(row, {name: key}, {name: words})


class Ground:
    def __init__(self) -> None:
        self.world: Collecting = collecting(questions=3)
        self.users = [
            self.world.lead,
            *(person(Role.AUDITOR, self.world.agency) for _ in range(MOST_EDITORS - 1)),
        ]
        self.clients = [Client() for _ in self.users]
        for user, client in zip(self.users, self.clients, strict=True):
            client.force_login(user)
        self.result = Figures(
            "editors", bad=("silent overwrites", "texts lost", "unexpected answers")
        )

    def figures(self, rounds: int) -> Figures:
        for number in range(rounds):
            self._round(random.Random(number))
        return self.result

    def _round(self, chance: random.Random) -> None:
        world = self.world
        row: CaseReturn = CaseReturnFactory(
            agency_return=world.agency_return, case=CaseFactory(audit=world.audit)
        )
        points = [returned_point(row, f"There before {number}.") for number in range(2)]
        names = {name: name for name in FIELDS}
        names |= {f"evidence_{each.code}": f"evidence:{each.pk}" for each in world.questions}
        names |= {f"point_{each.pk}": f"point:{each.pk}" for each in points}
        seen: dict[str, tuple[str, Mark | None]] = {
            f"point:{each.pk}": (each.text, (each.revision, digest(each.text))) for each in points
        }
        editors = [
            Editor(number, user, client, random.Random(chance.random()), dict(seen))
            for number, (user, client) in enumerate(
                zip(self.users, self.clients, strict=True), start=1
            )
        ][: chance.randint(2, MOST_EDITORS)]
        start = Barrier(len(editors))
        threads = [
            Thread(target=each.work, args=(row, names, start), daemon=True) for each in editors
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._count(row, editors)

    def _count(self, row: CaseReturn, editors: list[Editor]) -> None:
        result = self.result
        result.add("rounds")
        result.add("editors", len(editors))
        kept = list(TextRevision.objects.filter(case_return=row).order_by("pk"))
        visible = {(each.key, each.words.strip()) for each in kept}
        saved = {(each.key, each.words.strip()) for who in editors for each in who.saved}
        result.add("saves", len(saved))
        result.add("conflicts handed back", sum(len(who.handed_back) for who in editors))
        result.add("unexpected answers", sum(len(who.unexpected) for who in editors))
        result.add("texts lost", sum(each not in visible for each in saved))
        result.add("silent overwrites", self._overwritten(kept, editors))

    def _overwritten(self, kept: list[TextRevision], editors: list[Editor]) -> int:
        """Writes whose writer had not seen what stood there just before."""
        seen: dict[tuple[str, str], set[str]] = {}
        for tried in (tried for who in editors for tried in who.tried):
            seen.setdefault((tried.key, tried.words.strip()), set()).add(tried.seen.strip())
        before: dict[str, str] = {}
        found = 0
        for each in kept:
            written = (each.key, each.words.strip())
            stood = before.get(each.key, "")
            gone = each.shape is not None
            if each.by_id is not None and not gone:
                found += stood not in seen[written]
            before[each.key] = "" if gone else each.words.strip()
        return found


@pytest.mark.django_db(transaction=True)
def test_eight_people_on_one_return_lose_nothing() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["saves"] > 20
