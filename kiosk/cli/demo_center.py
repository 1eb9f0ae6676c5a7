"""The center inside the demonstration, seen from the station: starts it after the first page, enrols, ends it.

It listens at this machine's own address alone, and keeps everything in the demonstration's folder. Where it cannot
start, the demonstration goes on without a line and says so.
"""

import logging
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.journal.writer import JournalError
from kiosk.keys import KeyFileError
from kiosk.link.machine import State
from kiosk.settings import Center
from kiosk.wire.entries import Unreadable

if TYPE_CHECKING:
    from kiosk.station import Station

INTERVAL_S = 5
"""Seconds between exchanges: whoever shows the station does not wait for half a minute."""

END_S = 10.0
"""Seconds that the center has to end in order."""

_log = logging.getLogger(__name__)


class DemoCenter:
    """The center of one demonstration."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not be there yet. Nothing is started before `begin`."""
        self._folder = folder
        self._lock = threading.Lock()
        self._ending = self._failed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._station: Station | None = None
        self._listener: socket.socket | None = None
        try:
            self._listener = socket.create_server(("127.0.0.1", 0))
        except OSError as error:
            self._fail(error)

    @property
    def line(self) -> Center:
        """What the station's settings say of it; not connected where it cannot listen."""
        if self._listener is None:
            return Center()
        return Center(f"https://localhost:{self._listener.getsockname()[1]}", INTERVAL_S)

    def begin(self, station: "Station") -> None:
        """Start it, now that the first page is painted; returns at once."""
        self._station = station
        if self._listener is not None:
            self._thread = threading.Thread(target=self._run, args=(self._listener, station), daemon=True)
            self._thread.start()

    def word(self) -> str:
        """What the demonstration's mark says, as a sentence of data/wording."""
        if self._failed:
            return "演示，中心没有启动"
        link = self._station.link if self._station else None
        if link is None or link.status.state is State.NEVER:
            return "演示"
        well = link.status.state is State.WELL and not link.status.unsent
        return "演示，已上报" if well else "演示，待上报"

    def close(self) -> None:
        """End it, and wait until it is gone."""
        with self._lock:
            self._ending = True
            process = self._process
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._thread is not None:
            self._thread.join()
        if self._listener is not None:
            self._listener.close()

    def _fail(self, error: Exception) -> None:
        _log.warning("the demonstration's center does not start: %s", error)
        self._failed = True

    def _run(self, listener: socket.socket, station: "Station") -> None:
        from kiosk.link.enrolment import NotEnrolled
        from kiosk.link.transport import LineTrouble

        try:
            process = self._started(listener, station.desk.number)
            if process is not None and process.stdout is not None:
                self._enrol(process.stdout.readline().decode("ascii"), station)
        except (OSError, ValueError, Unreadable, LineTrouble, NotEnrolled, JournalError, KeyFileError) as error:
            if not self._ending:
                self._fail(error)

    def _started(self, listener: socket.socket, number: str) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._ending:
                return None
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kiosk.cli.demo_hall", str(self._folder), str(listener.fileno()), number],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[listener.fileno()],
                start_new_session=True,
            )
            return self._process

    def _enrol(self, code: str, station: "Station") -> None:
        import msgspec

        from kiosk.keys import open_station_key
        from kiosk.link.enrolment import enrol
        from kiosk.link.transport import Transport, unpinned
        from kiosk.trust import keep_trust
        from kiosk.wire.enrolment import ENROL_LIMIT, read_code

        folder = station.state / "keys"
        # The station makes its key when it opens its journal; two who make one at once would have two.
        station.writer.submit(lambda journal: journal.seq).result()
        line = Transport(self.line.url, unpinned(), ENROL_LIMIT)
        try:
            keys = enrol(line, station.desk.number, read_code(code), open_station_key(folder))
        finally:
            line.close()
        keep_trust(folder, msgspec.structs.replace(keys, numbers={}))
        if station.link is not None:
            station.link.look()
