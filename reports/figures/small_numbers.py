"""Which counts a document may print, so that nobody works out a small one from what is printed.

Counts form trees: a whole is split into parts that add up to it (cases audited and not audited;
graded and ungraded; good and below good; the answers to a question). The rule is one sentence:

    The parts of a printed whole are printed all together, or not at all; they are printed if
    none of them is small.

A small count is one from 1 up to below the partnership's limit. A nought is printed: it points to
nobody, as in the hospital statistics of NHS England, whose "1 to 7" this default follows.

Why that is enough: where the parts of a whole W are withheld, one of them is small and W is not.
Every split of W into as many parts of which one is small prints the same page. Any part may then
be 1, or 2, with the rest elsewhere, so no part is told by what is printed, even to somebody who
knows this rule. It needs a limit of 3 or more. Splits of the same whole say nothing of each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 3
"""Below this limit a withheld count could only be 1."""


@dataclass(frozen=True)
class SmallNumbers:
    """`below` is the partnership's limit; 0 prints everything, for the board."""

    below: int = 0

    @property
    def withholds(self) -> bool:
        return self.below > 0

    def is_small(self, count: int) -> bool:
        return 0 < count < self.below

    def whole(self, count: int) -> int | None:
        """A count that is no part of a printed whole; None if it is withheld."""
        return None if self.is_small(count) else count

    def parts(self, whole: int | None, parts: Sequence[int]) -> tuple[int | None, ...]:
        """The parts of a whole, which add up to it; all None if they are withheld."""
        hidden = whole is None or (self.withholds and any(map(self.is_small, parts)))
        return (None,) * len(parts) if hidden else tuple(parts)

    def part(self, whole: int | None, count: int, *, of: int) -> int | None:
        """One part beside all the rest; `whole` is what is printed of the count `of`."""
        return self.parts(whole, (count, of - count))[0]


EVERYTHING = SmallNumbers()
