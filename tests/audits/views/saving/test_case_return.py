"""What a page's script sends and is told."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.roles import Role
from audits.domain.transitions import transition
from audits.models import Answer, CaseReturn, Point, TextRevision
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.audits.saving import basis, field, save
from tests.factories import QuestionFactory, person, returned_point

pytestmark = pytest.mark.django_db


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
