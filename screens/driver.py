"""The terminal driver of the station: Textual's, without the ways in which bytes, keys or signals end or blind it.

Textual 8.2.8 takes its terminal for the one of a developer: a byte that is not UTF-8 ends the program, an unclosed
paste leaves keyboard and touch dead, SIGTSTP stops it. On a station whoever stands there owns the keyboard. The names
in `PRIVATE_NAMES` are Textual's own; a test asks whether they still exist.
"""

import logging
import os
import selectors
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from typing import TYPE_CHECKING, Protocol, cast

from textual import events, messages
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App

PRIVATE_NAMES = (
    "_app",
    "_debug",
    "_enable_mouse_support",
    "_file",
    "_get_terminal_size",
    "_key_thread",
    "_loop",
    "_mouse",
    "_query_in_band_window_resize",
    "_run_input_thread",
    "_sigcont_application",
    "_writer_thread",
)
"""Names of LinuxDriver that this module overrides or leans on."""

IGNORED_SIGNALS = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGVTALRM,
    signal.SIGPROF,
    signal.SIGIO,
    signal.SIGPWR,
)
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""Signals that end the station in order; the exit code is 128 plus the signal, as shells count."""

PASTE_SECONDS = 0.5
TYPED_CHARACTERS = 32
"""More characters than this at once are a paste or a machine, not a person's keys."""

KEYS_A_SECOND = 40.0
KEYS_AT_ONCE = 20.0
TOUCHES_A_SECOND = 30.0
TOUCHES_AT_ONCE = 20.0
CHARACTERS_A_SECOND = 4_000.0
CHARACTERS_AT_ONCE = 16_000.0
_WIDEST, _HIGHEST = 400, 200
_READ_BYTES = 4096
_WAIT_SECONDS = 0.1

_UNWANTED_MODES = ("\x1b[?1004h", "\x1b[<u")
_KITTY_PUSH = ("\x1b[>", "u")

_log = logging.getLogger(__name__)


class Halting(Protocol):
    """An app that can be ended from any thread."""

    def halt(self, code: int) -> None:
        """End in order with an exit code."""


class Allowance:
    """Lets through so many events a second, and a few more at once (a token bucket)."""

    def __init__(self, a_second: float, at_once: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._left = at_once
        self._clock = clock
        self._then = clock()

    def take(self, amount: int = 1) -> bool:
        """Return whether `amount` more may pass."""
        now = self._clock()
        self._left = min(self._at_once, self._left + (now - self._then) * self._a_second)
        self._then = now
        if self._left < amount:
            return False
        self._left -= amount
        return True


class Pastes:
    """Takes bracketed pastes out of what the terminal sends; one that is never closed ends by itself.

    An open paste ends when nothing came for `PASTE_SECONDS`, or when after that time characters come as slowly as a
    person types them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opened: float | None = None
        self._last = 0.0
        self._tail = ""

    def without(self, text: str) -> str:
        """Return what is left of `text` outside pastes."""
        now = self._clock()
        if self._opened is not None and self._over(now, text):
            self._opened, self._tail = None, ""
        self._last = now
        kept = []
        while text:
            if self._opened is None:
                before, marker, text = text.partition(BRACKETED_PASTE_START)
                kept.append(before)
                if marker:
                    self._opened, self._tail = now, ""
            else:
                # The end marker may arrive in two pieces.
                _, marker, rest = (self._tail + text).partition(BRACKETED_PASTE_END)
                self._tail = "" if marker else (self._tail + text)[-len(BRACKETED_PASTE_END) + 1 :]
                text = rest if marker else ""
                if marker:
                    self._opened = None
        return "".join(kept)

    def _over(self, now: float, text: str) -> bool:
        if self._opened is None or BRACKETED_PASTE_END in self._tail + text:
            return False
        if now - self._last > PASTE_SECONDS:
            return True
        return now - self._opened > PASTE_SECONDS and len(text) < TYPED_CHARACTERS


class _Unbreakable:
    """The terminal as a file that stays quiet once the terminal is gone: the input side ends the program then.

    Writes to standard output, because a service keeps standard error for its log; always in UTF-8, whatever the locale.
    """

    def __init__(self) -> None:
        descriptor = sys.__stdout__.fileno() if sys.__stdout__ else 1
        self._file = open(descriptor, "w", encoding="utf-8", errors="replace", newline="", closefd=False)  # noqa: SIM115
        self._gone = False

    def write(self, text: str) -> None:
        """Write, if there is still somebody to write to."""
        if not self._gone:
            try:
                self._file.write(text)
            except OSError:
                self._gone = True

    def flush(self) -> None:
        """Flush likewise."""
        if not self._gone:
            try:
                self._file.flush()
            except OSError:
                self._gone = True

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._file.fileno()


class StationDriver(LinuxDriver):
    """The driver of `kiosk run` and `kiosk demo`."""

    def __init__(
        self, app: "App[object]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=False, mouse=mouse, size=size)
        self._file = cast("TextIOWrapper", _Unbreakable())
        self._characters = Allowance(CHARACTERS_A_SECOND, CHARACTERS_AT_ONCE)
        self._keys = Allowance(KEYS_A_SECOND, KEYS_AT_ONCE)
        self._touches = Allowance(TOUCHES_A_SECOND, TOUCHES_AT_ONCE)
        self._ignore_signals()

    def _ignore_signals(self) -> None:
        for number in IGNORED_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCONT, lambda *_: None)
        for number in ENDING_SIGNALS:
            self._loop.add_signal_handler(number, self._halt, 128 + number)

    def _halt(self, code: int) -> None:
        halting: Halting = self._app  # type: ignore[assignment]
        halting.halt(code)

    @property
    def can_suspend(self) -> bool:
        """Never."""
        return False

    def suspend_application_mode(self) -> None:
        """Stay in the foreground."""

    def resume_application_mode(self) -> None:
        """There is nothing to come back from."""

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing."""

    def write(self, data: str) -> None:
        """Write to the terminal, but for the modes that a station does not want.

        Focus reports would hide the focus when a keyboard is unplugged; the kitty protocol adds spellings of every key.
        """
        if data in _UNWANTED_MODES or (data.startswith(_KITTY_PUSH[0]) and data.endswith(_KITTY_PUSH[1])):
            return
        super().write(data)

    def start_application_mode(self) -> None:
        """Take the terminal. Textual puts its own handlers on two signals meanwhile."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        for number in (signal.SIGTTIN, signal.SIGTTOU):
            signal.signal(number, signal.SIG_IGN)
        # A handler outside the loop is itself interrupted by the next signal, and then tells the older size last.
        self._loop.add_signal_handler(signal.SIGWINCH, self._tell_size)
        self._tell_size()

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self.send_message(events.Resize(size, size))

    def _enable_mouse_support(self) -> None:
        """Ask for presses and releases (1000) in decimal reports (1006); movements tell a station nothing."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")

    def _query_in_band_window_resize(self) -> None:
        """Do not ask for sizes in the input: anybody could type them. SIGWINCH says the same."""

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return columns and rows as the kernel knows them, whatever the environment says."""
        try:
            columns, rows = os.get_terminal_size(self.fileno)
        except OSError:
            return super()._get_terminal_size()
        return min(columns or 80, _WIDEST), min(rows or 24, _HIGHEST)

    def process_message(self, message: Message) -> None:
        """Let keys and touches through as fast as people can make them, and nothing else that the input may hold."""
        if isinstance(message, events.Key):
            if self._keys.take():
                super().process_message(message)
        elif isinstance(message, events.MouseDown):
            if self._touches.take():
                super().process_message(message)
        elif isinstance(message, events.MouseUp | messages.TerminalSupportsSynchronizedOutput):
            super().process_message(message)

    def _run_input_thread(self) -> None:
        """Read until the driver stops; a terminal that is gone ends the program in order."""
        self.run_input_thread()
        if not self.exit_event.is_set():
            self._loop.call_soon_threadsafe(self._halt, os.EX_IOERR)

    def run_input_thread(self) -> None:
        """Read bytes, decode what is UTF-8 in them, and send the events that they spell."""
        parser = XTermParser()
        pastes = Pastes()
        decode = getincrementaldecoder("utf-8")(errors="ignore").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                try:
                    data = os.read(self.fileno, _READ_BYTES) if selector.select(_WAIT_SECONDS) else None
                except OSError:
                    return
                if data == b"":
                    return
                text = pastes.without(decode(data)) if data else ""
                if len(text) > TYPED_CHARACTERS and "\x1b" not in text:
                    text = text[:TYPED_CHARACTERS]
                if not self._characters.take(len(text)):
                    parser, text = XTermParser(), ""
                try:
                    self._send(parser.feed(text) if text else ())
                    self._send(parser.tick())
                except Exception as error:  # noqa: BLE001 - whatever a report breaks in the parser costs that report alone
                    _log.info("input that cannot be parsed: %s", type(error).__name__)
                    parser = XTermParser()

    def _send(self, found: Iterable[Message]) -> None:
        for message in found:
            self.process_message(message)
