"""The technicians' codes on this station: one each, kept only as scrypt (RFC 7914) with a salt of its own.

The file is written whole beside the old one and put in its place, so that a power cut leaves one of the two. Whoever
changes a code does it from the shell, perhaps beside a running station, which alone writes the journal: the change is
noted in the file, and the station enters it.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kiosk.technician.code_rules import NAME, Weakness, weakness

FILE, LOCK = "technicians.json", "technicians.lock"

MOST = 8
"""Technicians of one station: all codes are tried against an entry, and each takes some 80 ms."""

SCRYPT = "scrypt-32768-8-1"
"""Algorithm id: scrypt with N = 32768, r = 8, p = 1, 32 bytes."""

_MEMORY = 64 << 20


class CodesError(Exception):
    """The codes cannot be read or written; the message is one line for a person."""


class Unfit(Exception):
    """A code or name that is not taken. `weakness` is None where name or number of technicians is the reason."""

    def __init__(self, words: str, weakness: Weakness | None = None) -> None:
        super().__init__(words)
        self.weakness = weakness


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One technician. `alg` names how `digest` was made of the code and `salt`; `set` in UTC milliseconds."""

    name: str
    set: int
    alg: str
    salt: bytes
    digest: bytes

    def matches(self, code: str) -> bool:
        """Whether `code` is this technician's; takes as long for a wrong one."""
        return hmac.compare_digest(_digest(code, self.salt), self.digest)


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change from the shell that the journal does not have yet. `kind` is technician.set or technician.removed."""

    kind: str
    name: str
    time: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int = 1
    technicians: tuple[Stored, ...] = ()
    changes: tuple[Change, ...] = ()


class Codes:
    """The codes in one state folder. Each call reads the file anew: it may change beside a running station."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the state folder; it must be there before anything is set."""
        self._folder = folder
        self._path = folder / FILE

    def names(self) -> tuple[tuple[str, int], ...]:
        """Each technician, and when the code was set, UTC milliseconds. Raises CodesError."""
        return tuple((one.name, one.set) for one in self._read().technicians)

    def who(self, code: str) -> str | None:
        """Return whose code it is, None for nobody's. Takes the same time whatever is wrong. Raises CodesError."""
        found: str | None = None
        for one in self._read().technicians:
            if one.matches(code):
                found = one.name
        return found

    def set(self, name: str, code: str, now: int) -> bool:
        """Give `name` a code at `now`, UTC milliseconds; whether there was one before. Raises Unfit and CodesError."""
        if not NAME.fullmatch(name):
            raise Unfit("a name has 1 to 16 letters, digits, Chinese characters or hyphens")
        if why := weakness(code):
            raise Unfit("this code is not taken", why)
        with self._changing() as file:
            others = tuple(one for one in file.technicians if one.name != name)
            if len(others) >= MOST:
                raise Unfit(f"there are {MOST} technicians already; remove one first")
            if any(one.matches(code) for one in others):
                # The code alone tells who stands there. Said in the words for a weak one, so as not to give it away.
                raise Unfit("this code is not taken", Weakness.REPEATED)
            salt = secrets.token_bytes(16)
            stored = Stored(name, now, SCRYPT, salt, _digest(code, salt))
            self._write(_File(1, (*others, stored), (*file.changes, Change("technician.set", name, now))))
        return len(others) < len(file.technicians)

    def remove(self, name: str, now: int) -> bool:
        """Take the code of `name` away; False when there was none. Raises CodesError."""
        with self._changing() as file:
            others = tuple(one for one in file.technicians if one.name != name)
            if len(others) == len(file.technicians):
                return False
            self._write(_File(1, others, (*file.changes, Change("technician.removed", name, now))))
        return True

    def changes(self) -> tuple[Change, ...]:
        """The changes that the journal does not have yet. Raises CodesError."""
        return self._read().changes

    def entered(self, changes: tuple[Change, ...]) -> None:
        """Forget `changes`, which the journal has now. Raises CodesError."""
        with self._changing() as file:
            self._write(msgspec.structs.replace(file, changes=tuple(one for one in file.changes if one not in changes)))

    def _read(self) -> _File:
        try:
            if self._path.stat().st_mode & 0o077:
                raise CodesError(f"{self._path}: others may read the codes; run: chmod 600 {self._path}")
            file = msgspec.json.decode(self._path.read_bytes(), type=_File)
        except FileNotFoundError:
            return _File()
        except OSError as error:
            raise CodesError(f"{self._path}: cannot be read: {error.strerror}") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise CodesError(
                f"{self._path}: is damaged; remove it and set the codes again: kiosk set-pin NAME"
            ) from None
        if file.v != 1 or any(one.alg != SCRYPT for one in file.technicians):
            raise CodesError(f"{self._path}: was written by a newer version; update the program")
        return file

    @contextmanager
    def _changing(self) -> Iterator[_File]:
        try:
            lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CodesError(f"{self._folder}: cannot be written to: {error.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            belong(lock, self._folder)
            yield self._read()
        except OSError as error:
            raise CodesError(f"{self._path}: cannot be written: {error.strerror}") from None
        finally:
            os.close(lock)

    def _write(self, file: _File) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            belong(descriptor, self._folder)
            os.write(descriptor, msgspec.json.encode(file))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        fresh.replace(self._path)
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def belong(descriptor: int, folder: Path) -> None:
    """Give an open file to the owner of `folder`: the administrator sets codes that the station's user must read."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _digest(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode("utf-8"), salt=salt, n=1 << 15, r=8, p=1, maxmem=_MEMORY, dklen=32)
