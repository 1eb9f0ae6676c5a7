"""The station's keys as files: the one that it signs with, followed as it changes, and the one that is to come.

A renewal replaces the file by one rename, so at any moment there is exactly one key in use. Until the station knows
that its center has the new one, both are kept: whichever the center has, the station can prove that it is itself.
"""

import logging
import os
from pathlib import Path

from kiosk.keys import FILE, KeyFileError, StationKey, open_station_key, read_station_key

NEXT = "station.next"
"""The private key that is to follow, in the keys folder while a renewal is under way."""

_log = logging.getLogger(__name__)


class Keyring:
    """The keys in one folder. Belongs to one thread; others, and other processes, have their own of the same folder."""

    def __init__(self, folder: Path) -> None:
        """Open the key in `folder`, or make the first one. Raises KeyFileError."""
        self._folder = folder
        self._path = folder / FILE
        self._next = folder / NEXT
        self._key = open_station_key(folder)
        self._seen = self._mark()

    @property
    def key(self) -> StationKey:
        """The key in use. Where its file was changed to what cannot be used, the one before goes on."""
        if (mark := self._mark()) != self._seen:
            self._seen = mark
            try:
                self._key = read_station_key(self._path)
            except KeyFileError as error:
                _log.error("%s", error)
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return the signature of `message` by the key in use."""
        return self.key.sign(message)

    def following(self) -> StationKey | None:
        """The key that is to follow, None when no renewal is under way."""
        if not self._next.exists():
            return None
        try:
            return read_station_key(self._next)
        except KeyFileError as error:
            _log.error("%s", error)
            return None

    def make_following(self) -> StationKey:
        """Return the key that is to follow, made now if there is none. Raises KeyFileError."""
        return open_station_key(self._folder, NEXT)

    def switch(self) -> None:
        """Use the key that was to follow; nothing to do when another process has done so. Raises OSError."""
        if not self._next.exists():
            return
        self._next.replace(self._path)
        self._sync()

    def drop(self) -> None:
        """Give up the key that was to follow: the center will not have it. Raises OSError."""
        self._next.unlink(missing_ok=True)
        self._sync()

    def _mark(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            # What cannot be looked at has not been replaced by something better: the key in memory stays in use.
            return self._seen
        return status.st_ino, status.st_mtime_ns

    def _sync(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
