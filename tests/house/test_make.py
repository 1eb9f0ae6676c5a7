"""What `make` says on a machine that lacks something."""

import os
import subprocess
from pathlib import Path

import pytest

TREE = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that make needs, with no virtual environment."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((TREE / name).read_bytes())
    (tmp_path / "data").mkdir()
    return tmp_path


def make(clone: Path, python: str) -> subprocess.CompletedProcess[str]:
    fake = clone / "python"
    fake.write_text(f"#!/bin/sh\n{python}\n")
    fake.chmod(0o755)
    environment = {"PATH": os.environ["PATH"]}
    command = ["make", "demo", f"PYTHON={fake}"]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, env=environment, check=False)


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]


def test_a_machine_without_venv_is_told_which_package_brings_it(clone: Path) -> None:
    done = make(clone, 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    assert done.returncode != 0
    assert said(done) == ["kiosk: Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"]


def test_a_python_that_is_too_old_is_named(clone: Path) -> None:
    done = make(clone, 'case "$1 $2" in "-c "*version*) exit 1;; *) echo Python 3.9.2;; esac')
    assert done.returncode != 0
    assert said(done) == ["kiosk: Python 3.11 or newer is needed; Python 3.9.2 is too old."]
