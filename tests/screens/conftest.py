"""A fresh station for each story, and nothing from the environment that changes what is drawn."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from qrcode.main import QRCode

# Both change what is drawn; the second is read when textual is imported.
os.environ.pop("NO_COLOR", None)
os.environ.pop("TEXTUAL_THEME", None)

from tests.screens.opened import Open, opened
from tests.screens.stage import Obedient, Stage


@pytest.fixture
def printer() -> Obedient:
    return Obedient()


@pytest.fixture
def stage(tmp_path: Path, printer: Obedient) -> Stage:
    return Stage(tmp_path, printer)


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a gallery with a station of its own, which is not started."""
    # The search for the best mask takes most of the time that a code takes, and moves no edge of it.
    monkeypatch.setattr(QRCode, "best_mask_pattern", lambda code: 0)
    with opened(tmp_path) as open_gallery:
        yield open_gallery
