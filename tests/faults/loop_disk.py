"""A disk in a file, whose power can be taken away: what was not synced by then is gone.

The file system is told to stop at once and to forget what it still holds (ioctl EXT4_IOC_SHUTDOWN of ext4, with the
flag that not even its own log is written any more); mounted anew, it is as it would be after a power cut.
"""

import fcntl
import os
import struct
import subprocess
from pathlib import Path

import pytest

_SHUTDOWN = 0x8004587D
_WITHOUT_THE_LOG = struct.pack("I", 2)
_MEGABYTES = 64


class LoopDisk:
    """A mounted disk with power, from `__enter__` to `__exit__`."""

    def __init__(self, place: Path) -> None:
        self._image = place / "disk.img"
        self.folder = place / "disk"

    def __enter__(self) -> "LoopDisk":
        """Make and mount it; the test is skipped, in one line, where the machine mounts no disk from a file."""
        with self._image.open("wb") as file:
            file.truncate(_MEGABYTES << 20)
        self.folder.mkdir()
        subprocess.run(["mkfs.ext4", "-q", self._image], check=True)
        self._mount()
        return self

    def pull(self) -> None:
        """Take the power away; whoever uses the disk gets errors from now on."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, _WITHOUT_THE_LOG)
        finally:
            os.close(descriptor)

    def become_read_only(self) -> None:
        """Do what a file system does that finds an error on its disk: take no more writes (ext4(5), abort)."""
        subprocess.run(["mount", "-o", "remount,abort", self.folder], check=True)

    def plug_in(self) -> None:
        """Give the power back, once nobody has a file open there any more."""
        subprocess.run(["umount", self.folder], check=True)
        self._mount()

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", self.folder], check=True)

    def _mount(self) -> None:
        done = subprocess.run(
            ["mount", "-o", "loop", self._image, self.folder], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no disk in a file can be mounted here: {done.stderr.strip()}")
