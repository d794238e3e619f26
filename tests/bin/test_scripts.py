"""The shell scripts where they decide something; what they set up is seen by running them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MACA_", "PYENV_", "DATABASE_"))
    }
    plain = {**inherited, "HOME": "/nonexistent", **environment}
    return subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)


def found_python(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    script = ". bin/lib/say.sh; . bin/lib/python.sh; find_python || explain_missing_python"
    path = f"{folder}:/usr/bin:/bin"
    return run("bash", "-c", script, **{"PATH": path, **environment})


def executable(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


class TestDemo:
    def test_never_runs_with_production_settings(self) -> None:
        result = run("bin/demo", MACA_ENV="production")
        assert result.returncode == 1
        assert "a demonstration never runs with production settings" in result.stderr

    def test_names_what_it_knows_when_it_is_asked_for_something_else(self) -> None:
        result = run("bin/demo", "--serve")
        assert result.returncode == 1
        assert "It knows --no-server and --reset." in result.stderr

    def test_says_what_it_does(self) -> None:
        result = run("bin/demo", "--help")
        assert result.returncode == 0
        assert result.stdout.startswith("The whole application on this computer")
        assert "set -euo" not in result.stdout


class TestFindingPython:
    def test_passes_over_one_that_is_there_and_fails(self, tmp_path: Path) -> None:
        executable(tmp_path / "python3.12", "#!/bin/sh\necho 'not installed' >&2\nexit 127\n")
        works = executable(tmp_path / "python3.13", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        assert found_python(tmp_path).stdout.strip() == str(works)

    def test_prefers_the_one_that_is_named(self, tmp_path: Path) -> None:
        executable(tmp_path / "python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        named = executable(tmp_path / "mine", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        assert found_python(tmp_path, MACA_PYTHON=str(named)).stdout.strip() == str(named)

    def test_passes_over_one_that_is_too_old(self, tmp_path: Path) -> None:
        old = f'#!/bin/sh\n[ "$1" = -c ] && exit 1\nexec {sys.executable} "$@"\n'
        executable(tmp_path / "python3.12", old)
        works = executable(tmp_path / "python3.14", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        assert found_python(tmp_path).stdout.strip() == str(works)

    def test_finds_a_version_manager_s_without_its_shims(self, tmp_path: Path) -> None:
        folder = tmp_path / "versions" / "3.12.9" / "bin"
        folder.mkdir(parents=True)
        works = executable(folder / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        # The system's own may serve as well, and then comes first.
        found = found_python(tmp_path, PYENV_ROOT=str(tmp_path)).stdout.strip()
        assert found == str(works) or found.startswith("/usr/bin/")

    def test_nothing_in_the_pinned_lists_is_an_address(self) -> None:
        lists = list(ROOT.glob("requirements*.txt"))
        assert len(lists) == 4
        lock = ROOT / "tests/support/directory/package-lock.json"
        assert [path.name for path in (*lists, lock) if "://" in path.read_text()] == []
