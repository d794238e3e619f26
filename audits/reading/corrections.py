"""What a correction changed: each text as it was and as it is, side by side."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from audits.comparing import Stretch, stretches
from audits.models import (
    Correction,
    TextRevision,
)
from audits.reading.text_names import TextNames


@dataclass(frozen=True)
class ChangedText:
    """One text before and after a correction, both cut where they part."""

    label: str
    about: str
    """What the label alone does not say: the words of a question; may be empty."""
    old: str
    new: str

    @cached_property
    def _stretches(self) -> list[Stretch]:
        return stretches(self.old, self.new)

    @property
    def before(self) -> list[Stretch]:
        return [each for each in self._stretches if each.side != "new"]

    @property
    def after(self) -> list[Stretch]:
        return [each for each in self._stretches if each.side != "old"]


class CorrectionPage:
    """Reads lazily, each part once, in a fixed number of queries."""

    def __init__(self, correction: Correction) -> None:
        self.correction = correction
        self.agency_return = correction.agency_return

    @property
    def title(self) -> str:
        row = self.correction.case_return
        return f"{row.case}: what was corrected" if row else "Summative report: what was corrected"

    @property
    def caption(self) -> str:
        return f"{self.agency_return.agency} · {self.agency_return.audit}"

    @property
    def back_url(self) -> str:
        row = self.correction.case_return
        if row is not None:
            return reverse("case-return-edit", args=[self.agency_return.pk, row.pk])
        return reverse("agency-return-detail", args=[self.agency_return.pk])

    @property
    def back_label(self) -> str:
        row = self.correction.case_return
        return str(row.case) if row else "The return"

    @cached_property
    def _pairs(self) -> list[tuple[TextRevision, str]]:
        """Each text of the correction with what it said before."""
        mine = list(self.correction.revisions.all())
        history = TextRevision.objects.filter(
            agency_return=self.agency_return,
            case_return=self.correction.case_return,
            key__in=[each.key for each in mine],
        )
        last: dict[str, str] = {}
        pairs = []
        for each in history.order_by("at", "pk"):
            if each.correction_id == self.correction.pk:
                pairs.append((each, last.get(each.key, "")))
            last[each.key] = each.words
        return pairs

    @cached_property
    def _names(self) -> TextNames:
        return TextNames(self.agency_return, (each.key for each, _ in self._pairs))

    @property
    def changes(self) -> list[ChangedText]:
        ordered = sorted(self._pairs, key=lambda pair: self._names.place(pair[0].key))
        return [self._changed(each.key, old, each.words) for each, old in ordered]

    def _changed(self, key: str, old: str, new: str) -> ChangedText:
        names = self._names
        read_old, read_new = names.read(key, old), names.read(key, new)
        return ChangedText(names.label(key), names.about(key), read_old, read_new)
