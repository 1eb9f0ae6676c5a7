"""Work at the line: paused, hurried, its backlog by kind, its last troubles, a bundle to carry by hand."""

import asyncio
import datetime
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.hours import CHINA
from kiosk.link.worker import LinkThread
from kiosk.services import Refused
from kiosk.technician.audit import Hand
from kiosk.technician.carrying import Folder, folders, write
from kiosk.technician.exchanges import symptom_of
from kiosk.technician.reading import read


class PastTrouble(msgspec.Struct, frozen=True):
    """A trouble that the line had: a code of `symptoms`, the center's or system's own words, when, UTC milliseconds."""

    symptom: str
    detail: str
    time: int


class LineView(msgspec.Struct, frozen=True):
    """How the line is. `symptom`: a code of `symptoms`, empty when all is well.

    `answered`: when the center answered last, UTC milliseconds, None before it did. `backlog`: entries that it is not
    known to have, by kind, most first. `troubles`: the newest first.
    """

    url: str
    paused: bool
    symptom: str
    answered: int | None
    backlog: tuple[tuple[str, int], ...]
    troubles: tuple[PastTrouble, ...]

    @property
    def unsent(self) -> int:
        """All entries that wait."""
        return sum(count for _, count in self.backlog)


class LineWork:
    """What can be done at the line. Every call is awaited; each action is noted."""

    def __init__(
        self,
        state: Path,
        station: str,
        url: str,
        link: LinkThread | None,
        hand: Hand,
        now_ms: Callable[[], int],
    ) -> None:
        """`link`: None where no center is set."""
        self._state = state
        self._station = station
        self._url = url
        self._link = link
        self._hand = hand
        self._now_ms = now_ms

    async def view(self) -> LineView:
        """Return how the line is. Raises Refused where the journal cannot be read."""

        def look() -> tuple[tuple[str, int], ...]:
            with read(self._state) as listing:
                return listing.backlog()

        backlog = await asyncio.to_thread(look)
        if self._link is None:
            return LineView(self._url, False, "center-none", None, backlog, ())
        status = self._link.status
        symptom = symptom_of(status.trouble) if status.trouble else ""
        past = self._link.troubles
        return LineView(
            self._url,
            self._link.paused,
            symptom,
            None if status.since is None else self._when(status.since),
            backlog,
            tuple(PastTrouble(symptom_of(one.trouble), one.detail, self._when(one.last)) for one in past),
        )

    async def pause(self, wanted: bool) -> None:
        """Let the line rest, or go on. It goes on by itself once the technician leaves. Raises Refused without one."""
        self._there().pause(wanted)
        await self._did("line-paused" if wanted else "line-resumed")

    async def hurry(self) -> None:
        """Exchange now. Raises Refused where there is no center."""
        self._there().hurry()
        await self._did("line-hurried")

    async def folders(self) -> tuple[Folder, ...]:
        """Return where files can be written to now."""
        return await asyncio.to_thread(folders, self._state)

    async def bundle(self, folder: Folder) -> tuple[Path, int]:
        """Write what waits, signed, for the center's `kiosk center import`; returns the file and the entries in it."""

        def carry() -> tuple[Path, int]:
            content, count = self._bundled()
            moment = datetime.datetime.fromtimestamp(self._now_ms() / 1000, CHINA)
            name = f"kiosk-{self._station}-{moment:%Y%m%d-%H%M%S}.bundle"
            path = write(folder, name, content)
            self._hand.did("bundled", entries=count, file=name)
            return path, count

        return await asyncio.to_thread(carry)

    def leave(self) -> None:
        """Let a line go on that was paused; returns at once."""
        if self._link is not None and self._link.paused:
            self._link.pause(False)

    def _bundled(self) -> tuple[bytes, int]:
        from sqlite_utils.utils import sqlite3

        from kiosk.journal.folder import StateError
        from kiosk.keys import KeyFileError
        from kiosk.link.bundling import bundled

        try:
            return bundled(self._station, self._state, self._now_ms())
        except KeyFileError as error:
            raise Refused("密钥不能用，请看概况怎么处理。") from error
        except (StateError, sqlite3.Error) as error:
            raise Refused("本机记录读不出来，请看概况怎么处理。") from error

    def _when(self, steady: float) -> int:
        """Return a time of the monotonic clock as UTC milliseconds, whole seconds: the same for the same moment."""
        return round(self._now_ms() / 1000 - time.monotonic() + steady) * 1000

    def _there(self) -> LinkThread:
        if self._link is None:
            raise Refused("没有设置中心。")
        return self._link

    async def _did(self, what: str) -> None:
        await asyncio.to_thread(self._hand.did, what)
