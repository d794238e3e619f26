"""The rules, the strongest first: where two hits overlap the stronger stays."""

from audits.screening.hits import Rule
from audits.screening.nhs_numbers import nhs_numbers

RULES: dict[str, Rule] = {
    "nhs-number": nhs_numbers,
}
