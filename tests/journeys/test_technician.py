"""A technician at a real terminal: in by the documented ways, an open cover found within ten seconds, and out."""

from collections.abc import Callable
from pathlib import Path

from devices.virtual_printer import VirtualPrinter
from kiosk.journal.listing import Listing
from kiosk.technician.codes import Codes
from tests.terminal import Terminal

CODE = "271828"
Start = Callable[..., Terminal]
Write = Callable[..., Path]


def with_a_code(tmp_path: Path) -> Path:
    """Make the state folder with a technician's code in it, as `kiosk set-pin` does."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    Codes(state).set("T1", CODE, 0)
    return state


def type_code(terminal: Terminal) -> None:
    terminal.see("技术员密码")
    terminal.press(CODE)
    terminal.see("******")
    assert CODE not in terminal.text()
    terminal.press("\r")
    terminal.see("概况")


def test_by_keys_to_an_open_cover_and_out(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path
) -> None:
    state = with_a_code(tmp_path)
    terminal = start(settings(port))
    for key in "+#+#+.+":
        terminal.press(key)
        terminal.settle()
    type_code(terminal)
    printer.cover_open = True
    terminal.see("!! 严重", "打印机盖子开着", "合上盖子")
    terminal.press("#")
    terminal.see("触摸屏幕")

    def noted() -> bool:
        with Listing(state) as listing:
            return listing.count(("technician.left",)) == 1

    terminal.wait(noted, "the technician's leaving in the journal")
    with Listing(state) as listing:
        kinds = [one.kind for one in listing.entries(("technician.",), "", 10)]
    assert kinds == ["technician.left", "technician.entered", "technician.set"]


def test_by_the_corners_of_the_glass(start: Start, settings: Write, port: Path, tmp_path: Path) -> None:
    with_a_code(tmp_path)
    terminal = start(settings(port))
    for corner in ((0, 0), (79, 0), (79, 21), (0, 21), (0, 0)):
        terminal.touch(corner)
        terminal.settle()
    type_code(terminal)
