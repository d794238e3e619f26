"""Both documents on their way: previews, passages of prose, approval."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.models import Action, Audit, FindingPlacement, Section, Stage
from reports.documents.content import Audience
from reports.documents.source import DocumentSource
from reports.domain import publishing
from reports.domain.prose import write_passage
from reports.domain.publishing import record_preview
from reports.models import Document, Preview, Prose
from reports.reading.drafting import drafting
from reports.renderer import RenderError
from reports.views import drafting as views
from tests.audits.browsing import page, send, signed_in
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    FindingFactory,
    GapHeadingFactory,
    person,
)
from tests.reports.pdf import words
from tests.reports.publications import published

pytestmark = pytest.mark.django_db

Kind = Document.Kind
P = Prose.Passage


@pytest.fixture
def audit() -> Audit:
    audit: Audit = AuditFactory(stage=Stage.DRAFTING, title="Front door")
    finding = FindingFactory(audit=audit, text="Recording varies.")
    FindingPlacement.objects.create(finding=finding, section=Section.WORRIES)
    return audit


@pytest.fixture
def chair(audit: Audit) -> User:
    return person(Role.CHAIR, audit.partnership, name="Asha Chair")


@pytest.fixture
def officer(audit: Audit) -> User:
    return person(Role.OFFICER, audit.partnership, name="Olive Officer")


def gap(audit: Audit, text: str = "Nobody chairs.", code: str = "a-gap") -> None:
    heading = GapHeadingFactory(audit=audit, position=audit.gap_headings.count())
    finding = FindingFactory(audit=audit, text=text, code=code)
    FindingPlacement.objects.create(finding=finding, section=Section.GAPS, heading=heading)


def preview_both(audit: Audit, user: User, audience: Audience = Audience.BOARD) -> None:
    for kind in Kind:
        record_preview(DocumentSource(audit, audience), kind, by=user)


class TestReading:
    def test_a_document_counts_as_seen_until_it_says_something_else(
        self, audit: Audit, chair: User
    ) -> None:
        preview_both(audit, chair)
        assert drafting(audit, chair).all_previewed
        audit.findings.update(text="Recording is poor.")
        seen = {draft.kind: draft.previewed for draft in drafting(audit, chair).drafts}
        assert seen == {Kind.SUMMARY_REPORT: False, Kind.BRIEFING: True}

    def test_what_one_person_saw_nobody_else_did(
        self, audit: Audit, chair: User, officer: User
    ) -> None:
        preview_both(audit, officer)
        assert not any(draft.previewed for draft in drafting(audit, chair).drafts)

    def test_every_passage_stands_with_its_document_and_says_if_it_was_edited(
        self, audit: Audit, officer: User
    ) -> None:
        write_passage(audit, P.THANKS, by=officer, text="Thank you all.", based_on=0)
        report, briefing = drafting(audit, officer).drafts
        assert [(line.passage, line.edited) for line in report.passages] == [
            (P.BACKGROUND, False),
            (P.METHODOLOGY, False),
            (P.THANKS, True),
        ]
        assert report.passages[2].text == "Thank you all."
        assert [line.passage for line in briefing.passages] == [P.THEME_AND_CASES, P.PROCESS]

    def test_gaps_without_an_action_are_named_by_their_mark(
        self, audit: Audit, officer: User
    ) -> None:
        gap(audit)
        gap(audit, "Answered.", "answered")
        action: Action = ActionFactory(audit=audit)
        action.findings.set(audit.findings.filter(code="answered"))
        (open_gap,) = drafting(audit, officer).gaps
        assert (open_gap.text, open_gap.marks) == ("Nobody chairs.", ("3.4.1 a",))

    def test_open_actions_are_remarked_upon(self, audit: Audit, officer: User) -> None:
        ActionFactory(audit=audit)
        assert drafting(audit, officer).remarks == [
            "Action 1 has no owner and no date yet: it prints as “to be agreed”."
        ]


class TestDocumentsPage:
    def test_those_who_draft_see_drafts_and_what_is_open(self, audit: Audit, officer: User) -> None:
        gap(audit)
        shown = page(signed_in(officer), "audit-documents", audit.pk)
        assert shown.count("Not previewed since it changed") == 2
        assert "1 gap without an action" in shown
        assert "<strong>3.4.1 a</strong> Nobody chairs." in shown
        assert "Nothing is published yet" in shown
        assert "Ask the chair to approve" in shown

    def test_says_so_if_nothing_is_open(self, audit: Audit, officer: User) -> None:
        assert "Every gap has an action" in page(signed_in(officer), "audit-documents", audit.pk)

    def test_agencies_see_what_is_published_and_no_draft(self, audit: Audit, chair: User) -> None:
        agency = AgencyFactory(partnership=audit.partnership)
        AgencyReturnFactory(audit=audit, agency=agency, stage="signed_off")
        published(audit, chair)
        shown = page(signed_in(person(Role.LEAD, agency)), "audit-documents", audit.pk)
        assert "Front door: summary report" in shown
        assert "As they stand now" not in shown

    def test_other_partnerships_learn_nothing(self, audit: Audit) -> None:
        stranger = signed_in(person(Role.CHAIR, AuditFactory().partnership))
        assert stranger.get(reverse("audit-documents", args=[audit.pk])).status_code == 404

    @pytest.mark.parametrize(
        ("asked", "who", "words"),
        [
            (True, "chair", "Waiting for your approval"),
            (True, "officer", "With the chair"),
            (False, "chair", "The officer has not asked for approval yet"),
            (False, "officer", "When both documents are ready"),
        ],
    )
    def test_says_whose_turn_it_is(
        self, audit: Audit, chair: User, officer: User, asked: bool, who: str, words: str
    ) -> None:
        Audit.objects.filter(pk=audit.pk).update(awaiting_approval=asked)
        user = chair if who == "chair" else officer
        assert words in page(signed_in(user), "audit-documents", audit.pk)


class TestPreview:
    @pytest.mark.parametrize("kind", Kind)
    def test_looking_is_recorded_for_the_one_who_looked(
        self, audit: Audit, chair: User, kind: Document.Kind
    ) -> None:
        shown = page(signed_in(chair), "document-preview", audit.pk, kind)
        assert "Draft printed" in shown
        assert shown.count("<h1") == 1
        (seen,) = Preview.objects.all()
        assert (seen.kind, seen.by) == (kind, chair)

    def test_is_for_those_who_draft(self, audit: Audit) -> None:
        member = signed_in(person(Role.MEMBER, audit.partnership))
        address = reverse("document-preview", args=[audit.pk, Kind.BRIEFING])
        assert member.get(address).status_code == 403
        assert not Preview.objects.exists()

    def test_the_draft_is_a_pdf_too(self, audit: Audit, officer: User) -> None:
        address = reverse("document-draft-pdf", args=[audit.pk, Kind.SUMMARY_REPORT])
        answer = signed_in(officer).get(address)
        assert answer["Content-Disposition"] == 'inline; filename="draft-summary-report.pdf"'
        text = words(answer.content)
        assert "Draft printed" in text
        assert "Recording varies." in text

    def test_a_failing_renderer_is_said_and_loses_nothing(
        self, audit: Audit, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        break_renderer(monkeypatch, views)
        address = reverse("document-draft-pdf", args=[audit.pk, Kind.BRIEFING])
        shown = signed_in(officer).get(address, follow=True).content.decode()
        assert "The PDF could not be made just now." in shown


def break_renderer(monkeypatch: pytest.MonkeyPatch, module: object) -> None:
    def fail(_page: str) -> bytes:
        raise RenderError("no memory")

    monkeypatch.setattr(module, "render_pdf", fail)


class TestProse:
    def test_begins_with_the_default_text(self, audit: Audit, officer: User) -> None:
        shown = page(signed_in(officer), "prose-update", audit.pk, P.THANKS)
        assert "This is the default text" in shown
        assert 'name="revision" value="0"' in shown

    def test_is_saved_and_prints(self, audit: Audit, officer: User) -> None:
        client = signed_in(officer)
        shown = send(client, "prose-update", audit.pk, P.THANKS, text="Thank you.", revision=0)
        assert "Thanks saved." in shown
        row = audit.prose.get()
        assert (row.passage, row.text, row.revision) == (P.THANKS, "Thank you.", 1)
        assert "Thank you." in page(client, "document-preview", audit.pk, Kind.SUMMARY_REPORT)

    def test_an_empty_text_is_refused(self, audit: Audit, officer: User) -> None:
        shown = send(signed_in(officer), "prose-update", audit.pk, P.THANKS, text="", revision=0)
        assert "There is a problem" in shown
        assert not Prose.objects.exists()

    def test_two_at_once_lose_nothing(self, audit: Audit, officer: User, chair: User) -> None:
        write_passage(audit, P.THANKS, by=chair, text="The chair's words.", based_on=0)
        client = signed_in(officer)
        shown = send(client, "prose-update", audit.pk, P.THANKS, text="My words.", revision=0)
        assert "Somebody else saved this passage first" in shown
        assert "The chair&#x27;s words." in shown
        assert "My words." in shown
        assert 'name="revision" value="1"' in shown
        assert audit.prose.get().text == "The chair's words."
        send(client, "prose-update", audit.pk, P.THANKS, text="Both our words.", revision=1)
        assert (audit.prose.get().text, audit.prose.get().revision) == ("Both our words.", 2)

    def test_somebody_went_back_to_the_default_meanwhile(self, audit: Audit, officer: User) -> None:
        shown = send(
            signed_in(officer), "prose-update", audit.pk, P.THANKS, text="My words.", revision=3
        )
        assert "Somebody else went back to the default text" in shown
        assert "My words." in shown
        assert 'name="revision" value="0"' in shown

    def test_the_default_comes_back_after_asking(self, audit: Audit, officer: User) -> None:
        write_passage(audit, P.THANKS, by=officer, text="Thank you.", based_on=0)
        client = signed_in(officer)
        asked = page(client, "prose-restore", audit.pk, P.THANKS)
        assert "Go back to the default text of “Thanks”?" in asked
        assert audit.prose.exists()
        assert "the default text stands again" in send(client, "prose-restore", audit.pk, P.THANKS)
        assert not audit.prose.exists()

    @pytest.mark.parametrize("stage", [Stage.PUBLISHED, Stage.CLOSED])
    def test_stays_as_it_was_published(self, audit: Audit, officer: User, stage: Stage) -> None:
        write_passage(audit, P.THANKS, by=officer, text="Thank you.", based_on=0)
        Audit.objects.update(stage=stage)
        client = signed_in(officer)
        shown = send(client, "prose-update", audit.pk, P.THANKS, text="My words.", revision=1)
        assert "Take the audit back to drafting" in shown
        assert "My words." in shown
        restored = send(client, "prose-restore", audit.pk, P.THANKS)
        assert "Take the audit back to drafting" in restored
        assert reverse("prose-update", args=[audit.pk, P.THANKS]) not in restored
        assert audit.prose.get().text == "Thank you."

    def test_an_unknown_passage_is_no_page(self, audit: Audit, officer: User) -> None:
        answer = signed_in(officer).get(f"/audits/{audit.pk}/documents/prose/poetry/")
        assert answer.status_code == 404

    @pytest.mark.parametrize("route", ["prose-update", "prose-restore"])
    def test_is_for_those_who_draft(self, audit: Audit, route: str) -> None:
        member = signed_in(person(Role.MEMBER, audit.partnership))
        answer = member.post(reverse(route, args=[audit.pk, P.THANKS]), {"text": "x"})
        assert answer.status_code == 403


class TestPublishing:
    @pytest.fixture
    def client(self, chair: User) -> Client:
        return signed_in(chair)

    def test_is_refused_with_everything_that_is_missing(self, audit: Audit, client: Client) -> None:
        gap(audit)
        shown = send(client, "audit-publish", audit.pk, audience="board")
        assert "Not published yet" in shown
        for sentence in (
            "Preview the summary report first: you have not seen it as it stands now.",
            "Preview the six-step briefing first: you have not seen it as it stands now.",
            "Gap 3.4.1 a has no action: add one, or accept it as it is.",
        ):
            assert f"<li>{sentence}</li>" in shown
        assert not Document.objects.exists()

    def test_goes_through_once_both_were_seen_and_the_gap_is_accepted(
        self, audit: Audit, chair: User, client: Client
    ) -> None:
        gap(audit)
        preview_both(audit, chair, Audience.PUBLIC)
        assert "3.4.1 a – Nobody chairs." in page(client, "audit-publish", audit.pk)
        shown = send(client, "audit-publish", audit.pk, audience="public", accepted="a-gap")
        assert "Both documents are published." in shown
        assert [
            (document.audience, document.accepted_gaps) for document in Document.objects.all()
        ] == [("public", ["a-gap"])] * 2

    @pytest.mark.parametrize("data", [{}, {"audience": "press"}])
    def test_asks_whom_it_is_for(
        self, audit: Audit, chair: User, client: Client, data: dict[str, str]
    ) -> None:
        preview_both(audit, chair)
        assert "There is a problem" in send(client, "audit-publish", audit.pk, **data)
        assert not Document.objects.exists()

    def test_a_gap_that_is_none_cannot_be_accepted(
        self, audit: Audit, chair: User, client: Client
    ) -> None:
        gap(audit)
        preview_both(audit, chair)
        send(client, "audit-publish", audit.pk, audience="board", accepted="another")
        assert not Document.objects.exists()

    def test_nothing_is_published_if_the_pdf_cannot_be_made(
        self, audit: Audit, chair: User, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preview_both(audit, chair)
        break_renderer(monkeypatch, publishing)
        shown = send(client, "audit-publish", audit.pk, audience="board")
        assert "Nothing was published: try again." in shown
        assert not Document.objects.exists()
        assert Audit.objects.get(pk=audit.pk).stage == Stage.DRAFTING

    def test_is_for_the_chair_alone(self, audit: Audit, officer: User) -> None:
        address = reverse("audit-publish", args=[audit.pk])
        assert signed_in(officer).get(address).status_code == 403
        assert signed_in(officer).post(address, {"audience": "board"}).status_code == 403

    @pytest.mark.parametrize("stage", [Stage.MEETING, Stage.PUBLISHED])
    def test_is_there_while_drafting_and_at_no_other_time(
        self, audit: Audit, client: Client, stage: Stage
    ) -> None:
        Audit.objects.filter(pk=audit.pk).update(stage=stage)
        assert client.get(reverse("audit-publish", args=[audit.pk])).status_code == 404
