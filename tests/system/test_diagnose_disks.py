"""What `kiosk diagnose` says of disks that are full or cannot be written to, with real mounts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journal.store import Journal

pytestmark = pytest.mark.system


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with a station's state on it."""
    assert os.geteuid() == 0, "mounting a disk needs root"
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place], check=True)
    Journal(place, "07", 1).close()
    yield place
    subprocess.run(["umount", place], check=True)


def disk_symptom(state: Path, config: Path) -> str:
    config.write_text('[printer]\nport = ""\n', "utf-8")
    command = [sys.executable, "-m", "kiosk.cli", "diagnose", "--json", "--state", str(state), "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == os.EX_UNAVAILABLE
    assert "Traceback" not in done.stderr
    found = {one["test"]: one["symptom"] for one in json.loads(done.stdout)["findings"]}
    assert found["database"] == "", "what is on the disk can still be read"
    return found["disk"]


def test_a_disk_with_little_room_and_one_without_any(disk: Path, tmp_path: Path) -> None:
    assert disk_symptom(disk, tmp_path / "kiosk.toml") == "disk-low"
    with (disk / "filler").open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(bytes(4096))
    assert disk_symptom(disk, tmp_path / "kiosk.toml") == "disk-full"


def test_a_disk_that_cannot_be_written_to(disk: Path, tmp_path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert disk_symptom(disk, tmp_path / "kiosk.toml") == "disk-readonly"
