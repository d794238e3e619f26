"""What docs/security claims a test shows, a test has to show."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "security"
NAMED = re.compile(r"`(tests/[\w/]+(?:\.py)?(?:::\w+)*)`")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+[^|]*) \|", re.MULTILINE)


def named() -> list[str]:
    return sorted({name for page in PAPER.glob("*.md") for name in NAMED.findall(page.read_text())})


def inside(path: str) -> dict[str, set[str]]:
    """The tests of a module by class; those of none under an empty name."""
    tree = ast.parse((ROOT / path).read_text())
    found: dict[str, set[str]] = {"": in_body(tree.body)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = in_body(node.body)
    return found


def in_body(body: list[ast.stmt]) -> set[str]:
    return {
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("name", named())
def test_what_is_named_exists(name: str) -> None:
    path, *inner = name.split("::")
    if not Path(path).name.startswith("test_"):
        assert (ROOT / path).exists()
        return
    if not path.endswith(".py"):
        assert list((ROOT / path).glob("**/test_*.py"))
        return
    tests = inside(path)
    match inner:
        case []:
            assert any(tests.values())
        case [one] if one in tests:
            assert tests[one]
        case [one]:
            assert one in tests[""]
        case [group, one]:
            assert one in tests[group]


def test_what_is_named_runs(request: pytest.FixtureRequest) -> None:
    """In a run of everything: a test that is left out of it shows nothing."""
    collected = {item.nodeid.split("[")[0] for item in request.session.items}
    paths = {node.split("::")[0] for node in collected}
    everything = {
        str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("**/test_*.py")
    } <= paths
    shown = [name for name in named() if Path(name.split("::")[0]).name.startswith("test_")]
    for name in shown if everything else []:
        assert any(node == name or node.startswith((f"{name}::", f"{name}/")) for node in collected)


def test_each_requirement_stands_once() -> None:
    rows = ROW.findall((PAPER / "asvs.md").read_text())
    numbers = [number for row in rows for number in re.findall(r"\d+\.\d+\.\d+", row)]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 120


def test_what_is_not_met_says_so() -> None:
    table = (PAPER / "asvs.md").read_text()
    for line in filter(ROW.match, table.splitlines()):
        *_, state, shown = [cell.strip() for cell in line.strip("|").split("|")]
        assert state.split(" (")[0] in {"met", "in part", "operator"}, line
        assert (shown == "–") == (state == "operator"), line
