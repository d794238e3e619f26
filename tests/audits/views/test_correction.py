"""The pages on which a signed-off return is corrected and compared."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agencies.roles import Role
from audits.domain import corrections, returns
from audits.domain.case_returns import finish
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    CaseReturn,
    Correction,
    EngagementEntry,
    Point,
    RestorativeAction,
    ScreeningDecision,
    Stage,
)
from audits.screening.registry import RULES
from tests.audits.collecting import NOTHING, Collecting, answered, collecting, signed_in
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    QuestionFactory,
    person,
    returned_point,
)

pytestmark = pytest.mark.django_db


def signed(cases: int = 1) -> Collecting:
    world = collecting(cases=cases)
    for row in world.case_returns:
        returned_point(row, "The child was seen.")
        finish(answered(world, row), by=world.auditor)
    draft = SummativeDraft(
        overview="Visits were kept.",
        new_points={"went_well": ["Quick."]},
        actions=[RestorativeDraft(None, "Train the desk.", "Head")],
    )
    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)
    transition(world.agency_return, "sign-off", by=world.lead)
    return world


@pytest.fixture
def world() -> Collecting:
    return signed()


def case_page(world: Collecting) -> str:
    return reverse("case-return-correct", args=[world.agency_return.pk, world.first.pk])


def report_page(world: Collecting) -> str:
    return reverse("summative-correct", args=[world.agency_return.pk])


def typed(page: Any, **changes: str) -> dict[str, Any]:
    """What the page's forms hold when it is read, with these fields changed."""
    data = {
        form.add_prefix(name): form.get_initial_for_field(field, name) or ""
        for form in page.context["forms"]
        for name, field in form.fields.items()
    }
    return {**data, "basis": str(page.context["basis"]), "reason": "Misread.", **changes}


def correct(world: Collecting, address: str, **changes: str) -> Any:
    client = signed_in(world.lead)
    return client.post(address, typed(client.get(address), **changes))


def test_the_lead_corrects_a_case_return_and_lands_on_the_comparison(world: Collecting) -> None:
    answer = f"answer_{world.questions[0].code}"
    response = correct(world, case_page(world), **{answer: "partly", "grade_reason": "Slow."})

    correction = Correction.objects.get()
    address = reverse("correction-detail", args=[world.agency_return.pk, correction.pk])
    assert response.url == address
    assert Answer.objects.get().value == "partly"
    html = " ".join(signed_in(world.lead).get(address).content.decode().split())
    assert '<del class="maca-changed__old">Yes</del>' in html
    assert '<ins class="maca-changed__new">Partly</ins>' in html
    assert '<ins class="maca-changed__new">Slow.</ins>' in html
    assert world.questions[0].text in html
    assert "Misread." in html


def test_a_points_words_are_named_by_where_it_stands(world: Collecting) -> None:
    point = Point.objects.get(case_return=world.first)
    correct(world, case_page(world), **{f"point_{point.pk}": "The children were seen."})

    point.refresh_from_db()
    assert point.text == "The children were seen."
    address = reverse(
        "correction-detail", args=[world.agency_return.pk, Correction.objects.get().pk]
    )
    html = signed_in(world.lead).get(address).content.decode()
    assert "Went well" in html
    assert '<del class="maca-changed__old">child was</del>' in html


def test_the_summative_report_is_corrected(world: Collecting) -> None:
    action = RestorativeAction.objects.get()
    correct(
        world,
        report_page(world),
        overview="Most visits were kept.",
        **{f"action-{action.pk}-measure": "Ten records are read."},
    )

    assert AgencyReturn.objects.get().overview == "Most visits were kept."
    html = signed_in(world.lead).get(
        reverse("correction-detail", args=[world.agency_return.pk, Correction.objects.get().pk])
    )
    text = html.content.decode()
    assert "Overview of the summative report" in text
    assert "How we will know: Ten records are read." in text


def test_without_a_reason_what_was_typed_stays(world: Collecting) -> None:
    response = correct(world, case_page(world), reason="", grade_reason="Just typed.")

    html = response.content.decode()
    assert "Give a reason." in html
    assert "Just typed." in html
    assert not Correction.objects.exists()


def test_a_page_that_was_tampered_with_is_told_so(world: Collecting) -> None:
    for address in (case_page(world), report_page(world)):
        html = correct(world, address, basis="nonsense").content.decode()
        assert "This page is out of date" in html
    assert not Correction.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_stays(world: Collecting) -> None:
    answer = f"answer_{world.questions[0].code}"
    response = correct(world, case_page(world), **{answer: "", "grade_reason": "Just typed."})

    html = response.content.decode()
    assert f"Answer question 1: {world.questions[0].text}" in html
    assert "Just typed." in html


def test_nothing_changed_is_said(world: Collecting) -> None:
    response = signed_in(world.lead).post(
        case_page(world), typed(signed_in(world.lead).get(case_page(world))), follow=True
    )
    assert "there is nothing to correct" in response.content.decode()


def test_two_who_correct_choose(world: Collecting) -> None:
    client = signed_in(world.lead)
    old = client.get(case_page(world))
    client.post(case_page(world), typed(old, grade_reason="Theirs."))

    refused = client.post(case_page(world), typed(old, grade_reason="Mine."))

    html = refused.content.decode()
    assert "Theirs." in html
    assert "Mine." in html
    again = typed(old, grade_reason="Mine.") | {"basis": str(refused.context["basis"])}
    client.post(case_page(world), again)
    assert CaseReturn.objects.get().grade_reason == "Mine."


def test_a_nil_return_shows_how_it_checked_alone() -> None:
    world = collecting()
    returns.hand_in_nothing(world.agency_return, by=world.lead, how_checked="By name.")

    html = signed_in(world.lead).get(case_page(world)).content.decode()
    assert "By name." in html
    assert "Your grade" not in html
    correct(world, case_page(world), not_known_reason="By name and date of birth.")
    assert CaseReturn.objects.get().not_known_reason == "By name and date of birth."


def test_after_publication_the_page_says_why_not(world: Collecting) -> None:
    world.audit.stage = Stage.PUBLISHED
    world.audit.save()
    for address in (case_page(world), report_page(world)):
        html = signed_in(world.lead).get(address).content.decode()
        assert "Nothing can be corrected here now" in html
        assert "The audit is published" in html


def test_what_closed_meanwhile_offers_no_correction_but_the_page_that_is_open(
    world: Collecting,
) -> None:
    client, places = signed_in(world.lead), [world.agency_return.pk]
    now = {
        case_page(world): reverse("case-return-edit", args=[*places, world.first.pk]),
        report_page(world): reverse("summative-edit", args=places),
    }
    pages = {address: client.get(address) for address in now}
    transition(world.agency_return, "reopen", by=world.officer, reason="There is more.")
    for address, open_page in now.items():
        html = client.post(address, typed(pages[address], reason="Why.")).content.decode()
        assert f'href="{open_page}" target="_blank"' in html
        assert "Save the correction" not in html
        assert "The return stays signed off" not in html


def test_what_was_published_meanwhile_offers_no_page_that_is_open(world: Collecting) -> None:
    client = signed_in(world.lead)
    page = client.get(case_page(world))
    world.audit.stage = Stage.PUBLISHED
    world.audit.save()
    html = client.post(case_page(world), typed(page, reason="Why.")).content.decode()
    assert corrections.PUBLISHED in html
    assert "where it is open now" not in html
    assert "Save the correction" not in html


class TestReaders:
    @pytest.fixture
    def pages(self, world: Collecting) -> list[str]:
        correct(world, case_page(world), grade_reason="Slow.")
        correction = Correction.objects.get()
        return [
            reverse("correction-detail", args=[world.agency_return.pk, correction.pk]),
            reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk]),
            reverse("agency-return-detail", args=[world.agency_return.pk]),
        ]

    def test_the_officer_sees_that_why_and_what(self, world: Collecting, pages: list[str]) -> None:
        for address in pages:
            html = signed_in(world.officer).get(address).content.decode()
            assert "Misread." in html
            assert world.lead.name in html
        case = signed_in(world.officer).get(pages[1]).content.decode()
        assert pages[0] in case
        assert "Correct something" not in case

    def test_the_officers_list_says_that_it_was_corrected(
        self, world: Collecting, pages: list[str]
    ) -> None:
        listing = reverse("agency-return-list", args=[world.audit.pk])
        today = date_format(timezone.localdate(), "j F")
        assert f"Corrected {today}" in signed_in(world.officer).get(listing).content.decode()

    def test_another_agency_reads_it_where_it_reads_the_return(
        self, world: Collecting, pages: list[str]
    ) -> None:
        other = AgencyFactory(partnership=world.partnership)
        AgencyReturnFactory(audit=world.audit, agency=other, stage="nil")
        reader = signed_in(person(Role.AUDITOR, other))
        assert [reader.get(address).status_code for address in pages] == [404, 404, 404]
        world.audit.stage = Stage.MEETING
        world.audit.save()
        assert [reader.get(address).status_code for address in pages] == [200, 200, 200]

    def test_only_who_may_is_offered_it(self, world: Collecting, pages: list[str]) -> None:
        assert case_page(world) in signed_in(world.lead).get(pages[1]).content.decode()
        assert report_page(world) in signed_in(world.lead).get(pages[2]).content.decode()
        assert case_page(world) not in signed_in(world.auditor).get(pages[1]).content.decode()
        for user in (world.auditor, world.officer):
            for address in (case_page(world), report_page(world)):
                assert signed_in(user).get(address).status_code == 403
                assert signed_in(user).post(address).status_code == 403


@pytest.mark.parametrize("corrections", [1, 3])
def test_a_comparison_takes_the_same_queries_for_more_texts(
    corrections: int, django_assert_num_queries: Any
) -> None:
    world = signed()
    names = ["grade_reason", "engagement_past", "engagement_present"][:corrections]
    correct(world, case_page(world), **dict.fromkeys(names, "Other."))
    address = reverse(
        "correction-detail", args=[world.agency_return.pk, Correction.objects.get().pk]
    )
    client = signed_in(world.officer)
    with django_assert_num_queries(7):
        client.get(address)


NUMBER = "07700 900123"


def keys(response: Any) -> list[str]:
    return [line.key for line in response.context["clearing"].lines]


def say(response: Any, why: str = "word", reason: str = "") -> dict[str, str]:
    """What is chosen for every line that the page asks about."""
    return {f"why_{key}": why for key in keys(response)} | {
        f"reason_{key}": reason for key in keys(response)
    }


class TestWordsThatMaySayWhoSomebodyIs:
    @pytest.mark.parametrize(
        ("sheet", "box"),
        [(case_page, "grade_reason"), (report_page, "overview"), (case_page, "reason")],
        ids=["a case return", "the summative report", "the reason"],
    )
    def test_stop_a_correction_until_each_line_is_cleared(
        self, world: Collecting, sheet: Any, box: str
    ) -> None:
        changed = {"grade_reason": "Slow.", "overview": "Visits were late.", box: f"See {NUMBER}."}
        stopped = correct(world, sheet(world), **changed)
        html = stopped.content.decode()
        assert stopped.status_code == 200
        assert not Correction.objects.exists()
        assert not ScreeningDecision.objects.exists()
        assert len(keys(stopped)) == 1
        assert f"Reword “{NUMBER}”, or say what it is." in html
        assert f"See {NUMBER}." in stopped.context["forms"][0].data[box]
        assert f'href="#id_{box}"' in html

        done = correct(world, sheet(world), **changed, **say(stopped))
        assert done.status_code == 302
        decision = ScreeningDecision.objects.get()
        assert (decision.by, decision.why, decision.agency_return) == (
            world.lead,
            "word",
            world.agency_return,
        )
        assert Correction.objects.count() == 1

    def test_other_needs_a_reason_that_is_kept_with_the_name(self, world: Collecting) -> None:
        changed = {"grade_reason": f"See {NUMBER}."}
        stopped = correct(world, case_page(world), **changed)
        unsaid = correct(world, case_page(world), **changed, **say(stopped, "other"))
        assert f"Say what “{NUMBER}” is." in unsaid.content.decode()
        assert not Correction.objects.exists()
        said = say(stopped, "other", "The number of a form")
        assert correct(world, case_page(world), **changed, **said).status_code == 302
        decision = ScreeningDecision.objects.get()
        assert (decision.reason, decision.by) == ("The number of a form", world.lead)

    def test_one_line_left_open_keeps_all_of_it(self, world: Collecting) -> None:
        changed = {"grade_reason": f"See {NUMBER}, or B71 5ZZ."}
        stopped = correct(world, case_page(world), **changed)
        assert len(keys(stopped)) == 2
        one = {f"why_{keys(stopped)[0]}": "word"}
        assert keys(correct(world, case_page(world), **changed, **one)) == keys(stopped)
        assert not Correction.objects.exists()
        assert not ScreeningDecision.objects.exists()

    def test_reworded_it_goes_on_and_what_was_decided_before_is_not_asked_again(
        self, world: Collecting
    ) -> None:
        stopped = correct(world, case_page(world), grade_reason=f"See {NUMBER}.")
        said = say(stopped)
        reworded = correct(world, case_page(world), grade_reason="See the form.", **said)
        assert reworded.status_code == 302
        assert not ScreeningDecision.objects.exists()
        correct(world, case_page(world), grade_reason=f"See {NUMBER}.", **said)
        again = correct(world, case_page(world), grade_reason=f"See {NUMBER} again.")
        assert again.status_code == 302
        assert ScreeningDecision.objects.count() == 1

    def test_a_line_of_the_chronology_is_linked_to_its_box(self, world: Collecting) -> None:
        entry = EngagementEntry.objects.filter(case_return=world.first).first()
        if entry is None:
            entry = EngagementEntry.objects.create(case_return=world.first, words="A call.")
        stopped = correct(
            world, case_page(world), **{f"entry-{entry.pk}-words": f"A call, {NUMBER}."}
        )
        html = stopped.content.decode()
        assert f'href="#id_entry_{entry.pk}_words"' in html
        assert html.count(f'id="id_entry_{entry.pk}_words"') == 1

    def test_where_screening_cannot_run_nothing_is_corrected(
        self, world: Collecting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RULES, "phone-number", None)
        response = correct(world, case_page(world), grade_reason="Slow.")
        assert "could not be checked" in response.content.decode()
        assert response.status_code == 200
        assert not Correction.objects.exists()


def test_a_number_that_says_who_somebody_is_stops_a_correction(world: Collecting) -> None:
    QuestionFactory(toolkit=world.audit.toolkit, code="visits", kind="number")
    response = correct(world, case_page(world), answer_visits="9434765919")
    assert "9434765919" in [line.words for line in response.context["clearing"].lines]
    assert not Correction.objects.exists()
