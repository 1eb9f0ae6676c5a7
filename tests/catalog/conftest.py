"""The bureau's files as they are shipped, copies of them to spoil, and the release that is built from them."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk import paths
from kiosk.catalog.build import build
from kiosk.catalog.check import Checked, check
from kiosk.catalog.load import read_release
from kiosk.catalog.model import Release

BUILT = datetime.date(2026, 11, 24)


@pytest.fixture(scope="session")
def shipped() -> Path:
    """The data folder of this checkout."""
    return paths.data_dir()


@pytest.fixture(scope="session")
def checked(shipped: Path) -> Checked:
    """The shipped files, read and checked."""
    return check(shipped)


@pytest.fixture(scope="session")
def built(checked: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the release and the wording built from the shipped files."""
    folder = tmp_path_factory.mktemp("release")
    build(checked, folder, BUILT)
    return folder


@pytest.fixture(scope="session")
def release(built: Path) -> Release:
    """The release as a station reads it."""
    return read_release(built / "catalog.msgpack")


@pytest.fixture
def data(shipped: Path, tmp_path: Path) -> Path:
    """A copy of the data folder that a test may spoil."""
    folder = tmp_path / "data"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("release"))
    return folder


@pytest.fixture
def mistakes(data: Path) -> Callable[[], list[str]]:
    """Check the copy; returns one line for each mistake."""
    return lambda: [str(mistake) for mistake in check(data).mistakes]
