"""What a helper process may not do, asked from inside of one; and uploads that are too large."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from agencies.confined import Helper, HelperDiedError, HelperTimeoutError
from agencies.confined.process import PROJECT
from agencies.spreadsheets import MAX_UPLOAD, WorkbookError, open_workbook, reader
from tests.security.hostile_files import packed, sheet

INSIDE = """
import json, os, socket, subprocess, sys
from pathlib import Path
from agencies.confined import limits
limits.leave_the_network()
limits.limit(memory=limits.memory_in_use() + 64 * 1024**2)
own, other = map(Path, sys.argv[1:])
limits.shut_in(readable=[own], writable=[own / "new"])
def tried(what):
    try:
        what()
    except (PermissionError, MemoryError) as error:
        return type(error).__name__
    return "done"
print(json.dumps({
    "reads its own": tried(lambda: (own / "kept").read_text()),
    "writes where it may": tried(lambda: (own / "new" / "a").open("x").close()),
    "writes beside that": tried(lambda: (own / "b").write_text("b")),
    "reads another": tried(lambda: other.read_text()),
    "reads round a corner": tried(lambda: (own / ".." / other.name).read_text()),
    "reads by a link": tried(lambda: (own / "link").read_text()),
    "removes": tried(lambda: (own / "kept").unlink()),
    "connects": tried(lambda: socket.create_connection(("127.0.0.1", 1))),
    "resolves": tried(lambda: socket.getaddrinfo("fenshire.example", 80)),
    "starts a program": tried(lambda: subprocess.run(["true"])),
    "runs a command": tried(lambda: os.system("true")),
    "forks": tried(os.fork),
    "takes memory": tried(lambda: bytearray(200 * 1024**2)),
}))
"""


def test_a_helper_reaches_its_own_files_and_nothing_else(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    (own / "new").mkdir(parents=True)
    (own / "kept").write_text("kept")
    other.write_text("other")
    (own / "link").symlink_to(other)

    done = subprocess.run(
        [sys.executable, "-c", INSIDE, str(own), str(other)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )

    told: dict[str, Any] = json.loads(done.stdout)
    assert {name for name, how in told.items() if how == "done"} == {
        "reads its own",
        "writes where it may",
    }
    assert told["takes memory"] == "MemoryError"
    assert told["connects"] == told["reads by a link"] == "OutOfReachError"


def test_a_helper_that_never_answers_is_ended() -> None:
    helper = Helper("agencies.workbook_reader", requests_per_process=9)
    with pytest.raises(HelperTimeoutError):
        helper.ask(sheet(b"<row/>" * 20_000), timeout=0.0001)
    assert helper.pid is None
    assert helper.ask(packed(), timeout=60).ok
    helper.close()


def test_a_helper_that_dies_says_so() -> None:
    helper = Helper("agencies.no_such_module", requests_per_process=9)
    with pytest.raises(HelperDiedError):
        helper.ask(b"", timeout=60)


def test_after_a_bomb_the_next_workbook_is_read_by_a_fresh_process() -> None:
    open_workbook(SimpleUploadedFile("a.xlsx", packed()))
    first = reader.pid
    with pytest.raises(WorkbookError, match="too large"):
        open_workbook(SimpleUploadedFile("a.xlsx", sheet(b"<row><c/></row>" * 200_000)))
    assert open_workbook(SimpleUploadedFile("a.xlsx", packed())).sheets[0].at("A1").text
    assert reader.pid != first


class TestKeeping:
    def sent(self, *sizes: int) -> list[Any]:
        files = {f"f{n}": SimpleUploadedFile(f"{n}.xlsx", b"x" * s) for n, s in enumerate(sizes)}
        request = RequestFactory().post("/", files)
        return [request.FILES[name] for name in files]

    def test_a_workbook_stays_in_memory(self) -> None:
        (kept,) = self.sent(1000)
        assert (kept.size, kept.name, len(kept.read())) == (1000, "0.xlsx", 1000)
        assert not hasattr(kept, "temporary_file_path")

    def test_of_what_is_too_large_the_size_is_known_and_the_rest_is_dropped(self) -> None:
        first, second = self.sent(MAX_UPLOAD * 3, 10)
        assert first.size == MAX_UPLOAD * 3
        assert len(first.read()) < MAX_UPLOAD * 2
        assert (second.size, second.read()) == (10, b"x" * 10)
        assert not hasattr(first, "temporary_file_path")

    @pytest.mark.django_db
    def test_very_many_files_are_refused(self, client: Client) -> None:
        files = {f"f{n}": SimpleUploadedFile(f"{n}.xlsx", b"x") for n in range(6)}
        assert client.post("/accounts/login/", files).status_code == 400
