"""The workbench: what it shows to whom, and what its forms ask for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.domain.places import Place
from audits.domain.transitions import transition
from audits.models import (
    Audit,
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    ReturnStage,
    Section,
    Stage,
)
from tests.audits.scenes import Scene, meeting_scene, summative_point
from tests.factories import (
    ActionFactory,
    AuditFactory,
    FindingFactory,
    GapHeadingFactory,
    LearningThemeFactory,
    meeting_point,
    person,
    put_at,
)

pytestmark = pytest.mark.django_db

DjangoAssertNumQueries = Callable[[int], Any]
LIST_QUERIES = 17
FINDINGS = str(Place(Section.FINDINGS))


@pytest.fixture
def scene() -> Scene:
    return meeting_scene(stage=Stage.DRAFTING)


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.force_login(scene.officer)
    return client


def url(name: str, scene: Scene, *args: Any) -> str:
    return reverse(name, args=[scene.audit.pk, *args])


def placed(audit: Audit, text: str, section: str = Section.FINDINGS, **where: Any) -> Finding:
    finding: Finding = FindingFactory(audit=audit, text=text)
    position = FindingPlacement.objects.filter(finding__audit=audit, section=section).count()
    FindingPlacement.objects.create(finding=finding, section=section, position=position, **where)
    return finding


def html(response: Any) -> str:
    text: str = response.content.decode()
    return text


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def see(client: Client, user: User, scene: Scene) -> str:
    client.force_login(user)
    return html(client.get(url("finding-list", scene)))


def test_readers_read_and_only_the_officer_and_the_chair_write(
    client: Client, scene: Scene
) -> None:
    placed(scene.audit, "Listening is uneven.")
    for user in (scene.officer, scene.chair):
        page = see(client, user, scene)
        assert "Listening is uneven." in page
        assert "Write a finding" in page
    for user in (scene.leads[0], person(Role.MEMBER, scene.audit.partnership)):
        page = see(client, user, scene)
        assert "Listening is uneven." in page
        assert "Write a finding" not in page
        assert client.get(url("finding-create", scene)).status_code == 403
        assert client.post(url("working-well-begin", scene)).status_code == 403
    put_at(scene.returns[0], ReturnStage.EXCUSED)
    assert "Listening is uneven." not in see(client, scene.leads[0], scene)
    assert client.get(url("finding-create", scene)).status_code == 404


def test_after_publication_the_page_offers_nothing_to_change(client: Client) -> None:
    scene = meeting_scene(stage=Stage.PUBLISHED)
    placed(scene.audit, "Listening is uneven.")
    page = see(client, scene.officer, scene)
    assert "Listening is uneven." in page
    assert "Edit" not in page
    late = client.post(url("finding-create", scene), {"text": "Too late.", "revision": 0})
    assert "The audit is now at “Published”." in html(late)
    assert "Too late." in html(late)


def test_the_page_letters_gaps_and_numbers_headings_as_the_report_will(
    officer: Client, scene: Scene
) -> None:
    for label in ("Policy", "Records"):
        heading = GapHeadingFactory(audit=scene.audit, label=label, position=len(label))
        for text in (f"{label} one.", f"{label} two."):
            placed(scene.audit, text, Section.GAPS, heading=heading)
    ActionFactory(audit=scene.audit).findings.set([Finding.objects.get(text="Policy one.")])
    page = html(officer.get(url("finding-list", scene)))
    assert "3.4.1</span> Policy" in page
    assert "3.4.2</span> Records" in page
    assert page.count(">a.</span>") == 2
    assert page.count(">b.</span>") == 2
    assert "3 gaps without an action." in page
    assert page.count("No action yet") == 4


def test_a_finding_names_its_figures_and_unknown_codes_are_refused(
    officer: Client, scene: Scene
) -> None:
    figure = Figure.objects.create(
        audit=scene.audit,
        code="police",
        kind=Figure.Kind.COUNTED,
        measure=Figure.Measure.MET_GOOD,
        agency=scene.agencies[0],
    )
    data = {"text": "Met good: {figure:police}.", "places": [FINDINGS], "revision": 0}
    refused = officer.post(url("finding-create", scene), data)
    assert "No figure of this finding has the code “police”." in html(refused)
    assert "Met good: {figure:police}." in html(refused)
    officer.post(url("finding-create", scene), {**data, "figures": [figure.pk]})
    page = html(officer.get(url("finding-list", scene)))
    who = scene.agencies[0].short_name
    assert f'<span class="maca-hint">Cases that met good ({who})</span>' in page


def test_digits_typed_by_hand_draw_a_warning_and_stop_nobody(officer: Client, scene: Scene) -> None:
    data = {"text": "In 48 of 56 cases.", "places": [FINDINGS], "revision": 0}
    assert officer.post(url("finding-create", scene), data).status_code == 302
    page = html(officer.get(url("finding-list", scene)))
    assert "Typed by hand, from no figure: 48 of 56." in page


def test_earlier_audits_are_ticked_or_written_and_read_back(officer: Client, scene: Scene) -> None:
    earlier = AuditFactory(partnership=scene.audit.partnership, code="2024-1", title="Neglect")
    stranger = AuditFactory()
    data = {
        "text": "Again.",
        "places": [FINDINGS],
        "earlier_audits": [earlier.pk],
        "on_paper": "Review of 2011\nOld (X-1)",
        "revision": 0,
    }
    wrong = officer.post(url("finding-create", scene), {**data, "earlier_audits": [stranger.pk]})
    assert wrong.status_code == 200
    officer.post(url("finding-create", scene), data)
    finding = Finding.objects.get()
    assert [str(each) for each in finding.seen_before.all()] == [
        "Review of 2011",
        "Neglect (2024-1)",
        "Old (X-1)",
    ]
    form = officer.get(url("finding-update", scene, finding.pk)).context["form"]
    assert form.initial["earlier_audits"] == [earlier]
    assert form.initial["on_paper"] == "Review of 2011\nOld (X-1)"


def test_both_texts_come_back_when_somebody_was_quicker(officer: Client, scene: Scene) -> None:
    finding = placed(scene.audit, "First.")
    address = url("finding-update", scene, finding.pk)
    data = {"text": "Theirs.", "places": [FINDINGS], "revision": 0}
    officer.post(address, data)
    page = html(officer.post(address, {**data, "text": "Mine."}))
    assert "Theirs." in page
    assert "Mine." in page
    finding.refresh_from_db()
    assert finding.text == "Theirs."


def test_points_begin_a_finding_or_join_one(officer: Client, scene: Scene) -> None:
    point = meeting_point(scene.audit, "The school pushed hard.", scene.cases[0])
    returned = scene.points[0]
    begin = url("finding-begin", scene)
    page = html(officer.get(begin))
    assert point.text in page
    assert returned.text not in page
    assert returned.text in html(officer.get(begin, {"show": "all"}))
    assert "Tick at least one point." in html(officer.get(begin, {"go": "1"}))
    onwards = officer.get(begin, {"go": "1", "points": [str(point.pk), str(returned.pk)]})
    form = officer.get(onwards["Location"]).context["form"]
    assert set(form.initial["points"]) == {point, returned}
    assert form.initial["agencies"] == [scene.agencies[0]]
    finding = placed(scene.audit, "There already.")
    joins = officer.get(begin, {"go": "1", "points": [str(point.pk)], "finding": str(finding.pk)})
    assert joins["Location"].startswith(url("finding-update", scene, finding.pk))
    form = officer.get(joins["Location"]).context["form"]
    assert (form.initial["text"], form.initial["points"]) == ("There already.", [point])


def test_working_well_begins_with_one_press(officer: Client, scene: Scene) -> None:
    summative_point(scene.returns[0], "Early help was well used.")
    response = officer.post(url("working-well-begin", scene))
    assert said(response) == ["1 from the summative reports added to 3.2, agency by agency."]
    again = officer.post(url("working-well-begin", scene))
    assert said(again)[-1].startswith("Nothing to add")


def test_what_was_taken_out_can_be_put_back_where_it_stood(officer: Client, scene: Scene) -> None:
    for text in ("a", "b", "c"):
        placed(scene.audit, text)
    middle = FindingPlacement.objects.get(finding__text="b")
    officer.post(url("placement-take-out", scene, middle.pk))
    page = html(officer.get(url("finding-list", scene)))
    assert "Taken out of 3.1 Findings." in page
    assert "Placed nowhere" in page
    officer.post(url("placement-restore", scene))
    order = FindingPlacement.objects.order_by("position").values_list("finding__text", flat=True)
    assert list(order) == ["a", "b", "c"]
    assert "Undo" not in html(officer.get(url("finding-list", scene)))
    assert officer.post(url("placement-restore", scene)).status_code == 302
    assert FindingPlacement.objects.count() == 3


def test_undo_says_so_when_the_finding_is_gone(officer: Client, scene: Scene) -> None:
    finding = placed(scene.audit, "a")
    officer.post(url("placement-take-out", scene, finding.placements.get().pk))
    finding.delete()
    response = officer.post(url("placement-restore", scene))
    assert said(response) == ["It cannot be put back: the finding or its place is gone."]


def test_placements_are_moved_and_worded(officer: Client, scene: Scene) -> None:
    placed(scene.audit, "a")
    last = placed(scene.audit, "b").placements.get()
    officer.post(url("placement-move", scene, last.pk), {"do": "up"})
    last.refresh_from_db()
    assert last.position == 0
    address = url("placement-update", scene, last.pk)
    assert "Wording in 3.1 Findings" in html(officer.get(address))
    officer.post(address, {"wording": "B here.", "revision": 0})
    assert "B here." in html(officer.get(url("finding-list", scene)))


def test_a_finding_is_removed_only_when_asked_twice(officer: Client, scene: Scene) -> None:
    finding = placed(scene.audit, "a")
    address = url("finding-delete", scene, finding.pk)
    assert "Remove this finding?" in html(officer.get(address))
    assert Finding.objects.exists()
    officer.post(address)
    assert not Finding.objects.exists()


def test_lead_ins_are_written_moved_and_removed(officer: Client, scene: Scene) -> None:
    placed(scene.audit, "a")
    missing = officer.post(url("lead-in-create", scene), {"place": FINDINGS, "revision": 0})
    assert "Write the lead-in." in html(missing)
    data = {"place": FINDINGS, "text": "Seen before:", "revision": 0}
    officer.post(url("lead-in-create", scene), data)
    lead_in = LeadIn.objects.get()
    officer.post(url("lead-in-move", scene, lead_in.pk), {"do": "up"})
    lead_in.refresh_from_db()
    assert lead_in.position == 0
    officer.post(url("lead-in-update", scene, lead_in.pk), {"text": "Again:", "revision": 0})
    page = html(officer.get(url("finding-list", scene)))
    assert "Again:" in page
    assert "Nothing stands under this lead-in yet." in page
    assert "stay, in its place" in html(officer.get(url("lead-in-delete", scene, lead_in.pk)))
    officer.post(url("lead-in-delete", scene, lead_in.pk))
    assert not LeadIn.objects.exists()


def test_gap_headings_are_added_once_each_moved_and_removed(officer: Client, scene: Scene) -> None:
    theme = LearningThemeFactory(partnership=scene.audit.partnership)
    data = {"label": "Policy", "learning_theme": theme.pk}
    officer.post(url("gap-heading-create", scene), data)
    same = officer.post(url("gap-heading-create", scene), data)
    assert "Another heading of this audit already reads like this." in html(same)
    foreign = {"label": "Else", "learning_theme": LearningThemeFactory().pk}
    assert officer.post(url("gap-heading-create", scene), foreign).status_code == 200
    officer.post(url("gap-heading-create", scene), {**data, "label": "Records"})
    first, second = scene.audit.gap_headings.all()
    officer.post(url("gap-heading-move", scene, second.pk), {"do": "up"})
    assert [heading.label for heading in GapHeading.objects.all()] == ["Records", "Policy"]
    officer.post(url("gap-heading-update", scene, first.pk), {**data, "label": "Policies"})
    first.refresh_from_db()
    assert first.label == "Policies"
    page = html(officer.get(url("gap-heading-delete", scene, first.pk)))
    assert "0 gaps under it will no longer print here." in page
    officer.post(url("gap-heading-delete", scene, first.pk))
    assert [heading.label for heading in GapHeading.objects.all()] == ["Records"]


def test_the_chairs_comments_stand_until_approval_is_asked_for_again(
    client: Client, scene: Scene
) -> None:
    transition(scene.audit, "ask-for-approval", by=scene.officer)
    assert "With the chair for approval." in see(client, scene.officer, scene)
    transition(scene.audit, "send-back-draft", by=scene.chair, reason="Say more on records.")
    assert "Say more on records." in see(client, scene.officer, scene)
    overview = client.get(url("audit-detail", scene))
    assert "Sent back by the chair" in html(overview)
    assert "Say more on records." in see(client, scene.chair, scene)
    assert "Say more on records." not in see(client, scene.leads[0], scene)
    transition(scene.audit, "ask-for-approval", by=scene.officer)
    assert "Say more on records." not in see(client, scene.officer, scene)


@pytest.mark.parametrize("many", [1, 3])
def test_the_workbench_takes_the_same_queries_for_one_finding_and_for_three(
    officer: Client,
    scene: Scene,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    for number in range(many):
        heading = GapHeadingFactory(audit=scene.audit)
        gap = placed(scene.audit, f"Gap {number}.", Section.GAPS, heading=heading)
        gap.agencies.set(scene.agencies)
        finding = placed(scene.audit, f"Finding {number}.")
        finding.learning_themes.add(heading.learning_theme)
        finding.seen_before.create(audit_title="Earlier")
        LeadIn.objects.create(audit=scene.audit, section=Section.WORRIES, text="Some:")
        figure = Figure.objects.create(
            audit=scene.audit,
            code=f"f{number}",
            kind="counted",
            measure="known",
            agency=scene.agencies[0],
        )
        finding.figures.add(figure)
        ActionFactory(audit=scene.audit).findings.add(finding)
    with django_assert_num_queries(LIST_QUERIES):
        officer.get(url("finding-list", scene))
