"""The lists that are kept by hand: data/*.list, in sections of words or, for phrases, of lines."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def listed(name: str, section: str) -> frozenset[str]:
    """The words of a section, between spaces."""
    return frozenset(word for line in lines(name, section) for word in line.split())


def lines(name: str, section: str) -> tuple[str, ...]:
    return _sections(name)[section]


@cache
def _sections(name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in (DATA / f"{name}.list").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif line and not line.startswith("#"):
            found[section].append(line)
    return {section: tuple(held) for section, held in found.items()}
