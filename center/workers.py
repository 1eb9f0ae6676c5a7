"""Several processes that serve one socket: as many as asked for, until they are told to end.

The parent binds the socket and answers nobody. A worker that ends is replaced. When workers end one after another soon
after their start there is something that a replacement does not mend; then all of it ends, so that whoever started it
(systemd) sees that. Workers end by themselves when their parent is gone, and the port is free again.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)

SOON_S = 5.0
SOON_TIMES = 4
"""So many workers in a row that lived shorter than this end all of it."""

STOP_S = 15.0
"""Seconds that workers have to finish what they are at; longer than the server itself waits for open requests."""

BACKLOG = 2048
"""Connections that may wait to be accepted: all stations come at once when their line comes back."""

_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})


def listener(address: str, port: int) -> socket.socket:
    """Return a socket that listens at a name or address of this machine, for IPv4 or IPv6. Raises OSError."""
    family, _, _, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(place[:2], family=family, backlog=BACKLOG)


def run_workers(count: int, work: Callable[[], int]) -> int:
    """Have `count` processes do `work`, which ends on SIGTERM and returns an exit code; return that of the whole.

    0 after SIGTERM or SIGINT, 69 (EX_UNAVAILABLE) when workers cannot be kept running. Belongs to a main thread
    without others beside it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        return _Workers(count, work).run()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Workers:
    def __init__(self, count: int, work: Callable[[], int]) -> None:
        self._count = count
        self._work = work
        self._alive: dict[int, float] = {}
        self._soon = 0
        # Nothing is ever written; its other end closes when this process is gone, however it went.
        self._parent_gone, self._held = os.pipe()

    def run(self) -> int:
        for _ in range(self._count):
            self._start()
        while True:
            got = signal.sigwait(_SIGNALS)
            if got != signal.SIGCHLD:
                self._stop()
                return os.EX_OK
            # All of them first: who is reaped can no longer be told to stop.
            now = time.monotonic()
            for pid, code, lived in [(pid, code, now - self._alive.pop(pid)) for pid, code in self._reap()]:
                self._soon = self._soon + 1 if lived < SOON_S else 0
                if self._soon >= SOON_TIMES:
                    _log.error("worker %d ended (%d) like those before it; giving up", pid, code)
                    self._stop()
                    return os.EX_UNAVAILABLE
                _log.error("worker %d ended (%d); another takes its place", pid, code)
                self._start()

    def _start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os._exit(self._child())
        self._alive[pid] = time.monotonic()

    def _child(self) -> int:
        os.close(self._held)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        threading.Thread(target=self._end_with_parent, daemon=True).start()
        try:
            code = self._work()
        except Exception:  # noqa: BLE001 - a forked process must not go on in its parent's place
            _log.exception("worker %d", os.getpid())
            code = os.EX_SOFTWARE
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    def _end_with_parent(self) -> None:
        os.read(self._parent_gone, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _reap(self) -> list[tuple[int, int]]:
        ended = []
        while self._alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid in self._alive:
                ended.append((pid, os.waitstatus_to_exitcode(status)))
            if len(ended) == len(self._alive):
                break
        return ended

    def _stop(self) -> None:
        for pid in self._alive:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while self._alive:
            left = deadline - time.monotonic()
            if left <= 0:
                for pid in self._alive:
                    os.kill(pid, signal.SIGKILL)
                left = STOP_S
            signal.sigtimedwait({signal.SIGCHLD}, left)
            for pid, _ in self._reap():
                del self._alive[pid]
