import tempfile
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from agencies.spreadsheets import MAX_UPLOAD, WorkbookError, open_workbook

LIMIT = settings.FILE_UPLOAD_MAX_MEMORY_SIZE


@pytest.fixture(autouse=True)
def no_file_on_a_disc(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("An upload went to a file.")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)


def sent(size: int) -> Any:
    file = SimpleUploadedFile("cases.xlsx", b"x" * size)
    return RequestFactory().post("/", {"workbook": file}).FILES["workbook"]


def test_a_small_file_comes_whole() -> None:
    upload = sent(200_000)
    assert isinstance(upload, InMemoryUploadedFile)
    assert (upload.name, upload.size, len(upload.read())) == ("cases.xlsx", 200_000, 200_000)


def test_a_large_one_is_known_by_its_size_and_not_kept() -> None:
    upload = sent(LIMIT + 3_000_000)
    assert upload.size == LIMIT + 3_000_000
    assert len(upload.read()) <= LIMIT
    assert MAX_UPLOAD < LIMIT
    with pytest.raises(WorkbookError, match="too large"):
        open_workbook(upload)


def test_an_empty_one_is_empty() -> None:
    assert sent(0).size == 0
