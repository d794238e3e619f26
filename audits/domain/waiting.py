"""One thing that waits for a person, as a mail may name it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agencies.models import Partnership


@dataclass(frozen=True)
class Waiting:
    """What, by when, and where; never anything of a case."""

    partnership: Partnership
    words: str
    link: str
    due: date | None = None
    due_word: str = "by"
    asks: bool = False
    """Whether today is a day to write about it; a mail then names all else that waits too."""
    about: UUID | None = None
    """The agency's return the person owes, so that its list can say when it was reminded."""

    def is_late(self, today: date) -> bool:
        return self.due is not None and self.due < today


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
