"""A fresh station for each story, and nothing from the environment that changes what is drawn."""

import os
from pathlib import Path

import pytest

# Both change what is drawn; the second is read when textual is imported.
os.environ.pop("NO_COLOR", None)
os.environ.pop("TEXTUAL_THEME", None)

from tests.screens.stage import Obedient, Stage


@pytest.fixture
def printer() -> Obedient:
    return Obedient()


@pytest.fixture
def stage(tmp_path: Path, printer: Obedient) -> Stage:
    return Stage(tmp_path, printer)
