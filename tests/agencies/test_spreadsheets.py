"""Uploaded workbooks: what is read, what is refused and in which words."""

import io
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from agencies.spreadsheets import (
    BROKEN,
    MAX_UPLOAD,
    TOO_LARGE,
    Cell,
    WorkbookError,
    as_cell_text,
    fits_a_cell,
    open_workbook,
    put_text,
)
from agencies.workbook_reader import MAX_COLUMNS


def packed(fill: Callable[[Any], None] = lambda _book: None) -> bytes:
    book = Book()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(book: Any) -> Any:
    return book.active


def upload(content: bytes, name: str = "list.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def refusal(content: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(WorkbookError) as refused:
        open_workbook(upload(content, name))
    return str(refused.value)


def test_everything_a_workbook_says_comes_as_plain_values() -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.title = "Practices"
        sheet["A1"] = "Mill Lane surgery"
        sheet["B2"] = 4.0
        sheet["C3"] = date(2026, 2, 3)
        sheet["D4"] = "=1+1"
        book.create_sheet("Second")["A1"] = True

    book = open_workbook(upload(packed(fill)))

    assert [each.title for each in book.sheets] == ["Practices", "Second"]
    sheet = book.sheets[0]
    assert sheet.at("A1").text == "Mill Lane surgery"
    assert sheet.at("B2").text == "4"
    assert sheet.at("C3").value == datetime.combine(date(2026, 2, 3), time())
    assert sheet.at("D4") == Cell(is_formula=True)
    assert sheet.at("E5").text == ""
    assert [number for number, _ in sheet.rows()] == [1, 2, 3, 4]
    assert sheet.rows()[1][1]["B"].value == 4
    second = book.sheet("Second")
    assert second is not None
    assert second.at("A1").value is True
    assert book.sheet("Third") is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list.xlsm", "macros"),
        ("list.xltm", "macros"),
        ("list.xlsb", "binary"),
        ("LIST.XLS", "old format"),
        ("list.ods", "OpenDocument"),
        ("list.csv", "ends in .xlsx"),
        ("list", "ends in .xlsx"),
    ],
)
def test_other_formats_are_refused_by_name(name: str, words: str) -> None:
    assert words in refusal(packed(), name)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 no archive", b"words", b"PK\x05\x06" + b"\0" * 18]
)
def test_what_is_no_workbook_is_called_damaged(content: bytes) -> None:
    assert refusal(content) == BROKEN


def test_an_empty_file_says_so() -> None:
    assert "empty" in refusal(b"")


def test_a_password_is_told_from_damage() -> None:
    assert "password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_size_is_checked_before_anything_is_read() -> None:
    assert refusal(b"PK" + b"\0" * MAX_UPLOAD) == TOO_LARGE


def test_a_part_that_unpacks_to_very_much_is_refused() -> None:
    bomb = repacked(packed(), lambda parts: parts.update({"xl/media/a.bin": b"\0" * 3_000_000}))
    assert refusal(bomb) == TOO_LARGE
    many = repacked(packed(), lambda parts: parts.update({f"x/{n}": b"" for n in range(501)}))
    assert refusal(many) == TOO_LARGE


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/embeddings/oleObject1.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links"),
        ("xl/connections.xml", "links"),
    ],
)
def test_parts_that_do_or_fetch_something_are_refused(part: str, words: str) -> None:
    assert words in refusal(repacked(packed(), lambda parts: parts.update({part: b"<a/>"})))


def test_macros_under_a_harmless_name_are_refused() -> None:
    def rename(parts: dict[str, bytes]) -> None:
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(
            plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        )

    assert "macros" in refusal(repacked(packed(), rename))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/other.txt"])
def test_definitions_in_a_part_are_refused(part: str) -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    assert refusal(repacked(packed(), lambda parts: parts.update({part: laughs}))) == BROKEN


def test_a_merge_of_the_whole_sheet_costs_nothing() -> None:
    def merge(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        assert b"<sheetData/>" in parts[name] or b"<sheetData></sheetData>" in parts[name]
        for end in (b"<sheetData/>", b"<sheetData></sheetData>"):
            parts[name] = parts[name].replace(end, end + merged)

    assert open_workbook(upload(repacked(packed(), merge))).sheets[0].cells == {}


def test_cells_far_out_are_refused_or_left_out() -> None:
    def fill(book: Any) -> None:
        book.active.cell(row=2, column=MAX_COLUMNS + 1, value="far right")
        book.active["A1"] = "near"

    assert list(open_workbook(upload(packed(fill))).sheets[0].cells) == ["A1"]

    def far_down(book: Any) -> None:
        book.active["A1048576"] = "far down"

    assert refusal(packed(far_down)) == TOO_LARGE


def test_a_damaged_sheet_raises_no_warning_and_no_other_error() -> None:
    def damage(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-30]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert refusal(repacked(packed(), damage)) == BROKEN


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@here", "\ttab", "\rreturn", "'quoted"])
def test_words_never_become_a_formula(text: str) -> None:
    book = Book()
    put_text(sheet_of(book)["A1"], text)
    out = io.BytesIO()
    book.save(out)
    assert b"<f>" not in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")
    out.seek(0)
    cell = sheet_of(load_workbook(out))["A1"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value == text.replace("\r", "\n")


@pytest.mark.parametrize("text", ["_x0041_ stays", "two\nlines", "😀 and \u202ertl", "a_b"])
def test_words_come_back_as_they_were(text: str) -> None:
    content = packed(lambda book: put_text(book.active["A1"], text))
    assert open_workbook(upload(content)).sheets[0].at("A1").text == text


def test_what_a_workbook_cannot_carry_is_left_out_of_the_text() -> None:
    assert as_cell_text("a\x0bb\x00c\r\nd\uffff") == "abc\nd"
    assert fits_a_cell("a" * 32_767)
    assert not fits_a_cell("a" * 32_768)
    assert not fits_a_cell("😀" * 16_384)
    assert not fits_a_cell("\n" * 251)
