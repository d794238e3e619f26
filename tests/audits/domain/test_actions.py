from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audits.domain import actions as domain
from audits.domain import figures
from audits.domain.actions import ActionDraft
from audits.domain.writing import NotNowError, StaleError
from audits.models import Action, Figure, Stage
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import ActionFactory, FindingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return meeting_scene(stage=Stage.DRAFTING)


def publish(scene: Scene) -> None:
    scene.audit.stage = Stage.PUBLISHED
    scene.audit.save()


def test_an_action_answers_findings_and_may_leave_owner_and_date_open(scene: Scene) -> None:
    findings = [FindingFactory(audit=scene.audit) for _ in range(2)]
    action = domain.write_action(
        audit=scene.audit, draft=ActionDraft(text="Do it.", findings=findings), by=scene.officer
    )
    assert (action.code, action.owner, action.due_on) == ("action-1", None, None)
    assert set(action.findings.all()) == set(findings)
    draft = ActionDraft(
        text="Do it.", owner_agency_id=scene.agencies[0].pk, due_on=date(2026, 9, 1)
    )
    domain.revise_action(action=action, draft=draft, revision=0, by=scene.officer)
    action = Action.objects.get()
    assert (action.owner, action.due_on) == (scene.agencies[0], date(2026, 9, 1))
    assert list(action.findings.all()) == []
    with pytest.raises(StaleError):
        domain.revise_action(action=action, draft=draft, revision=0, by=scene.chair)


def test_after_publication_only_the_progress_is_written(scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    publish(scene)
    draft = ActionDraft(text="Else.")
    with pytest.raises(NotNowError):
        domain.write_action(audit=scene.audit, draft=draft, by=scene.officer)
    with pytest.raises(NotNowError):
        domain.revise_action(action=action, draft=draft, revision=0, by=scene.officer)
    with pytest.raises(NotNowError):
        domain.remove_action(action=action, by=scene.officer)
    reported = domain.report_progress(
        action=action,
        progress=Action.Progress.DONE,
        evidence="Minutes.",
        impact="Seen sooner.",
        revision=0,
        by=scene.leads[0],
    )
    assert (reported.progress, reported.evidence, reported.impact, reported.revision) == (
        "done",
        "Minutes.",
        "Seen sooner.",
        1,
    )


def test_an_action_is_carried_over_by_name_and_can_be_taken_up_again(scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    publish(scene)
    with pytest.raises(ValueError, match="reason"):
        domain.carry_over(action=action, reason="", revision=0, by=scene.chair)
    carried = domain.carry_over(
        action=action, reason="Goes to the next audit.", revision=0, by=scene.chair
    )
    assert (carried.progress, carried.carried_over_by) == ("carried_over", scene.chair)
    with pytest.raises(StaleError):
        domain.carry_over(action=action, reason="Again.", revision=0, by=scene.chair)
    again = domain.report_progress(
        action=action, progress="under_way", evidence="", impact="", revision=1, by=scene.officer
    )
    assert (again.carried_over_by, again.carried_over_reason) == (None, "")


def test_carrying_over_is_no_plain_progress(scene: Scene) -> None:
    action = ActionFactory(audit=scene.audit)
    with pytest.raises(ValueError, match="carry_over"):
        domain.report_progress(
            action=action,
            progress=Action.Progress.CARRIED_OVER,
            evidence="",
            impact="",
            revision=0,
            by=scene.officer,
        )


def test_an_action_is_overdue_after_its_date_until_it_is_done(scene: Scene) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    action = ActionFactory(audit=scene.audit, due_on=yesterday)
    assert action.is_overdue
    action.progress = Action.Progress.DONE
    assert not action.is_overdue


def test_an_action_can_be_removed_while_drafting(scene: Scene) -> None:
    domain.remove_action(action=ActionFactory(audit=scene.audit), by=scene.officer)
    assert not Action.objects.exists()


COUNTED = {
    "kind": "counted",
    "code": "police",
    "measure": "met_good",
    "agency": None,
    "question": None,
    "label": "left over",
    "numerator": 3,
    "denominator": 4,
    "unit": "cases",
    "stated_by": "somebody",
}


def test_a_counted_figure_keeps_no_number(scene: Scene) -> None:
    question = scene.audit.toolkit.questions.first()
    values = {**COUNTED, "question": question}
    figure = figures.save_figure(audit=scene.audit, figure=None, values=values, by=scene.officer)
    figure.refresh_from_db()
    assert (figure.numerator, figure.denominator, figure.label) == (None, None, "")
    assert figure.question is None


def test_a_figure_becomes_stated_and_keeps_no_measure(scene: Scene) -> None:
    figure = figures.save_figure(audit=scene.audit, figure=None, values=COUNTED, by=scene.officer)
    stated = {**COUNTED, "kind": "stated"}
    figures.save_figure(audit=scene.audit, figure=figure, values=stated, by=scene.officer)
    figure.refresh_from_db()
    assert (figure.measure, figure.numerator, figure.denominator) == ("", 3, 4)
    figures.remove_figure(figure=figure, by=scene.officer)
    assert not Figure.objects.exists()


def test_two_figures_never_share_a_code(scene: Scene) -> None:
    figures.save_figure(audit=scene.audit, figure=None, values=COUNTED, by=scene.officer)
    with pytest.raises(ValidationError):
        figures.save_figure(audit=scene.audit, figure=None, values=COUNTED, by=scene.officer)
    publish(scene)
    with pytest.raises(NotNowError):
        figures.save_figure(audit=scene.audit, figure=None, values=COUNTED, by=scene.officer)
