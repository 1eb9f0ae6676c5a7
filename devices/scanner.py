"""A QR scanner on a serial port: one code a line, as scanners send them with the suffix CR or CR LF.

What a code says comes from a stranger. It is bounded, has to be plain text, goes through the one cleaner, and is let
through only if it is one of ours; all else is the same to a resident: this code cannot be read.
"""

import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable

from devices.serial_port import PortLostError, SerialPort
from kiosk.ports import Check, Condition, Part, Reading, Scan, State, Unread, Verdict
from kiosk.text import clean

LIMIT = 512
"""Bytes of a code: our longest has 180, and what is longer is dropped as it comes."""
BREAK_S = 0.5
"""A pause in the middle of a code: at 9600 baud a byte takes 1 ms."""
AGAIN_S = 2.0
"""A code that stays before the scanner is read many times a second; it counts again after it was away for so long."""

_ENDS = b"\r\n"
_PARTING = {"Zs", "Pd"}
"""What may stand between digits: blanks and hyphens (Unicode general categories)."""
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""What kind of symbol it was (AIM identifier, ISO/IEC 15424): some scanners are set to send it first."""


def ours(hosts: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells our codes by their looks: links of tickets and guides at `hosts`, and codes of 16 digits.

    Whether a link is genuine is another question, which its signature answers.
    """
    names = "|".join(re.escape(host) for host in hosts)
    address = rf"https://(?:{names})/[TG]/[0-9A-Z]+(?:/[0-9A-Z]+)?" if names else r"(?!)"
    pattern = re.compile(rf"{address}|\d{{16}}", re.IGNORECASE | re.ASCII)
    return lambda text: pattern.fullmatch(text) is not None


def _typed(text: str) -> str:
    """Return the digits of a code that a person typed or had made into a code, in any groups and width; else nothing.

    Many scanners have a keypad, and a slip shows its code in groups.
    """
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(c for c in plain if c != "\t" and unicodedata.category(c) not in _PARTING)
    return digits if digits.isascii() and digits.isdigit() else ""


class Codes:
    """Takes bytes as they come from the port and gives whole codes, each once as long as it stays there."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        """`known` tells whether a text is one of our codes."""
        self._known = known
        self._open = bytearray()
        self._too_long = False
        self._came = 0.0
        self._last = Scan()
        self._seen = float("-inf")

    def take(self, data: bytes, now: float) -> list[Scan]:
        """Return the codes that `data`, which came at `now` (seconds, monotonic), completes; those seen just now once.

        A code that broke off, as when power fails, is not joined with the next one.
        """
        found: list[Scan] = []
        if (self._open or self._too_long) and now - self._came > BREAK_S:
            found.append(Scan(unread=Unread.TOO_LONG if self._too_long else Unread.BROKEN_OFF))
            self._clear()
        if data:
            self._came = now
        for byte in data:
            if byte in _ENDS:
                if self._open or self._too_long:
                    found.append(self._read())
                self._clear()
            elif len(self._open) < LIMIT:
                self._open.append(byte)
            else:
                self._too_long = True
        return [scan for scan in found if not self._is_repeated(scan, now)]

    def _clear(self) -> None:
        self._open.clear()
        self._too_long = False

    def _read(self) -> Scan:
        if self._too_long:
            return Scan(unread=Unread.TOO_LONG)
        try:
            raw = self._open.decode("utf-8")
        except UnicodeDecodeError:
            return Scan(unread=Unread.NO_TEXT)
        if digits := _typed(raw):
            return Scan(digits) if self._known(digits) else Scan(unread=Unread.FOREIGN)
        text = clean(raw, LIMIT)
        if text != raw.strip():
            return Scan(unread=Unread.NO_TEXT)
        text = _AIM.sub("", text, count=1) if _AIM.match(text) else text
        return Scan(text) if self._known(text) else Scan(unread=Unread.FOREIGN)

    def _is_repeated(self, scan: Scan, now: float) -> bool:
        repeated = scan == self._last and now - self._seen < AGAIN_S
        self._last, self._seen = scan, now
        return repeated


class SerialScanner:
    """Implements `kiosk.ports.Scanner`. The port is opened when first needed, and again after it was lost.

    One thread reads; others may ask for its state meanwhile.
    """

    def __init__(self, port: str, baud: int, known: Callable[[str], bool]) -> None:
        """`port` is a device's path, `baud` its speed in bits a second, `known` tells our codes (see `ours`)."""
        self._port = SerialPort(port, baud)
        self._codes = Codes(known)
        self._lock = threading.Lock()
        self._waiting: list[Scan] = []
        self._has_read = False

    def read(self, seconds: float) -> Scan | None:
        """Wait for a code; None when none is held to the scanner within `seconds`, or it is not connected."""
        deadline = time.monotonic() + seconds
        while not self._waiting:
            left = deadline - time.monotonic()
            try:
                with self._lock:
                    self._port.open()
                    data = self._port.read(max(0.0, min(left, BREAK_S)))
            except PortLostError:
                time.sleep(max(0.0, left))
                return None
            self._waiting += self._codes.take(data, time.monotonic())
            if not self._waiting and left <= 0:
                return None
        scan = self._waiting.pop(0)
        self._has_read = self._has_read or scan.unread is not Unread.BROKEN_OFF
        return scan

    def state(self) -> State:
        """A scanner answers no questions: it is READY once it has read something, and UNKNOWN until then."""
        try:
            with self._lock:
                self._port.open()
        except PortLostError:
            return State(Condition.NO_PORT, {Part.LINE: Reading.FAULT, Part.READER: Reading.UNKNOWN})
        reader = Reading.FINE if self._has_read else Reading.UNKNOWN
        condition = Condition.READY if self._has_read else Condition.UNKNOWN
        return State(condition, {Part.LINE: Reading.FINE, Part.READER: reader})

    def self_test(self) -> tuple[Check, ...]:
        """Check the port, and whether anything was read since the start; a person must hold a code to it."""
        state = self.state()
        line = Verdict.PASSED if state.readings[Part.LINE] is Reading.FINE else Verdict.FAILED
        reader = Verdict.PASSED if self._has_read else Verdict.UNKNOWN
        return Check("scanner-line", line, state.condition), Check("scanner-reader", reader)

    def close(self) -> None:
        """Give the port back."""
        with self._lock:
            self._port.close()
