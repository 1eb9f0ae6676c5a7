"""Reads a TOML file together with the line of every key, which the parser of the standard library does not tell."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.catalog.mistakes import Mistake

Keys = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to one value."""

FILE_LIMIT = 4_000_000
"""Bytes; no clerk's file comes near it."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*=""")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Origin:
    """One parsed file: `name` relative to the data folder, its tables, and the line of each of their keys."""

    name: str
    tables: dict[str, object]
    lines: Mapping[Keys, int]

    def line(self, path: Keys) -> int:
        """Return the line where `path` or, failing that, the table around it is written; 0 when unknown."""
        while path:
            if found := self.lines.get(path):
                return found
            path = path[:-1]
        return 0


def read(folder: Path, name: str) -> Origin | Mistake:
    """Read `name` in `folder`. What cannot be read, decoded or parsed comes back as a mistake with its line."""
    try:
        path = folder / name
        if path.exists() and not path.is_file():
            return Mistake(name, 0, "", "", "is not a file", "a TOML file belongs here")
        with path.open("rb") as file:
            raw = file.read(FILE_LIMIT + 1)
    except OSError as error:
        return Mistake(name, 0, "", "", (error.strerror or str(error)).lower(), "the file must be there and readable")
    if len(raw) > FILE_LIMIT:
        return Mistake(name, 0, "", "", "is too large", f"at most {FILE_LIMIT} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Mistake(name, line, "", "", "is not UTF-8", "save the file with the encoding UTF-8")
    return parse(name, text.replace("\r\n", "\n"))


def parse(name: str, text: str) -> Origin | Mistake:
    """Parse the TOML in `text`, which came from the file `name`."""
    try:
        return Origin(name, tomllib.loads(text), _lines(text))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        problem = _PLACE.sub("", str(error))
        column = f" at character {place[2]} of the line" if place and place[2] else " at the end of the file"
        return Mistake(
            name, line, "", "", f"is no valid TOML: {problem}{column}", "look for a missing quote or bracket"
        )
    except RecursionError:
        return Mistake(name, 0, "", "", "is nested too deeply", "lists hold only texts here")
    except ValueError as error:
        return Mistake(name, 0, "", "", f"holds an impossible value: {error}", "see the comment at the top of the file")


def _lines(text: str) -> dict[Keys, int]:
    found: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    table: Keys = ()
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            if fence in line:
                fence = ""
            continue
        if header := _HEADER.match(line):
            table = _table(header[2].split("."), header[1] == "[[", counts)
            found.setdefault(table, number)
            found.setdefault(table[:-1], number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1] or key[2] or key[3]), number)
            for mark in ('"""', "'''"):
                if line.count(mark) == 1:
                    fence = mark
    return found


def _table(parts: list[str], array: bool, counts: dict[Keys, int]) -> Keys:
    """Return the path of a table from its header; `counts` holds how many tables each array has so far."""
    path: Keys = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, parts[-1])
    if array:
        counts[path] = counts.get(path, 0) + 1
        path = (*path, counts[path] - 1)
    return path
