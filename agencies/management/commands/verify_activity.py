from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.domain import anchors, verifying
from agencies.domain.verifying import Outcome, Place


class Command(BaseCommand):
    help = (
        "Say whether anything of the activity was altered, removed, put in or moved. With "
        "--anchor, write where its chains stand to a file to keep elsewhere; with --against, hold "
        "the chains against such files. Ends with an error where anything is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=Path, metavar="FILE")
        parser.add_argument("--against", type=Path, metavar="FILE", nargs="+", default=[])

    def handle(self, *_args: Any, **options: Any) -> None:
        files: list[Path] = options["against"]
        out: Path | None = options["anchor"]
        # Taken before the chains are gone through, so that they are known to hold up to there.
        taken = anchors.anchor(at=timezone.now())
        outcomes = [verifying.verify(anchored) for anchored in _anchored(files)]
        verifying.keep(outcomes[0])
        if faults := list(dict.fromkeys(str(each) for one in outcomes for each in one.faults)):
            raise CommandError("\n".join([_broken(outcomes[0], len(faults)), *faults]))
        self.stdout.write(
            f"Unbroken: {outcomes[0].entries:,} entries in {outcomes[0].chains:,} chains."
        )
        for file in files:
            self.stdout.write(f"They continue what {file} says.")
        if out is not None:
            _write(out, taken)
            self.stdout.write(f"Where they stand is in {out}: keep it in another place.")


def _anchored(files: list[Path]) -> list[dict[Place, str]]:
    """What each file says; of none, that nothing is anchored."""
    found = []
    for file in files:
        try:
            found.append(anchors.anchored(file.read_text()))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (anchors.AnchorError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} is no anchor. {error}") from error
    return found or [{}]


def _broken(outcome: Outcome, faults: int) -> str:
    found = "1 fault" if faults == 1 else f"{faults:,} faults"
    return f"Broken: {found} among {outcome.entries:,} entries in {outcome.chains:,} chains."


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
