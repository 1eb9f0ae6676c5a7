"""The station in its real terminal: what a phone's camera would read from the screen."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.compositor import SIZES, RealTerminal, missing

pytestmark = pytest.mark.system


def codes(picture: Path) -> list[str]:
    """Return what zbar reads from a picture."""
    done = subprocess.run(
        ["zbarimg", "--nodbus", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", picture],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


@pytest.mark.parametrize("size", SIZES)
def test_the_codes_on_the_screen_are_read_from_a_photograph(tmp_path: Path, size: str) -> None:
    assert missing() == []
    command = [sys.executable, "-m", "kiosk.cli", "demo"]
    with RealTerminal(command, SIZES[size], {"PYTHONPATH": str(Path(__file__).parents[2])}) as terminal:
        picture = tmp_path / "screen.png"
        terminal.press("Return", "1", "1", "1", "1", "3", "3", "3")
        terminal.photograph(picture)
        for _ in range(3):
            if codes(picture):
                break
            # A small screen has the list on some pages and its code on one of its own.
            terminal.press("3")
            terminal.photograph(picture)
        assert codes(picture) == ["https://STATION.EXAMPLE/G/01S000"]
