"""The local record for the technician: browsed, searched, printed in short, carried away."""

import asyncio
import datetime
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.hours import CHINA
from kiosk.journal.entries import Entered, exported
from kiosk.services import Refused
from kiosk.technician.audit import DID, Hand
from kiosk.technician.carrying import Folder, folders, write
from kiosk.technician.reading import read

FILTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("全部", ()),
    ("取号", ("ticket.",)),
    ("打印", ("paper.",)),
    ("申请和评价", ("request.", "rating.")),
    ("预约和名额", ("appointment.", "places.")),
    ("技术员", ("technician.",)),
    ("目录和编号", ("catalog.", "numbers.", "epoch.", "entry.")),
)
"""What can be looked at alone: its Simplified word, and how the kinds of its entries begin."""

KINDS = {
    "ticket.issued": "取号",
    "ticket.reprinted-elsewhere": "补打别站的小票",
    "paper.printed": "打出小票",
    "paper.held": "小票没打出来",
    "paper.unknown": "小票不能确定",
    "paper.asked": "再打小票",
    "paper.cut": "切下残纸",
    "paper.abandoned": "放弃小票",
    "paper.roll": "换纸",
    "request.made": "提交申请",
    "request.cancelled": "取消申请",
    "rating.given": "评价",
    "appointment.booked": "约好一场",
    "appointment.changed": "改到另一场",
    "appointment.cancelled": "不约了",
    "places.returned": "退回名额",
    "catalog.taken": "换上新目录",
    "catalog.refused": "不收新目录",
    "numbers.raised": "跳过号码",
    "epoch.begun": "记录换新一段",
    "entry.recovered": "重新记入",
    "technician.entered": "技术员进入",
    "technician.refused": "密码输错",
    "technician.locked": "锁住",
    "technician.left": "技术员离开",
    "technician.did": "技术员操作",
    "technician.tested": "测试",
    "technician.set": "设密码",
    "technician.removed": "取消密码",
}
"""What each kind of entry is called, in Simplified words; an unknown one goes by its own name."""

WARN_DAYS = 3
"""Days before what is kept for a time only is erased, from which on that is told."""

_DAY_MS = 86_400_000
_EXPORTED = "exported"


class RecordView(msgspec.Struct, frozen=True):
    """A page of the record, newest first, behind the first `skip` of `total`.

    `exported`: when all of it was carried away last, UTC milliseconds, 0 for never; `since`: entries made after that.
    `ending`: slips that never came out and are erased within `WARN_DAYS` days.
    """

    entries: tuple[Entered, ...]
    skip: int
    total: int
    exported: int
    since: int
    ending: int


class Archive:
    """What can be done with the record. Every call is awaited and may raise Refused."""

    def __init__(self, state: Path, station: str, slips_days: int, hand: Hand, now_ms: Callable[[], int]) -> None:
        """`slips_days`: days for which the settings keep slips that never came out."""
        self._state = state
        self._station = station
        self._slips_days = slips_days
        self._hand = hand
        self._now_ms = now_ms

    async def page(self, beginnings: tuple[str, ...], searched: str, count: int, skip: int) -> RecordView:
        """Return `count` entries of these kinds whose data holds `searched`, behind the first `skip`."""
        soon = self._now_ms() - max(self._slips_days - WARN_DAYS, 0) * _DAY_MS

        def look() -> RecordView:
            with read(self._state) as listing:
                marks = listing.entries((DID,), f'"what":"{_EXPORTED}"', 1)
                carried = marks[0].time if marks else 0
                total = listing.count(beginnings, searched)
                at = min(skip, max(total - 1, 0) // count * count)
                entries = listing.entries(beginnings, searched, count, at)
                return RecordView(entries, at, total, carried, listing.made_since(carried), listing.ending(soon))

        return await asyncio.to_thread(look)

    async def newest(self, beginnings: tuple[str, ...], searched: str, count: int) -> tuple[Entered, ...]:
        """Return the newest of these entries, oldest first, to be printed."""

        def look() -> tuple[Entered, ...]:
            with read(self._state) as listing:
                return listing.entries(beginnings, searched, count)[::-1]

        return await asyncio.to_thread(look)

    async def folders(self) -> tuple[Folder, ...]:
        """Return where files can be written to now."""
        return await asyncio.to_thread(folders, self._state)

    async def export(self, folder: Folder) -> tuple[Path, int]:
        """Write all entries as JSON lines with their hashes; returns the file and how many they are.

        What is sealed is not among them, and nothing personal is outside of what is sealed. A marker is entered.
        """
        name = f"kiosk-{self._station}-{self._stamp()}.jsonl"

        def carry() -> tuple[Path, int]:
            lines = _lines(self._state)
            path = write(folder, name, b"".join(lines))
            self._hand.did(_EXPORTED, entries=len(lines), file=name)
            return path, len(lines)

        return await asyncio.to_thread(carry)

    def _stamp(self) -> str:
        return f"{datetime.datetime.fromtimestamp(self._now_ms() / 1000, CHINA):%Y%m%d-%H%M%S}"


def _lines(state: Path) -> list[bytes]:
    """Return all entries as `kiosk journal export` writes them. Raises Refused."""
    from sqlite_utils.utils import sqlite3

    from kiosk.journal.folder import StateError
    from kiosk.journal.store import Reader

    try:
        reader = Reader(state)
        try:
            return [exported(entry) for entry in reader.entries()]
        finally:
            reader.close()
    except (StateError, sqlite3.Error) as error:
        raise Refused("本机记录读不出来，请看概况怎么处理。") from error
