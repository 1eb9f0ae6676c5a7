"""What a disk may hold when the power goes between two calls of a process.

What was synced is there. What was written since then may be there or not, each write for itself, and each sector of 512
bytes of a write for itself: file systems and disks write in any order. Names come and go in order, as the log of a file
system keeps them, and are safe when the folder was synced.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.calls import Call, Opened, Removed, Renamed, Said, Shortened, Synced, Written

SECTOR = 512
"""Bytes that a disk writes as a whole, or not."""

TORN = 2
"""Images at each point whose sectors are drawn by lot."""

Image = dict[str, bytes]
"""The files of the folder, by name."""

Names = dict[str, "_File"]


@dataclass(eq=False)
class _File:
    safe: bytearray = field(default_factory=bytearray)
    waiting: list[Written | Shortened] = field(default_factory=list)

    def sync(self) -> None:
        for one in self.waiting:
            _apply(self.safe, one)
        self.waiting.clear()

    def content(self, waiting: Iterable[Written | Shortened]) -> bytes:
        made = bytearray(self.safe)
        for one in waiting:
            _apply(made, one)
        return bytes(made)


def _apply(content: bytearray, change: Written | Shortened) -> None:
    if isinstance(change, Shortened):
        del content[change.length :]
        content.extend(bytes(change.length - len(content)))
        return
    end = change.offset + len(change.data)
    content.extend(bytes(max(0, end - len(content))))
    content[change.offset : end] = change.data


def _sectors(change: Written | Shortened) -> Iterator[Written | Shortened]:
    """The parts of a change that come to the disk each for itself."""
    if isinstance(change, Shortened):
        yield change
        return
    begin, end = change.offset, change.offset + len(change.data)
    for edge in range(begin - begin % SECTOR, end, SECTOR):
        first, last = max(begin, edge), min(end, edge + SECTOR)
        yield Written(change.name, first, change.data[first - begin : last - begin])


class Disk:
    """A folder as its process sees it, and as the power may leave it."""

    def __init__(self) -> None:
        self._now: Names = {}
        self._past: list[Names] = [{}]
        """The names that the folder may have, the safe ones first, each later one after one more change."""
        self._last: _File | None = None

    def take(self, call: Call) -> bool:
        """Follow a call; returns whether another state may be left from now on."""
        match call:
            case Opened(name, emptied):
                if name not in self._now:
                    self._rename({**self._now, name: _File()})
                elif emptied:
                    self._write(Shortened(name, 0))
            case Written() | Shortened():
                self._write(call)
            case Renamed(name, to):
                kept = {one: file for one, file in self._now.items() if one != name}
                self._rename({**kept, to: self._now[name]})
            case Removed(name):
                self._rename({one: file for one, file in self._now.items() if one != name})
            case Synced(""):
                self._past = [self._now]
            case Synced(name):
                self._now[name].sync()
            case Said():
                return True
        return not isinstance(call, Synced)

    def images(self, chance: random.Random) -> Iterator[Image]:
        """What may be left: all, nothing of what is not safe, the newest write alone, and some drawn by lot."""
        newest = {id(self._last): self._last.waiting[-1:]} if self._last else {}
        yield {name: file.content(file.waiting) for name, file in self._now.items()}
        yield {name: bytes(file.safe) for name, file in self._past[0].items()}
        yield {name: file.content(newest.get(id(file), ())) for name, file in self._now.items()}
        for _ in range(TORN):
            names = chance.choice(self._past)
            yield {
                name: file.content(part for one in file.waiting for part in _sectors(one) if chance.random() < 0.5)
                for name, file in names.items()
            }

    def _write(self, change: Written | Shortened) -> None:
        self._last = self._now[change.name]
        self._last.waiting.append(change)

    def _rename(self, names: Names) -> None:
        self._now = names
        self._past.append(names)


@dataclass(frozen=True)
class State:
    """Files that a crash may leave, and what had been said by then."""

    image: Image
    said: tuple[str, ...]
    digest: bytes


def states(calls: Iterable[Call], ignored: str, seed: int) -> Iterator[State]:
    """Every state that is looked at, in the order of the calls; `ignored`: files whose names end so count as none."""
    chance = random.Random(seed)
    disk, said = Disk(), []
    for call in calls:
        if not isinstance(call, Said) and _name(call).endswith(ignored):
            continue
        if isinstance(call, Said):
            said.append(call.text)
        if disk.take(call):
            for image in disk.images(chance):
                yield State(image, tuple(said), _digest(image))


def lay(image: Mapping[str, bytes], folder: Path) -> None:
    """Put the files of an image into a fresh folder."""
    folder.mkdir()
    for name, content in image.items():
        (folder / name).write_bytes(content)


def _name(call: Call) -> str:
    return "" if isinstance(call, Said) else call.name


def _digest(image: Image) -> bytes:
    made = hashlib.blake2b(digest_size=16)
    for name in sorted(image):
        made.update(f"{name}\0{len(image[name])}\0".encode() + image[name])
    return made.digest()
