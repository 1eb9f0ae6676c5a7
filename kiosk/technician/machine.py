"""Tests of the machine that the station runs on: disk, temperature, program."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

from kiosk import __version__
from kiosk.journal.ballast import is_full
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found

LOW = 500 << 20
"""Bytes free below which there is little room."""

SLOW_S = 0.5
"""A sync that takes longer makes a resident wait; a sound SD card takes 0.02 s."""

HOT, TOO_HOT = 80, 95
"""Degrees Celsius at which processors slow down, and near which they switch off."""

THERMAL = Path("/sys/class/thermal")

_PIECE = 4096
_OF_ERROR = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EROFS: "disk-readonly",
}


class Disk:
    """Is there room? Nothing is written for this."""

    name, title, kind = "disk", "磁盘", Kind.AUTOMATIC
    reason = "磁盘满了或不能写入，就不能取号"

    def __init__(self, state: Path) -> None:
        """`state`: the state folder, or where it would be."""
        self._state = state

    def run(self) -> Finding:
        """Ask the file system (statvfs(3)) for its room, and whether it can be written to."""
        if not self._state.is_dir():
            return found(self.name, "state-none", str(self._state))
        try:
            room = os.statvfs(self._state)
            free = room.f_bavail * room.f_frsize
            full = is_full(self._state, free)
        except OSError as error:
            return found(self.name, "disk-fails", error.strerror or "")
        value = f"{free / (1 << 30):.1f} GiB"
        if room.f_flag & os.ST_RDONLY:
            return found(self.name, "disk-readonly", value)
        if full:
            return found(self.name, "disk-full", value)
        return found(self.name, "disk-low" if free < LOW else "", value)


class DiskWrites:
    """Does the disk take a write, and how long until it is safe?"""

    name, title, kind = "disk-write", "磁盘写入", Kind.AUTOMATIC
    reason = "写得慢的磁盘让人等，写不进的磁盘不能取号"

    def __init__(self, state: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """`state`: the state folder, or where it would be."""
        self._state = state
        self._clock = clock

    def run(self) -> Finding:
        """Write a page beside the journal, sync it and take it away again."""
        if not self._state.is_dir():
            return found(self.name, "state-none", str(self._state))
        probe = self._state / f"probe.{os.getpid()}"
        try:
            started = self._clock()
            with probe.open("wb") as file:
                file.write(bytes(_PIECE))
                file.flush()
                os.fsync(file.fileno())
            seconds = self._clock() - started
        except PermissionError as error:
            foreign = self._state.stat().st_uid != os.geteuid()
            return found(self.name, "state-foreign" if foreign else "disk-readonly", error.strerror or "")
        except OSError as error:
            return found(self.name, _OF_ERROR.get(error.errno or 0, "disk-fails"), error.strerror or "")
        finally:
            _remove(probe)
        return found(self.name, "disk-slow" if seconds > SLOW_S else "", f"{seconds * 1000:.0f} ms")


class Temperature:
    """How hot is the machine? A box without air in summer is the commonest reason for stations that freeze."""

    name, title, kind = "temperature", "温度", Kind.AUTOMATIC
    reason = "太热的机器会变慢，甚至自己关掉"

    def __init__(self, thermal: Path = THERMAL) -> None:
        """`thermal`: where the system tells its zones (kernel documentation, sysfs-class-thermal)."""
        self._thermal = thermal

    def run(self) -> Finding:
        """Read every zone; the hottest counts."""
        degrees = []
        for zone in self._thermal.glob("thermal_zone*/temp"):
            try:
                degrees.append(int(zone.read_text("ascii")) / 1000)
            except (OSError, ValueError):
                # A zone whose sensor sleeps says so by an error, and tells nothing.
                continue
        if not degrees:
            return found(self.name, "temperature-none")
        hottest = max(degrees)
        symptom = "too-hot" if hottest >= TOO_HOT else "hot" if hottest >= HOT else ""
        return found(self.name, symptom, f"{hottest:.0f} C")


class Software:
    """Which program is this? The first question on the telephone."""

    name, title, kind = "software", "程序", Kind.AUTOMATIC
    reason = "报告问题时要说明版本"

    def __init__(self, running: Callable[[], int | None]) -> None:
        """`running()` is the process of the station that runs here, None when there is none."""
        self._running = running

    def run(self) -> Finding:
        """Tell the version, and whether a station is running."""
        process = self._running()
        return found(self.name, value=f"{__version__}, {'-' if process is None else f'pid {process}'}")


class Monitored:
    """Can a monitor on this machine read how the station is?"""

    name, title, kind = "metrics", "监控端口", Kind.AUTOMATIC
    reason = "开了监控，就要有人能读到"

    def __init__(self, trouble: Callable[[], str], port: int) -> None:
        """`trouble()`: why the port cannot be opened, empty when it is."""
        self._trouble = trouble
        self._port = port

    def run(self) -> Finding:
        """Tell whether the port was opened."""
        trouble = self._trouble()
        return found(self.name, "metrics-port" if trouble else "", trouble[:80] or str(self._port))


def _remove(probe: Path) -> None:
    try:
        probe.unlink(missing_ok=True)
    except OSError:
        # The write has told what is wrong with the disk already.
        return
