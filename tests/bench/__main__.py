"""Measures and prints a table: measure, figure, target, met or not. bin/bench calls it."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.bench.partnership import Ground


@dataclass
class Table:
    missed: int = 0

    def add(self, measure: str, figure: float, target: float | None, unit: str = "") -> None:
        """A figure and the most it may be; without a target it is only told."""
        shown = f"{figure:.2f}{unit}" if figure % 1 else f"{figure:.0f}{unit}"
        if target is None:
            line(measure, shown, "", "")
        else:
            self.holds(measure, shown, f"≤ {target}{unit}", met=figure <= target)

    def holds(self, measure: str, figure: str, target: str, *, met: bool) -> None:
        self.missed += not met
        line(measure, figure, target, "met" if met else "NOT MET")


def line(measure: str, figure: str, target: str, word: str) -> None:
    say(f"{measure:<56}{figure:>14}   {target:<10}{word}".rstrip())


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def own_database() -> Iterator[None]:
    """A database made for this run and dropped after it, beside the one that the address names."""
    from django.db import connection

    if connection.vendor != "postgresql":
        raise SystemExit("bin/bench measures on PostgreSQL: DATABASE_URL names something else.")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def built(years: int) -> "tuple[Ground, int]":
    """Written by a process of its own: one that has held a million rows serves pages from a heap
    that no web worker has."""
    from django.db import connection

    from tests.bench.partnership import build

    connection.close()
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("fork")) as apart:
        return apart.submit(build, years).result()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two years and fewer rounds")
    parser.add_argument("--strict", action="store_true", help="fail when a target is missed")
    return parser.parse_args()


def main() -> int:
    chosen = arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    django.setup()
    logging.disable(logging.WARNING)
    from tests.bench import measures

    table = Table()
    with own_database():
        began = time.perf_counter()
        ground, rows = built(years=2 if chosen.quick else 10)
        say(f"{rows:,} rows written in {time.perf_counter() - began:.0f} s")
        say(
            f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n"
        )
        measures.measure(ground, table, rounds=15 if chosen.quick else 61)
        say(f"\nLoad of the machine after: {os.getloadavg()[0]:.1f}")
    return int(chosen.strict and table.missed > 0)


if __name__ == "__main__":
    sys.exit(main())
