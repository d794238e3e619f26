"""Run by bin/endure: every check, or those that are named, on the database in the environment."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import django
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

TESTS = Path(__file__).parents[1]
CHECKS = {
    path.stem.removeprefix("test_"): f"tests.{path.parent.name}.{path.stem}"
    for folder in ("endurance", "security")
    for path in sorted((TESTS / folder).glob("test_*.py"))
    if "def run(" in path.read_text()
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/endure", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *CHECKS], help="which checks; else all")
    parser.add_argument("--long", action="store_true", help="as many rounds as the promise says")
    parser.add_argument("--rounds", type=int, help="so many rounds of each")
    options = parser.parse_args()
    django.setup()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        held = [_run(name, options) for name in options.names or CHECKS]
    finally:
        teardown_databases(databases, verbosity=0)
    return 0 if all(held) else 1


def _run(name: str, options: argparse.Namespace) -> bool:
    """A check's module names its rounds: `SMALL` in the suite, `LONG` for the promise."""
    module = import_module(CHECKS[name])
    rounds = options.rounds or (module.LONG if options.long else module.SMALL)
    figures = module.run(rounds)
    print(figures, "" if figures.held else "  <-- NOT HELD", flush=True)
    return bool(figures.held)


if __name__ == "__main__":
    sys.exit(main())
