"""The one door for the technician's screens, as the desk is the one for residents.

What comes from memory answers at once; whatever waits for a disk, a port or a lock is awaited, off the screens' loop.
Each action is noted in the journal with the name of who did it, and so goes to the center.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from kiosk.services import Refused
from kiosk.settings import Settings
from kiosk.technician import origins
from kiosk.technician.archive import Archive
from kiosk.technician.audit import LEFT, Audit, Hand
from kiosk.technician.bench import Bench
from kiosk.technician.codes import CodesError
from kiosk.technician.entrance import Entrance, Entry
from kiosk.technician.findings import Finding
from kiosk.technician.line_work import LineWork
from kiosk.technician.lockout import TriesError
from kiosk.technician.paper_work import PaperWork
from kiosk.technician.rehearsal import Rehearsal
from kiosk.technician.report import PRINTED_ENTRIES, Say, record, report
from kiosk.text import Language

T = TypeVar("T")

_UNUSABLE = "技术员密码文件不能用，请看记录文件夹里的日志。"

_log = logging.getLogger(__name__)


class Door:
    """Way in and out, and the rooms behind it: `bench`, `paper`, `archive`, `line`, and `rehearsal` for practice."""

    def __init__(
        self,
        entrance: Entrance,
        audit: Audit,
        hand: Hand,
        settings: Settings,
        now_ms: Callable[[], int],
        *,
        bench: Bench,
        paper: PaperWork,
        archive: Archive,
        line: LineWork,
        rehearsal: Rehearsal | None = None,
        shown_code: str = "",
    ) -> None:
        """`now_ms`: the station's clock, UTC milliseconds. `rehearsal`: None where a device is real.

        `shown_code`: the demonstration's own code, which everybody may see.
        """
        self._entrance = entrance
        self._audit = audit
        self._hand = hand
        self._settings = settings
        self._now_ms = now_ms
        self.bench = bench
        self.paper = paper
        self.archive = archive
        self.line = line
        self.rehearsal = rehearsal
        self.shown_code = shown_code

    @property
    def name(self) -> str:
        """Who is in, empty for nobody."""
        return self._hand.name

    async def locked(self) -> int:
        """Return for how many milliseconds more no code is tried. Raises Refused where that cannot be known."""
        return await self._asked(self._entrance.locked)

    async def enter(self, code: str) -> Entry:
        """Try a code. Raises Refused when none can be tried: then nobody is in."""
        entry = await self._asked(lambda: self._entrance.enter(code))
        if entry.name:
            self._hand.take(entry.name)
            await self.bench.begin()
        return entry

    async def leave(self) -> None:
        """Nobody is in any more: what was asked for is not printed by itself later, and the line goes on."""
        name = self._hand.name
        if not name:
            return
        self.paper.leave()
        self.line.leave()
        if self.rehearsal:
            self.rehearsal.clear()
        self._hand.take("")
        await asyncio.to_thread(lambda: self._audit.note(LEFT, name=name))

    async def settings(self) -> origins.SettingsView:
        """Return every setting and where it comes from."""
        return await asyncio.to_thread(origins.view, self._settings)

    async def print_report(self, say: Say, language: Language, findings: tuple[Finding, ...]) -> int:
        """Print the report of a round of tests; returns the print job. Raises Refused."""
        titles = {test.name: test.title for test in self.bench.tests()}
        moment, number = self._now_ms(), self._settings.station.number
        return await self.paper.print(report(say, language, number, moment, findings, titles))

    async def print_record(self, say: Say, language: Language, beginnings: tuple[str, ...], searched: str) -> int:
        """Print the newest entries of these kinds in short; returns the print job. Raises Refused."""
        entries = await self.archive.newest(beginnings, searched, PRINTED_ENTRIES)
        document = record(say, language, self._settings.station.number, self._now_ms(), entries)
        return await self.paper.print(document)

    async def settle(self) -> None:
        """Enter into the journal what was changed from the shell. Raises Refused."""
        await self._asked(self._entrance.settle)

    async def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(ask)
        except (CodesError, TriesError) as error:
            _log.error("%s", error)
            raise Refused(_UNUSABLE) from error
