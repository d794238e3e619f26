from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Activity
from audits.models import Audit
from tests.reports.files.examples import EVERYTHING, as_bytes, everything, small

pytestmark = pytest.mark.django_db


def test_load_prints_the_id_and_dump_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_audit", str(EVERYTHING))
    audit_id = capsys.readouterr().out.strip()
    call_command("dump_audit", audit_id)

    assert audit_id == everything()["audit"]["id"]
    assert capsys.readouterr().out == EVERYTHING.read_text()


def test_dump_writes_to_a_file(tmp_path: Path) -> None:
    call_command("load_audit", str(EVERYTHING))
    call_command("dump_audit", everything()["audit"]["id"], "--out", str(tmp_path / "a.json"))

    assert (tmp_path / "a.json").read_bytes() == EVERYTHING.read_bytes()


def test_both_are_recorded_in_the_activity() -> None:
    call_command("load_audit", str(EVERYTHING))
    call_command("dump_audit", everything()["audit"]["id"])

    recorded = Activity.objects.of_audit(Audit.objects.get().pk)
    assert sorted(row.verb for row in recorded) == [
        "loaded the audit from a file",
        "took the audit out as a file",
    ]
    assert {row.by for row in recorded} == {None}


def test_a_refused_file_prints_every_fault(tmp_path: Path) -> None:
    data = everything()
    data["audit"]["stage"] = "finished"
    data["actions"][0]["findings"] = ["nothing"]
    path = tmp_path / "bad.json"
    path.write_bytes(as_bytes(data))

    with pytest.raises(CommandError) as error:
        call_command("load_audit", str(path))

    lines = str(error.value).splitlines()
    assert lines[0] == f"{path} was refused, and nothing was loaded. 2 fault(s):"
    assert lines[1].startswith("  /audit/stage: “finished” is not one of: planned")
    assert lines[2].startswith("  /actions/0/findings/0: There is no finding “nothing”")


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_audit", "/nowhere/audit.json")


def test_an_audit_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="There is no audit"):
        call_command("dump_audit", str(uuid4()))


def test_a_folder_that_is_not_there() -> None:
    call_command("load_audit", str(EVERYTHING))

    with pytest.raises(CommandError, match="cannot be written"):
        call_command(
            "dump_audit", everything()["audit"]["id"], "--out", "/nowhere/at/all/audit.json"
        )


def test_load_says_what_would_print_oddly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(as_bytes(small(sections={"findings": [{"text": "Seen: {figure:nil}."}]})))

    call_command("load_audit", str(path))

    assert capsys.readouterr().err == (
        "“Seen: {figure:nil}.” names the figure “nil”, which this audit does not have.\n"
    )
