"""Texts that several people may be changing at once.

A page carries, for each text it shows, the revision it was read at and a digest of what it
said: its basis. When the page comes back, a text is written only if its writer changed it,
and never over a change somebody else made meanwhile: that is a conflict, and the writer
chooses.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self


class ReturnClosedError(Exception):
    """The agency's return is handed in or its case withdrawn, so nothing in it can change."""


@dataclass(frozen=True)
class Conflict:
    """`key` names the text on its page; `theirs` is what the other person made of it.

    `gone`: the other took out the point or the line whose text it was.
    """

    key: str
    theirs: str
    gone: bool = False


class ConflictError(Exception):
    """Somebody else changed the same texts; nothing was written."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(", ".join(conflict.key for conflict in conflicts))
        self.conflicts = conflicts


@dataclass(frozen=True)
class Text:
    """One text as it stands in the database."""

    words: str
    revision: int


def digest(words: str) -> str:
    plain = words.replace("\r\n", "\n").strip()
    return hashlib.blake2s(plain.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Basis:
    """What a page's texts said when it was read; travels in a hidden field."""

    marks: Mapping[str, tuple[int, str]]

    @classmethod
    def of(cls, texts: Mapping[str, Text]) -> Self:
        return cls({key: (text.revision, digest(text.words)) for key, text in texts.items()})

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read the hidden field. Raises ValueError if it was tampered with."""
        try:
            marks = {
                str(key): (int(revision), str(base))
                for key, (revision, base) in json.loads(raw or "{}").items()
            }
        except (AttributeError, TypeError, OverflowError, RecursionError) as error:
            raise ValueError("This is no basis.") from error
        return cls(marks)

    def __str__(self) -> str:
        return json.dumps(self.marks, separators=(",", ":"))

    def says(self, key: str, words: str) -> bool:
        """Whether the page brings back what it was read with."""
        return self.marks.get(key, NO_MARK)[1] == digest(words)

    def updated(self, texts: Mapping[str, Text], keys: Iterable[str]) -> "Basis":
        """The same with the present state of some keys: their writer has now seen it."""
        fresh = Basis.of({key: texts.get(key, Text("", 0)) for key in keys})
        return Basis({**self.marks, **fresh.marks})


# A text that has no row: nobody wrote it yet, or somebody took its row out.
NO_TEXT = Text("", -1)
# Whoever never saw a text took it for empty.
NO_MARK = (-2, digest(""))


def changes(
    mine: Mapping[str, str], theirs: Mapping[str, Text], basis: Basis
) -> tuple[list[str], list[Conflict]]:
    """Keys to write, and conflicts. A text without a basis is new to its writer."""
    write: list[str] = []
    conflicts: list[Conflict] = []
    for key, words in mine.items():
        current = theirs.get(key, NO_TEXT)
        _, base = basis.marks.get(key, NO_MARK)
        own, other = digest(words), digest(current.words)
        if own in (base, other):
            continue
        # Not the revision: a text that was taken out and written afresh counts from one again.
        if other != base:
            conflicts.append(Conflict(key, current.words, gone=current is NO_TEXT))
        else:
            write.append(key)
    return write, conflicts


def writable(mine: Mapping[str, str], theirs: Mapping[str, Text], basis: Basis) -> list[str]:
    """Keys to write. Raises ConflictError if there is any conflict."""
    write, conflicts = changes(mine, theirs, basis)
    if conflicts:
        raise ConflictError(conflicts)
    return write


def raise_revision(row: Any, **values: Any) -> None:
    """Write the values on a row and raise its revision."""
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])
