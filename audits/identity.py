"""Who the child of a case is, as it goes into the seal and comes out of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from agencies.models import Agency
from audits.screening.words import name_keys

OF_HEALTH = {
    Agency.Kind.HEALTH_COMMISSIONER,
    Agency.Kind.HEALTH_PROVIDER,
}
"""Who finds a child by the NHS number; to others it is one more thing to lose."""

TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr"}


@dataclass(frozen=True, repr=False)
class Identity:
    given_names: str
    family_name: str
    other_names: str = ""
    """Also known as; several with commas between."""
    born_on: date | None = None
    nhs_number: str = ""
    address: str = ""
    postcode: str = ""
    relatives: str = ""
    """Siblings and carers, one a line: the name, a comma, and what helps to find them."""
    references: Mapping[str, str] = field(default_factory=dict)
    """By agency's id: under what number that agency knows the child."""

    def __repr__(self) -> str:
        """What a log or a traceback may print of it."""
        return "Identity(…)"

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    def for_agency(self, agency: Agency) -> "Identity":
        """What this agency needs to find the child, and no more."""
        own = {key: text for key, text in self.references.items() if key == str(agency.pk)}
        needs_number = agency.kind in OF_HEALTH
        return replace(self, references=own, nhs_number=self.nhs_number if needs_number else "")

    def name_keys(self) -> Iterator[str]:
        """Every name in it, in the form in which screening compares names."""
        for name in self._names():
            yield from (key for key in name_keys(name) if key not in TITLES)

    def _names(self) -> Iterator[str]:
        yield self.name
        yield from self.other_names.split(",")
        for line in self.relatives.splitlines():
            yield line.split(",")[0].split("(")[0]

    def to_bytes(self) -> bytes:
        values = {key: value for key, value in asdict(self).items() if value}
        if self.born_on:
            values["born_on"] = self.born_on.isoformat()
        return json.dumps(values, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Identity":
        values: dict[str, Any] = {"given_names": "", "family_name": "", **json.loads(content)}
        if values.get("born_on"):
            values["born_on"] = date.fromisoformat(values["born_on"])
        return cls(**values)
