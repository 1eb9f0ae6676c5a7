"""Reads the scanner in a thread of its own and hands on what was held to it."""

import threading
import time
from collections.abc import Callable

from kiosk.ports import Scan, Scanner

_GLANCE_S = 0.5
"""How soon a stop is noticed."""


class ScannerThread:
    """Drives a scanner. A code that cannot be read is handed on as one too: whoever holds it there gets an answer."""

    def __init__(self, scanner: Scanner, took: Callable[[Scan], None]) -> None:
        """`took` is called in the new thread for each code."""
        self._scanner = scanner
        self._took = took
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        """Start reading."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading and give the port back."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._scanner.close()

    def _run(self) -> None:
        while not self._over.is_set():
            begin = time.monotonic()
            scan = self._scanner.read(_GLANCE_S)
            if scan is not None:
                self._took(scan)
            else:
                # A scanner that is not there answers at once.
                self._over.wait(max(0.0, _GLANCE_S - (time.monotonic() - begin)))
