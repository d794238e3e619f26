"""Does a text say who somebody is? Pure functions: no database, no Django, nothing kept.

`screen(text)` gives what looks like an identifier, in order and without overlap. Each rule is one
module here and one line of `registry.RULES`; what they catch and what they cannot is measured by
`tests/security/test_screening.py` and told in docs/developers/screening.md.
"""

from functools import cache

from audits.screening.allowing import Allowed
from audits.screening.hits import Hit, KnownNames, Passage, joined, nobody
from audits.screening.registry import RULES
from audits.screening.words import name_key, name_keys, words_of

__all__ = ["Allowed", "Hit", "KnownNames", "name_key", "name_keys", "screen"]

NO_NAMES = Allowed()


def screen(
    text: str,
    *,
    known: KnownNames | None = None,
    allowed: Allowed = NO_NAMES,
    spares_known: bool = False,
) -> list[Hit]:
    """What in this text may say who somebody is, in order.

    Hits that overlap are one, of the stronger rule.

    `known` answers for the names of the audit's own children and families. `allowed` are names
    that are no alarm, as they are written. A known name is a hit even inside an allowed one,
    unless it is spared there: for who must not learn that it is known.
    """
    words = words_of(text)
    own = allowed.words_in(text, words)
    spared = own if spares_known else frozenset[int]()
    passage = Passage(text, words, cache(known or nobody), own, spared)
    return joined(passage, (hit for rule in RULES.values() for hit in rule(passage)))
