"""How much the stops before a sign-off, a correction and a publication look through in one go.

They look through everything, and hold what they stop for as long as that takes.
"""

from collections import Counter
from collections.abc import Iterable

from audits.domain.screened_texts import Passage

MOST = 1_000_000
"""Characters: three hundred and fifty pages, where sixty cases of two pages each take a third."""
NAMED = 3


def too_long(passages: Iterable[Passage]) -> list[str]:
    """A sentence that says so, and where most of it stands; none if it can be looked through."""
    where = Counter[tuple[str, str]]()
    for each in passages:
        where[each.place.group, each.place.label] += len(each.words)
    if where.total() <= MOST:
        return []
    longest = "; ".join(
        f"{group}, {label.lower()}: {number:,}"
        for (group, label), number in where.most_common(NAMED)
    )
    sentence = (
        f"The texts have {where.total():,} characters together, and no more than {MOST:,} can be "
        f"looked through for names. Shorten what is longest ({longest})."
    )
    return [sentence]
