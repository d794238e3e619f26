"""Postcodes: an area that exists, in the forms that Royal Mail gives out (BS 7666)."""

import re
from collections.abc import Iterator

from audits.screening.hits import Hit, Passage

CODE = "postcode"
WHY = "This is a postcode."
_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN "
    "DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA "
    "LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG "
    "SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREA = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
_OUTWARD = rf"(?:{_AREA})\d(?:\d|[A-HJKPSTUVWXY])?"
_INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"
_WHOLE = re.compile(rf"(?<![\w-])(?:{_OUTWARD}[ \u00a0]{{0,2}}{_INWARD}|GIR ?0AA)(?![\w-])", re.I)
_LABELLED = re.compile(
    rf"\bpost ?code(?:\s+(?:is|was|area|district|of|starting|beginning|with)|:)*\s+"
    rf"(?P<code>{_OUTWARD})(?![\w-])",
    re.I,
)


def postcodes(passage: Passage) -> Iterator[Hit]:
    """Whole postcodes anywhere; their first half only where it is called a postcode."""
    for match in _WHOLE.finditer(passage.text):
        yield passage.hit(CODE, match.start(), match.end(), WHY)
    for match in _LABELLED.finditer(passage.text):
        yield passage.hit(CODE, match.start("code"), match.end("code"), "This is half a postcode.")
