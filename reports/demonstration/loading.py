"""The demonstration partnership, made of the audit files in this folder."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from agencies.models import Partnership, User
from audits.domain.themes import apply_default_learning_themes
from audits.models import Audit, Stage, StatusChange
from reports.demonstration.accounts import open_accounts
from reports.demonstration.identities import seal_invented
from reports.demonstration.shifting import days_to, shifted
from reports.documents.source import DocumentSource
from reports.domain.printing import Kind
from reports.domain.publishing import publish, record_preview
from reports.files.loading import load_data
from reports.files.moments import read_moment

FOLDER = Path(__file__).parent
SUMMARY_REPORT_OF = "front-door"
BRIEFING_OF = "neglect-2"
SEALED = "domestic-abuse"
# In the order of their making, so that a second audit finds the first.
NAMES = ["neglect-1", BRIEFING_OF, SUMMARY_REPORT_OF, SEALED, "special-needs"]


@dataclass
class Demonstration:
    audits: dict[str, Audit] = field(default_factory=dict)
    """By the name of its file."""


@transaction.atomic
def load_demonstration(*, password: str, today: date) -> Demonstration:
    """Load what is not there yet and open the accounts; what is there stays as it is."""
    days = days_to(today)
    files = {name: shifted(read(name), days) for name in NAMES}
    partnership = _partnership(files[NAMES[0]]["partnership"])
    demonstration = Demonstration()
    to_publish: list[tuple[Audit, dict[str, Any]]] = []
    for name, data in files.items():
        audit = Audit.objects.filter(pk=data["audit"]["id"]).first()
        if audit is None:
            publication = _held_back(data)
            audit = load_data(data)
            if publication:
                to_publish.append((audit, publication))
        demonstration.audits[name] = audit
    open_accounts(partnership, password=password, since=today - timedelta(days=3 * 365))
    for audit, publication in to_publish:
        _publish(audit, publication)
    seal_invented(demonstration.audits[SEALED], today=today)
    return demonstration


def read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return data


def _partnership(row: dict[str, Any]) -> Partnership:
    """With every default learning theme, though no single audit uses them all."""
    partnership, _ = Partnership.objects.get_or_create(short_name=row["short_name"], defaults=row)
    apply_default_learning_themes(partnership=partnership, by=None)
    return partnership


def _held_back(data: dict[str, Any]) -> dict[str, Any] | None:
    """The publication, taken out of a published audit: its documents are yet to be frozen."""
    if data["audit"]["stage"] != Stage.PUBLISHED:
        return None
    data["audit"] |= {"stage": Stage.DRAFTING, "awaiting_approval": True}
    publication: dict[str, Any] = data["status_changes"].pop()
    return publication


def _publish(audit: Audit, publication: dict[str, Any]) -> None:
    chair = User.objects.get(email=publication["by"])
    at: datetime = read_moment(publication["at"])
    source = DocumentSource(Audit.objects.with_names().get(pk=audit.pk))
    for kind in Kind:
        record_preview(source, kind, by=chair)
    publish(audit, by=chair, at=at)
    StatusChange.objects.filter(audit=audit, transition="publish").update(at=at)
    audit.refresh_from_db()
