"""Whatever people type, from the rows to the page and to the PDF: it is words and nothing else."""

import pytest

from agencies.roles import Role
from audits.models import Audit, FindingPlacement, Section, Stage
from reports.documents.html import print_page
from reports.domain.printing import draft
from reports.models import Document
from reports.renderer import renderer
from tests.audits.browsing import page, signed_in
from tests.factories import ActionFactory, AuditFactory, FindingFactory, person
from tests.reports.pdf import words

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert('page')</script>",
    "{{ audit.partnership }} {% now 'Y' %} {# gone #}",
    "{figure:nowhere} {figure:} {figure",
    "<style>body { display: none }</style>",
    "</main></article></body>",
    "<img src=file:///etc/passwd onerror=alert(1)>",
    "W" * 400,
    "ילדים ומשפחות",
]
EMOJI = "A smile 🙂 and a family 👪"


@pytest.fixture
def audit() -> Audit:
    audit: Audit = AuditFactory(stage=Stage.DRAFTING, title="Front <b>door</b> {{ 7 }}")
    for position, text in enumerate(HOSTILE):
        finding = FindingFactory(audit=audit, text=text)
        FindingPlacement.objects.create(finding=finding, section=Section.WORRIES, position=position)
        ActionFactory(audit=audit, text=text, measure_of_success=text)
        audit.lead_ins.create(section=Section.FINDINGS, text=text, position=position)
    audit.prose.create(passage="thanks", text="\n\n".join(HOSTILE))
    audit.prose.create(passage="process", text="\n\n".join(HOSTILE))
    return audit


@pytest.mark.parametrize("kind", Document.Kind)
def test_the_page_shows_it_as_words(audit: Audit, kind: Document.Kind) -> None:
    officer = signed_in(person(Role.OFFICER, audit.partnership))
    shown = page(officer, "document-preview", audit.pk, kind)
    for markup in ("<script>alert", "<style>body", "<img src=file", "<b>door</b>"):
        assert markup not in shown
    for text in (
        "&lt;script&gt;alert(&#x27;page&#x27;)&lt;/script&gt;",
        "{{ audit.partnership }} {% now &#x27;Y&#x27; %} {# gone #}",
        "{figure:nowhere}",
        "Front &lt;b&gt;door&lt;/b&gt; {{ 7 }}",
        "ילדים ומשפחות",
    ):
        assert text in shown
    assert shown.count("</main>") == 1


@pytest.mark.parametrize("kind", Document.Kind)
def test_the_pdf_prints_it_as_words(audit: Audit, kind: Document.Kind) -> None:
    reply = renderer.render(print_page(draft(audit, kind)), timeout=60)
    assert reply.warnings == ()
    printed = words(reply.body)
    for text in (
        "<script>alert('page')</script>",
        "{% now 'Y' %}",
        "{figure:nowhere} {figure:} {figure",
        "</main></article></body>",
        "Front <b>door</b> {{ 7 }}",
    ):
        assert text in printed


def test_emoji_do_no_harm(audit: Audit) -> None:
    """None of our fonts draws them: a box stands in their place."""
    audit.findings.update(text=EMOJI)
    officer = signed_in(person(Role.OFFICER, audit.partnership))
    assert EMOJI in page(officer, "document-preview", audit.pk, Document.Kind.SUMMARY_REPORT)
    reply = renderer.render(print_page(draft(audit, Document.Kind.SUMMARY_REPORT)), timeout=60)
    assert reply.body.startswith(b"%PDF")
    assert all("🙂" in warning or "👪" in warning for warning in reply.warnings)
