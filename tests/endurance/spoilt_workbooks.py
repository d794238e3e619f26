"""Workbooks that somebody, or something, has spoilt."""

import io
import random
import re
import zipfile
from collections.abc import Callable

TEXT = re.compile(rb">([^<>]{1,200})<")
ATTRIBUTE = re.compile(rb'="([^"]{0,120})"')
VALUES = [
    b"",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e400",
    b"NaN",
    b"A0",
    b"XFD1048577",
    b"ZZZZ1",
    b"s",
    b"d",
    b"e",
    b"inlineStr",
    b"true",
    b"&#0;",
    b"&lol;",
    b"=1+1",
    b"x" * 40_000,
    "\u202e😀".encode(),
    b"\xff\xfe",
    b"2026-13-45T99:99:99",
]
DTD = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


class Spoiler:
    """Spoils one workbook in many ways."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            self.parts = {name: packed.read(name) for name in packed.namelist()}

    def with_words(self, old: str, new: str) -> bytes:
        """Nothing spoilt: some words changed wherever they stand."""
        return _packed(
            [(name, data.replace(old.encode(), new.encode())) for name, data in self.parts.items()]
        )

    def spoilt(self, chance: random.Random) -> bytes:
        ways: list[Callable[[random.Random], bytes]] = [
            self._flip,
            self._cut,
            self._change_words,
            self._change_words,
            self._change_attributes,
            self._change_attributes,
            self._change_parts,
            self._swell,
            self._nonsense,
        ]
        return chance.choice(ways)(chance)

    def _flip(self, chance: random.Random) -> bytes:
        spoilt = bytearray(self.content)
        for _ in range(chance.choice((1, 3, 30))):
            spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        return bytes(spoilt)

    def _cut(self, chance: random.Random) -> bytes:
        at = chance.randrange(len(self.content))
        return self.content[:at] + chance.choice((b"", b"\0" * 50, self.content[at + 9 :]))

    def _change_words(self, chance: random.Random) -> bytes:
        return self._rewritten(chance, TEXT, b">%s<")

    def _change_attributes(self, chance: random.Random) -> bytes:
        return self._rewritten(chance, ATTRIBUTE, b'="%s"')

    def _rewritten(self, chance: random.Random, pattern: re.Pattern[bytes], put: bytes) -> bytes:
        parts = dict(self.parts)
        for _ in range(chance.choice((1, 2, 8))):
            name = chance.choice([each for each in parts if each.endswith((".xml", ".rels"))])
            places = list(pattern.finditer(parts[name]))
            if places:
                place = chance.choice(places)
                new = put % chance.choice(VALUES)
                parts[name] = parts[name][: place.start()] + new + parts[name][place.end() :]
        return _packed(list(parts.items()))

    def _change_parts(self, chance: random.Random) -> bytes:
        parts = list(self.parts.items())
        name, data = chance.choice(parts)
        chance.shuffle(parts)
        others: list[list[tuple[str, bytes]]] = [
            [each for each in parts if each[0] != name],
            [*parts, (f"{name}x", data)],
            [*parts, ("xl/vbaProject.bin", b"x")],
            [*parts, ("../../outside.xml", b"<a/>")],
            [(n, DTD if n == name else d) for n, d in parts],
            [(n, b"" if n == name else d) for n, d in parts],
            [(n, chance.choice(parts)[1] if n == name else d) for n, d in parts],
        ]
        return _packed(chance.choice(others))

    def _swell(self, chance: random.Random) -> bytes:
        name = chance.choice(list(self.parts))
        size = chance.choice((10_000, 2_000_000, 30_000_000))
        parts = {**self.parts, name: self.parts[name] + b" " * size}
        return _packed(list(parts.items()))

    def _nonsense(self, chance: random.Random) -> bytes:
        return chance.choice(
            (b"", b"PK", b"PK\x03\x04" + chance.randbytes(400), chance.randbytes(900))
        )


def _packed(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, data in parts:
            packed.writestr(name, data)
    return out.getvalue()
