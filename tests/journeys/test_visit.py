"""A resident's whole way, from the welcome to the paper, by touch alone and by keypad alone."""

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.virtual_printer import VirtualPrinter
from kiosk.journal.store import Reader
from tests.terminal import Terminal

Start = Callable[..., Terminal]
Write = Callable[..., Path]
NUMBER = re.compile(r"[A-Z]07-\d{3}")

SIZES = [(80, 22), (120, 34), (120, 30)]


def paper_of(terminal: Terminal, printer: VirtualPrinter, slips: int = 1) -> str:
    """Wait for so many cut slips and return their text."""
    terminal.wait(lambda: len(printer.slips) >= slips, f"{slips} slips on paper")
    assert printer.head.overflow == 0
    assert printer.unknown == []
    assert printer.junk == 0
    return "\n".join(slip.text for slip in printer.slips)


def touch(terminal: Terminal, where: str) -> None:
    """Touch a text once the page has stood still and long enough for a touch to count."""
    terminal.see(where)
    terminal.settle(0.45)
    terminal.touch(where)


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_by_touch_alone_to_number_and_list_on_paper(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path, columns: int, rows: int
) -> None:
    terminal = start(settings(port), columns, rows)
    touches = 0
    for where in ("触摸屏幕", "人生事件", "出生", "新生儿出生一件事", "看要带什么"):
        touch(terminal, where)
        touches += 1
    for question in (1, 2, 3):
        terminal.see(f"第{question}问，共3问")
        touch(terminal, "说不清楚")
    terminal.see("您要带这")
    touch(terminal, "取号")
    touches += 1
    assert touches <= 6
    terminal.see("A07-001")
    paper = paper_of(terminal, printer)
    assert "A07-001" in paper
    assert "新生儿出生一件事" in paper
    assert "父母双方居民身份证" in paper
    assert "仅供参考，以窗口为准" in paper
    assert len(printer.codes) == 2
    terminal.settle()
    terminal.press("\x1b")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    reader = Reader(tmp_path / "state")
    assert reader.verify()[1] == []
    kinds = [entry.kind for entry in reader.entries()]
    reader.close()
    assert kinds == ["ticket.issued", "paper.printed"]


@pytest.mark.parametrize(("columns", "rows"), SIZES[:2])
def test_by_keypad_alone_to_number_and_list_on_paper(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, columns: int, rows: int
) -> None:
    terminal = start(settings(port), columns, rows)
    for key, seen in (
        ("\r", "企业历程"),
        ("2", "是哪一类"),
        ("1", "企业开办一件事"),
        ("1", "看要带什么"),
        ("1", "第1问"),
        ("1", "第2问"),
        ("1", "第3问"),
        ("1", "您要带这"),
    ):
        terminal.press(key)
        terminal.see(seen)
        terminal.settle()
    terminal.press("2")
    terminal.see("J07-001")
    assert "J07-001" in paper_of(terminal, printer)


def test_focus_and_enter_reach_the_same_as_the_digits(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter
) -> None:
    terminal = start(settings(port))
    terminal.press("\r")
    terminal.see("企业历程")
    terminal.settle()
    terminal.press("\t\r")
    terminal.see("企业开办", "企业注销")


def test_back_and_home_lead_back_and_answers_stay_until_the_visit_ends(
    start: Start, settings: Write, port: Path
) -> None:
    terminal = start(settings(port))
    for key, seen in (("\r", "人生事件"), ("1", "出生"), ("1", "新生儿"), ("1", "看要带什么"), ("1", "第1问")):
        terminal.press(key)
        terminal.see(seen)
        terminal.settle()
    terminal.press("*")
    terminal.see("看要带什么")
    terminal.settle()
    terminal.press("/")
    terminal.see("您要办什么事")
    terminal.settle()
    terminal.press("#")
    terminal.see("结束")
    terminal.settle()
    terminal.press("1")
    terminal.see("触摸屏幕")


def test_a_package_that_does_not_apply_says_why_and_where_to_go(start: Start, settings: Write, port: Path) -> None:
    terminal = start(settings(port))
    for key, seen in (("\r", "人生事件"), ("1", "出生"), ("1", "新生儿"), ("1", "看要带什么"), ("1", "第1问")):
        terminal.press(key)
        terminal.see(seen)
        terminal.settle()
    terminal.press("2")
    terminal.see("父母双方均为福建省户籍", "窗口")


def test_a_resize_in_mid_visit_keeps_place_and_answers(start: Start, settings: Write, port: Path) -> None:
    terminal = start(settings(port))
    for key, seen in (
        ("\r", "人生事件"),
        ("1", "出生"),
        ("1", "新生儿"),
        ("1", "看要带什么"),
        ("1", "第1问"),
        ("1", "第2问"),
    ):
        terminal.press(key)
        terminal.see(seen)
        terminal.settle()
    terminal.resize(120, 34)
    terminal.see("第2问，共3问", "孩子是否婚生")
    terminal.resize(40, 10)
    terminal.see("80 列 22 行")
    terminal.resize(80, 22)
    terminal.see("第2问，共3问", "孩子是否婚生")


def test_an_idle_visit_is_warned_and_erased(start: Start, settings: Write, port: Path) -> None:
    terminal = start(settings(port, quiet=20))
    terminal.press("\r")
    terminal.see("人生事件")
    terminal.see("您还在吗", patience=30)
    terminal.see("触摸屏幕", patience=30)


def test_a_double_tap_and_a_right_click_do_nothing_twice(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter
) -> None:
    terminal = start(settings(port))
    touch(terminal, "触摸屏幕")
    terminal.see("人生事件")
    terminal.settle(0.45)
    column, row = terminal.place("人生事件")
    terminal.press(f"\x1b[<2;{column + 1};{row + 1}M\x1b[<2;{column + 1};{row + 1}m")
    terminal.settle()
    assert "企业历程" in terminal.text()
    for _ in range(2):
        terminal.touch((column, row))
    terminal.see("第1步")
    terminal.settle()
    assert "第1步" in terminal.text()


def test_the_slip_is_in_the_visitors_language(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter
) -> None:
    terminal = start(settings(port))
    terminal.press("3")
    terminal.see("Life events")
    for key in "111":
        terminal.settle()
        terminal.press(key)
    terminal.see("Birth of a child")
    terminal.settle()
    terminal.press("2")
    terminal.see("A07-001")
    paper = paper_of(terminal, printer)
    assert "A07-001" in paper
    assert not re.search(r"[\u4e00-\u9fff]", paper)
