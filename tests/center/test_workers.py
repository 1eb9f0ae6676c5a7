"""Several processes that serve together: told to end, killed one by one, and left alone by their parent."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from center.workers import SOON_TIMES, listener

# Each worker answers with its own number; on SIGTERM it ends in good order.
SCRIPT = """
import os, signal, sys, threading
from center import workers
workers.SOON_S = float(sys.argv[1])
listening = workers.listener("127.0.0.1", 0)
def work():
    if sys.argv[2] == "fails":
        return 3
    # An Event may not be set by a signal's handler: its lock may be held by who waits.
    told, tell = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(tell, b"x"))
    def serve():
        while True:
            line, _ = listening.accept()
            line.sendall(f"{os.getpid()} {os.getppid()}".encode())
            line.close()
    threading.Thread(target=serve, daemon=True).start()
    os.write(1, b"up\\n")
    os.read(told, 1)
    os.write(1, b"ended\\n")
    return 0
print(listening.getsockname()[1], flush=True)
sys.exit(workers.run_workers(2, work))
"""


@contextmanager
def running(kind: str = "works", soon: float = 0.0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(soon), kind], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        if kind == "works":
            assert [process.stdout.readline() for _ in range(2)] == ["up\n"] * 2
        yield process, port
    finally:
        process.kill()
        process.communicate()


def asked(port: int) -> tuple[int, int]:
    """The worker that answers, and its parent."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        said = line.recv(100).split()
    return int(said[0]), int(said[1])


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_all_workers_end_in_good_order(word: signal.Signals) -> None:
    with running() as (process, port):
        assert asked(port)[1] == process.pid
        process.send_signal(word)
        said, _ = process.communicate(timeout=30)
        assert said.splitlines() == ["ended"] * 2
        assert process.returncode == 0


def test_a_worker_that_was_killed_is_replaced_and_nobody_is_turned_away() -> None:
    with running() as (process, port):
        assert process.stdout is not None
        first, _ = asked(port)
        os.kill(first, signal.SIGKILL)
        assert process.stdout.readline() == "up\n"
        assert all(asked(port)[0] != first for _ in range(20))
        process.terminate()
        said, errors = process.communicate(timeout=30)
        assert (process.returncode, said.count("ended")) == (0, 2)
        assert f"worker {first} ended (-9); another takes its place" in errors


def test_workers_that_end_again_and_again_end_the_whole_with_a_code() -> None:
    with running("fails", soon=30.0) as (process, _):
        _, errors = process.communicate(timeout=30)
        assert process.returncode == os.EX_UNAVAILABLE
        assert errors.count("ended (3)") == SOON_TIMES
        assert "giving up" in errors


def test_workers_whose_parent_was_killed_end_and_free_the_port() -> None:
    with running() as (process, port):
        assert process.stdout is not None
        process.kill()
        # Both say so, and then nobody holds the pipe any more.
        assert process.stdout.read().count("ended") == 2
        listener("127.0.0.1", port).close()


def test_an_address_that_is_taken_or_not_ours_cannot_be_listened_on() -> None:
    with listener("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listener("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(OSError, match=r"."):
        listener("192.0.2.1", 0)
