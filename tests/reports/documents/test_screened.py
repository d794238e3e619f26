"""Whatever a document can print of what somebody typed is screened before it is published."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from audits.models import (
    AgreedGrade,
    Audit,
    CaseReturn,
    Discussion,
    Figure,
    FindingPlacement,
    LeadIn,
    LearningTheme,
    Question,
    Section,
    SeenBefore,
    Stage,
    Toolkit,
)
from reports.documents import briefing
from reports.documents.content import Audience
from reports.documents.imprint import Edition
from reports.documents.source import DocumentSource
from reports.domain.printing import build
from reports.domain.screened_texts import document_passages
from reports.models import Document, Prose
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import (
    ActionFactory,
    AnswerFactory,
    FindingFactory,
    GapHeadingFactory,
    QuestionFactory,
    meeting_point,
)
from tests.support.guards import open_signed_words

pytestmark = pytest.mark.django_db

CANARY = re.compile(r"Zz[a-z]+Qq\d+")
SEEDED = {"audits", "reports"}
"""Names of people in their work and of organisations are `agencies`: those are no alarm."""
LEFT = {"Document", "StatusChange", "ScreeningDecision", "TextRevision"}


@pytest.fixture
def scene() -> Scene:
    """Something of every kind that a document prints."""
    scene = meeting_scene(stage=Stage.DRAFTING)
    audit = scene.audit
    audit.asked_for_by = scene.agencies[0]
    audit.kind = Audit.Kind.EXTRAORDINARY
    audit.asked_for_reason, audit.theme.priority = "A reason.", "A priority."
    audit.theme.save()
    audit.save()
    open_signed_words()
    _answered(scene)
    _found(scene)
    _graded(scene)
    Prose.objects.create(audit=audit, passage=Prose.Passage.METHODOLOGY, text="How.")
    return scene


def _answered(scene: Scene) -> None:
    chosen = QuestionFactory(toolkit=scene.audit.toolkit, kind="choice", choices=["Seen", "Not"])
    follows = QuestionFactory(
        toolkit=scene.audit.toolkit, follows=chosen, follows_answers=["Seen"], text="And then?"
    )
    for row in scene.case_returns:
        AnswerFactory(case_return=row, question=chosen, value="Seen")
        AnswerFactory(case_return=row, question=follows)


def _found(scene: Scene) -> None:
    audit = scene.audit
    heading = GapHeadingFactory(audit=audit)
    for section in Section:
        here = heading if section == Section.GAPS else None
        lead_in = LeadIn.objects.create(audit=audit, section=section, heading=here, text="They:")
        for led in (lead_in, None):
            finding = FindingFactory(audit=audit)
            finding.learning_themes.add(heading.learning_theme)
            SeenBefore.objects.create(finding=finding, audit_title="Neglect", audit_code="N1")
            own = "Own words." if led else ""
            FindingPlacement.objects.create(
                finding=finding,
                section=section,
                heading=here,
                lead_in=led,
                wording=own,
            )
    ActionFactory(audit=audit, measure_of_success="All seen.")
    point = meeting_point(audit, "Agencies listened.")
    point.learning_themes.add(heading.learning_theme)
    Figure.objects.create(
        audit=audit,
        code="stated",
        kind="stated",
        label="Visits",
        unit="visits",
        numerator=3,
        denominator=4,
        stated_by="A nurse",
    )


def _graded(scene: Scene) -> None:
    best, other = scene.audit.grades.all()[:2]
    CaseReturn.objects.filter(audit=scene.audit).update(own_grade=other)
    AgreedGrade.objects.create(
        case_return=scene.case_returns[0], grade=best, reason="Moved.", moderator=scene.officer
    )
    Discussion.objects.update_or_create(
        case=scene.cases[0], defaults={"overall_grade": best, "overall_grade_reason": "Good."}
    )


def seed() -> None:
    """A word of its own into every text there is, now and in what is added later."""
    number = 0
    for model in apps.get_models():
        if model._meta.app_label not in SEEDED or model.__name__ in LEFT:
            continue
        for row in model._default_manager.all():
            changed = {}
            for field in _texts(model):
                if words := getattr(row, field.name):
                    number += 1
                    changed[field.name] = f"{words} Zz{model.__name__.lower()}Qq{number}"
            model._default_manager.filter(pk=row.pk).update(**changed)
    chosen = Question.objects.get(choices__isnull=False, kind="choice")
    labels = ["Seen ZzchoiceQq1", "Not ZzchoiceQq2"]
    Question.objects.filter(pk=chosen.pk).update(choices=labels)
    chosen.followed_by.update(follows_answers=labels[:1])
    apps.get_model("audits", "Answer").objects.filter(question=chosen).update(value=labels[0])


def _texts(model: Any) -> Iterator[models.Field[Any, Any]]:
    """What people word: no choice of ours, nothing that must be unique, no answer of a list."""
    for field in model._meta.concrete_fields:
        if type(field) not in (models.CharField, models.TextField) or field.choices:
            continue
        if not field.unique and (model.__name__, field.name) != ("Answer", "value"):
            yield field


def printed(audit: Audit) -> set[str]:
    found: set[str] = set()
    for audience in Audience:
        source = DocumentSource(Audit.objects.with_names().get(pk=audit.pk), audience)
        edition = Edition(dated=date(2026, 5, 3), audience=audience)
        for kind in Document.Kind:
            found |= set(CANARY.findall(build(source, kind, edition).to_json()))
    return found


@pytest.mark.parametrize("case_by_case", [True, False])
def test_every_text_that_can_be_printed_is_screened(
    scene: Scene, case_by_case: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing, "CASE_BY_CASE_UP_TO", 12 if case_by_case else 0)
    seed()
    audit = Audit.objects.get(pk=scene.audit.pk)
    screened = " ".join(passage.words for passage in document_passages(audit))
    out = printed(audit)
    assert out - set(CANARY.findall(screened)) == set()
    kinds = {re.sub(r"Qq\d+", "", word) for word in out}
    assert {"Zzquestion", "Zzchoice", "Zzlearningtheme", "Zzgrade", "Zzseenbefore"} <= kinds
    assert {"Zzaudit", "Zztheme", "Zzfinding", "Zzaction", "Zzfigure", "Zzleadin"} <= kinds


def test_where_it_is_mended_depends_on_whether_it_stands_fast(scene: Scene) -> None:
    def places(group: str) -> set[str]:
        found = document_passages(Audit.objects.get(pk=scene.audit.pk))
        return {each.place.route for each in found if each.place.group == group}

    assert places("Toolkit") == {"question-update"}
    assert places("Learning themes") == {"learning-theme-update"}
    Toolkit.objects.update(frozen_at="2026-01-01T00:00Z")
    assert places("Toolkit") == {"toolkit-detail"}
    labels = {each.place.label: each.place.route for each in document_passages(scene.audit)}
    assert labels["Grade of a scale that stands fast"] == "audit-detail"


def test_a_theme_of_another_audit_keeps_nothing_from_being_published(scene: Scene) -> None:
    LearningTheme.objects.create(
        partnership=scene.audit.partnership, code="other", name="Elsewhere"
    )
    assert "Elsewhere" not in {each.words for each in document_passages(scene.audit)}
