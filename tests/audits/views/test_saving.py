"""What a page's script sends and is told."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.domain import removal
from audits.domain.screened_texts import flagged_in_return, return_passages
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    CaseReturn,
    Point,
    Presence,
    Question,
    RestorativeAction,
    ReturnStage,
    ScreeningDecision,
    TextRevision,
)
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.factories import QuestionFactory, person, returned_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, questions=6)


def address(case_return: CaseReturn, name: str = "case-return-save") -> str:
    return reverse(name, args=[case_return.agency_return_id, case_return.pk])


def basis(case_return: CaseReturn, user: User, *keys: str) -> str:
    page = CaseReturnPage(case_returns_for(user).get(pk=case_return.pk), user)
    marks = page.basis.marks
    return json.dumps({key: marks[key] for key in (keys or marks) if key in marks})


def save(client: Any, case_return: CaseReturn, **sent: Any) -> Any:
    return client.post(address(case_return), sent, headers={"Accept": "application/json"})


def field(question: Question, kind: str = "answer") -> str:
    return f"{kind}_{question.code}"


def test_a_name_that_is_no_question_is_told_so(world: Collecting) -> None:
    """PostgreSQL takes no NUL, not even to look for."""
    names = ["answer_\0", "evidence_\0", "answer_", "answer_no-such", "answer_two words"]
    answer = save(signed_in(world.auditor), world.first, **dict.fromkeys(names, "yes"))
    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == sorted(names)
    assert not Answer.objects.exists()


def test_what_was_sent_is_saved_and_kept_and_its_new_marks_come_back(world: Collecting) -> None:
    client = signed_in(world.auditor)
    one = world.questions[0]

    answer = save(client, world.first, engagement_past="Two visits.", **{field(one): "yes"})

    assert answer.status_code == 200
    told = answer.json()
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.stage, row.auditor) == (
        "Two visits.",
        "in_progress",
        world.auditor,
    )
    assert Answer.objects.get().value == "yes"
    assert sorted(told["basis"]) == [f"answer:{one.pk}", "engagement_past"]
    assert told["basis"] == json.loads(basis(row, world.auditor, *told["basis"]))
    assert 3500 < told["session_ends_in"] <= 3600
    kept = TextRevision.objects.order_by("key").values_list("key", "words", "by")
    assert list(kept) == [
        (f"answer:{one.pk}", "yes", world.auditor.pk),
        ("engagement_past", "Two visits.", world.auditor.pk),
    ]


def test_the_same_words_sent_again_are_no_second_change(world: Collecting) -> None:
    """An answer that never arrived: the page sends its words again, with the old basis."""
    client = signed_in(world.auditor)
    first = save(client, world.first, engagement_past="Two visits.").json()

    again = save(client, world.first, engagement_past="Two visits.")

    assert (again.status_code, again.json()["basis"]) == (200, first["basis"])
    assert TextRevision.objects.count() == 1


def test_words_that_somebody_else_changed_come_back_and_the_rest_is_saved(
    world: Collecting,
) -> None:
    answered(world, world.first)
    seen = basis(world.first, world.auditor)
    save(signed_in(world.lead), world.first, basis=seen, engagement_past="Theirs.")

    answer = save(
        signed_in(world.auditor),
        world.first,
        basis=seen,
        engagement_past="Mine.",
        engagement_present="Only mine.",
    )

    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert conflict == {
        "key": "engagement_past",
        "names": ["engagement_past"],
        "name": "engagement_past",
        "label": "Past engagement",
        "mine": "Mine.",
        "theirs": "Theirs.",
        "fields": {"engagement_past": "Theirs."},
        "by": world.lead.name,
        "gone": False,
        "mergeable": True,
    }
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.engagement_present) == ("Theirs.", "Only mine.")

    chosen = json.dumps({"engagement_past": answer.json()["basis"]["engagement_past"]})
    kept = save(signed_in(world.auditor), world.first, basis=chosen, engagement_past="Mine.")
    assert kept.status_code == 200
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Mine."
    history = TextRevision.objects.filter(key="engagement_past").order_by("pk")
    assert [each.words for each in history] == ["Theirs.", "Mine."]


def test_words_of_somebody_who_never_saw_the_text_overwrite_nothing(world: Collecting) -> None:
    """A text as it was loaded, of revision 0, and a page that says nothing of what it showed."""
    CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past="Loaded.")
    answer = save(signed_in(world.auditor), world.first, engagement_past="Mine.")
    assert (answer.status_code, answer.json()["conflicts"][0]["theirs"]) == (409, "Loaded.")


def test_an_answer_of_a_list_is_told_in_its_own_words(world: Collecting) -> None:
    answered(world, world.first)
    one = world.questions[0]
    seen = basis(world.first, world.auditor)
    save(signed_in(world.lead), world.first, basis=seen, **{field(one): "partly"})

    answer = save(signed_in(world.auditor), world.first, basis=seen, **{field(one): "no"})

    (conflict,) = answer.json()["conflicts"]
    assert (conflict["mine"], conflict["theirs"], conflict["mergeable"]) == ("No", "Partly", False)
    assert conflict["fields"] == {field(one): "partly"}


def test_a_wrong_value_does_not_keep_the_others_from_being_saved(world: Collecting) -> None:
    visits = QuestionFactory(toolkit=world.audit.toolkit, code="visits", kind="number")

    answer = save(
        signed_in(world.auditor),
        world.first,
        engagement_past="Two visits.",
        answer_gone="yes",
        **{field(visits): "about four"},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "answer_visits": "Enter a number.",
        "answer_gone": "This is not part of the page any more. "
        "Copy what you wrote, and load the page again.",
    }
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Two visits."
    assert not Answer.objects.exists()


def test_a_voice_is_saved_only_where_the_audit_asks_for_it(world: Collecting) -> None:
    client = signed_in(world.auditor)

    save(client, world.first, voice_child="Not asked for.")
    assert CaseReturn.objects.get(pk=world.first.pk).voice_child == ""

    world.audit.asks_child = True
    world.audit.save()
    save(client, world.first, voice_child="Asked for.")
    assert CaseReturn.objects.get(pk=world.first.pk).voice_child == "Asked for."


def test_a_new_point_is_made_once_however_often_it_is_sent(world: Collecting) -> None:
    client = signed_in(world.auditor)
    pk = uuid4()
    sent = {f"point_{pk}": "Seen early.", f"kind_{pk}": "went_well"}

    for _ in range(2):
        assert save(client, world.first, **sent).status_code == 200
    longer = json.dumps(
        {f"point:{pk}": save(client, world.first, **sent).json()["basis"][f"point:{pk}"]}
    )
    save(client, world.first, basis=longer, **{f"point_{pk}": "Seen very early."})

    point = Point.objects.get()
    assert (point.pk, point.text, point.written_by) == (pk, "Seen very early.", world.auditor)
    assert list(point.placements.values_list("kind", flat=True)) == ["went_well"]
    assert [each.words for each in TextRevision.objects.order_by("pk")] == [
        "Seen early.",
        "Seen very early.",
    ]


def test_an_empty_box_for_a_new_point_makes_none_and_is_no_mistake(world: Collecting) -> None:
    pk = uuid4()
    answer = save(
        signed_in(world.auditor), world.first, **{f"point_{pk}": " ", f"kind_{pk}": "went_well"}
    )
    assert answer.status_code == 200
    assert not Point.objects.exists()
    assert CaseReturn.objects.get(pk=world.first.pk).stage == "not_started"


def test_a_point_that_somebody_took_out_is_a_conflict_and_can_be_kept(world: Collecting) -> None:
    answered(world, world.first)
    point = returned_point(world.first, "Seen early.")
    seen = basis(world.first, world.auditor)
    remove(world.lead, point)

    answer = save(
        signed_in(world.auditor), world.first, basis=seen, **{f"point_{point.pk}": "Seen late."}
    )

    (conflict,) = answer.json()["conflicts"]
    assert (conflict["gone"], conflict["theirs"], conflict["mine"]) == (True, "", "Seen late.")
    assert not Point.objects.exists()
    marks = json.dumps(answer.json()["basis"])
    kept = save(
        signed_in(world.auditor), world.first, basis=marks, **{f"point_{point.pk}": "Seen late."}
    )
    assert kept.status_code == 200
    back = Point.objects.get()
    assert (back.pk, back.text, back.placements.get().kind) == (point.pk, "Seen late.", "went_well")


def test_a_point_written_afresh_is_not_taken_for_the_one_somebody_saw(world: Collecting) -> None:
    """It counts its revisions from one again; what it says is what tells."""
    answered(world, world.first)
    client, colleague = signed_in(world.auditor), signed_in(world.lead)
    pk = uuid4()
    field_name = f"point_{pk}"
    first = save(client, world.first, **{field_name: "Seen early.", f"kind_{pk}": "went_well"})
    seen = json.dumps(first.json()["basis"])
    remove(world.lead, Point.objects.get())
    afresh = {field_name: "Written afresh.", f"kind_{pk}": "went_well"}
    assert save(colleague, world.first, **afresh).status_code == 200

    answer = save(client, world.first, basis=seen, **{field_name: "Seen late."})

    assert (answer.status_code, Point.objects.get().text) == (409, "Written afresh.")


def remove(user: User, point: Point) -> None:
    removal.remove_point(point, by=user)


def test_a_point_of_another_case_is_refused(world: Collecting) -> None:
    point = returned_point(world.case_returns[1], "Elsewhere.")
    answer = save(signed_in(world.auditor), world.first, **{f"point_{point.pk}": "Mine."})
    assert answer.status_code == 403
    assert Point.objects.get().text == "Elsewhere."


def test_once_it_is_handed_in_nothing_more_is_saved(world: Collecting) -> None:
    client = signed_in(world.auditor)
    for each in world.case_returns:
        save(client, each, known="no", not_known_reason="Searched.")
        transition(CaseReturn.objects.get(pk=each.pk), "not-known", by=world.auditor)

    answer = save(client, world.first, engagement_past="Late.")

    assert (answer.status_code, answer.json()) == (423, {"closed": True})
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""


def test_others_cannot_save_and_strangers_find_nothing(world: Collecting) -> None:
    stranger = signed_in(
        person(
            Role.AUDITOR,
            world.agency.partnership.agencies.create(
                name="Other", short_name="OTHER", kind="health"
            ),
        )
    )
    assert save(stranger, world.first, engagement_past="Mine.").status_code == 404


def test_whoever_is_signed_out_is_told_so_as_a_script_is_told(
    world: Collecting, client: Any
) -> None:
    answer = save(client, world.first, engagement_past="Mine.")
    assert (answer.status_code, answer.json()) == (401, {"signed_out": True})


def test_words_typed_as_one_person_are_not_saved_as_another(world: Collecting) -> None:
    answer = save(
        signed_in(world.lead), world.first, engagement_past="Mine.", writer=str(world.auditor.pk)
    )
    assert (answer.status_code, answer.json()) == (403, {"signed_in_as": world.lead.name})
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""


# Queries


def queries(client: Any, case_return: CaseReturn, **sent: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert save(client, case_return, **sent).status_code == 200
    return [each["sql"] for each in captured.captured_queries]


def grown(rows: int) -> Collecting:
    world = answered_world(rows)
    for _ in range(rows):
        returned_point(world.first, "Seen early.")
    return world


def answered_world(questions: int) -> Collecting:
    world = collecting(cases=questions, questions=questions)
    answered(world, world.first)
    return world


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [6, 12])
def test_an_autosave_takes_the_same_few_queries_however_large_the_return(rows: int) -> None:
    """Session, person, roles; begin; the row; what was asked; one write a kind of text; the
    history; commit."""
    world = grown(rows)
    client = signed_in(world.auditor)
    marks = basis(world.first, world.auditor)
    points = list(Point.objects.order_by("pk"))[:5]
    five = world.questions[:5]

    one_text = queries(client, world.first, basis=marks, engagement_past="Two visits.")
    one_answer = queries(client, world.first, basis=marks, **{field(five[0]): "no"})
    five_answers = queries(
        client, world.first, basis=marks, **{field(each, "evidence"): "Seen." for each in five}
    )
    mixed = queries(
        client,
        world.first,
        basis=basis(world.first, world.auditor),
        engagement_present="None.",
        known="carer",
        **{field(each): "partly" for each in five[1:4]},
    )
    five_points = queries(
        client, world.first, basis=marks, **{f"point_{each.pk}": "Seen." for each in points}
    )
    pk = uuid4()
    new_point = queries(client, world.first, **{f"point_{pk}": "New.", f"kind_{pk}": "went_well"})
    grade = queries(client, world.first, own_grade="good")

    counts = [
        len(each)
        for each in (one_text, one_answer, five_answers, mixed, five_points, new_point, grade)
    ]
    assert counts == [8, 9, 9, 10, 9, 11, 9]


# Who else is here


def present(client: Any, case_return: CaseReturn, **sent: Any) -> Any:
    return client.post(
        address(case_return, "case-return-presence"), sent, headers={"Accept": "application/json"}
    )


def test_a_page_says_who_else_is_on_it_and_keeps_nobody_signed_in(world: Collecting) -> None:
    client = signed_in(world.lead)
    assert present(client, world.first).json()["others"] == []
    told = present(signed_in(world.auditor), world.first).json()
    assert told["others"] == [world.lead.name]
    assert present(signed_in(world.auditor), world.case_returns[1]).json()["others"] == []
    present(client, world.first)
    assert Presence.objects.filter(user=world.lead).count() == 1


def test_what_others_changed_comes_with_its_fields_and_marks(world: Collecting) -> None:
    answered(world, world.first)
    one = world.questions[0]
    client = signed_in(world.auditor)
    since = present(client, world.first).json()["now"]
    save(client, world.first, grade_reason="My own words.")
    save(
        signed_in(world.lead),
        world.first,
        basis=basis(world.first, world.lead),
        engagement_past="Theirs.",
        **{field(one, "evidence"): "Seen."},
    )

    told = present(client, world.first, since=since).json()["changed"]

    marks = json.loads(basis(world.first, world.auditor))
    by_key = {each["key"]: each for each in told}
    assert {"engagement_past", f"evidence:{one.pk}"} == set(by_key)
    assert by_key["engagement_past"]["fields"] == {"engagement_past": "Theirs."}
    assert by_key[f"evidence:{one.pk}"]["fields"] == {field(one, "evidence"): "Seen."}
    assert by_key["engagement_past"]["by"] == world.lead.name
    for key, change in by_key.items():
        assert change["mark"] == marks[key]


# The summative report


def save_report(client: Any, world: Collecting, **sent: Any) -> Any:
    return client.post(
        reverse("summative-save", args=[world.agency_return.pk]),
        sent,
        headers={"Accept": "application/json"},
    )


def line(number: int, pk: int | str = "", **words: str) -> dict[str, str]:
    said = {"pk": str(pk), "text": "", "owner": "", "due_on": "", "measure": "", **words}
    return {f"actions-{number}-{name}": value for name, value in said.items()}


def test_the_report_is_saved_as_it_is_written(world: Collecting) -> None:
    client = signed_in(world.lead)
    pk = uuid4()
    sent = {
        "overview": "Better than last year.",
        f"point_{pk}": "Seen early.",
        f"kind_{pk}": "went_well",
        **line(0, text="Train the desk.", owner="Head of training", due_on="2026-05-01"),
    }

    first, again = save_report(client, world, **sent), save_report(client, world, **sent)

    action = RestorativeAction.objects.get()
    assert (first.status_code, again.status_code) == (200, 200)
    assert (action.text, action.owner, str(action.due_on)) == (
        "Train the desk.",
        "Head of training",
        "2026-05-01",
    )
    assert first.json()["made"] == again.json()["made"] == {"0": action.pk}
    assert first.json()["basis"] == again.json()["basis"]
    assert sorted(first.json()["basis"]) == [f"action:{action.pk}", "overview", f"point:{pk}"]
    assert TextRevision.objects.count() == 3
    assert Point.objects.get().origin == "summative"


def test_two_who_change_the_same_action_are_told(world: Collecting) -> None:
    client = signed_in(world.lead)
    told = save_report(client, world, **line(0, text="Train the desk.")).json()
    pk, seen = told["made"]["0"], json.dumps(told["basis"])
    save_report(signed_in(world.officer), world, basis=seen, **line(0, pk, text="Train all desks."))

    answer = save_report(
        client, world, basis=seen, **line(3, pk, text="Train the desk.", owner="Head")
    )

    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["mine"], conflict["theirs"], conflict["by"]) == (
        "Train the desk.\nBy whom: Head",
        "Train all desks.",
        world.officer.name,
    )
    assert conflict["fields"] == {
        "actions-3-text": "Train all desks.",
        "actions-3-owner": "",
        "actions-3-due_on": "",
        "actions-3-measure": "",
    }
    assert RestorativeAction.objects.get().text == "Train all desks."


def test_an_emptied_line_goes_and_can_be_written_again(world: Collecting) -> None:
    client = signed_in(world.lead)
    told = save_report(client, world, **line(0, text="Train.")).json()
    pk = told["made"]["0"]
    gone = save_report(client, world, basis=json.dumps(told["basis"]), **line(0, pk))
    assert (gone.status_code, RestorativeAction.objects.count()) == (200, 0)

    back = save_report(
        client, world, basis=json.dumps(gone.json()["basis"]), **line(0, pk, text="Train all.")
    )

    assert back.status_code == 200
    assert RestorativeAction.objects.get().text == "Train all."


def test_a_line_without_what_will_be_done_is_answered_beside_it(world: Collecting) -> None:
    answer = save_report(
        signed_in(world.lead), world, overview="Said.", **line(1, owner="Head", due_on="soon")
    )
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"actions-1-text", "actions-1-due_on"}
    assert AgencyReturn.objects.get().overview == "Said."


def test_an_auditor_does_not_write_the_report(world: Collecting) -> None:
    assert save_report(signed_in(world.auditor), world, overview="Mine.").status_code == 403


@pytest.mark.parametrize(
    "marks",
    [
        {f"point:{uuid4()}": [1, "x"] for _ in range(2500)},
        {"engagement_past\x00": [1, "x"]},
        {"\ud800": [1, "x"], "engagement_past" * 9000: [1, "x"]},
        {"engagement_past": [-1, "\ud800"], "known": [10**40, "x"]},
    ],
    ids=["thousands", "no character", "half a character", "numbers"],
)
def test_a_basis_that_no_page_ever_sent_breaks_nothing(
    world: Collecting, marks: dict[str, Any]
) -> None:
    client = signed_in(world.auditor)

    answer = save(client, world.first, basis=json.dumps(marks), engagement_present="Weekly.")

    assert answer.status_code == 200
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_present == "Weekly."


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00", "\x00"]
)
def test_a_moment_that_no_page_was_ever_told_breaks_nothing(world: Collecting, since: str) -> None:
    save(signed_in(world.lead), world.first, engagement_past="Theirs.")
    there = address(world.first, "case-return-presence")

    answer = signed_in(world.auditor).post(there, {"since": since})

    assert answer.status_code == 200


# Words that may say who somebody is

NUMBER = "943 476 5919"  # the check digit holds; made up


def test_what_was_found_is_told_by_box_and_saved_all_the_same(world: Collecting) -> None:
    client = signed_in(world.auditor)
    text = f"Known as {NUMBER}."
    told = save(client, world.first, engagement_past=text, engagement_present="Visits.").json()
    assert told["screened"] == {
        "engagement_past": [
            {
                "rule": "nhs-number",
                "words": NUMBER,
                "why": told_why(told, "engagement_past"),
                "certain": True,
            }
        ],
        "engagement_present": [],
    }
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == text


def visits(world: Collecting) -> str:
    return field(QuestionFactory(toolkit=world.audit.toolkit, code="visits", kind="number"))


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("9434765919", [("nhs-number", "9434765919")]),
        ("07700900123", [("phone-number", "07700900123")]),
        ("4", []),
        ("12.5", []),
        ("2026", []),
        ("-3", []),
        ("1000000", []),
    ],
)
def test_a_number_is_looked_at_as_it_was_typed(
    world: Collecting, number: str, found: list[tuple[str, str]]
) -> None:
    name = visits(world)
    told = save(signed_in(world.auditor), world.first, **{name: number}).json()["screened"]
    assert [(hit["rule"], hit["words"]) for hit in told[name]] == found
    waiting = flagged_in_return(world.agency_return, return_passages(world.agency_return))
    assert [(each.hit.rule, each.hit.text) for each in waiting] == found
    assert {each.place.box for each in waiting} <= {f"id_{name}"}


def test_what_a_number_is_can_be_said_beside_it(world: Collecting) -> None:
    name, client = visits(world), signed_in(world.auditor)
    save(client, world.first, **{name: "07700900123"})
    assert confirm(client, world, words="07700900123")
    assert flagged_in_return(world.agency_return, return_passages(world.agency_return)) == []


def told_why(told: Any, name: str) -> str:
    why: str = told["screened"][name][0]["why"]
    assert "NHS number" in why
    return why


PHONE = "07700 900123"
SAYS_WORD = {"rule": "phone-number", "words": PHONE, "why": "word"}


def confirm(client: Any, world: Collecting, **said: str) -> Any:
    address = reverse("return-screening-confirm", args=[world.agency_return.pk])
    return client.post(address, {**SAYS_WORD, **said}).json()["kept"]


def test_what_somebody_confirmed_is_not_told_again(world: Collecting) -> None:
    client = signed_in(world.auditor)
    save(client, world.first, engagement_past=f"See {PHONE}.")
    assert confirm(client, world)

    marks = basis(world.first, world.auditor)
    told = save(client, world.first, basis=marks, engagement_past=f"Ring {PHONE}.").json()
    assert told["screened"] == {"engagement_past": []}
    decision = ScreeningDecision.objects.get()
    assert (decision.by, decision.why, decision.agency_return) == (
        world.auditor,
        "word",
        world.agency_return,
    )


@pytest.mark.parametrize(
    "said",
    [
        {"rule": "", "words": "", "why": ""},
        {"rule": "no-rule"},
        {"why": "because"},
        {"why": "other"},
        {"words": "07700 900124"},
        {"rule": "nhs-number", "words": NUMBER},
    ],
    ids=["nothing", "no rule", "no reason", "other, without which", "not there", "certain"],
)
def test_what_is_not_there_or_is_certain_is_not_confirmed_in_passing(
    world: Collecting, said: dict[str, str]
) -> None:
    client = signed_in(world.auditor)
    save(client, world.first, engagement_past=f"See {PHONE} and {NUMBER}.")
    assert not confirm(client, world, **said)
    assert not ScreeningDecision.objects.exists()


def test_nor_is_anything_in_a_return_that_is_in(world: Collecting) -> None:
    client = signed_in(world.auditor)
    save(client, world.first, engagement_past=f"See {PHONE}.")
    world.agency_return.stage = ReturnStage.SIGNED_OFF
    world.agency_return.save()
    assert not confirm(client, world)
    assert not ScreeningDecision.objects.exists()


def test_nothing_is_lost_where_screening_cannot_run(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "nhs-number", None)
    answer = save(signed_in(world.auditor), world.first, engagement_past="Two visits.")
    assert (answer.status_code, answer.json()["screened"]) == (200, None)
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Two visits."


def test_the_summative_report_is_screened_too(world: Collecting) -> None:
    address = reverse("summative-save", args=[world.agency_return.pk])
    told = signed_in(world.lead).post(address, {"overview": f"See {NUMBER}."}).json()
    assert [hit["words"] for hit in told["screened"]["overview"]] == [NUMBER]


def test_words_without_end_are_answered_beside_their_box_and_the_rest_is_saved(
    world: Collecting,
) -> None:
    client = signed_in(world.auditor)
    line = f"entry_{uuid4()}_words"
    over = "Visited. " * 3000
    answer = save(client, world.first, engagement_past=over, grade_reason="Prompt.", **{line: over})
    told = "Shorten this to 20,000 characters or fewer: it has 26,999."
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"engagement_past": told, line: told}
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.grade_reason) == ("", "Prompt.")


def test_a_page_sent_whole_keeps_what_is_too_long_in_its_box(world: Collecting) -> None:
    over = "Visited. " * 3000
    page = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    html = signed_in(world.auditor).post(page, {"engagement_past": over}).content.decode()
    assert "Shorten this to 20,000 characters or fewer: it has 26,999." in html
    assert over.strip() in html
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""


def test_more_than_can_be_looked_through_at_once_is_saved_and_the_page_says_so(
    world: Collecting,
) -> None:
    points = [returned_point(world.first, "Seen.") for _ in range(6)]
    text = "Visited. " * 2000
    sent = {f"point_{each.pk}": text for each in points}
    marks = basis(world.first, world.auditor)
    answer = save(signed_in(world.auditor), world.first, basis=marks, **sent)
    assert (answer.status_code, answer.json()["screened"]) == (200, None)
    assert set(Point.objects.values_list("text", flat=True)) == {text.strip()}
