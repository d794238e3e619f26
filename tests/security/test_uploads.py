"""Bombs and broken files at every place that takes a file: refused, soon, and at little cost.

How much is measured in a process of its own: its memory and that of the reader it starts, and
the time of the processor, which does not depend on what else the machine is doing.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction

from agencies.workbook_reader import MEGABYTE
from tests import scenario
from tests.contracts.walking import Walk, writes
from tests.endurance import Figures
from tests.endurance.forms_found import all_forms
from tests.endurance.nonsense import Form, Sent
from tests.endurance.test_bad_input import multipart
from tests.security.hostile_files import HOSTILE, packed
from tests.support.checks import ROOT

SMALL, LONG = 12, len(HOSTILE)

MOST_SECONDS = 2.0
MOST_MEMORY = 100 * MEGABYTE
PLACES = {"contributor-create", "identity-upload", "workbook-detail"}
BAD = (
    "unknown places",
    "taken",
    "server errors",
    "refused without words",
    "written",
    "too slow",
    "too much memory",
)


def run(rounds: int) -> Figures:
    """`rounds` of the files, spread over all kinds of them."""
    names = sorted(HOSTILE)
    chosen = names[:: max(1, len(names) // rounds)][:rounds]
    figures = Figures("uploads", bad=BAD)
    figures.add("files", len(chosen))
    _measure(chosen, figures)
    with transaction.atomic():
        _send(chosen, figures)
        transaction.set_rollback(True)
    return figures


def _measure(chosen: list[str], figures: Figures) -> None:
    with TemporaryDirectory() as folder:
        _write(chosen, Path(folder))
        command = [sys.executable, "-m", "tests.security.measuring", folder]
        subprocess.run(command, cwd=ROOT, check=True)
        told = json.loads((Path(folder) / "told.json").read_text())
    for each in told["files"]:
        figures.add("taken", not each["refusal"])
        figures.add("too slow", each["seconds"] > MOST_SECONDS)
    figures.add("too much memory", told["memory"] > MOST_MEMORY)
    slowest = max(each["seconds"] for each in told["files"])
    figures.add("milliseconds of the slowest", round(slowest * 1000))
    figures.add("megabytes at most", told["memory"] // MEGABYTE)


def _write(chosen: list[str], folder: Path) -> None:
    """Made here: what they take to be made is not what they cost."""
    (folder / "plain").write_bytes(packed())
    for name in chosen:
        file_name, made = HOSTILE[name]
        (folder / file_name.replace("a.", f"{name}.")).write_bytes(made())


def _send(chosen: list[str], figures: Figures) -> None:
    walk = Walk(scenario.build())
    forms = all_forms(walk, None if len(chosen) == LONG else PLACES)
    places = [form for form in forms if any(field.kind == "file" for field in form.fields)]
    figures.add("places", len({form.route for form in places}))
    figures.add("unknown places", len({form.route for form in places} ^ PLACES))
    # One answer of each kind is enough where all places use the same reader.
    for form in places:
        for name in chosen[:: max(1, len(chosen) // 8)]:
            figures.add(_verdict(walk, form, name))


def _verdict(walk: Walk, form: Form, name: str) -> str:
    file_name, made = HOSTILE[name]
    field = next(each.name for each in form.fields if each.kind == "file")
    buttons = [(each.name, each.choices[-1]) for each in form.fields if each.kind == "button"]
    body, kind = multipart(Sent(pairs=buttons, files={field: made()}))
    body = body.replace(b'filename="cases.xlsx"', b'filename="%s"' % file_name.encode())
    with transaction.atomic(), writes() as written:
        answer: Any = walk.clients[form.role].generic("POST", form.action, body, content_type=kind)
        transaction.set_rollback(True)
    if answer.status_code >= 500:
        return "server errors"
    if answer.status_code != 200 or b"maca-error-summary" not in answer.content:
        return "refused without words"
    return "written" if written else "refused in words"


@pytest.mark.django_db
def test_hostile_files_are_refused_soon_and_at_little_cost() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)


def test_no_other_code_opens_what_was_uploaded() -> None:
    """One reader, in a process of its own: whoever takes a file hands it to that."""
    opens = re.compile(r"load_workbook\(|ZipFile\(|csv\.(?:Dict)?[Rr]eader\(|request\.FILES\[")
    found = {
        str(path.relative_to(ROOT))
        for app in ("agencies", "audits", "reports")
        for path in (ROOT / app).rglob("*.py")
        if opens.search(path.read_text())
    }
    assert found == {"agencies/workbook_reader.py"}
    takers = {
        path.name for path in Path(ROOT).glob("*/forms/*.py") if "FileField(" in path.read_text()
    }
    openers = {
        path.name
        for path in Path(ROOT).glob("*/forms/*.py")
        if "open_workbook(" in path.read_text()
    }
    assert takers - {"fields.py"} == openers
