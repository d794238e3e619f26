"""What hostile files cost whoever opens them: run as a process of its own by test_uploads.py.

It is given a folder with the files, and writes what each cost into `told.json` beside them.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

import django_stubs_ext

django_stubs_ext.monkeypatch()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from agencies.spreadsheets import WorkbookError, open_workbook, reader  # noqa: E402


def main() -> None:
    folder = Path(sys.argv[1])
    # Everything has been imported and started once before anything is measured.
    open_workbook(SimpleUploadedFile("a.xlsx", (folder / "plain").read_bytes()))
    before = _resident(os.getpid()) + _resident(reader.pid)
    told = [_opened(path) for path in sorted(folder.glob("*.*"))]
    reader.close()
    peak = _most() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    (folder / "told.json").write_text(json.dumps({"files": told, "memory": peak * 1024 - before}))


def _opened(path: Path) -> dict[str, Any]:
    if reader.pid is None:
        open_workbook(SimpleUploadedFile("a.xlsx", (path.parent / "plain").read_bytes()))
    pid, began = reader.pid, _spent() + _spent_by(reader.pid)
    refusal = ""
    try:
        open_workbook(SimpleUploadedFile(path.name, path.read_bytes()))
    except WorkbookError as error:
        refusal = str(error)
    # Either it lives, or it has ended and is counted among the children that have.
    ended = _spent() + (_spent_by(pid) if reader.pid == pid else 0.0)
    return {"name": path.stem, "refusal": refusal, "seconds": ended - began}


def _spent() -> float:
    """Seconds of the processor, of this process and of those it started that have ended."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, whose))


def _spent_by(pid: int | None) -> float:
    """The same of one that lives: proc(5), fields 14 and 15."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _most() -> int:
    """Kilobytes; getrusage would count what stood here before this program began."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _resident(pid: int | None) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
