"""Finds every rule of access in the source and breaks it, one at a time, in the running code.

A rule is a place where the code asks who somebody is: a permission of a role or of a transition,
a queryset that starts from what a person may see and each condition of it, a requirement, a
predicate, a refusal. Each is found in the syntax tree, so a rule that is written tomorrow is
broken tomorrow.
Only ways to break one that let more people in, or let them see more, are tried.

Where two rules of a function keep the same person out, to break one of them tells nothing. So a
rule can be had alone, too: whatever else keeps somebody out in that function is broken first.

A broken function is compiled and put in the place of the real one's code, so whoever imported it
runs it at once; leaving the context puts the real code back.
"""

import ast
import copy
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from agencies.models import Agency, Partnership
from agencies.roles import ROLES, Permission
from audits.domain import transitions

ROOT = Path(__file__).resolve().parents[2]
APPS = ("agencies", "audits", "reports")
# What no request comes through: a demonstration, files read and written by commands.
ASIDE = {"migrations", "management", "demonstration", "files"}
SOURCES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if not ASIDE & set(path.relative_to(ROOT).parts)
]

SCOPES = re.compile(r"(\w*visible_to|managed_by|editable_by|drafted_by|sent_back_to)$")
PREDICATES = re.compile(r"(_?may|may_\w+|is_inside|allowed|allows)$")
NARROWS = re.compile(r"filter$|of_\w+$|for_list$|library$")
REACH = {"partnerships_with": "partnerships", "agencies_with": "agencies"}
# Other functions of the models that decide whose rows or which roles are meant.
DECIDING = {
    "agencies_with",
    "agreed_visible",
    "current",
    "held_by",
    "may",
    "may_anywhere_in",
    "partnerships_with",
    "readable_returns",
    "_ways_to_read",
}
HERE = "tests.security.mutants"


def partnerships() -> set[object]:
    """Every partnership there is: what a broken rule takes a person to belong to."""
    return set(Partnership.objects.values_list("pk", flat=True))


def agencies() -> set[object]:
    return set(Agency.objects.values_list("pk", flat=True))


type Codes = dict[tuple[str, int], CodeType]
"""Compiled functions, by name and line."""


@dataclass(frozen=True)
class Mutant:
    """One rule broken in one way. `code` is that of the function it stands in, if any."""

    name: str
    """Where it stands and how it is broken; the line, in brackets, comes last."""
    roles: tuple[str, ...]
    """Roles whose permissions it changes; none if it is for everybody."""
    code: CodeType | None
    put: Callable[[], None]
    undo: Callable[[], None]
    beside: tuple["Beside", ...] = ()
    """Ways to break what else keeps somebody out in its function, the most first."""

    def broken(self) -> AbstractContextManager[None]:
        return self.changed(self.put)

    @contextmanager
    def changed(self, put: Callable[[], None]) -> Iterator[None]:
        put()
        try:
            yield
        finally:
            self.undo()


@dataclass(frozen=True)
class Beside:
    """What else keeps somebody out is broken: the rule stands alone, or is gone too."""

    alone: Callable[[], None]
    gone: Callable[[], None]


def all_mutants() -> list[Mutant]:
    return [*_of_roles(), *_of_transitions(), *_of_source()]


def _of_roles() -> Iterator[Mutant]:
    for role, rule in ROLES.items():
        for permission in Permission:
            if permission not in rule.permissions:
                wider = replace(rule, permissions=rule.permissions | {permission})
                yield _entry(f"{role} may {permission}", ROLES, role, wider, (role.value,))


def _of_transitions() -> Iterator[Mutant]:
    tables = ("AUDIT_TRANSITIONS", "RETURN_TRANSITIONS", "CASE_RETURN_TRANSITIONS")
    for table in (getattr(transitions, name) for name in tables):
        for name, step in table.items():
            anybody = replace(step, permissions=tuple(Permission))
            yield _entry(f"anybody may {name}", table, name, anybody, ())


def _entry[Key, Value](
    name: str, table: dict[Key, Value], key: Key, value: Value, roles: tuple[str, ...]
) -> Mutant:
    before = table[key]
    return Mutant(
        name,
        roles,
        transitions.allowed.__code__ if not roles else None,
        lambda: table.__setitem__(key, value),
        lambda: table.__setitem__(key, before),
    )


def _of_source() -> Iterator[Mutant]:
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        for function in _functions(tree):
            for live in _living(str(path)):
                if _holds(live, function):
                    for site, way in _ways(function, path):
                        yield _recompiled(path, tree, function, live, site, way)


type Function = ast.FunctionDef | ast.Lambda


def _functions(tree: ast.Module) -> Iterator[Function]:
    """The outermost ones: what is nested in them belongs to them."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node
        else:
            waiting.extend(ast.iter_child_nodes(node))


type Way = tuple[str, ast.AST]
"""What is said of a break, and what comes in the place of the node."""


def _ways(function: Function, path: Path) -> Iterator[tuple[ast.AST, Way]]:
    scoping = _is_scoping(function, path)
    for node in ast.walk(function):
        yield from ((node, way) for way in _called(node))
        yield from _refusals(node)
        if scoping:
            yield from ((node, way) for way in _without_a_condition(node))


def _is_scoping(function: Function, path: Path) -> bool:
    if isinstance(function, ast.Lambda) or "models" not in path.parts:
        return False
    return function.name in DECIDING or bool(SCOPES.match(function.name))


def _called(node: ast.AST) -> Iterator[Way]:
    if isinstance(node, ast.SetComp):
        of_whom = ast.dump(node.generators[0].iter)
        if "current_memberships" in of_whom and "partnership_id" in ast.dump(node.elt):
            yield "every partnership", _everything("partnerships")
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if isinstance(node.func, ast.Attribute):
        if SCOPES.match(name):
            yield f"not {name}", _all_of(node.func.value)
        if name in REACH:
            yield f"all {REACH[name]}", _everything(REACH[name])
    if name == "require":
        yield "not required", ast.Constant(value=None)
    if name == "require_anywhere":
        there = ast.Attribute(value=node.args[0], attr="partnership", ctx=ast.Load())
        yield "not required", there
    if PREDICATES.match(name):
        asked = ast.unparse(node.args[0]) if node.args else ""
        of = f" {asked.removeprefix('Permission.')}" if asked.startswith("Permission.") else ""
        yield f"{name}{of} always", ast.Constant(value=True)


def _all_of(rows: ast.expr) -> ast.expr:
    return ast.Call(
        func=ast.Attribute(value=rows, attr="all", ctx=ast.Load()), args=[], keywords=[]
    )


def _everything(what: str) -> ast.expr:
    return ast.parse(f"__import__({HERE!r}, fromlist=[{what!r}]).{what}()", mode="eval").body


def _refusals(node: ast.AST) -> Iterator[tuple[ast.AST, Way]]:
    if isinstance(node, ast.If) and any(
        isinstance(line, ast.Raise) and "PermissionDenied" in ast.dump(line) for line in node.body
    ):
        yield node.test, ("never refuses", ast.Constant(value=False))


def _without_a_condition(node: ast.AST) -> Iterator[Way]:
    """A condition of several is left out; a row then need not fulfil it."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in {"Q", "filter"} and len(node.args) + len(node.keywords) > 1:
            for number, keyword in enumerate(node.keywords):
                rest = [*node.keywords[:number], *node.keywords[number + 1 :]]
                call = ast.Call(func=node.func, args=node.args, keywords=rest)
                yield f"without {keyword.arg}", call
            for number in range(len(node.args)):
                args = [*node.args[:number], *node.args[number + 1 :]]
                call = ast.Call(func=node.func, args=args, keywords=node.keywords)
                yield f"without condition {number + 1}", call
        elif name == "filter" and isinstance(node.func, ast.Attribute):
            yield "all of them", _all_of(node.func.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        yield "without the second condition", node.left
        yield "without the first condition", node.right
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for number in range(len(node.values)):
            rest_of = [*node.values[:number], *node.values[number + 1 :]]
            yield (
                f"without condition {number + 1}",
                rest_of[0] if len(rest_of) == 1 else ast.BoolOp(op=ast.And(), values=rest_of),
            )


type Swaps = dict[ast.AST, ast.AST | None]
"""What comes in the place of each node; nothing where the call goes and its rows stay."""


def _recompiled(
    path: Path, tree: ast.Module, function: Function, live: FunctionType, site: ast.AST, way: Way
) -> Mutant:
    said, instead = way
    line = getattr(site, "lineno", function.lineno)
    real = live.__code__
    key = (real.co_qualname, real.co_firstlineno)

    def put(swaps: Swaps) -> Callable[[], None]:
        return lambda: setattr(live, "__code__", _broken(path, tree, swaps)[key])

    return Mutant(
        f"{path.relative_to(ROOT)}: {live.__qualname__}: {said} (line {line})",
        (),
        real,
        put({site: instead}),
        lambda: setattr(live, "__code__", real),
        tuple(
            Beside(put(others), put({**others, site: instead}))
            for others in _beside(function, site)
        ),
    )


def _broken(path: Path, tree: ast.Module, swaps: Swaps) -> Codes:
    return _codes(compile(_Swap(swaps).visited(tree), str(path), "exec"))


def _beside(function: Function, site: ast.AST) -> list[Swaps]:
    """The other rules of the function and what narrows the rows of this one; of the rules only
    those that choose rows, since another may let the same person in by itself; none of them."""
    narrowing: Swaps = dict.fromkeys(_narrowing(function, site))
    rules = _other_rules(function, site)
    choosing = {node: instead for node, instead in rules.items() if _chooses_rows(node)}
    ways: list[Swaps] = []
    for swaps in (rules | narrowing, choosing | narrowing, narrowing):
        if swaps and swaps not in ways:
            ways.append(swaps)
    return ways


def _chooses_rows(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(SCOPES.match(getattr(node.func, "attr", "")))


def _other_rules(function: Function, site: ast.AST) -> Swaps:
    near = {site, *ast.walk(site), *_around(function, site)}
    swaps: Swaps = {
        node: instead
        for node in ast.walk(function)
        for _, instead in _called(node)
        if node not in near
    }
    for each in ast.walk(function):
        swaps |= {test: way[1] for test, way in _refusals(each) if test not in near}
    return swaps


def _around(function: Function, site: ast.AST) -> Iterator[ast.AST]:
    """The nodes that hold it, from the inside."""
    holds = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    while site in holds:
        site = holds[site]
        yield site


def _narrowing(function: Function, site: ast.AST) -> Iterator[ast.AST]:
    """The calls that take some of the rows that come of it."""
    rows = site
    for node in _around(function, site):
        if isinstance(node, ast.Attribute) and node.value is rows:
            continue
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return
        if node.func.value is not rows:
            return
        if NARROWS.match(node.func.attr) or SCOPES.match(node.func.attr):
            yield node
        rows = node


def _holds(live: FunctionType, function: Function) -> bool:
    lines = [function.lineno, *(line.lineno for line in getattr(function, "decorator_list", []))]
    name = getattr(function, "name", "<lambda>")
    return live.__code__.co_name == name and live.__code__.co_firstlineno == min(lines)


class _Swap(ast.NodeTransformer):
    """A copy of the tree with some nodes swapped, found by where they stand."""

    def __init__(self, swaps: Swaps) -> None:
        self.swaps = swaps

    def visited(self, tree: ast.Module) -> ast.Module:
        memo: dict[int, Any] = {}
        whole = copy.deepcopy(tree, memo)
        self.swaps = {memo[id(node)]: instead for node, instead in self.swaps.items()}
        changed = self.visit(whole)
        assert isinstance(changed, ast.Module)
        return ast.fix_missing_locations(changed)

    def visit(self, node: ast.AST) -> ast.AST:
        if node not in self.swaps:
            found: ast.AST = super().visit(node)
            return found
        instead = self.swaps[node]
        if instead is not None:
            return ast.copy_location(copy.deepcopy(instead), node)
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)  # noqa: PT018
        return self.visit(node.func.value)


def _codes(code: CodeType) -> Codes:
    found = {(code.co_qualname, code.co_firstlineno): code}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found |= _codes(each)
    return found


@cache
def _functions_by_file() -> dict[str, list[FunctionType]]:
    by_file: dict[str, list[FunctionType]] = {}
    for each in gc.get_objects():
        if type(each) is FunctionType:  # a lazy object would be woken by isinstance
            by_file.setdefault(each.__code__.co_filename, []).append(each)
    return by_file


def _living(path: str) -> list[FunctionType]:
    return _functions_by_file().get(path, [])
