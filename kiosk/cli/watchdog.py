"""Tells systemd that the station is up, and goes on telling it as long as the screens' own loop turns.

A thread of its own would go on telling it beside a frozen screen. What is sent are datagrams of text
(sd_notify(3), sd_watchdog_enabled(3)); without a service manager nothing is sent.
"""

import asyncio
import logging
import os
import socket
from collections.abc import MutableMapping

_A_THIRD = 3
"""Words in each period of the watchdog: two may be late before it bites."""

_log = logging.getLogger(__name__)


class Watchdog:
    """What the service manager is told. `start` and all that follows belong to the screens' loop."""

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        """Take NOTIFY_SOCKET and WATCHDOG_USEC out of `environ`: no child of the station may speak for it.

        $WATCHDOG_PID is not looked at: the process that systemd started is the compositor around the terminal.
        """
        address = environ.pop("NOTIFY_SOCKET", "")
        period = environ.pop("WATCHDOG_USEC", "")
        # An abstract name begins with a zero byte, which the environment cannot hold (unix(7)).
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._period = int(period) / 1e6 if period.isascii() and period.isdigit() else 0.0
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Say that the station is up, from within the loop, and feed the watchdog from it from now on."""
        self._say("READY=1\nSTATUS=the screens are up")
        if self._period and self._address:
            self._feed(asyncio.get_running_loop())

    def stop(self) -> None:
        """Say that the station ends; its last steps may take a print job's time."""
        if self._next is not None:
            self._next.cancel()
        self._say("STOPPING=1")

    def _feed(self, loop: asyncio.AbstractEventLoop) -> None:
        self._say("WATCHDOG=1")
        self._next = loop.call_later(self._period / _A_THIRD, self._feed, loop)

    def _say(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
                line.sendto(words.encode("ascii"), self._address)
        except OSError as error:
            # The manager then takes the station for dead and starts it anew, which is what it is for.
            _log.warning("the service manager was not told %s: %s", words.partition("=")[0], error)
