"""Names that are no alarm: those of the partnership's own agencies, contributors and bodies."""

from collections.abc import Iterable, Sequence

from audits.screening.words import Word, name_key, words_of


def allowed_words(words: Sequence[Word], names: Iterable[str]) -> frozenset[int]:
    """Indices of the words that spell an allowed name, whole and in its order."""
    keys = [word.key for word in words]
    starts: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        starts.setdefault(key, []).append(index)
    found: set[int] = set()
    for name in dict.fromkeys(names):
        parts = [name_key(word.text) for word in words_of(name)]
        for index in starts.get(parts[0], []) if parts else []:
            if keys[index : index + len(parts)] == parts:
                found.update(range(index, index + len(parts)))
    return frozenset(found)
