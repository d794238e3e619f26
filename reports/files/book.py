"""What a file names, so that references can be looked up. Reads anything, right or wrong."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from audits.domain.audits import DEFAULT_SCALE
from reports.files.faults import Path

KINDS = ("went_well", "can_be_improved", "challenge", "good_practice")
UNPLACED = "unplaced"
SECTIONS = ("findings", "working_well", "worries", "next_steps", UNPLACED)

type Row = dict[str, Any]


def obj(value: Any) -> Row:
    return value if isinstance(value, dict) else {}


def objects(value: Any, *path: str | int) -> Iterator[tuple[Path, Row]]:
    """The objects of a list, each with its path; nothing if there is no list."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield (*path, index), item


def point_lists(data: Row) -> Iterator[tuple[Path, Row, Path]]:
    """Every set of points by kind: its path, itself, and the path of what it belongs to."""
    for path, row in objects(data.get("returns"), "returns"):
        yield (*path, "points"), obj(row.get("points")), path
        for deeper, case in objects(row.get("cases"), *path, "cases"):
            yield (*deeper, "points"), obj(case.get("points")), deeper
    meeting = obj(data.get("meeting"))
    yield ("meeting", "agreed"), obj(meeting.get("agreed")), ("meeting",)
    for path, case in objects(meeting.get("cases"), "meeting", "cases"):
        yield (*path, "agreed"), obj(case.get("agreed")), path


def written_points(data: Row) -> Iterator[tuple[Path, Row, Path]]:
    """Every point where it is written, with the path of what it belongs to."""
    for path, points, owner in point_lists(data):
        for kind in (*KINDS, UNPLACED):
            for deeper, point in objects(points.get(kind), *path, kind):
                yield deeper, point, owner


def entries(data: Row) -> Iterator[tuple[Path, Row]]:
    """Every object in the sections, lead-ins and what stands under them included."""
    sections = obj(data.get("sections"))
    lists: list[tuple[Path, Any]] = [(("sections", name), sections.get(name)) for name in SECTIONS]
    for path, gap in objects(sections.get("gaps"), "sections", "gaps"):
        lists.append(((*path, "findings"), gap.get("findings")))
    for start, items in lists:
        for path, entry in objects(items, *start):
            yield path, entry
            if "lead_in" in entry:
                yield from objects(entry.get("findings"), *path, "findings")


def written_findings(data: Row) -> Iterator[tuple[Path, Row]]:
    for path, entry in entries(data):
        if "text" in entry and "lead_in" not in entry:
            yield path, entry


@dataclass
class Book:
    """The names each kind of reference may use."""

    names: dict[str, set[Any]] = field(default_factory=dict)
    contributors: set[tuple[Any, Any]] = field(default_factory=set)
    questions: dict[str, Row] = field(default_factory=dict)
    draws: dict[str, Row] = field(default_factory=dict)
    points: dict[str, tuple[Path, Path]] = field(default_factory=dict)
    """By key: where the point is written, and the path of what it belongs to."""


def _named(rows: Any, key: str) -> set[Any]:
    """What the rows call themselves, as far as it is text or a number."""
    return {row[key] for _, row in objects(rows) if isinstance(row.get(key), str | int)}


def read(data: Row) -> Book:
    audit = obj(data.get("audit"))
    questions = obj(data.get("toolkit")).get("questions")
    book = Book(
        questions={
            row["code"]: row for _, row in objects(questions) if isinstance(row.get("code"), str)
        },
        draws={
            row["key"]: row
            for _, row in objects(data.get("draws"))
            if isinstance(row.get("key"), str)
        },
        contributors={
            (str(row.get("agency")), str(row.get("name")))
            for _, row in objects(data.get("contributors"))
        },
    )
    for path, point, owner in written_points(data):
        if isinstance(point.get("key"), str):
            book.points.setdefault(point["key"], (path, owner))
    scale = audit.get("grade_scale")
    book.names = {
        "agency": _named(data.get("agencies"), "short_name"),
        "body": _named(data.get("bodies"), "short_name"),
        "person": {str(name).lower() for name in _named(data.get("people"), "email")},
        "learning theme": _named(data.get("learning_themes"), "code"),
        "question": set(book.questions),
        "grade": _named(default_scale() if scale is None else scale, "code"),
        "case": _named(data.get("cases"), "number"),
        "figure": _named(data.get("figures"), "code"),
        "draw": set(book.draws),
        "point": set(book.points),
        "finding": _named([row for _, row in written_findings(data)], "code"),
    }
    return book


def default_scale() -> list[Row]:
    return [asdict(step) for step in DEFAULT_SCALE]
