"""Rules that the source itself keeps, read from its syntax tree."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
APPS = ("agencies", "audits", "reports")
SOURCE = [
    path
    for app in (*APPS, "maca")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and path.stat().st_size
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# How a queryset says whose rows it gives.
SCOPES = re.compile(r"visible_to|(managed|editable|run|drafted)_by|of_published")
# How a row is written; the manager's and the queryset's ways, and the object's own.
WRITES = {
    "save",
    "create",
    "delete",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# Where rows are written besides domain functions: a manager, and what loads a file whole.
WRITERS = ("domain/", "models/", "files/", "demonstration/")

# Domain functions that write without a `by`, and why.
NAMELESS = {
    "accept_invitation": "the person invited does it, and the invitation names them",
    "start_partnership": "a command does it, before there is anybody",
    "meeting_of": "makes the row that its callers, who are named, write to",
    "raise_revision": "a part of a write whose caller is named",
    "write_message": "a mail is a part of a write whose caller is named",
    "write": "a part of a save whose caller is named",
    "claim": "a worker takes a message, or a job",
    "doubt_those_of_the_dead": "a worker says what another left behind",
    "doubt_those_that_waited": "a command does it, after a restore",
    "end_all": "a command does it, after a restore",
    "end_session": "one's own: `user` is who does it",
    "end_sessions": "one's own, or a part of a write whose caller is named",
    "lock_if_dormant": "the door does it, when the timetable was late",
    "take_over": "a worker takes what another left behind",
    "blank_old": "the timetable does it",
    "keep": "the timetable or a command does it: what came of checking the activity",
    "forget_old": "the timetable does it",
    "sign_in": "a worker says that it lives",
    "beat": "a worker says that it lives",
    "note_mail": "a worker says whether mail leaves",
    "sign_out": "a worker says that it is done",
    "renumber": "a part of a write whose caller is named",
    "list_under": "a part of a write whose caller is named",
    "reword": "a part of a save whose caller is named",
    "finish": "a step's after-effect, in a transition that has named the person",
    "unfinish": "a step's after-effect, in a transition that has named the person",
    "unsign": "a step's after-effect, in a transition that has named the person",
}
# Modules that join markup themselves, escaping every part: charts, the cells of big tables, and
# forms of a hundred fields.
JOINERS = (
    "agencies/forms/drawing.py",
    "agencies/forms/rendering.py",
    "audits/forms/answers.py",
    "audits/forms/drawing.py",
    "audits/forms/drawn_lists.py",
    "audits/forms/knowing.py",
    "audits/templatetags/return_tags.py",
    "reports/charts.py",
    "reports/reading/grid.py",
    "reports/templatetags/dashboards.py",
)

MODULE_LINES = 400
FUNCTION_LINES = 50


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def within(*folders: str) -> list[Path]:
    return [path for path in SOURCE if any(part in folders for part in path.parts)]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def walk(paths: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    return ((path, node) for path in paths for node in ast.walk(tree_of(path)))


def called(node: ast.AST) -> str:
    """The name of the function or method that is called here, if one is."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def is_write(node: ast.AST) -> bool:
    """A method that writes rows. `update` without keywords is that of a dict or of a hash, and
    `save` with something before its keywords, or of a session, is a file's or the session's own."""
    name = called(node)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    of_a_dict = name == "update" and (
        not node.keywords or ast.unparse(node.func.value).endswith("initial")
    )
    of_a_file = name == "save" and (
        bool(node.args) or ast.unparse(node.func.value).endswith("session")
    )
    return name in WRITES and not of_a_dict and not of_a_file


def place(path: Path, node: Any) -> str:
    return f"{name_of(path)}:{node.lineno}: {ast.unparse(node).splitlines()[0][:90]}"


def lines_matching(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {match[0].strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_modules_are_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SOURCE}
    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_functions_are_short() -> None:
    lengths = {
        f"{name_of(path)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, node in walk(SOURCE)
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}
    assert median(lengths.values()) < 10


def test_a_locked_row_leaves_room_for_rows_that_refer_to_it() -> None:
    """PostgreSQL asks for the keys of what a row refers to as its transaction ends, when it holds
    the end of a chain: a lock on such a key, kept by somebody who waits for that chain, is a
    circle, and one of the two is thrown out with what they wrote."""
    locks = [
        place(path, node)
        for path, node in walk(SOURCE)
        if called(node) == "select_for_update"
        and isinstance(node, ast.Call)
        and "no_key" not in {each.arg for each in node.keywords}
    ]
    assert locks == []


def test_views_start_from_what_the_person_may_see() -> None:
    """In a view `Model.objects` is followed at once by whose rows they are."""
    views = within("views")
    scoped = {
        id(node.value)
        for _, node in walk(views)
        if isinstance(node, ast.Attribute) and SCOPES.search(node.attr)
    }
    managers = {"objects", "_default_manager", "_base_manager"}
    unscoped = [
        place(path, node)
        for path, node in walk(views)
        if isinstance(node, ast.Attribute) and node.attr in managers and id(node) not in scoped
    ]
    assert unscoped == []


def test_views_count_and_join_nothing_themselves() -> None:
    arithmetic = {"annotate", "aggregate", "Count", "Sum", "F", "Q", "Subquery", "Exists", "raw"}
    found = [
        place(path, node) for path, node in walk(within("views")) if called(node) in arithmetic
    ]
    assert found == []


def test_only_domain_functions_write() -> None:
    """Forms validate, views call, readings read."""
    others = [path for path in SOURCE if not any(home in name_of(path) for home in WRITERS)]
    assert [place(path, node) for path, node in walk(others) if is_write(node)] == []


def test_whoever_writes_is_named() -> None:
    """A public domain function that writes takes `by`, which only a keyword can give."""
    nameless = {
        node.name: name_of(path)
        for path in within("domain")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any(is_write(each) for each in ast.walk(node))
        and "by" not in {argument.arg for argument in node.args.kwonlyargs}
    }
    nameless.pop("record", None)  # The activity itself, to which `by` may be nobody.
    assert set(nameless) == set(NAMELESS), nameless


def test_mail_leaves_through_one_module() -> None:
    senders = {"send_mail", "send_mass_mail", "EmailMessage", "EmailMultiAlternatives"}
    homes = {name_of(path) for path, node in walk(SOURCE) if called(node) in senders}
    assert homes == {"agencies/mail.py"}


def declares_safe(node: ast.AST) -> bool:
    """Calls text markup that is neither a word of the code's own nor a rendered template."""
    if not isinstance(node, ast.Call) or called(node) not in {"mark_safe", "SafeString"}:
        return False
    return not isinstance(node.args[0], ast.Constant) and called(node.args[0]) != "render_to_string"


def test_markup_is_joined_by_hand_where_that_is_known() -> None:
    """Elsewhere text reaches a page through a template's escaping, or `format_html`."""
    homes = {name_of(path) for path, node in walk(SOURCE) if declares_safe(node)}
    assert homes == set(JOINERS)


def test_templates_hold_no_style_and_no_script() -> None:
    """The content security policy would drop either; a printed page is no exception."""
    inline = re.compile(
        r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|\shx-on|javascript:|<script\b(?![^>]*\ssrc=)", re.I
    )
    assert lines_matching(TEMPLATES, inline) == []


def test_no_template_switches_escaping_off() -> None:
    assert lines_matching(TEMPLATES, re.compile(r"\|\s*safe\b|autoescape off")) == []


def test_no_folder_or_address_of_somebodys_machine() -> None:
    machine = re.compile(
        r"/(home|Users|root|work)/\w+|https?://(?!127\.0\.0\.1|\{|www\.w3\.org|json-schema\.org)"
        r"(?![\w.-]+\.example\b)[\w.-]+"
    )
    assert lines_matching([*SOURCE, *TEMPLATES], machine) == []
