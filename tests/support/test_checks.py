"""bin/test must not call a run good that left something out."""

import sys

import pytest

from tests.support.checks import Outcome

GOOD = [sys.executable, "-c", "print('3 passed in 1.00s')"]
BAD = [sys.executable, "-c", "import sys; print('1 failed'); sys.exit(1)"]


def test_a_run_in_which_everything_passed_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome()
    outcome.check("Tests on SQLite", GOOD)
    assert outcome.conclude() == 0
    assert "Tests on SQLite: 3 passed in 1.00s\n   Everything passed." in capsys.readouterr().out


def test_one_failure_fails_the_run_but_the_rest_still_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    outcome = Outcome()
    outcome.check("Tests on SQLite", BAD, GOOD)
    outcome.check("Tests on PostgreSQL", GOOD)
    assert outcome.conclude() == 1
    said = capsys.readouterr().out
    assert "FAILED: Tests on SQLite" in said
    assert "Tests on PostgreSQL: 3 passed" in said


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0), ("false", 0)])
def test_what_cannot_run_is_named_and_fails_on_a_build_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    monkeypatch.setenv("CI", ci)
    outcome = Outcome()
    outcome.cannot("Journeys in a browser", "No Chromium")
    assert outcome.conclude() == code
    assert "DID NOT RUN: Journeys in a browser (No Chromium)" in capsys.readouterr().out
