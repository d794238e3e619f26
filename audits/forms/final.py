"""Words that nobody can change once they are sent: they are looked through before they are kept.

A reason stands in a history for good, so what certainly says who somebody is does not get into it:
the form comes back with the words, and nothing is written. A name that is only likely is none of
that; of that its writer is warned, as everywhere (`audits.middleware`).
"""

from dataclasses import dataclass
from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import User
from audits.domain.screened import Scope, Screener, ScreeningDownError, plain_hits
from audits.domain.telling import hits_for
from audits.models import AgencyReturn, Audit
from audits.models.seal import may_look, still_looking
from audits.screening import Hit
from audits.screening.registry import LIKELY, RULES

STOPS = frozenset(RULES) - LIKELY


@dataclass(frozen=True)
class About:
    """Whose words they are, and of which audit: who may look at its identities is told of them."""

    user: User
    audit: Audit
    agency_return: AgencyReturn | None = None

    @classmethod
    def looking(cls, user: User, audit: Audit) -> "About":
        """For whoever is about to look at the identities of this audit."""
        asked = still_looking(user).filter(audit=audit).select_related("audit")
        return cls(user, audit, asked.first())

    def hits(self, text: str) -> list[Hit]:
        if not may_look(self.user, self.audit, self.agency_return):
            return plain_hits(text)
        row = self.agency_return
        scope = Scope.of_return(row) if row else Scope.of_audit(self.audit)
        return hits_for(Screener(scope), {"": text}, by=self.user)[""]


class FinalWords(forms.Form):
    """A form whose prose stays as it is sent. Nobody builds one without saying what it is about;
    with None, where there is no audit, nobody's sealed names are known."""

    fails_closed = True
    """Whether nothing is sent where sealed names cannot be looked for, as without their key."""

    def __init__(self, *args: Any, about: About | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            text = said.get(name)
            if isinstance(field, fields.TextField) and text:
                for complaint in self._complaints(text):
                    self.add_error(name, complaint)
        return said

    def _hits(self, text: str) -> list[Hit]:
        if self.about is None:
            return plain_hits(text)
        try:
            return self.about.hits(text)
        except ScreeningDownError:
            if self.fails_closed:
                raise
            return plain_hits(text)

    def _complaints(self, text: str) -> list[str]:
        try:
            hits = self._hits(text)
        except ScreeningDownError as fault:
            return [str(fault)]
        found = dict.fromkeys(hit.text for hit in hits if hit.rule in STOPS)
        if not found:
            return []
        words = ", ".join(f"“{each}”" for each in found)
        return [f"Take out {words}: these words stay as you send them, and name nobody."]
