"""Whole visits by key in front of the real program: a list and a number on paper, a search, help in other languages.

No key comes twice in a row: pressed as fast as this, the second would count as a key that is held down.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from screens.hands import RESULT_SECONDS
from tests.terminal import Terminal

TREE = Path(__file__).parents[1]
WELCOME = "触摸屏幕"

Visit = tuple[tuple[str, str], ...]
"""Keys, or words beside which the key stands, and what must be on the screen after each and was not there before: the
next key would come too early."""

_TO_QUESTION = (("\r", "人生事件"), ("1", "是哪一类"), ("3", "要办哪一件"), ("2", "看要带什么"), ("1", "第1问"))
_END = (("#", "要结束并清除吗"), ("1", WELCOME))
_PAPER_END = (("#", "要结束并清除吗"), ("1", "请带走您的纸"), ("2", WELCOME))

LIST: Visit = (
    *_TO_QUESTION,
    *(("3", "第2问"), ("1", "第3问"), ("2", "您要带"), ("1", "请取走清单"), ("*", "您要带")),
    *_PAPER_END,
)
NUMBER: Visit = (
    *(("\r", "人生事件"), ("1", "是哪一类"), ("3", "要办哪一件"), ("1", "看要带什么"), ("2", "请取走小票")),
    *_PAPER_END,
)
SEARCH: Visit = (
    *(("\r", "人生事件"), ("查找", "先选行"), ("x", "找到"), ("s", "找到"), ("r", "新生儿出生"), ("6", "看要带什么")),
    *_END,
)
HELP: Visit = (
    *(
        ("\r", "人生事件"),
        (".", "看懂了，回去"),
        ("3", "Got it"),
        ("2", "關於本站"),
        ("1", "关于本站"),
        ("5", "不办什么"),
    ),
    *_END,
)
VISITS = (LIST, NUMBER, SEARCH, HELP)

_RESULTS = {"请取走清单", "请取走小票"}
_BETWEEN_KEYS = 0.03
"""The driver takes no more keys a second than fingers can press."""


def play(terminal: Terminal, visit: Visit) -> None:
    """Go through a visit, from the welcome page back to it."""
    for key, seen in visit:
        terminal.press(key if len(key) == 1 else _key_of(key, terminal.text()))
        terminal.see(seen)
        terminal.settle(RESULT_SECONDS + 0.1 if seen in _RESULTS else _BETWEEN_KEYS)
    # Only what is on the screen matters; the bytes of thousands of visits would fill the memory here.
    del terminal.output[:]


def _key_of(words: str, screen: str) -> str:
    found = re.search(rf"(\d) +{words}", screen)
    assert found, f"no key stands beside {words}\n{screen}"
    return found[1]


@contextmanager
def station(*runner: str) -> Iterator[Terminal]:
    """Run a station with a printer until the block ends, its welcome page shown; `runner` stands before `kiosk run`."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-bench-"))
    settings = folder / "kiosk.toml"
    settings.write_text(
        f'[printer]\nport = "{folder / "printer"}"\nbaud = 115200\n'
        '[idle]\nquiet_seconds = 600\n[qr]\nhosts = ["station.example"]\n',
        "utf-8",
    )
    command = [sys.executable, *(runner or ("-m",)), "kiosk.cli", "run", "--config", settings, "--state", folder / "s"]
    try:
        with (
            VirtualPort(VirtualPrinter(paper_mm=58), folder / "printer"),
            Terminal(command, environment={"PYTHONPATH": str(TREE)}) as terminal,
        ):
            terminal.see(WELCOME)
            # Journal, key and printer come after the first page.
            terminal.settle(2)
            yield terminal
    finally:
        shutil.rmtree(folder)
