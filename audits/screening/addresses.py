"""Where somebody lives: a number with a street, a flat, or a street that somebody lives in."""

import re
from collections.abc import Iterator

from audits.screening.hits import Hit, Passage

CODE = "address"
WHY = "This looks like an address."
_PLAIN = "road|rd|street|avenue|ave|lane|crescent|terrace|boulevard|mews|cul-de-sac|causeway"
_ALSO_WORDS = (
    "close|drive|way|place|court|gardens?|grove|square|row|walk|hill|rise|view|green|park|parade"
    "|gate|mount|path|estate|croft|dell|fields?|meadows?|heights|lodge|house|cottages?|wharf|quay"
    "|end|side|bank|common|st"
)
_NUMBER = (
    r"(?:\b[Nn](?:o\.?|umber)\s?)?(?<![\w£.,/-])(?!(?:19|20)\d\d\b)"
    r"\d{1,4}\s?[A-Da-d]?(?:\s?[-–/]\s?\d{1,4}[a-d]?)?"
)
_NAME = r"[A-Z][\w'’.-]{1,40}"
_STREET = rf"(?:(?:the|{_NAME})\s){{1,3}}"
_CAPITAL_TYPE = "|".join(
    f"{kind[0].upper()}{kind[1:]}" for kind in f"{_PLAIN}|{_ALSO_WORDS}".split("|")
)
_NO_STREET = r"(?!(?:of|the|on|in|at|for|and|to|or|an?|was|were|is|his|her|their|by|from)\b)"
_FLAT = r"\b(?:[Ff]lat|[Aa]partment|[Uu]nit|[Rr]oom|[Cc]aravan|[Pp]lot|[Pp]itch)\s(?:no\.?\s?)?"
_NUMBERED = re.compile(
    rf"(?:{_FLAT}\d{{1,4}}[A-Da-d]?,?\s)?{_NUMBER},?\s{_STREET}(?:{_CAPITAL_TYPE})\b"
)
_SMALL = re.compile(
    rf"(?:{_FLAT}\d{{1,4}}[a-d]?,?\s)?{_NUMBER},?\s(?:{_NO_STREET}[\w'’-]{{1,40}}\s){{1,2}}"
    rf"(?:{_PLAIN})\b",
    re.IGNORECASE,
)
_IN_FLAT = re.compile(rf"{_FLAT}\d{{1,4}}[A-Da-d]?,\s(?:{_NAME}\s?){{1,3}}")
_LIVES = (
    r"\b(?i:liv(?:es|ed|ing)|resid(?:es|ed|ing)|stay(?:s|ed|ing)|hous(?:ed|ing)|placed|moved|"
    r"address(?:es)?|lodg(?:es|ed|ing)|home|accommodation|tenancy|property|flat|house|door)"
)
_THERE = rf"{_LIVES}(?:\s[a-z]{{1,20}}){{0,4}}?\s(?i:is|was|at|on|in|to|off|near|of|:)\s"
_HOME = re.compile(
    rf"{_THERE}(?P<place>{_STREET}(?:{_CAPITAL_TYPE}))\b"
    r"(?!\s(?:[A-Z][a-z]{1,40}\s)*(?:School|Academy|Surgery|Hospital|Centre|Practice|Nursery|Clinic"
    r"|College|Refuge|Team|Hub|Unit|Police|Church|Station|Office|Medical|Primary|Junior|Infant))"
)


def addresses(passage: Passage) -> Iterator[Hit]:
    for pattern in (_IN_FLAT, _NUMBERED, _SMALL):
        for match in pattern.finditer(passage.text):
            yield passage.hit(CODE, match.start(), match.start() + len(match[0].rstrip()), WHY)
    for match in _HOME.finditer(passage.text):
        yield passage.hit(CODE, match.start("place"), match.end("place"), WHY)
