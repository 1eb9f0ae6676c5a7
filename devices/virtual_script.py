"""A play of faults for the virtual printer: what goes wrong when, by the clock or by the line of print.

One event a line; blank lines and what follows `#` are left out:

    3.5 s     cover open       three and a half seconds after the start
    line 12   paper out        when the twelfth line of print has come out
    +2 s      paper in         two seconds after the event above

Events wait for the ones above them. Capitals and small letters are the same.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.wire import BAUDS
from kiosk.text import clean

LONGEST_S = 86_400
"""A time in a script is a day at most."""
MOST_LINES = 100_000

_LINE = re.compile(r"(?:(?P<after>\+)?(?P<seconds>[^\s+]+?)\s*s|line\s+(?P<line>\S+))\s+(?P<event>\S.*)", re.ASCII)
_SECONDS = re.compile(r"\d{1,5}(?:\.\d{1,6})?", re.ASCII)
_COUNT = re.compile(r"\d{1,6}", re.ASCII)
EVENTS = (
    "paper out",
    "paper in",
    "paper low",
    "cover open",
    "cover closed",
    "knife jams",
    "knife free",
    "head hot",
    "head cool",
    "power off",
    "power on",
    "silent",
    "half answers",
    "answers",
    "xoff",
    "xon",
    "cable out",
    "cable in",
    "port gone",
    "port back",
    "garbage",
    "clean line",
    *(f"baud {speed}" for speed in BAUDS),
)
"""All that can happen."""


@dataclass(frozen=True)
class Entry:
    """One event: `seconds` after the start, or after the event before it if `after`; or at `line` of print."""

    event: str
    seconds: float | None = None
    after: bool = False
    line: int | None = None


def read_script(text: str, name: str) -> tuple[Entry, ...]:
    """Return the events of `text`. Raises ValueError naming the file `name`, the line and the mistake."""
    entries = []
    for number, whole in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        line = whole.split("#")[0].strip()
        if line:
            try:
                entries.append(_entry(line))
            except ValueError as error:
                raise ValueError(f"{name}:{number}: {error}") from None
    return tuple(entries)


def _entry(line: str) -> Entry:
    found = _LINE.fullmatch(line.lower())
    if found is None:
        raise ValueError(f"{_short(line)} must read like `3.5 s cover open`, `+2 s paper in` or `line 12 paper out`")
    event = " ".join(found["event"].split())
    if event not in EVENTS:
        raise ValueError(f"{_short(event)} never happens; known: {', '.join(EVENTS)}")
    if found["line"]:
        if not _COUNT.fullmatch(found["line"]) or not 1 <= int(found["line"]) <= MOST_LINES:
            raise ValueError(f"line {_short(found['line'])}: allowed are lines 1 to {MOST_LINES}")
        return Entry(event, line=int(found["line"]))
    if not _SECONDS.fullmatch(found["seconds"]) or float(found["seconds"]) > LONGEST_S:
        raise ValueError(f"{_short(found['seconds'])} s: allowed are 0 to {LONGEST_S} seconds, such as 3.5")
    return Entry(event, seconds=float(found["seconds"]), after=bool(found["after"]))


def _short(text: str) -> str:
    return repr(clean(text, 40))


class Play:
    """Lets the events of a script happen to a printer and its port, in the port's thread."""

    def __init__(
        self,
        entries: tuple[Entry, ...],
        printer: VirtualPrinter,
        port: VirtualPort,
        happened: Callable[[str], None] = lambda event: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`happened` is told of each event as it happens. The clock starts with the first `step`."""
        self._entries = entries
        self._printer = printer
        self._port = port
        self._happened = happened
        self._clock = clock
        self._next = 0
        self._start: float | None = None
        self._last = 0.0
        printer.on_line = port.step = self.step

    @property
    def over(self) -> bool:
        """Whether all has happened."""
        return self._next == len(self._entries)

    def step(self) -> None:
        """Let happen what is due; called often, and after each line of print."""
        now = self._clock()
        if self._start is None:
            self._start = self._last = now
        while not self.over and self._due(self._entries[self._next], now, self._start):
            event = self._entries[self._next].event
            self._next += 1
            self._last = now
            happen(event, self._printer, self._port)
            self._happened(event)

    def _due(self, entry: Entry, now: float, start: float) -> bool:
        if entry.line is not None:
            return self._printer.head.lines >= entry.line
        return now >= (self._last if entry.after else start) + (entry.seconds or 0.0)


def happen(event: str, printer: VirtualPrinter, port: VirtualPort) -> None:
    """Let one of EVENTS happen; it takes effect with the port's next step."""
    match event.split():
        case ["paper", "in"]:
            printer.reload()
        case ["paper", "out"]:
            printer.paper_out = True
        case ["paper", "low"]:
            printer.paper_low = True
        case ["cover", how]:
            printer.cover_open = how == "open"
        case ["knife", how]:
            printer.cutter_jammed = how == "jams"
        case ["head", how]:
            printer.head_hot = how == "hot"
        case ["power", how]:
            printer.switch(how == "on")
        case ["silent"]:
            printer.silent = True
        case ["half", "answers"]:
            printer.half = True
        case ["answers"]:
            printer.silent = printer.half = False
        case ["xoff" | "xon" as how]:
            printer.line_held = how == "xoff"
        case ["cable", how]:
            port.plugged = how == "in"
        case ["port", how]:
            port.present = how == "back"
        case ["garbage"]:
            port.noise = True
        case ["clean", "line"]:
            port.noise = False
        case ["baud", speed]:
            port.baud = int(speed)
