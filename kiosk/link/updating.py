"""Takes in the catalogue releases that the center offers: fetched between exchanges, checked, kept, handed on."""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.catalog.installed import NotInstalled, install
from kiosk.catalog.model import Release
from kiosk.keys import verify
from kiosk.link.machine import Trouble
from kiosk.link.transport import Line, LineTrouble
from kiosk.wire.entries import Unreadable
from kiosk.wire.release import MEDIA_TYPE, SIGNED_LIMIT, message, read_signed, release_path, unpacked

RETRY_S = 300.0
"""Seconds before a release that could not be fetched or written is tried again."""

_log = logging.getLogger(__name__)


class Told(msgspec.Struct, frozen=True):
    """What the journal keeps of a release: `kind` of the entry, and why it was refused."""

    kind: str
    version: int
    reason: str = ""


class Updating:
    """Looks after the releases of one station. For the link's thread."""

    def __init__(
        self,
        folder: Path,
        public: bytes,
        present: Callable[[], Release],
        renew: Callable[[Release], None],
        tell: Callable[[Told], None],
    ) -> None:
        """`folder`: where releases are kept; `public`: the center's release key.

        `present()` is the newest release here, `renew` is given one that is newer, `tell` what the journal shall keep.
        """
        self._folder = folder
        self._public = public
        self._present = present
        self._renew = renew
        self._tell = tell
        self._refused: set[int] = set()
        self._not_before = float("-inf")

    def look(self, offered: int, line: Line, now: float) -> None:
        """Take in release `offered` over `line` if it is newer; `now`: seconds of a monotonic clock."""
        if offered <= self._present().version or offered in self._refused or now < self._not_before:
            return
        try:
            release = self._fetch(offered, line)
        except (LineTrouble, OSError) as error:
            _log.warning("release %d: %s", offered, error)
            self._not_before = now + RETRY_S
            return
        except (Unreadable, NotInstalled) as error:
            _log.error("release %d is refused: %s", offered, error)
            self._refused.add(offered)
            self._tell(Told("catalog.refused", offered, str(error)))
            return
        self._renew(release)
        self._tell(Told("catalog.taken", offered))

    def _fetch(self, version: int, line: Line) -> Release:
        reply = line.get(release_path(version), SIGNED_LIMIT)
        if reply.status != 200 or reply.media_type != MEDIA_TYPE:
            words = f"status {reply.status}, {reply.media_type or 'no content type'}"
            raise LineTrouble(Trouble.NOT_THE_CENTER, words)
        signed = read_signed(reply.content)
        if signed.version != version:
            raise Unreadable(f"another release came, version {signed.version}")
        if not verify(self._public, message(version, signed.content), signed.signature):
            raise Unreadable("its signature is not the center's")
        return install(self._folder, version, unpacked(signed.content), self._present())
