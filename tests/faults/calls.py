"""What a process does to the files of one folder, as strace tells it (strace(1); -y names the file of a descriptor)."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_READ = ("openat", "write", "pwrite64", "ftruncate", "rename", "unlink", "fsync", "fdatasync")
_REFUSED = ("writev", "pwritev", "pwritev2", "fallocate", "renameat", "renameat2", "unlinkat", "link", "mkdir", "rmdir")
"""Calls after which the files are not what a reader of the others takes them for."""

_LONGEST = 1 << 20
"""Bytes of a write that strace shows; nothing here writes as many at once."""

_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(.*)")
_FILE = re.compile(r"\d+<((?:\\x[0-9a-f]{2})*)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.*)')


@dataclass(frozen=True)
class Opened:
    """A file is there from now on; `emptied`: what was in it is not."""

    name: str
    emptied: bool


@dataclass(frozen=True)
class Written:
    """Bytes are written at an offset."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Shortened:
    """A file is given a length."""

    name: str
    length: int


@dataclass(frozen=True)
class Renamed:
    """A file takes the place of another."""

    name: str
    to: str


@dataclass(frozen=True)
class Removed:
    """A name is taken away."""

    name: str


@dataclass(frozen=True)
class Synced:
    """What was written to a file is safe; the folder itself has an empty name, and what is safe then are its names."""

    name: str


@dataclass(frozen=True)
class Said:
    """Somebody is told something."""

    text: str


Call = Opened | Written | Shortened | Renamed | Removed | Synced | Said


class Unreadable(Exception):
    """A trace holds what this module does not know, so nobody can say what the disk holds after it."""


def record(folder: Path, trace: Path, *command: str | Path) -> list[Call]:
    """Run a Python program of one thread to its end, and return what it did to the files of `folder`.

    What it writes to its standard output is what it says. Raises Unreadable, or CalledProcessError.
    """
    traced = ",".join(_READ + _REFUSED)
    strace = ("strace", "-f", "-y", "-xx", "-s", str(_LONGEST), "-e", f"trace={traced}", "-o", str(trace))
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONDONTWRITEBYTECODE": "1"}
    command_line = [*strace, sys.executable, *map(str, command)]
    subprocess.run(command_line, env=environment, stdout=subprocess.DEVNULL, check=True)
    return list(_Reading(folder).calls(trace.read_text("ascii").splitlines()))


class _Reading:
    """Goes through a trace; remembers where in each file its next `write` begins."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._offsets: dict[int, int] = {}

    def calls(self, lines: list[str]) -> Iterator[Call]:
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                if self._folder.encode().hex() in line.replace("\\x", ""):
                    self._refuse(line)
                continue
            name, arguments, result, more = match.groups()
            # What failed has changed nothing.
            if int(result) >= 0:
                yield from self._call(name, arguments, int(result), more)

    def _call(self, name: str, arguments: str, result: int, more: str) -> Iterator[Call]:
        if name == "write" and arguments.startswith("1<"):
            yield Said(_data(arguments).decode())
            return
        place = self._inside(f"{result}{more}" if name == "openat" else arguments)
        if place is None:
            return
        match name:
            case "openat":
                self._offsets[result] = 0
                if "O_TRUNC" in arguments or "O_CREAT" in arguments:
                    yield Opened(place, emptied="O_TRUNC" in arguments)
            case "write":
                descriptor = int(arguments.partition("<")[0])
                yield Written(place, self._offsets[descriptor], _data(arguments))
                self._offsets[descriptor] += result
            case "pwrite64":
                yield Written(place, int(arguments.rpartition(", ")[2]), _data(arguments))
            case "ftruncate":
                yield Shortened(place, int(arguments.rpartition(", ")[2]))
            case "rename":
                yield Renamed(*(Path(_text(one[0])).name for one in _STRING.findall(arguments)))
            case "unlink":
                yield Removed(place)
            case "fsync" | "fdatasync":
                yield Synced(place)
            case _:
                self._refuse(name)

    def _inside(self, arguments: str) -> str | None:
        """The name of the file that is meant, in the folder; empty for the folder itself, None for any other."""
        found = _FILE.search(arguments) or _STRING.search(arguments)
        path = _text(found[1]) if found else ""
        if path == self._folder:
            return ""
        inside = path.startswith(self._folder + "/")
        return path[len(self._folder) + 1 :] if inside else None

    def _refuse(self, what: str) -> None:
        raise Unreadable(f"not understood: {what[:200]}")


def _bytes(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal.replace("\\x", ""))


def _text(hexadecimal: str) -> str:
    return os.fsdecode(_bytes(hexadecimal))


def _data(arguments: str) -> bytes:
    found = _STRING.search(arguments)
    if found is None or found[2]:
        raise Unreadable(f"a write that is not shown whole: {arguments[:200]}")
    return _bytes(found[1])
