"""Does a text say who somebody is? Pure functions: no database, no Django, nothing kept.

`screen(text)` gives what looks like an identifier, in order and without overlap. Each rule is one
module here and one line of `registry.RULES`; what they catch and what they cannot is measured by
`tests/security/test_screening.py` and told in docs/developers/screening.md.
"""

from collections.abc import Iterable
from functools import cache

from audits.screening.allowing import allowed_words
from audits.screening.hits import Hit, KnownNames, Passage, joined, nobody
from audits.screening.registry import RULES
from audits.screening.words import name_key, name_keys, words_of

__all__ = ["Hit", "KnownNames", "name_key", "name_keys", "screen"]


def screen(text: str, *, known: KnownNames | None = None, allowed: Iterable[str] = ()) -> list[Hit]:
    """What in this text may say who somebody is, in order.

    Hits that overlap are one, of the stronger rule.

    `known` answers for the names of the audit's own children and families. `allowed` are names
    that are no alarm: the partnership's own agencies, contributors and bodies, as they are written.
    A known name is a hit even inside an allowed one.
    """
    words = words_of(text)
    passage = Passage(text, words, cache(known or nobody), allowed_words(words, allowed))
    return joined(passage, (hit for rule in RULES.values() for hit in rule(passage)))
