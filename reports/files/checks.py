"""What a schema cannot say: references, things named twice, answers, placements.

Each check takes the file's value and its book and yields faults. A check must bear any value:
it runs beside the schema, so that one reading of a file names everything.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from reports.files.book import (
    KINDS,
    UNPLACED,
    Book,
    Row,
    entries,
    obj,
    objects,
    point_lists,
    read,
    written_findings,
    written_points,
)
from reports.files.faults import Fault, Path, fault
from reports.files.moments import is_day

# What a text (or, for cases, a number) under this key refers to, anywhere in the file.
OF_QUESTION = ("question", "contributors_yes")
REFERENCES = {
    "agency": "agency",
    "agencies": "agency",
    "asked_for_by": "agency",
    "owner_agency": "agency",
    "body": "body",
    "owner_body": "body",
    "by": "person",
    "auditor": "person",
    "signed_off_by": "person",
    "moderator": "person",
    "carried_over_by": "person",
    "written_by": "person",
    "learning_theme": "learning theme",
    "learning_themes": "learning theme",
    "question": "question",
    "own_grade": "grade",
    "grade": "grade",
    "case": "case",
    "replaces": "case",
    "draw": "draw",
    "figures": "figure",
    "finding": "finding",
    "findings": "finding",
    "working_well": "finding",
    "worries": "finding",
    "next_steps": "finding",
    "points": "point",
    **dict.fromkeys(KINDS, "point"),
}
# The keys inside are somebody's own, not the format's.
CLOSED = {"answers", "prose"}
# Lists whose texts and numbers name rows, each of them once.
ONCE = {"learning_themes", "agencies", "figures", "points", "rows"}


def faults(data: Any) -> list[Fault]:
    if not isinstance(data, dict):
        return []
    book = read(data)
    return [found for check in CHECKS for found in check(data, book)]


def references(data: Row, book: Book) -> Iterator[Fault]:
    yield from _walk(data, (), book)
    for path, row, case in _case_returns(data):
        for deeper, request in objects(case.get("contributors"), *path, "contributors"):
            name = request.get("contributor")
            if (str(row.get("agency")), str(name)) not in book.contributors:
                yield fault(
                    (*deeper, "contributor"),
                    f"“{name}” is no contributor of “{row.get('agency')}” in this file.",
                )


def _walk(value: Any, path: Path, book: Book) -> Iterator[Fault]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in CLOSED:
                yield from _walk(item, (*path, name), book)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index), book)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield from _missing(value, path, book)


def _missing(value: str | int, path: Path, book: Book) -> Iterator[Fault]:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    kind = REFERENCES.get(key)
    if kind is None or isinstance(value, int) != (kind == "case"):
        return
    wanted = value.lower() if kind == "person" and isinstance(value, str) else value
    if wanted not in book.names[kind]:
        words = f"There is no {kind} “{value}” in this file."
        if kind in ("point", "finding"):
            words += f' To write a {kind} here, give {{"text": …}}.'
        yield fault(path, words)


def _case_returns(data: Row) -> Iterator[tuple[Path, Row, Row]]:
    """Path, agency return and case return of each."""
    for path, row in objects(data.get("returns"), "returns"):
        for deeper, case in objects(row.get("cases"), *path, "cases"):
            yield deeper, row, case


def twice(data: Row, _book: Book) -> Iterator[Fault]:
    for rows, keys in _lists_of_names(data):
        seen: set[tuple[Any, ...]] = set()
        for path, row in rows:
            name = tuple(str(row.get(key, "")) for key in keys)
            if any(row.get(key) is None for key in keys[-1:]):
                continue
            name = tuple(part.lower() for part in name) if keys == ("email",) else name
            if name in seen:
                shown = ", ".join(part for part in name if part)
                yield fault((*path, keys[-1]), f"“{shown}” stands here twice.")
            seen.add(name)


def _lists_of_names(
    data: Row,
) -> Iterator[tuple[list[tuple[Path, Row]], tuple[str, ...]]]:
    """Lists whose members are told apart by these keys."""
    meeting, sections = obj(data.get("meeting")), obj(data.get("sections"))
    plain: list[tuple[Any, Path, tuple[str, ...]]] = [
        (data.get("agencies"), ("agencies",), ("short_name",)),
        (data.get("bodies"), ("bodies",), ("short_name",)),
        (data.get("contributors"), ("contributors",), ("agency", "name")),
        (data.get("people"), ("people",), ("email",)),
        (data.get("learning_themes"), ("learning_themes",), ("code",)),
        (obj(data.get("toolkit")).get("questions"), ("toolkit", "questions"), ("code",)),
        (obj(data.get("audit")).get("grade_scale"), ("audit", "grade_scale"), ("code",)),
        (data.get("draws"), ("draws",), ("key",)),
        (data.get("cases"), ("cases",), ("number",)),
        (data.get("cases"), ("cases",), ("replaces",)),
        (data.get("nominations"), ("nominations",), ("case",)),
        (data.get("returns"), ("returns",), ("agency",)),
        (meeting.get("cases"), ("meeting", "cases"), ("case",)),
        (data.get("figures"), ("figures",), ("code",)),
        (data.get("actions"), ("actions",), ("code",)),
        (sections.get("gaps"), ("sections", "gaps"), ("heading",)),
    ]
    for path, row in objects(data.get("returns"), "returns"):
        plain.append((row.get("cases"), (*path, "cases"), ("case",)))
    for path, _row, case in _case_returns(data):
        plain.append((case.get("contributors"), (*path, "contributors"), ("contributor",)))
    for path, entry in written_findings(data):
        plain.append((entry.get("seen_before"), (*path, "seen_before"), ("code", "title")))
    for value, path, keys in plain:
        yield list(objects(value, *path)), keys
    yield [(path, point) for path, point, _ in written_points(data)], ("key",)
    yield list(written_findings(data)), ("code",)


def repeated(data: Row, _book: Book) -> Iterator[Fault]:
    """A list of names has each of them once; placements alone may come again."""
    yield from _repeated(data, ())


def _repeated(value: Any, path: Path) -> Iterator[Fault]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in CLOSED:
                yield from _repeated(item, (*path, name))
    elif isinstance(value, list):
        once = path[-1] in ONCE or (path[0] == "actions" and path[-1] == "findings")
        seen: set[str | int] = set()
        for index, item in enumerate(value):
            yield from _repeated(item, (*path, index))
            if once and isinstance(item, str | int):
                if item in seen:
                    yield fault((*path, index), f"“{item}” stands here twice.")
                seen.add(item)


def questions(data: Row, book: Book) -> Iterator[Fault]:
    earlier: set[str] = set()
    for path, row in objects(obj(data.get("toolkit")).get("questions"), "toolkit", "questions"):
        kind, follows = row.get("kind", "yes_no"), row.get("follows")
        if kind == "choice" and not row.get("choices"):
            yield fault((*path, "choices"), "Give the labels to choose from.")
        if (kind == "points") != bool(row.get("point_kind")):
            words = "A question that points answer needs a kind of point, and no other has one."
            yield fault((*path, "point_kind"), words)
        if isinstance(follows, str) and follows not in earlier:
            yield fault((*path, "follows"), f"There is no earlier question “{follows}”.")
        elif isinstance(follows, str):
            yield from _followed(path, row, book.questions[follows])
        if isinstance(row.get("code"), str):
            earlier.add(row["code"])


def _followed(path: Path, row: Row, question: Row) -> Iterator[Fault]:
    possible = _possible(question)
    answers = row.get("follows_answers")
    for index, answer in enumerate(answers if isinstance(answers, list) else []):
        if possible is not None and answer not in possible:
            words = f"“{answer}” is no answer of question “{question['code']}”."
            yield fault((*path, "follows_answers", index), words)


def _possible(question: Row) -> list[Any] | None:
    """The answers to choose from, or None where they are free."""
    kind = question.get("kind", "yes_no")
    if kind == "yes_no":
        return ["yes", "partly", "no", "not_applicable", "not_recorded"]
    choices = question.get("choices")
    return choices if kind == "choice" and isinstance(choices, list) else None


def answers(data: Row, book: Book) -> Iterator[Fault]:
    for path, _row, case in _case_returns(data):
        for code, given in obj(case.get("answers")).items():
            place = (*path, "answers", code)
            question = book.questions.get(code)
            value = given.get("value", "") if isinstance(given, dict) else given
            if question is None:
                yield fault(place, f"The toolkit has no question “{code}”.")
            elif words := _wrong_answer(question, str(value)):
                yield fault(place, words)


def _wrong_answer(question: Row, value: str) -> str:
    kind = question.get("kind", "yes_no")
    possible = _possible(question)
    if kind == "points":
        return "This question is answered by points, not by a value."
    if value == "":
        return ""
    if possible is not None and value not in possible:
        return f"“{value}” is not one of: {', '.join(map(str, possible))}."
    if kind == "number" and not _is_decimal(value):
        return f"“{value}” is no number."
    if kind == "date" and not is_day(value):
        return f"“{value}” is no day, such as 2026-05-14."
    return ""


def _is_decimal(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def placements(data: Row, book: Book) -> Iterator[Fault]:
    """A point stands once under a kind, in its own return or in its own case at the meeting."""
    cases = {path: case.get("case") for path, _row, case in _case_returns(data)}
    meeting = obj(data.get("meeting"))
    cases |= {
        path: row.get("case") for path, row in objects(meeting.get("cases"), "meeting", "cases")
    }
    for path, points, owner in point_lists(data):
        in_meeting = owner[0] == "meeting"
        for kind in (*KINDS, UNPLACED):
            here: set[str] = set()
            for deeper, key in _keys(points.get(kind), (*path, kind)):
                if key in here:
                    yield fault(deeper, f"Point “{key}” stands under this kind twice.")
                here.add(key)
                if key not in book.points:
                    continue
                home = book.points[key][1]
                if not in_meeting and home != owner:
                    yield fault(deeper, f"Point “{key}” was not written in this return.")
                if in_meeting and cases.get(home) != cases.get(owner):
                    yield fault(deeper, f"Point “{key}” is not about this case.")


def _keys(items: Any, path: Path) -> Iterator[tuple[Path, str]]:
    for index, item in enumerate(items if isinstance(items, list) else []):
        key = item.get("key") if isinstance(item, dict) else item
        if isinstance(key, str):
            yield (*path, index), key


def points(data: Row, _book: Book) -> Iterator[Fault]:
    for path, point, owner in written_points(data):
        if owner[0] == "returns" and "agency" in point:
            yield fault((*path, "agency"), "A point of a return has the return’s agency.")


def sections(data: Row, _book: Book) -> Iterator[Fault]:
    for path, entry in entries(data):
        given = {"text", "finding", "lead_in"} & set(entry)
        allowed = {
            "finding": {"finding", "wording"},
            "lead_in": {"lead_in", "findings"},
        }.get(next(iter(given), ""), set(entry) - {"findings"})
        if len(given) == 1:
            for name in sorted(set(entry) - allowed):
                yield fault((*path, name), f"This does not go with “{next(iter(given))}”.")
    for path, entry in objects(obj(data.get("sections")).get(UNPLACED), "sections", UNPLACED):
        if "text" not in entry or "wording" in entry:
            yield fault(path, "What stands in no section is a finding written here, as it is.")


def figures(data: Row, book: Book) -> Iterator[Fault]:
    for path, row in objects(data.get("figures"), "figures"):
        measure = row.get("measure")
        counted = row.get("kind", "counted" if measure else "stated") == "counted"
        if counted and not measure:
            yield fault((*path, "measure"), "Say what is counted.")
        if not counted and (measure or row.get("question")):
            yield fault(path, "A stated figure has no measure and no question.")
        for name in ("numerator", "denominator"):
            if counted and row.get(name) is not None:
                yield fault((*path, name), "A counted figure is counted from the returns.")
        if counted and (measure in OF_QUESTION) != bool(row.get("question")):
            yield fault((*path, "question"), "A count of answers names a question, no other does.")
        question = book.questions.get(str(row.get("question")), {})
        if counted and question.get("kind", "yes_no") != "yes_no":
            yield fault((*path, "question"), "Only answers of yes or no are counted.")
        if not counted:
            yield from _stated(path, row)


def _stated(path: Path, row: Row) -> Iterator[Fault]:
    number, out_of = row.get("numerator"), row.get("denominator")
    if number is None:
        if out_of is not None:
            yield fault((*path, "numerator"), "Give the number that goes with the denominator.")
        elif not row.get("label"):
            yield fault((*path, "label"), "A figure without a number says in words what it is.")
        return
    if not row.get("unit"):
        yield fault((*path, "unit"), "Give the unit: a number alone says nothing.")
    if isinstance(number, int) and isinstance(out_of, int) and number > out_of:
        yield fault((*path, "denominator"), "It cannot be less than the number.")


def cases(data: Row, book: Book) -> Iterator[Fault]:
    for path, row in objects(data.get("cases"), "cases"):
        if row.get("replaces") is not None and row.get("replaces") == row.get("number"):
            yield fault((*path, "replaces"), "A case cannot replace itself.")
        drawn = book.draws.get(str(row.get("draw")), {}).get("rows")
        drawn = drawn if isinstance(drawn, list) else []
        if row.get("draw_row") is not None and row["draw_row"] not in drawn:
            yield fault((*path, "draw_row"), "This row was not drawn.")
    for path, row in objects(data.get("draws"), "draws"):
        size, rows = row.get("list_size"), row.get("rows")
        for index, number in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(number, int) and isinstance(size, int) and number > size:
                yield fault((*path, "rows", index), f"The list has only {size} rows.")
    for path, row in objects(data.get("nominations"), "nominations"):
        if row.get("case") is not None and row.get("stage", "selected") != "selected":
            yield fault((*path, "stage"), "A nomination that became a case was selected.")


def in_order(data: Row, _book: Book) -> Iterator[Fault]:
    audit = obj(data.get("audit"))
    pairs: list[tuple[Path, Any, Any]] = [
        (("audit", "lookback_to"), audit.get("lookback_from"), audit.get("lookback_to"))
    ]
    for path, _row, case in _case_returns(data):
        for deeper, request in objects(case.get("contributors"), *path, "contributors"):
            start, end = request.get("asked_on"), request.get("answered_on")
            pairs.append(((*deeper, "answered_on"), start, end))
        for deeper, line in objects(case.get("engagement"), *path, "engagement"):
            pairs.append(((*deeper, "until"), line.get("from"), line.get("until")))
    for place, start, end in pairs:
        days = [date.fromisoformat(d) for d in (start, end) if isinstance(d, str) and is_day(d)]
        if len(days) == 2 and days[0] > days[1]:
            yield fault(place, f"This is before {start}.")


def reasons(data: Row, _book: Book) -> Iterator[Fault]:
    for path, row in objects(obj(data.get("meeting")).get("cases"), "meeting", "cases"):
        if row.get("state") == "passed_over" and not row.get("passed_over_reason"):
            yield fault((*path, "passed_over_reason"), "Say why the case was passed over.")
    for path, row in objects(data.get("actions"), "actions"):
        if row.get("owner_agency") and row.get("owner_body"):
            yield fault(path, "An action is owned by an agency or by a body, not by both.")


CHECKS: list[Callable[[Row, Book], Iterator[Fault]]] = [
    references,
    twice,
    repeated,
    questions,
    answers,
    placements,
    points,
    sections,
    figures,
    cases,
    in_order,
    reasons,
]
