"""Puts the technician's door together for a running station."""

from collections.abc import Callable, Sequence

from kiosk.clock import uptime_ms
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.technician.archive import Archive
from kiosk.technician.audit import Audit, Hand
from kiosk.technician.bench import Bench
from kiosk.technician.by_hand import by_hand
from kiosk.technician.codes import Codes
from kiosk.technician.door import Door
from kiosk.technician.entrance import Entrance
from kiosk.technician.findings import Test
from kiosk.technician.line_work import LineWork
from kiosk.technician.lockout import Tries
from kiosk.technician.overview import Overview
from kiosk.technician.paper_work import PaperWork
from kiosk.technician.rehearsal import Fault, Rehearsal

Faults = tuple[Sequence[Fault], Callable[[str, bool], None]]
"""What can be practised, and what switches it on and off."""


def door_of(
    settings: Settings,
    station: Station,
    tests: Callable[[], Sequence[Test]],
    overview: Callable[[], Overview],
    *,
    faults: Faults | None = None,
    shown_code: str = "",
) -> Door:
    """Return the door to the running `station`. `tests()` are the automatic ones, `overview()` is what they last found.

    `faults`: of virtual devices, None where one is real; `shown_code`: the demonstration's own code.
    """

    def now_ms() -> int:
        return station.clock.now().ms

    state, number = station.state, settings.station.number
    printer = settings.printer
    by_person = by_hand(printer.profile, printer.columns, scanner=bool(settings.scanner.port))
    audit = Audit(station.writer, now_ms)
    hand = Hand(audit)
    return Door(
        Entrance(Codes(state), Tries(state, uptime_ms), audit),
        audit,
        hand,
        settings,
        now_ms,
        bench=Bench(lambda: (*tests(), *by_person), overview, hand, now_ms),
        paper=PaperWork(state, station.writer, station.spooler, hand, now_ms),
        archive=Archive(state, number, settings.retention.slips_days, hand, now_ms),
        line=LineWork(state, number, settings.center.url, station.link, hand, now_ms),
        rehearsal=Rehearsal(*faults, hand) if faults else None,
        shown_code=shown_code,
    )
