"""The station in its real terminal: what people, and their phones' cameras, would read from the screen."""

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


@pytest.mark.parametrize("size", SIZES)
def test_no_letter_is_cut_off_by_the_line_below_or_above(size: str) -> None:
    assert missing() == []
    command = ["sh", "-c", "printf '\\033[?25l\\n gjpqy(), 国鹽體 \\033[1mgjpqy(), 国鹽體'; exec sleep 60"]
    with RealTerminal(command, SIZES[size]) as terminal:
        terminal.wait_for_cells(*map(int, size.split("x")))
        _, numbers, _, pixels = terminal.screen().split(b"\n", 3)
        width, height = map(int, numbers.split())
        high = int(SIZES[size].line * 96 / 72)
        top = (height - terminal.cells[1] * high) // 2 + high
        lines = [pixels[3 * width * y :][: 3 * width] for y in range(top, top + high)]
        inked = [y for y, line in enumerate(lines) if len(set(zip(*[iter(line)] * 3, strict=True))) > 1]
        assert (inked[0] > 0, inked[-1] < high - 1) == (True, True), (inked[0], inked[-1], high)
