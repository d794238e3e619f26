"""Lines of the chronology: when something was, and what was done."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from audits.domain.case_returns import finish
from audits.models import CaseReturn, CaseReturnStage, EngagementEntry
from tests.audits.collecting import Collecting, answered, signed_in
from tests.audits.filling import line, post, url

pytestmark = pytest.mark.django_db


def test_a_chronology_is_written_without_a_script(world: Collecting) -> None:
    client = signed_in(world.auditor)
    first, second = uuid4(), uuid4()

    post(
        client,
        world.first,
        world.auditor,
        **line(first, "2025-03-01", "", "Weekly calls."),
        **line(second, "2025-01-10", "2025-02-01", "Two visits."),
        **line(uuid4()),
    )

    page = client.get(url(world.first)).context["page"]
    assert [(str(each.began_on), each.words) for each in page.entries] == [
        ("2025-01-10", "Two visits."),
        ("2025-03-01", "Weekly calls."),
    ]


def test_a_line_with_an_impossible_end_loses_nothing(world: Collecting) -> None:
    pk = uuid4()
    typed = line(pk, "2025-03-01", "2025-01-10", "Two visits.")

    html = post(signed_in(world.auditor), world.first, world.auditor, **typed).content.decode()

    assert "The end must not come before the beginning." in html
    assert "Two visits." in html
    assert not EngagementEntry.objects.exists()


def test_an_unfinished_line_is_kept_and_named_before_the_case_is_complete(
    world: Collecting,
) -> None:
    client = signed_in(world.auditor)
    pk = uuid4()

    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        do="finish",
        **line(pk, words="Two visits."),
        **{f"answer_{world.questions[0].code}": "yes"},
    )

    html = client.get(response.url).content.decode()
    assert f'<a href="#entry-{pk}">Line 1 of the chronology: say from when it was.</a>' in html
    assert EngagementEntry.objects.get().words == "Two visits."


def test_a_line_that_is_still_to_come_stops_completion(world: Collecting) -> None:
    client, pk = signed_in(world.auditor), uuid4()
    day = timezone.localdate() + timedelta(days=40)
    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        do="finish",
        **line(pk, day.isoformat(), "", "A visit."),
        **{f"answer_{world.questions[0].code}": "yes"},
    )
    told = "Line 1 of the chronology: its date is still to come. Say when it was."
    assert told in client.get(response.url).content.decode()
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.IN_PROGRESS


def test_the_reading_page_tells_the_chronology_and_the_voices(world: Collecting) -> None:
    world.audit.asks_family = True
    world.audit.save()
    row = answered(world, world.first)
    row.voice_family, row.engagement_past = "They felt heard.", "In short."
    row.save()
    for began, ended, words in (
        (date(2025, 3, 1), None, "Weekly calls."),
        (date(2025, 1, 10), date(2025, 2, 1), "Two visits."),
    ):
        EngagementEntry.objects.create(case_return=row, began_on=began, ended_on=ended, words=words)
    finish(row, by=world.auditor)

    html = signed_in(world.auditor).get(url(world.first)).content.decode()

    text = " ".join(html.split())
    assert "10 Jan 2025 – 1 Feb 2025" in text
    assert "1 Mar 2025 – still going on" in text
    assert text.index("Two visits.") < text.index("Weekly calls.") < text.index("In short.")
    assert "They felt heard." in text
