"""The command that writes both documents of an audit, whatever stage it has come to."""

from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from agencies.roles import Role
from audits.models import Audit, FindingPlacement, Section, Stage
from reports.documents.source import DocumentSource
from reports.domain.publishing import publish, record_preview
from reports.models import Document
from tests.factories import AuditFactory, FindingFactory, person
from tests.reports.pdf import words

pytestmark = pytest.mark.django_db

NAMES = ["six-step-briefing.pdf", "summary-report.pdf"]


def printed(audit: Audit, folder: Path) -> dict[str, str]:
    """The words of every file written, by its name."""
    said = StringIO()
    call_command("print_audit", str(audit.pk), "--out", str(folder), stdout=said)
    files = sorted(folder.iterdir())
    assert sorted(said.getvalue().split()) == [str(path) for path in files]
    return {path.name: words(path.read_bytes()) for path in files}


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.COLLECTING, Stage.DRAFTING])
def test_until_publication_it_writes_drafts(stage: Stage, tmp_path: Path) -> None:
    audit = AuditFactory(stage=stage, title="Front door")
    files = printed(audit, tmp_path / "new" / "folder")
    assert list(files) == NAMES
    for text in files.values():
        assert "Front door" in text
        assert "Draft printed" in text
        assert "Version 1" not in text


def test_afterwards_it_writes_what_was_published(tmp_path: Path) -> None:
    audit = AuditFactory(stage=Stage.DRAFTING, title="Front door")
    finding = FindingFactory(audit=audit, text="Recording varies.")
    FindingPlacement.objects.create(finding=finding, section=Section.WORRIES)
    chair = person(Role.CHAIR, audit.partnership)
    for kind in Document.Kind:
        record_preview(DocumentSource(audit), kind, by=chair)
    publish(audit, by=chair)
    audit.findings.update(text="Changed since.")
    files = printed(audit, tmp_path)
    assert list(files) == NAMES
    assert all("Draft printed" not in text for text in files.values())
    assert all("Version 1, published" in text for text in files.values())
    assert "Recording varies." in files["summary-report.pdf"]


def test_an_audit_that_does_not_exist_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no audit with this id"):
        call_command("print_audit", str(uuid4()), "--out", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
