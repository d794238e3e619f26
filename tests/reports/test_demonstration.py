"""The demonstration partnership carries the figures it promises, all counted from rows."""

import json
import stat
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from agencies.models import Membership, User
from audits.models import (
    KNOWN_TO_AGENCY,
    Action,
    Answer,
    Audit,
    CaseReturn,
    ContributorRequest,
    Figure,
    FindingPlacement,
    GapHeading,
    Nomination,
    PointKind,
    PointPlacement,
)
from reports.demonstration.accounts import ACCOUNTS
from reports.demonstration.loading import NAMES, load_demonstration, read
from reports.demonstration.password import demonstration_password
from reports.demonstration.shifting import DEMONSTRATION_TODAY, days_to, shifted
from reports.files import load, to_bytes
from reports.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def front_door() -> Audit:
    return load(to_bytes(read("front-door")))


@pytest.fixture
def neglect_2() -> Audit:
    return load(to_bytes(read("neglect-2")))


def complete(audit: Audit, agency: str) -> Any:
    return CaseReturn.objects.filter(
        audit=audit, agency__short_name=agency, known__in=KNOWN_TO_AGENCY, stage="complete"
    )


class TestFrontDoor:
    def test_sixty_cases_were_drawn_because_the_police_asked(self, front_door: Audit) -> None:
        draw = front_door.draws.get()

        assert front_door.cases.in_sample().count() == 60
        assert front_door.kind == "extraordinary"
        assert front_door.asked_for_by is not None
        assert front_door.asked_for_by.short_name == "Police"
        assert [case.draw_row for case in front_door.cases.all()] == draw.rows
        assert front_door.awaiting_approval

    def test_what_each_agency_audited_and_how_it_graded(self, front_door: Audit) -> None:
        found = {}
        for agency_return in front_door.agency_returns.all():
            agency = agency_return.agency.short_name
            rows = complete(front_door, agency)
            graded = rows.exclude(own_grade=None)
            good = rows.filter(own_grade__meets_good=True)
            found[agency] = (rows.count(), graded.count(), good.count())

        assert found == {
            "Police": (56, 56, 48),
            "Youth Offending": (4, 4, 4),
            "Commissioner": (41, 37, 31),
            "Community Health": (60, 60, 46),
            "Social Care": (60, 60, 37),
            "Early Help": (27, 0, 0),
            "Hospital": (33, 33, 24),
            "Education": (46, 46, 35),
            "Safe Harbour": (18, 18, 16),
            "Probation": (0, 0, 0),
        }

    def test_answers_and_replies_behind_the_figures(self, front_door: Audit) -> None:
        answers = Answer.objects.filter(
            case_return__in=complete(front_door, "Community Health"),
            question__code="part-of-decision",
        )
        requests = ContributorRequest.objects.filter(
            case_return__in=complete(front_door, "Commissioner")
        )
        replied = requests.filter(stage="replied")
        figures = Figure.objects.filter(audit=front_door)

        assert Counter(answers.values_list("value", flat=True)) == {
            "yes": 44,
            "partly": 7,
            "no": 5,
            "not_applicable": 2,
            "not_recorded": 2,
        }
        assert requests.values("contributor").distinct().count() == 34
        assert replied.values("contributor").distinct().count() == 31
        assert set(figures.values_list("kind", flat=True)) == {Figure.Kind.COUNTED}

    def test_early_help_gives_words_and_no_number(self, front_door: Audit) -> None:
        overview = front_door.agency_returns.get(agency__short_name="Early Help").overview

        assert "A high proportion" in overview
        assert not any(letter.isdigit() for letter in overview)

    def test_findings_stand_in_their_sections(self, front_door: Audit) -> None:
        placements = FindingPlacement.objects.filter(finding__audit=front_door)
        gaps = [heading.placements.count() for heading in GapHeading.objects.order_by("position")]

        assert Counter(placements.values_list("section", flat=True)) == {
            "findings": 10,
            "working_well": 11,
            "worries": 13,
            "gaps": 20,
            "next_steps": 2,
        }
        assert gaps == [2, 7, 1, 3, 2, 2, 3]
        assert placements.filter(lead_in__isnull=False).count() == 9
        seen = front_door.findings.filter(seen_before__audit_code="MACA-17").distinct()
        assert seen.count() == 9


class TestNeglect2:
    def test_seven_questions_of_which_the_second_follows_the_first(self, neglect_2: Audit) -> None:
        questions = list(neglect_2.toolkit.questions.all())

        assert len(questions) == 7
        assert questions[1].follows == questions[0]
        assert [question.point_kind for question in questions[5:]] == [
            "went_well",
            "can_be_improved",
        ]

    def test_points_agreed_for_each_case(self, neglect_2: Audit) -> None:
        agreed = PointPlacement.objects.filter(agreed=True, point__audit=neglect_2)
        counts = {
            kind: [
                agreed.filter(kind=kind, point__case=case).count() for case in neglect_2.cases.all()
            ]
            for kind in PointKind
        }

        assert counts == {
            "went_well": [4, 4, 5, 2, 3],
            "can_be_improved": [6, 5, 5, 6, 3],
            "challenge": [4, 2, 5, 6, 5],
            "good_practice": [0, 0, 0, 0, 0],
        }

    def test_three_points_of_good_practice_about_the_whole_audit(self, neglect_2: Audit) -> None:
        agreed = PointPlacement.objects.filter(agreed=True, point__audit=neglect_2)

        assert agreed.filter(point__case=None).count() == 3
        assert agreed.filter(kind="good_practice").count() == 3

    def test_some_points_were_adopted_and_some_said_at_the_meeting(self, neglect_2: Audit) -> None:
        agreed = neglect_2.points.filter(placements__agreed=True).distinct()

        assert set(agreed.values_list("origin", flat=True)) == {"case_return", "meeting"}

    def test_three_points_of_case_5_stand_under_two_kinds(self, neglect_2: Audit) -> None:
        case = neglect_2.cases.get(number=5)
        kinds = [
            sorted(point.placements.filter(agreed=True).values_list("kind", flat=True))
            for point in case.points.all()
        ]

        assert kinds.count(["can_be_improved", "challenge"]) == 3


class TestDates:
    def test_dates_move_by_whole_weeks(self) -> None:
        assert days_to(DEMONSTRATION_TODAY) == 0
        assert days_to(date(2026, 11, 22)) == 0
        assert days_to(date(2026, 11, 23)) == 7
        assert days_to(date(2026, 11, 15)) == -7

    def test_every_day_and_moment_moves_and_nothing_else(self) -> None:
        value = {
            "day": "2026-12-30",
            "moments": ["2026-12-30T09:30:00Z"],
            "code": "2026-12",
            "text": "On 2026-12-30 nothing.",
            "number": 2026,
        }

        assert shifted(value, 7) == {
            "day": "2027-01-06",
            "moments": ["2027-01-06T09:30:00Z"],
            "code": "2026-12",
            "text": "On 2026-12-30 nothing.",
            "number": 2026,
        }

    @pytest.mark.parametrize("name", NAMES)
    def test_a_file_without_a_shift_stays_as_it_is(self, name: str) -> None:
        assert shifted(read(name), 0) == read(name)

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_in_a_file_happened_after_its_today(self, name: str) -> None:
        moments = [
            row["at"]
            for rows in _lists(read(name))
            for row in rows
            if isinstance(row, dict) and "at" in row
        ]

        assert max(moments) < f"{DEMONSTRATION_TODAY}T00:00:00Z"


def _lists(value: Any) -> list[list[Any]]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in _lists(item)]
    if isinstance(value, list):
        return [value, *(found for item in value for found in _lists(item))]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_small_enough_to_keep(name: str) -> None:
    assert len(json.dumps(read(name))) < 1_500_000


TODAY = date(2027, 3, 4)


@pytest.fixture
def loaded() -> dict[str, Audit]:
    return load_demonstration(password="of the demonstration", today=TODAY).audits


class TestLoading:
    def test_each_account_waits_for_somebody(self, loaded: dict[str, Audit]) -> None:
        with time_machine.travel(TODAY, tick=False):
            assert {user.email for user in User.objects.filter(is_active=True)} == {
                account.email for account in ACCOUNTS
            }
            assert Membership.objects.current().count() == len(ACCOUNTS)
            assert User.objects.get(email="chair@fenshire.example").check_password(
                "of the demonstration"
            )
        waiting = loaded["domestic-abuse"].case_returns.exclude(stage__in=["complete", "not_known"])
        assert waiting.filter(auditor__email="auditor.police@fenshire.example").count() == 4
        assert waiting.filter(auditor__email="auditor.health@fenshire.example").count() == 3
        assert loaded["front-door"].awaiting_approval
        assert Nomination.objects.filter(
            by__email="member@fenshire.example", stage="proposed"
        ).exists()
        for agency in ("Police", "Community Health"):
            assert Action.objects.filter(owner_agency__short_name=agency).unfinished().exists()

    def test_stages_of_the_tour_and_what_is_late(self, loaded: dict[str, Audit]) -> None:
        assert {name: audit.stage for name, audit in loaded.items()} == {
            "neglect-1": "published",
            "neglect-2": "published",
            "front-door": "drafting",
            "domestic-abuse": "collecting",
            "special-needs": "nominating",
        }
        audit = loaded["domestic-abuse"]
        assert audit.return_by is not None
        assert 0 < (TODAY - audit.return_by).days <= 9
        assert audit.agency_returns.filter(stage="open").count() == 5

    def test_both_neglect_audits_are_published_as_on_their_day(
        self, loaded: dict[str, Audit]
    ) -> None:
        for name in ("neglect-1", "neglect-2"):
            audit = loaded[name]
            assert set(audit.documents.values_list("kind", flat=True)) == set(Document.Kind)
            published = audit.status_changes.get(transition="publish").at
            assert {document.published_at for document in audit.documents.all()} == {published}
            assert not audit.awaiting_approval
        assert loaded["neglect-2"].predecessor == loaded["neglect-1"]


class TestCommand:
    @pytest.fixture(autouse=True)
    def var_folder(self, settings: Any, tmp_path: Path) -> None:
        settings.VAR_DIR = tmp_path

    def test_it_refuses_production_settings(self, settings: Any) -> None:
        settings.PRODUCTION = True

        with pytest.raises(CommandError, match="never runs with production settings"):
            call_command("load_demo")

        assert not Audit.objects.exists()

    def test_it_prints_what_a_tour_needs_and_does_no_harm_again(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        settings: Any,
    ) -> None:
        monkeypatch.delenv("MACA_DEMO_PASSWORD", raising=False)
        call_command("load_demo")
        first = capsys.readouterr().out.splitlines()
        before = (Audit.objects.count(), User.objects.count(), Document.objects.count())
        call_command("load_demo")
        second = capsys.readouterr().out.splitlines()

        assert first == second
        assert before == (5, 27, 4)
        assert (Audit.objects.count(), User.objects.count(), Document.objects.count()) == before
        assert Membership.objects.count() == len(ACCOUNTS)
        assert first[0].startswith("officer@fenshire.example")
        kept = settings.VAR_DIR / "demo" / "password"
        assert first[len(ACCOUNTS)] == f"Password for all of them: {kept.read_text().strip()}"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert first[-2:] == [
            "summary-report 6a1f0b52-3c7e-4d7b-9a64-1f2b8c5d7e10",
            "six-step-briefing 2d94c7aa-08be-4a53-8f0e-97b6f1d3a402",
        ]

    def test_a_password_that_is_given_is_used_and_not_kept(
        self, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        monkeypatch.setenv("MACA_DEMO_PASSWORD", "from the environment")

        assert demonstration_password() == "from the environment"
        assert not (settings.VAR_DIR / "demo").exists()
