"""Tests of the line to the center, step by step: the first step that fails is the one to mend.

The last step sends a request without entries and without a heartbeat, which changes nothing at the center.
"""

import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from kiosk.journal.folder import StateError
from kiosk.keys import FOLDER as KEYS
from kiosk.keys import KeyFileError, open_station_key
from kiosk.link.carrier import understood
from kiosk.link.machine import Answered, Failed, Refused
from kiosk.link.parcels import headers, parcel, request
from kiosk.link.transport import LineTrouble, Transport, pinned
from kiosk.technician.exchanges import symptom_of
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found
from kiosk.trust import read_trust
from kiosk.wire.enrolment import CenterKeys
from kiosk.wire.exchange import ANSWER_LIMIT, Heartbeat, Reason, sync_path

STEP_S = 2.0
"""Seconds that each step may take; all four end before a round of tests does."""

STEPS = ("line-name", "line-route", "line-tls", "line-exchange")
"""The steps, in order; each is a test of its own."""


class Report(msgspec.Struct, frozen=True):
    """How far the line goes. `symptom` and `value` belong to step `failed`; empty when the whole line is well.

    `values`: what each step that was passed measured. `ahead`: ms by which the machine's wall clock is ahead of the
    center, None where no answer told its time.
    """

    failed: str = ""
    symptom: str = ""
    value: str = ""
    values: dict[str, str] = {}
    ahead: int | None = None


class Probe:
    """Goes along the line once, however many tests ask."""

    def __init__(
        self, url: str, station: str, state: Path, wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        """`url`: the center's address, `station`: this one's number, `state`: its folder."""
        parts = urlsplit(url)
        self._url = url
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._station = station
        self._state = state
        self._wall_ms = wall_ms
        self._lock = threading.Lock()
        self._report: Report | None = None
        self._values: dict[str, str] = {}

    @property
    def has_center(self) -> bool:
        """Whether there is an address to go to."""
        return bool(self._url)

    def report(self) -> Report:
        """Return how far the line goes; the first call finds out, others wait for it."""
        with self._lock:
            if self._report is None:
                self._report = self._gone()
            return self._report

    def _failed(self, step: str, symptom: str, value: str = "") -> Report:
        return Report(step, symptom, value[:80], self._values)

    def _gone(self) -> Report:
        addresses: list[str] = []
        trouble: list[str] = []

        def resolve() -> None:
            try:
                told = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
                addresses.extend(dict.fromkeys(str(one[4][0]) for one in told))
            except OSError as error:
                trouble.append(error.strerror or str(error))

        # The system's resolver knows no time limit, so it is left behind when it takes too long.
        resolver = threading.Thread(target=resolve, name="resolver", daemon=True)
        resolver.start()
        resolver.join(STEP_S)
        if not addresses:
            return self._failed("line-name", "line-name", f"{self._host}: {trouble[0] if trouble else 'no answer'}")
        self._values["line-name"] = f"{self._host} = {addresses[0]}"
        started = time.monotonic()
        try:
            with socket.create_connection((self._host, self._port), timeout=STEP_S) as plain:
                self._values["line-route"] = f"{(time.monotonic() - started) * 1000:.0f} ms"
                return self._greeted(plain)
        except OSError as error:
            return self._failed("line-route", "line-route", f"{self._host}:{self._port}: {_words(error)}")

    def _greeted(self, plain: socket.socket) -> Report:
        try:
            trust = read_trust(self._state / KEYS)
            if trust is None:
                return self._failed("line-tls", "center-not-enrolled")
            with pinned(trust.ca).wrap_socket(plain, server_hostname=self._host) as secure:
                self._values["line-tls"] = secure.version() or ""
        except KeyFileError as error:
            return self._failed("line-tls", "trust-damaged", str(error))
        except ssl.SSLError as error:
            return self._failed("line-tls", "line-foreign", error.reason or _words(error))
        except TimeoutError as error:
            return self._failed("line-tls", "line-timeout", _words(error))
        except OSError as error:
            return self._failed("line-tls", "line-cut-off", _words(error))
        return self._exchanged(trust)

    def _exchanged(self, trust: CenterKeys) -> Report:
        from sqlite_utils.utils import sqlite3

        from kiosk.journal.outgoing import Outgoing

        step = "line-exchange"
        if not (self._state / KEYS / "station.key").exists():
            return self._failed(step, "key-none")
        try:
            key = open_station_key(self._state / KEYS)
            outgoing = Outgoing(self._state)
        except KeyFileError as error:
            return self._failed(step, "key-damaged", str(error))
        except StateError as error:
            return self._failed(step, "database-unreadable", str(error))
        line = Transport(self._url, pinned(trust.ca), ANSWER_LIMIT)
        guard = threading.Timer(STEP_S, line.abort)
        guard.daemon = True
        try:
            run = outgoing.run(sys.maxsize, 0, 0)
            nonce = self._wall_ms().to_bytes(8, "big")
            ready = parcel(request(self._station, run, Heartbeat(), outgoing.cursor(), nonce), run.head, key.sign)
            started = time.monotonic()
            guard.start()
            reply = line.post(sync_path(self._station), headers(ready), ready.content)
            seconds = time.monotonic() - started
            event = understood(reply, run, nonce, seconds)
        except LineTrouble as error:
            # Our own cut at the end of its time looks like a line that broke off.
            late = time.monotonic() - started >= STEP_S
            return self._failed(step, "line-timeout" if late else symptom_of(error.trouble), error.detail)
        except sqlite3.Error as error:
            return self._failed(step, "database-unreadable", str(error))
        finally:
            guard.cancel()
            line.close()
            outgoing.close()
        measured = f"{seconds * 1000:.0f} ms"
        match event:
            case Answered(_, answer, _):
                self._values[step] = measured
                return Report(values=self._values, ahead=self._ahead(answer.time, seconds))
            case Refused(_, refusal) if refusal.reason == Reason.GAP:
                # It lacks what waits here, which it says of a station that it knows: the line is well.
                self._values[step] = measured
                return Report(values=self._values, ahead=self._ahead(refusal.time, seconds))
            case Refused(_, refusal):
                told = self._failed(step, symptom_of(refusal.reason), refusal.detail)
                return msgspec.structs.replace(told, ahead=self._ahead(refusal.time, seconds))
            case Failed(trouble, detail, _):
                return self._failed(step, symptom_of(trouble), detail)
            case _:
                return self._failed(step, "center-differs")

    def _ahead(self, center: int, seconds: float) -> int | None:
        return self._wall_ms() - center - int(seconds * 500) if center else None


class Step:
    """One step of the line."""

    kind = Kind.AUTOMATIC

    def __init__(self, probe: Probe, name: str, title: str, reason: str) -> None:
        self._probe = probe
        self.name = name
        self.title = title
        self.reason = reason

    def run(self) -> Finding:
        """Tell how this step went; those behind one that failed were not reached."""
        if not self._probe.has_center:
            return found(self.name, "center-none")
        report = self._probe.report()
        if report.failed == self.name:
            return found(self.name, report.symptom, report.value)
        if report.failed and STEPS.index(self.name) > STEPS.index(report.failed):
            return found(self.name, "line-not-reached")
        return found(self.name, value=report.values.get(self.name, ""))


def steps(probe: Probe) -> tuple[Step, ...]:
    """Return the tests of all steps."""
    return (
        Step(probe, "line-name", "线路：地址", "找不到地址就没有线路"),
        Step(probe, "line-route", "线路：连接", "网络不通时记录只能留在本机"),
        Step(probe, "line-tls", "线路：加密", "要确认对方就是我们的中心"),
        Step(probe, "line-exchange", "线路：交换", "中心要认得这台站点的签名"),
    )


def _words(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
