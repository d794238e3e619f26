"""Everything that must hold before a change is good; bin/test prepares the machine and calls this.

Run with paths it gives them to pytest alone. A check that cannot run is named loudly, and where
CI is set it counts as a failure.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import chromium, postgres

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LINES_COVERED = 95


@dataclass
class Outcome:
    """What happened, in the order it happened."""

    failed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    closing_lines: dict[str, str] = field(default_factory=dict)

    def check(self, name: str, *commands: Sequence[str], **environment: str) -> None:
        """Run commands one after the other; the check fails with the first that does."""
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        for command in commands:
            code, self.closing_lines[name] = echo(command, {**os.environ, **environment})
            if code:
                self.failed.append(name)
                print(f"   FAILED: {' '.join(command)}", flush=True)
                return
        print(f"   done in {time.monotonic() - began:.0f} s", flush=True)

    def cannot(self, name: str, why: str) -> None:
        print(f"\n!! CANNOT RUN: {name}\n   {why}", flush=True)
        self.missing.append(f"{name} ({why})")

    def conclude(self) -> int:
        print("\n== Outcome", flush=True)
        for name, line in self.closing_lines.items():
            if name.startswith(("Tests", "These tests")):
                print(f"   {name}: {line.strip('= ')}")
        for name in self.failed:
            print(f"   FAILED: {name}")
        for name in self.missing:
            print(f"   DID NOT RUN: {name}")
        strict = os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}
        if self.failed or (strict and self.missing):
            return 1
        print("   All that ran passed." if self.missing else "   Everything passed.")
        return 0


def echo(command: Sequence[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command, pass its words on as they come; its exit code and its last words."""
    last = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    return process.returncode, last


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def files(*patterns: str) -> list[str]:
    """Files that git knows or would know, so that scratch and vendored ones stay out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def shell_scripts() -> list[str]:
    names = files("bin", ".ci")
    return [name for name in names if b"bash" in (ROOT / name).read_bytes()[:200]]


def quick_checks(outcome: Outcome) -> None:
    outcome.check("Format", tool("ruff", "format", "--check", "."))
    outcome.check("Lint", tool("ruff", "check", "."))
    outcome.check("Types", tool("mypy"))
    outcome.check("Layers", tool("lint-imports", "--no-logo"))
    # A database of its own, so that the check never looks at the one in daily use.
    outcome.check(
        "Migrations",
        manage("makemigrations", "--check", "--dry-run"),
        manage("create_max_migration_files", "--dry-run"),
        manage("check", "--fail-level", "WARNING"),
        DATABASE_URL="sqlite://:memory:",
    )
    outcome.check("Production settings", manage("check", "--deploy", "--fail-level", "WARNING"),
                  **production())  # fmt: skip
    if not (ROOT / ".git").exists():
        outcome.cannot("Templates, shell scripts", "git lists them, and this is no checkout.")
        return
    templates = files("*.html")
    outcome.check(
        "Templates",
        tool("djade", "--target-version", "6.1", "--check", *templates),
        tool("djlint", "--lint", "--quiet", *templates),
    )
    outcome.check("Shell scripts", *(["bash", "-n", name] for name in shell_scripts()))
    if shutil.which("shellcheck"):
        outcome.check("Shell style", ["shellcheck", "-x", *shell_scripts()])


def production() -> dict[str, str]:
    keys = Path(tempfile.mkdtemp(prefix="maca-keys-"))
    atexit.register(shutil.rmtree, keys, ignore_errors=True)
    stolen = keys.with_suffix(".stolen")
    stolen.write_text(f"{'0' * 40}:1\n")
    atexit.register(stolen.unlink, missing_ok=True)
    return {
        "MACA_ENV": "production",
        "MACA_SECRET_KEY": "for-this-check-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "MACA_MASTER_KEYS": "1:for+this+check+only+0123456789+abcdefghijkl=",
        "MACA_BACKUP_KEYS": "1:for+backups+only+0123456789+abcdefghijklmno=",
        "MACA_KEY_FOLDER": str(keys),
        "MACA_BREACHED_PASSWORDS": str(stolen),
        "MACA_ALLOWED_HOSTS": "maca.example",
        "DATABASE_URL": "sqlite://:memory:",
        "MACA_SMTP_HOST": "mail.example",
        "MACA_MAIL_FROM": "maca@example.org",
    }


def whole_suite(outcome: Outcome) -> None:
    browser = browser_marks(outcome)
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadgroup"]
    coverage = ["--cov", "--cov-report=term", f"--cov-fail-under={LINES_COVERED}"]
    outcome.check("Tests on SQLite", pytest(*workers, *browser, *coverage), DATABASE_URL="")
    on_postgres(outcome, "Tests on PostgreSQL", pytest(*workers, *browser))


def browser_marks(outcome: Outcome) -> list[str]:
    """What keeps the journeys out where there is no browser for them."""
    if chromium.executable():
        return []
    outcome.cannot(
        "Journeys in a browser",
        "No Chromium: install Debian's chromium, or npm, which fetches one for these tests.",
    )
    return ["-m", "not journey"]


def part(outcome: Outcome, arguments: list[str]) -> None:
    if arguments[0] != "--both":
        outcome.check("These tests", pytest(*arguments))
        return
    outcome.check("These tests on SQLite", pytest(*arguments[1:]), DATABASE_URL="")
    on_postgres(outcome, "These tests on PostgreSQL", pytest(*arguments[1:]))


def on_postgres(outcome: Outcome, name: str, command: list[str]) -> None:
    try:
        with postgres.running() as address:
            outcome.check(name, command, DATABASE_URL=address)
    except postgres.NoPostgresError as error:
        outcome.cannot(name, str(error))


def main(arguments: list[str]) -> int:
    outcome = Outcome()
    if arguments:
        part(outcome, arguments)
    else:
        quick_checks(outcome)
        whole_suite(outcome)
    return outcome.conclude()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
