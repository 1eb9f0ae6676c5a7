"""Sizes that follow one another faster than the station can draw, as while a terminal is being scaled."""

import signal
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal

STORMS = 30
SIZES = ((45, 11), (240, 61), (88, 22), (120, 30))


def test_after_many_sizes_at_once_the_page_has_the_last_one(
    start: Callable[..., Terminal], settings: Callable[..., Path]
) -> None:
    terminal = start(settings(""))
    terminal.press("\r")
    terminal.see("人生事件")
    for storm in range(STORMS):
        last = SIZES[2 + storm % 2]
        for size in (*SIZES * 15, last):
            terminal.resize(*size)
            # Signals that come together count as one: the second of two interrupts the handler of the first.
            terminal.process.send_signal(signal.SIGWINCH)
        terminal.wait(lambda rows=last[1]: "结束" in terminal.lines()[rows - 2], f"the footer of {last}")
