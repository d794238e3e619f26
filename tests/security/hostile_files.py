"""Files that are made to harm whoever opens them, and files that are simply broken."""

import io
import struct
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
XML = b'<?xml version="1.0" encoding="UTF-8"?>'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


def _plain() -> dict[str, bytes]:
    book = Workbook()
    book.active["A1"] = "Mill Lane"  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


PLAIN = _plain()


def packed(changes: dict[str, bytes] | None = None, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return of_parts({**PLAIN, **(changes or {})}, method)


def of_parts(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return out.getvalue()


def sheet(inside: bytes, before: bytes = b"") -> bytes:
    told = b'%s%s<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    return packed({SHEET: told % (XML, before, MAIN.encode(), inside)})


def strings(inside: bytes, cells: bytes = b"") -> bytes:
    types = PLAIN["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    body = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN.encode(), cells)
    table = b'%s<sst xmlns="%s">%s</sst>' % (XML, MAIN.encode(), inside)
    return of_parts({**PLAIN, "[Content_Types].xml": types, STRINGS: table, SHEET: body})


def entity(definition: bytes) -> bytes:
    return sheet(b'<row><c t="str"><v>&x;</v></c></row>', b"<!DOCTYPE w [%s]>" % definition)


def nested() -> bytes:
    inner = b"\0" * 3_000_000
    for level in range(9):
        inner = of_parts({f"{level}.zip": inner})
    return packed({"xl/media/a.zip": inner, "xl/media/b.bin": b"\0" * 30_000_000})


def overlapping() -> bytes:
    """Many names for the same bytes, after the bomb that David Fifield described in 2019."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a", b"\0" * 1_000_000)
        first = book.infolist()[0]
        for number in range(400):
            again = zipfile.ZipInfo(f"a{number}")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(again, name, getattr(first, name))
            book.filelist.append(again)
            book.NameToInfo[again.filename] = again
    return out.getvalue()


def lying() -> bytes:
    """The list says that a part is small; it is not."""
    content = bytearray(packed({SHEET: XML + b" " * 20_000_000 + b"<a/>"}))
    size = struct.pack("<I", 20_000_000 + len(XML) + 4)
    return bytes(content.replace(size, struct.pack("<I", 999)))


def encrypted() -> bytes:
    content = bytearray(packed())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def many_sheets() -> bytes:
    one = b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>'
    book = PLAIN["xl/workbook.xml"]
    start, end = book.index(b"<sheets>") + 8, book.index(b"</sheets>")
    namespace = (
        b'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    many = b"".join(one.replace(b"<sheet", namespace) % (n, n) for n in range(1, 5_000))
    return packed({"xl/workbook.xml": book[:start] + many + book[end:]})


def named() -> bytes:
    book = PLAIN["xl/workbook.xml"]
    many = b"".join(b'<definedName name="n%d">Sheet!$A$1</definedName>' % n for n in range(90_000))
    return packed(
        {
            "xl/workbook.xml": book.replace(
                b"</sheets>", b"</sheets><definedNames>%s</definedNames>" % many
            )
        }
    )


def styled() -> bytes:
    styles = PLAIN["xl/styles.xml"]
    at = styles.index(b"</cellXfs>")
    return packed({"xl/styles.xml": styles[:at] + b'<xf numFmtId="0"/>' * 400_000 + styles[at:]})


def with_macros() -> bytes:
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = PLAIN["[Content_Types].xml"].replace(plain, macros)
    return packed({"[Content_Types].xml": types})


def duplicate() -> bytes:
    return of_parts({**PLAIN, SHEET.upper(): b"<a/>"})


ONE_LONG = b"<si><t>%s</t></si>" % (b"long " * 6_000)
POINTERS = b"<row>%s</row>" % (b'<c t="s"><v>0</v></c>' * 50)
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "blanks without end": ("a.xlsx", lambda: sheet(b" " * 60_000_000)),
    "archives in archives": ("a.xlsx", nested),
    "many names for one part": ("a.xlsx", overlapping),
    "sizes that lie": ("a.xlsx", lying),
    "entities of entities": ("a.xlsx", lambda: entity(b'<!ENTITY l0 "ha">' + LAUGHS)),
    "one long entity, often": ("a.xlsx", lambda: entity(b'<!ENTITY x "%s">' % (b"x" * 90_000))),
    "a file as an entity": ("a.xlsx", lambda: entity(b'<!ENTITY x SYSTEM "file:///etc/passwd">')),
    "an address as an entity": ("a.xlsx", lambda: entity(b'<!ENTITY x SYSTEM "http://127.0.0.1/">')),
    "definitions in UTF-16": (
        "a.xlsx",
        lambda: packed({SHEET: '<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>'.encode("utf-16")}),
    ),
    "an encoding of its own": ("a.xlsx", lambda: packed({SHEET: "<a/>".encode("cp037")})),
    "a million empty cells": ("a.xlsx", lambda: sheet(b"<row>" + b"<c/>" * 1_000_000 + b"</row>")),
    "a million cells": (
        "a.xlsx",
        lambda: sheet(b"<row>%s</row>" % (b"<c><v>7</v></c>" * 50) * 20_000),
    ),
    "a million texts": ("a.xlsx", lambda: strings(b"<si><t>x</t></si>" * 1_000_000)),
    "one long text in every cell": ("a.xlsx", lambda: strings(ONE_LONG, POINTERS * 900)),
    "a text of twenty megabytes": (
        "a.xlsx",
        lambda: strings(b"<si><t>%s</t></si>" % (b"words, " * 2_900_000), POINTERS),
    ),
    "elements in elements": ("a.xlsx", lambda: strings(b"<r>" * 100_000 + b"</r>" * 100_000)),
    "runs in one text": ("a.xlsx", lambda: strings(b"<si>%s</si>" % (b"<r><t>x</t></r>" * 90_000))),
    "styles without end": ("a.xlsx", styled),
    "names without end": ("a.xlsx", named),
    "five thousand sheets": ("a.xlsx", many_sheets),
    "a row far down": (
        "a.xlsx",
        lambda: sheet(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
    ),
    "a row beyond all numbers": ("a.xlsx", lambda: sheet(b'<row r="%s"/>' % (b"9" * 9_000))),
    "a number of a million digits": (
        "a.xlsx",
        lambda: sheet(b"<row><c><v>%s</v></c></row>" % (b"9" * 1_000_000)),
    ),
    "a column beyond all letters": (
        "a.xlsx",
        lambda: sheet(b'<row><c r="%s1"><v>1</v></c></row>' % (b"Z" * 40)),
    ),
    "packed by bzip2": ("a.xlsx", lambda: packed(method=zipfile.ZIP_BZIP2)),
    "packed by lzma": ("a.xlsx", lambda: packed(method=zipfile.ZIP_LZMA)),
    "macros by content": ("a.xlsx", with_macros),
    "macros by part": ("a.xlsx", lambda: packed({"xl/vbaProject.bin": b"x"})),
    "macros by name": ("a.xlsm", packed),
    "another workbook": ("a.xlsx", lambda: packed({"xl/externalLinks/e.xml": b"<a/>"})),
    "a query elsewhere": ("a.xlsx", lambda: packed({"xl/connections.xml": b"<a/>"})),
    "an embedded object": ("a.xlsx", lambda: packed({"xl/embeddings/o.bin": b"x"})),
    "two parts of one name": ("a.xlsx", duplicate),
    "very many parts": (
        "a.xlsx",
        lambda: of_parts({**PLAIN, **{f"x/{n}": b"" for n in range(600)}}),
    ),
    "cut off": ("a.xlsx", lambda: packed()[:-200]),
    "an encrypted part": ("a.xlsx", encrypted),
    "noise": ("a.xlsx", lambda: b"PK\x03\x04" + bytes(range(256)) * 400),
    "a PDF": ("a.xlsx", lambda: b"%PDF-1.7\n" + b"x" * 9_000),
    "an old workbook": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9_000),
    "a page with a script": ("a.html", lambda: b"<script>alert(1)</script>"),
    "commas without end": ("a.csv", lambda: b"," * 4_000_000),
    "commas called a workbook": ("a.xlsx", lambda: b'"' + b",\n" * 2_000_000),
    "larger than is taken": ("a.xlsx", lambda: b"PK\x03\x04" + b"\0" * (5 * 1024 * 1024)),
    "nothing": ("a.xlsx", lambda: b""),
}  # fmt: skip
