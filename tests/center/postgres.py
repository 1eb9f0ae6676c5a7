"""A PostgreSQL server of the tests' own: real, private, on a Unix socket, gone afterwards."""

import asyncio
import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

SUPERUSER = "owner"
GUARDED, PASSWORD = "guarded", "secret-word"
"""A role that may log in with its password alone, and owns nothing."""


def binaries() -> Path:
    """Where initdb and pg_ctl stand."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    one = shutil.which("initdb")
    assert one, "PostgreSQL is missing; on Debian or Ubuntu: apt install postgresql"
    return Path(one).parent


class Cluster:
    """A running server. Its superuser needs no password."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """Make and start it in `folder`. `durable`: with fsync, where that is part of what is tested."""
        self.folder = folder
        self._numbers = itertools.count(1)
        self._durable = durable
        # Root may not run a server.
        self._as: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self._run(
            *("initdb", "-D", folder / "data", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            *("--auth-local=trust", "--auth-host=scram-sha-256"),
        )
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")
        self.start()
        self.sql("postgres", f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")

    def start(self) -> None:
        """Start the server; it takes connections when this returns."""
        options = f"-c unix_socket_directories={self.folder} -c listen_addresses='' -c max_connections=200"
        if not self._durable:
            options += " -c fsync=off"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` is as if all its processes were killed."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", mode, "stop")

    def url(self, database: str, user: str = SUPERUSER, password: str = "") -> str:
        """The address of a database."""
        word = f":{password}" if password else ""
        return f"postgresql://{user}{word}@/{database}?host={self.folder}"

    def database(self, encoding: str = "UTF8") -> str:
        """Make an empty database, and return its address."""
        name = f"center{next(self._numbers)}"
        locale = "C" if encoding != "UTF8" else "C.UTF-8"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE '{locale}'")
        return self.url(name)

    def sql(self, database: str, statement: str) -> None:
        """Run a statement as the superuser."""
        query(self.url(database), statement)

    def _run(self, *words: str | Path) -> None:
        command = [*self._as, str(binaries() / words[0]), *map(str, words[1:])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"{words[0]}: {done.stdout}{done.stderr}"


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A server that is gone afterwards."""
    # A socket's path has a limit of 107 bytes, which a test's own folder may exceed.
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-", dir="/tmp"))
    try:
        server = Cluster(folder, durable=durable)
        try:
            yield server
        finally:
            with contextlib.suppress(AssertionError):
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Answer:
    """What a question gave."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._rows


class Asked:
    """A database that can be asked like an SQLite one."""

    def __init__(self, url: str) -> None:
        self._url = url

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Answer:
        """Ask it something."""
        return Answer(query(self._url, statement, values))


def query(url: str, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Ask a database something, by itself; `?` stands for values."""

    async def ask() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(url)
        try:
            first, *rest = statement.split("?")
            numbered = first + "".join(f"${place}{part}" for place, part in enumerate(rest, start=1))
            return [tuple(row) for row in await connection.fetch(numbered, *values)]
        finally:
            await connection.close()

    return asyncio.run(ask())
