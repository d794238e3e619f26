"""The pages of themes, toolkits and the set-up of audits: what they say and keep."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Partnership
from audits.models import (
    Audit,
    LearningTheme,
    Question,
    Stage,
    Theme,
    Toolkit,
)
from tests.audits.browsing import page, send
from tests.factories import (
    AgencyFactory,
    AuditFactory,
    CaseFactory,
    QuestionFactory,
    ThemeFactory,
    ToolkitFactory,
)

pytestmark = pytest.mark.django_db


class TestThemes:
    def test_adding_and_retiring(self, client: Client, partnership: Partnership) -> None:
        assert "There is no theme yet" in page(client, "theme-list")
        sent = send(client, "theme-create", name="Neglect", priority="Seen and heard")
        assert "Neglect is added." in sent
        theme = Theme.objects.get()
        assert theme.partnership == partnership
        assert 'value="Neglect"' in page(client, "theme-update", theme.pk)
        assert "Retired" in send(client, "theme-update", theme.pk, name="Neglect")

    def test_a_mistake_is_named_and_nothing_typed_is_lost(self, client: Client) -> None:
        sent = send(client, "theme-create", name="", priority="Seen and heard")
        assert "There is a problem" in sent
        assert "Seen and heard" in sent

    def test_learning_themes_begin_with_the_default_list(self, client: Client) -> None:
        begun = client.get(reverse("learning-theme-list"))
        assert "Begin with the default list" in begun.content.decode()
        here = [each["label"] for each in begun.context["navigation"] if each["current"]]
        assert here == ["Themes"]
        assert "16 learning themes were added" in send(client, "learning-theme-default")
        first, second = LearningTheme.objects.all()[:2]
        send(client, "learning-theme-move", second.pk, "up")
        assert LearningTheme.objects.first() == second
        send(client, "learning-theme-move", second.pk, "down")
        assert LearningTheme.objects.first() == first
        assert "is saved." in send(client, "learning-theme-update", first.pk, name="Hearing")
        assert "Remove “Hearing”?" in page(client, "learning-theme-remove", first.pk)
        assert "Hearing is removed." in send(client, "learning-theme-remove", first.pk)
        assert "at the end of the list" in send(client, "learning-theme-create", name="Housing")
        assert LearningTheme.objects.last() == LearningTheme.objects.get(name="Housing")


class TestToolkits:
    def test_from_making_to_the_second_version(
        self, client: Client, partnership: Partnership
    ) -> None:
        assert "There is no toolkit yet" in page(client, "toolkit-list")
        assert "There is no question yet" in send(client, "toolkit-create", name="Neglect")
        toolkit = Toolkit.objects.get()
        added = send(
            client, "question-create", toolkit.pk, text="Was it used?", kind="yes_no", code="used"
        )
        assert "Question 1 is added." in added
        another = client.post(
            reverse("question-create", args=[toolkit.pk]),
            {"text": "What worked?", "kind": "points", "point_kind": "went_well", "another": "yes"},
        )
        assert another.headers["Location"] == reverse("question-create", args=[toolkit.pk])
        first, second = toolkit.questions.all()
        send(client, "question-move", toolkit.pk, second.pk, "up")
        assert [q.text for q in toolkit.questions.all()] == ["What worked?", "Was it used?"]
        preview = page(client, "toolkit-preview", toolkit.pk)
        assert "As an auditor will see it" in preview
        assert "Not recorded" in preview
        changed = send(
            client, "question-update", toolkit.pk, first.pk, text="Was it read?", kind="yes_no"
        )
        assert "Question 2 is saved." in changed
        assert "Remove question 1?" in page(client, "question-remove", toolkit.pk, second.pk)
        assert "The question is removed." in send(client, "question-remove", toolkit.pk, second.pk)
        toolkit.frozen_at = timezone.now()
        toolkit.save()
        for route, args in [
            ("toolkit-update", [toolkit.pk]),
            ("question-create", [toolkit.pk]),
            ("question-update", [toolkit.pk, first.pk]),
        ]:
            response = client.get(reverse(route, args=args), follow=True)
            assert "This version is frozen" in response.content.decode()
            assert "Make a new version" in response.content.decode()
        assert "Version 2 is open to change." in send(client, "toolkit-version-create", toolkit.pk)
        assert Question.objects.filter(toolkit__version=2).get().code == "used"

    def test_what_others_follow_is_neither_moved_below_nor_removed(self, client: Client) -> None:
        toolkit = ToolkitFactory(partnership=Partnership.objects.get())
        first = QuestionFactory(toolkit=toolkit)
        QuestionFactory(toolkit=toolkit, follows=first, follows_answers=["yes"])
        assert "so it stays below it" in send(client, "question-move", toolkit.pk, first.pk, "down")
        assert "Change or remove it first" in send(client, "question-remove", toolkit.pk, first.pk)

    def test_removing(self, client: Client, partnership: Partnership) -> None:
        used = AuditFactory(partnership=partnership).toolkit
        unused = ToolkitFactory(partnership=partnership)
        assert "An audit uses this toolkit" in send(client, "toolkit-remove", used.pk)
        assert "Remove" in page(client, "toolkit-remove", unused.pk)
        assert "is removed." in send(client, "toolkit-remove", unused.pk)
        assert list(Toolkit.objects.all()) == [used]
        assert "The toolkit is saved." in send(client, "toolkit-update", used.pk, name="Front door")

    def test_a_question_with_a_mistake_keeps_what_was_typed(
        self, client: Client, partnership: Partnership
    ) -> None:
        toolkit = ToolkitFactory(partnership=partnership)
        question = QuestionFactory(toolkit=toolkit)
        sent = {"text": "Which level of help?", "kind": "choice", "choices": "Universal"}
        for route, args in [
            ("question-create", [toolkit.pk]),
            ("question-update", [toolkit.pk, question.pk]),
        ]:
            text = send(client, route, *args, **sent)
            assert "List at least two answers, one a line." in text
            assert "Which level of help?" in text
        assert "Words" in page(client, "question-update", toolkit.pk, question.pk)
        assert "Name and description" in page(client, "toolkit-update", toolkit.pk)


class TestAudits:
    def test_setting_one_up_and_copying_it(self, client: Client, partnership: Partnership) -> None:
        theme = ThemeFactory(partnership=partnership)
        toolkit = ToolkitFactory(partnership=partnership)
        agency = AgencyFactory(partnership=partnership, name="Police")
        assert "Start from an earlier audit" not in page(client, "audit-create")
        sent = send(
            client,
            "audit-create",
            title="Neglect",
            code="2026-01",
            kind="programmed",
            theme=theme.pk,
            toolkit=toolkit.pk,
            purpose="To learn.",
            agencies=[agency.pk],
            return_by="2026-03-01",
        )
        assert "Neglect is set up." in sent
        audit = Audit.objects.get()
        copy_url = reverse("audit-create") + f"?copy={audit.pk}"
        copied = client.get(copy_url).content.decode()
        assert "This starts from <strong>Neglect</strong>" in copied
        assert "To learn." in copied
        assert "2026-03-01" not in copied
        audit.grades.filter(code="inadequate").delete()
        client.post(
            copy_url,
            {
                "title": "Neglect 2",
                "code": "2026-02",
                "kind": "programmed",
                "theme": theme.pk,
                "toolkit": toolkit.pk,
                "predecessor": audit.pk,
            },
        )
        second = Audit.objects.get(code="2026-02")
        assert second.predecessor == audit
        assert second.grades.count() == 3
        assert "Neglect</a>" in page(client, "audit-detail", second.pk)

    def test_nothing_typed_is_lost(self, client: Client) -> None:
        sent = send(client, "audit-create", title="Neglect", purpose="A long purpose.")
        assert "There is a problem" in sent
        assert "A long purpose." in sent
        assert 'value="Neglect"' in sent

    def test_the_overview_says_what_is_missing_and_where(
        self, client: Client, partnership: Partnership
    ) -> None:
        audit = AuditFactory(partnership=partnership)
        text = page(client, "audit-detail", audit.pk)
        assert "2 things still missing:" in text
        toolkit_url = reverse("toolkit-detail", args=[audit.toolkit_id])
        assert f'<a href="{toolkit_url}">Add at least one question to the toolkit.</a>' in text
        agencies_url = reverse("audit-agencies", args=[audit.pk])
        assert f'<a href="{agencies_url}">Choose the agencies to ask.</a>' in text

    def test_editing(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        saved = send(
            client,
            "audit-update",
            audit.pk,
            title="Neglect 2",
            code=audit.code,
            kind="programmed",
            theme=audit.theme_id,
            toolkit=audit.toolkit_id,
            revision=audit.revision,
        )
        assert "The set-up is saved." in saved
        assert "Neglect 2" in saved

    def test_a_title_that_names_somebody_comes_back_with_all_that_was_typed(
        self, client: Client, partnership: Partnership
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        sent = send(
            client,
            "audit-update",
            audit.pk,
            title="Neglect 943 476 5919",
            code="2026-99",
            kind="programmed",
            theme=audit.theme_id,
            toolkit=audit.toolkit_id,
            purpose="Typed at length.",
            revision=audit.revision,
        )
        assert 'href="#id_title">The title says who somebody is' in sent
        assert 'value="Neglect 943 476 5919"' in sent
        assert 'value="2026-99"' in sent
        assert "Typed at length." in sent
        audit.refresh_from_db()
        assert "943" not in audit.title

    def test_two_officers_at_once(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, title="Neglect", purpose="Theirs.")
        typed = {
            "title": "Neglect 2",
            "code": audit.code,
            "kind": "programmed",
            "theme": audit.theme_id,
            "toolkit": audit.toolkit_id,
        }
        both = send(client, "audit-update", audit.pk, revision=0, **typed)
        assert "Somebody else saved this while you were writing." in both
        assert '<dt>Title</dt><dd class="maca-keep-lines">Neglect</dd>' in both
        assert '<dt>Purpose of the request</dt><dd class="maca-keep-lines">Theirs.</dd>' in both
        assert "<dt>Theme</dt>" not in both
        assert 'value="Neglect 2"' in both
        assert f'value="{audit.revision}"' in both
        saved = send(client, "audit-update", audit.pk, revision=audit.revision, **typed)
        assert "The set-up is saved." in saved

    def test_moving_a_date_shows_its_trace(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(
            partnership=partnership, stage=Stage.NOMINATING, return_by=date(2026, 3, 1)
        )
        assert "Say why the date moves." in send(
            client, "audit-dates", audit.pk, return_by="2026-03-08"
        )
        moved = send(client, "audit-dates", audit.pk, return_by="2026-03-08", reason="Half term.")
        assert "Return by: 1 March 2026 became 8 March 2026" in moved
        assert "Half term." in page(client, "audit-dates", audit.pk)

    def test_choosing_agencies(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        agency = AgencyFactory(partnership=partnership, name="Police")
        CaseFactory(audit=audit)
        assert "gets its case returns at once" in page(client, "audit-agencies", audit.pk)
        assert "The agencies asked are saved." in send(
            client, "audit-agencies", audit.pk, agencies=[agency.pk]
        )
        refused = send(client, "audit-agencies", audit.pk)
        assert "Police has already been sent the cases" in refused

    def test_the_grade_scale(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership)
        assert "Requires improvement" in page(client, "audit-grades", audit.pk)
        sent = {"grades-TOTAL_FORMS": "2", "grades-INITIAL_FORMS": "0"}
        wrong = send(client, "audit-grades", audit.pk, **sent, **{"grades-0-label": "Met"})
        assert "Name at least two grades." in wrong
        good = {"grades-0-label": "Met", "grades-0-meets_good": "on", "grades-1-label": "Not met"}
        assert "The grade scale is saved." in send(client, "audit-grades", audit.pk, **sent, **good)
        assert [grade.label for grade in audit.grades.all()] == ["Met", "Not met"]
        Audit.objects.update(stage=Stage.COLLECTING)
        response = client.get(reverse("audit-grades", args=[audit.pk]), follow=True)
        assert "The scale cannot be changed" in response.content.decode()

    def test_filters_stand_in_the_address(self, client: Client, partnership: Partnership) -> None:
        AuditFactory(partnership=partnership, title="First", meeting_on=date(2025, 5, 1))
        late = AuditFactory(
            partnership=partnership,
            title="Second",
            stage=Stage.COLLECTING,
            kind=Audit.Kind.EXTRAORDINARY,
            return_by=timezone.localdate() - timedelta(days=1),
        )
        url = reverse("audit-list")
        found = {
            query: [a.title for a in client.get(url + query).context["audits"]]
            for query in (
                "",
                "?stage=collecting",
                "?year=2025",
                "?kind=programmed",
                f"?theme={late.theme_id}",
                "?stage=closed",
            )
        }
        assert found == {
            "": ["Second", "First"],
            "?stage=collecting": ["Second"],
            "?year=2025": ["First"],
            "?kind=programmed": ["First"],
            f"?theme={late.theme_id}": ["Second"],
            "?stage=closed": [],
        }
        assert "Late" in client.get(url).content.decode()
        assert "No audit matches" in client.get(url + "?stage=closed").content.decode()
