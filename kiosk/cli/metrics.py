"""Tells a monitor on the same machine how the station is, in the Prometheus text format.

The same findings as on the overview. Off unless metrics.port names a port; nobody from outside can reach it.
Names and units: https://prometheus.io/docs/practices/naming/
"""

import logging
from collections.abc import Callable, Iterator

from prometheus_client import start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from kiosk.technician.findings import WORST_FIRST
from kiosk.technician.overview import Overview

LOOPBACK = "127.0.0.1"

_log = logging.getLogger(__name__)


class _Findings(Collector):
    def __init__(self, station: str, overview: Callable[[], Overview]) -> None:
        self._station = station
        self._overview = overview

    def collect(self) -> Iterator[GaugeMetricFamily]:
        overview = self._overview()
        states = GaugeMetricFamily(
            "kiosk_test",
            "1 for what each test of the station found: severe, attention, unknown, ok or unsupported",
            labels=("station", "test", "grade", "symptom"),
        )
        since = GaugeMetricFamily(
            "kiosk_test_since_timestamp_seconds", "when it was first found so, Unix time", labels=("station", "test")
        )
        counts = GaugeMetricFamily("kiosk_tests", "how many tests found this grade", labels=("station", "grade"))
        for one in overview.findings:
            states.add_metric((self._station, one.test, one.grade, one.symptom), 1)
            since.add_metric((self._station, one.test), one.since / 1000)
        for grade in WORST_FIRST:
            counts.add_metric((self._station, grade), sum(one.grade is grade for one in overview.findings))
        looked = GaugeMetricFamily(
            "kiosk_looked_timestamp_seconds", "when the station last looked at itself, Unix time", labels=("station",)
        )
        looked.add_metric((self._station,), overview.time / 1000)
        yield from (states, since, counts, looked)


class Metrics:
    """Serves the findings from a thread of its own."""

    def __init__(self, port: int, station: str, overview: Callable[[], Overview]) -> None:
        """`port`: of this machine alone. `station`: its number."""
        self._port = port
        self._registry = CollectorRegistry()
        self._registry.register(_Findings(station, overview))
        self._stop: Callable[[], None] = lambda: None
        self.trouble = ""

    def start(self) -> None:
        """Begin serving; a port that cannot be had is `trouble`, and the station goes on without."""
        try:
            server, thread = start_http_server(self._port, addr=LOOPBACK, registry=self._registry)
        except OSError as error:
            self.trouble = f"{LOOPBACK}:{self._port}: {error.strerror}"
            _log.warning("no metrics at %s", self.trouble)
            return

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        self._stop = stop

    def close(self) -> None:
        """Stop serving."""
        self._stop()
