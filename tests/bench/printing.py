"""The PDF endpoint against the engine alone, each in a process of its own that is kept warm."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import BinaryIO, cast

from agencies.confined import wire
from reports.renderer import assets
from tests.bench.pages import Work, seconds

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Printing:
    """Times of one document: of the endpoint in seconds, and as multiples of the engine's."""

    seconds: float
    to_bare: float
    to_defaults: float


def compare(endpoint: Work, html: str, rounds: int) -> Printing:
    with assets_as_files() as folder, printer("bare") as bare, printer("defaults") as defaults:
        as_files = html.replace(assets.SCHEME, f"{folder.as_uri()}/")
        for _warm in range(2):
            endpoint()
            engine_seconds(bare, html)
            engine_seconds(defaults, as_files)
        taken = [
            (seconds(endpoint), engine_seconds(bare, html), engine_seconds(defaults, as_files))
            for _ in range(rounds)
        ]
    return Printing(
        median(whole for whole, _bare, _defaults in taken),
        median(whole / plain for whole, plain, _defaults in taken),
        median(whole / plain for whole, _bare, plain in taken),
    )


@contextmanager
def assets_as_files() -> Iterator[Path]:
    """The styles and fonts of print, where WeasyPrint's own fetcher can find them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for asset, path in assets.FONTS.items():
            (folder / asset).symlink_to(path)
        for asset, path in assets.STYLES.items():
            (folder / asset).write_text(path.read_text().replace(assets.SCHEME, ""))
        yield folder


@contextmanager
def printer(way: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.printer", way],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield process
        cast("BinaryIO", process.stdin).close()


def engine_seconds(process: "subprocess.Popen[bytes]", html: str) -> float:
    """How long `write_pdf` took, by the printing process's own clock."""
    wire.write_request(cast("BinaryIO", process.stdin), html.encode())
    return float(wire.read_reply(cast("BinaryIO", process.stdout)).body)
