"""The lists of this folder, and the half of each that somebody may have looked at."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
TUNED, HELD_OUT = "tuned", "held out"
HALVES = (TUNED, HELD_OUT)
SEED = "fenshire"
SLOT = re.compile(r"\{(\w+)\}")


@cache
def listed(name: str, section: str, half: str) -> tuple[str, ...]:
    return tuple(entry for entry in everything(name, section) if half_of(entry) == half)


@cache
def everything(name: str, section: str) -> tuple[str, ...]:
    """The entries of a section: sentences and organisations by line or bar, others by space."""
    text = (HERE / f"{name}.list").read_text(encoding="utf-8")
    body = text.split(f"[{section}]\n", 1)[1].split("\n[", 1)[0]
    lines = [line for line in body.splitlines() if line and not line.startswith("#")]
    if name == "sentences":
        return tuple(lines)
    between = "|" if section in ("organisations", "streets") else None
    return tuple(part.strip() for line in lines for part in line.split(between))


def half_of(entry: str) -> str:
    return HALVES[sha256(f"{SEED}:{entry}".encode()).digest()[0] % 2]
