"""Dates of birth: a date beside words that say somebody was born then. Other dates pass."""

import re
from collections.abc import Iterator

from audits.screening.hits import Hit, Passage

CODE = "birth-date"
WHY = "This is a date of birth."
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:(?:19|20)\d{2}|['’]?\d{2})"
_DATE = (
    rf"(?:\d{{1,2}}\s?[/.\-–]\s?\d{{1,2}}\s?[/.\-–]\s?{_YEAR}(?!\d)"
    r"|(?:19|20)\d{2}-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?[\s.\-]?{_MONTH},?[\s\-]?{_YEAR}(?!\d)"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}(?!\w)"
    rf"|{_MONTH}\s(?:19|20)\d{{2}})"
)
_BORN = r"\b(?:d\.?\s?o\.?\s?b\b\.?|dates? of birth|birth ?dates?|birthdays?|born|b\.)"
_BETWEEN = r"[^\n.;!?]{0,30}?"
_BEFORE = re.compile(rf"{_BORN}{_BETWEEN}(?<![\d/.])(?P<date>{_DATE})", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?<![\d/.])(?P<date>{_DATE})\s?[,:(\-–]?\s?(?:is |was |as |being )?"
    rf"(?:given as |recorded as )?(?:(?:his|her|their|the|a)\s)?(?:child['’]s |baby['’]s )?{_BORN}",
    re.IGNORECASE,
)


def birth_dates(passage: Passage) -> Iterator[Hit]:
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(passage.text):
            start, date = match.start("date"), match["date"].rstrip(".")
            yield passage.hit(CODE, start, start + len(date), WHY)
