"""Snippets: sentences with their slots filled, and where in them stands what must be found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.security.screening import identifiers
from tests.security.screening.halves import SLOT, everything, listed

NAMES, WORDS, PLACES = "names", "names that are words", "names that are places"
STRUCTURED, INITIALS, KNOWN, PLAIN = "structured", "initials", "known names", "plain"
KINDS = (NAMES, WORDS, PLACES, STRUCTURED, INITIALS, KNOWN)
_SHARES = {NAMES: 34, WORDS: 12, PLACES: 6, STRUCTURED: 24, INITIALS: 6, KNOWN: 10, PLAIN: 8}
_IN_NAMES = frozenset({"first", "last", "full"})
_CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower)


@dataclass(frozen=True)
class Mark:
    kind: str
    start: int
    end: int


@dataclass
class Snippet:
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    known: tuple[str, ...] = ()
    """Whole names of the people whom the audit's sealed identities hold."""

    def add(self, text: str, kind: str = "") -> None:
        if kind:
            self.marks.append(Mark(kind, len(self.text), len(self.text) + len(text)))
        self.text += text


class Maker:
    """Makes snippets out of one half of every list; the same again from the same seed."""

    def __init__(self, half: str, seed: int) -> None:
        self.half = half
        self.random = Random(f"{half}:{seed}")

    def snippet(self) -> Snippet:
        kind = self.random.choices(list(_SHARES), list(_SHARES.values()))[0]
        snippet = Snippet()
        if kind == PLAIN:
            self._plain(snippet, self.random.randint(3, 6))
            return snippet
        self._plain(snippet, self.random.choice((0, 0, 1)))
        self._marked(snippet, kind)
        self._plain(snippet, self.random.choice((0, 0, 1, 2)))
        return snippet

    def _plain(self, snippet: Snippet, sentences: int) -> None:
        for _ in range(sentences):
            self._between(snippet)
            self._fill(snippet, self._one("sentences", "plain"), PLAIN, self._plain_word)

    def _marked(self, snippet: Snippet, kind: str) -> None:
        self._between(snippet)
        if kind == KNOWN:
            self._known(snippet)
        elif kind == STRUCTURED:
            self._fill(snippet, self._numbers(initials=False), kind, self._identifier)
        elif kind == INITIALS:
            self._fill(snippet, self._numbers(initials=True), kind, self._identifier)
        else:
            section = {NAMES: "names", WORDS: "wordlike", PLACES: "placelike"}[kind]
            self._fill(snippet, self._one("sentences", section), kind, self._name(kind))

    def _known(self, snippet: Snippet) -> None:
        first, last = self._one("names", "given"), self._one("names", "family")
        snippet.known = (f"{first} {last}",)
        written = self.random.choice(_CASES)
        names = {"first": first, "last": last, "full": f"{first} {last}"}
        sentence = self._one("sentences", "names")
        self._fill(snippet, sentence, KNOWN, lambda slot: written(names[slot]))

    def _numbers(self, *, initials: bool) -> str:
        sentences = listed("sentences", "numbers", self.half)
        return self.random.choice([s for s in sentences if ("{initials}" in s) is initials])

    def _fill(
        self, snippet: Snippet, sentence: str, kind: str, filler: Callable[[str], str]
    ) -> None:
        at = 0
        for slot in SLOT.finditer(sentence):
            snippet.add(sentence[at : slot.start()])
            marked = kind if kind != PLAIN else ""
            snippet.add(filler(slot[1]), marked)
            at = slot.end()
        snippet.add(sentence[at:])

    def _name(self, kind: str) -> Callable[[str], str]:
        section = {NAMES: "given", WORDS: "wordlike", PLACES: "placelike"}[kind]

        def filler(slot: str) -> str:
            first, last = self._one("names", section), self._one("names", "family")
            return {"first": first, "last": last, "full": f"{first} {last}"}[slot]

        return filler

    def _identifier(self, slot: str) -> str:
        if slot == "address":
            street = self._one("names", "streets")
            return identifiers.address(self.random, street)
        made: str = getattr(identifiers, slot)(self.random)
        return made

    def _plain_word(self, slot: str) -> str:
        section = {"place": "places", "agency": "organisations", "acronym": "acronyms"}[slot]
        return self._one("names", section)

    def _one(self, name: str, section: str) -> str:
        return self.random.choice(listed(name, section, self.half))

    def _between(self, snippet: Snippet) -> None:
        if snippet.text:
            snippet.add(self.random.choice((" ", " ", "\n", "\n- ")))


def allowed() -> list[str]:
    """What the partnership calls its own agencies and contributors."""
    return [name.removeprefix("the ") for name in everything("names", "organisations")]
