"""Slips held to a scanner at a real serial port, in front of the real program."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.virtual_scanner import VirtualScanner
from screens.hands import RESULT_SECONDS
from tests.terminal import Terminal

Start = Callable[..., Terminal]
Write = Callable[..., Path]
UNREAD = "这个码读不出来"


def go(terminal: Terminal, *ways: tuple[str, str]) -> None:
    """Press keys, each once the page before has come to rest, and see where it leads."""
    for key, seen in ways:
        terminal.settle(RESULT_SECONDS + 0.1 if "号码" in terminal.text() or "清单，" in terminal.text() else 0.15)
        terminal.press(key)
        terminal.see(seen)


def code_on(terminal: Terminal) -> str | None:
    """The code of a number that stands on the screen, without the blanks between its groups."""
    found = re.search(r"(?<!\d)\d{16}(?!\d)", "".join(terminal.text().split()))
    return found and found[0]


def test_the_slip_that_did_not_come_is_printed_for_who_holds_its_code(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path
) -> None:
    printer.paper_out = True
    scanner = VirtualScanner()
    with VirtualPort(scanner, tmp_path / "scanner") as reading:
        terminal = start(settings(port, extra=f'[scanner]\nport = "{reading.name}"\nbaud = 9600\n'))
        go(
            terminal,
            ("\r", "人生事件"),
            ("1", "哪一类"),
            ("1", "要办哪一件"),
            ("1", "看要带什么"),
            ("2", "号码仍然有效"),
        )
        terminal.wait(lambda: code_on(terminal) is not None, "the code of the number")
        code = code_on(terminal)
        go(terminal, ("1", "要结束并清除吗"), ("1", "触摸屏幕"))
        printer.reload()
        terminal.settle()
        assert printer.slips == []
        scanner.hold(f"https://STATION.EXAMPLE/T/{code}")
        terminal.see("这是您的号码", "补打小票")
        terminal.settle()
        terminal.press("1")
        terminal.wait(lambda: any("A07-001" in slip.text for slip in printer.slips), "the slip")
        terminal.see("请取走小票")


@pytest.mark.parametrize(
    "held",
    [
        b"https://example.org/",
        b"x" * 1_000_000,
        b"\x1b[2J\x07\xff\xfe",
        "今天".encode("gb18030"),
        b"https://STATION.EXAMPLE/T/1234567890123456",
        b"https://STATION.EXAMPLE/T/0000000000000000/" + b"A" * 100,
    ],
    ids=["stranger", "a million bytes", "control bytes", "another encoding", "wrong check digit", "altered"],
)
def test_anything_else_is_plainly_not_read(
    start: Start, settings: Write, port: Path, tmp_path: Path, held: bytes
) -> None:
    scanner = VirtualScanner()
    with VirtualPort(scanner, tmp_path / "scanner") as reading:
        terminal = start(settings(port, extra=f'[scanner]\nport = "{reading.name}"\nbaud = 115200\n'))
        scanner.hold(held)
        terminal.see(UNREAD)
        terminal.settle()
        terminal.press("1")
        terminal.see("人生事件")


def test_the_list_on_paper_opens_the_very_list(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path
) -> None:
    scanner = VirtualScanner(suffix=b"\r\n")
    with VirtualPort(scanner, tmp_path / "scanner") as reading:
        terminal = start(settings(port, extra=f'[scanner]\nport = "{reading.name}"\nbaud = 9600\n'))
        go(terminal, ("\r", "人生事件"), ("1", "哪一类"), ("1", "要办哪一件"), ("1", "看要带什么"), ("1", "第1问"))
        go(terminal, ("1", "第2问"), ("1", "第3问"), ("3", "您要带这"))
        count = re.search(r"您要带这(\d+)样", "".join(terminal.text().split()))
        assert count
        go(terminal, ("1", "请取走清单"), ("1", "请带走您的纸"), ("1", "触摸屏幕"))
        scanner.hold(printer.codes[-1])
        terminal.see(f"您要带这 {count.group(1)} 样")
