"""The rules, the strongest first: where two hits overlap the stronger stays."""

from audits.screening.addresses import addresses
from audits.screening.birth_dates import birth_dates
from audits.screening.emails import emails
from audits.screening.hits import Rule
from audits.screening.initials import initials
from audits.screening.known_names import known_names
from audits.screening.likely_names import likely_names
from audits.screening.nhs_numbers import nhs_numbers
from audits.screening.phone_numbers import phone_numbers
from audits.screening.postcodes import postcodes

RULES: dict[str, Rule] = {
    "known-name": known_names,
    "nhs-number": nhs_numbers,
    "email": emails,
    "phone-number": phone_numbers,
    "postcode": postcodes,
    "birth-date": birth_dates,
    "address": addresses,
    "initials": initials,
    "name": likely_names,
}

LIKELY = frozenset({"initials", "name"})
"""Rules that find what may be somebody; what any other finds certainly is."""

CERTAIN = frozenset({"known-name", "nhs-number"})
"""No place and no ordinary word: a name that is sealed, a number whose check digit is right."""
