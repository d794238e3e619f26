"""Endurance checks: does what people wrote survive crowds, crashes, cuts and nonsense?

Each module here has `run(rounds) -> Figures` and a small test that calls it. The test belongs to
the suite; `bin/endure` runs the same checks for as many rounds as one asks, on PostgreSQL, and
prints what it counted.
"""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """What one check counted. `bad` names what must be nought."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    bad: tuple[str, ...] = ()

    def add(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number

    @property
    def held(self) -> bool:
        return not any(self.counts.get(name, 0) for name in self.bad)

    def __str__(self) -> str:
        counted = {**dict.fromkeys(self.bad, 0), **self.counts}
        words = ", ".join(f"{number:,} {what}" for what, number in counted.items())
        return f"{self.name}: {words}"
