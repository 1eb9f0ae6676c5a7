"""A request's whole way: by touch or keypad alone, on paper, sealed in the journal, called off by its code."""

import re
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from devices.virtual_printer import VirtualPrinter
from kiosk.journal.outgoing import Outgoing
from kiosk.journal.store import Reader
from kiosk.sealing import Place, unseal
from kiosk.wire.entries import read_body
from screens.hands import RESULT_SECONDS
from tests.enrolled import enrol
from tests.terminal import Terminal
from tests.traces import traces

Start = Callable[..., Terminal]
Write = Callable[..., Path]

PHONE = "13800001234"
MASKED = "138****1234"
MOST_PRESSES = 30
"""Two seconds for each make the minute in which help at home is to be asked for."""

TO_THE_PHONE = (
    *(("\r", "爱心帮办"), ("6", "预约上门办理"), ("1", "开始填"), ("1", "您替谁约"), ("4", "哪个街道或镇")),
    *(("6", "哪个社区"), ("9", "要办什么"), ("2", "什么时候上门"), ("1", "打哪个电话")),
)
FROM_THE_PHONE = ("\r", "上门找谁"), ("9", "还没有提交")


@pytest.fixture
def key(tmp_path: Path) -> X25519PrivateKey:
    """The center's sealing key; the station of this test is enrolled with its public half."""
    return enrol(tmp_path / "state")


def go(terminal: Terminal, *ways: tuple[str, str]) -> int:
    """Press keys, each once the page before has come to rest, and see where it leads; return how many."""
    for keys, seen in ways:
        terminal.settle()
        terminal.press(keys)
        terminal.see(seen)
    return sum(len(keys) for keys, _ in ways)


def touch(terminal: Terminal, *places: tuple[str, str]) -> int:
    """Touch texts, and see where each leads; return how many."""
    for where, seen in places:
        terminal.see(where)
        terminal.settle(0.45)
        terminal.touch(where)
        terminal.see(seen)
    return len(places)


def paper_of(terminal: Terminal, printer: VirtualPrinter) -> str:
    """Wait for the slip and return its text without the breaks of its lines."""
    terminal.wait(lambda: len(printer.slips) == 1, "the slip")
    assert printer.unknown == []
    return "".join(printer.slips[0].text.split())


def code_of(terminal: Terminal) -> str:
    found = re.search(r"(\d{4})\s+(\d{4})\s+(\d{4})\s+(\d{4})", terminal.text())
    assert found, terminal.text()
    return "".join(found.groups())


def end(terminal: Terminal) -> None:
    terminal.settle(RESULT_SECONDS + 0.1)
    terminal.process.terminate()
    terminal.end()


def personal(state: Path, key: X25519PrivateKey) -> tuple[dict[str, str], dict[str, str]]:
    """Return the open and the sealed answers of the one request that the station has for its center."""
    outgoing = Outgoing(state)
    run = outgoing.run(None, 100, 1 << 20)
    outgoing.close()
    ((seq, entry),) = [
        (seq, one) for seq, one in enumerate(run.entries, 1) if read_body(one.body).kind == "request.made"
    ]
    assert entry.sealed is not None
    plain = unseal(key.private_bytes_raw(), Place("home-visit", "07", run.epoch, seq), entry.sealed)
    data = read_body(entry.body).data
    return data["answers"], msgspec.json.decode(plain)


def test_by_keypad_alone_help_at_home_is_asked_for_within_a_minute(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path, key: X25519PrivateKey
) -> None:
    terminal = start(settings(port))
    presses = go(terminal, *TO_THE_PHONE, (PHONE, "138 0000 1234"), *FROM_THE_PHONE)
    terminal.see(PHONE, "特困供养、护理补贴和高龄津贴", "后溪镇")
    presses += go(terminal, ("\r", "请取走小票"))
    assert presses <= MOST_PRESSES
    code = code_of(terminal)
    paper = paper_of(terminal, printer)
    for said in (
        "预约上门办理",
        code,
        "后溪镇",
        "特困供养、护理补贴和高龄津贴",
        MASKED,
        "姓名：没有填",
        "凭编号在自助站取消",
    ):
        assert said in paper
    assert PHONE not in paper
    end(terminal)
    assert traces(tmp_path / "state", [PHONE]) == set()
    opened, sealed = personal(tmp_path / "state", key)
    assert opened.keys() == {"asker", "area", "service", "time"}
    assert sealed == {"phone": PHONE}
    reader = Reader(tmp_path / "state")
    assert reader.verify()[1] == []
    reader.close()


def test_by_touch_alone_with_a_name_in_pinyin(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path, key: X25519PrivateKey
) -> None:
    terminal = start(settings(port), 120, 34)
    touches = touch(
        terminal,
        *(("触摸屏幕", "爱心帮办"), ("爱心帮办", "预约上门办理"), ("预约上门办理", "开始填"), ("开始填", "您替谁约")),
        *(("家里人", "哪个街道"), ("侨英街道", "哪个社区"), ("不写了", "要办什么")),
        *(("养老待遇", "什么时候上门"), ("上午", "打哪个电话")),
    )
    terminal.settle(0.45)
    for digit in PHONE:
        terminal.touch(f"  {digit}  ")
        touches += 1
    terminal.see("138 0000 1234")
    touches += touch(terminal, ("填好了", "上门找谁"), (" C ", " c "), (" H ", " ch "), ("陈", "写好了"))
    touches += touch(terminal, ("写好了", "还没有提交"), ("都对，提交", "请取走小票"))
    assert touches <= MOST_PRESSES
    paper = paper_of(terminal, printer)
    assert "姓名：*" in paper
    assert MASKED in paper
    end(terminal)
    assert traces(tmp_path / "state", [PHONE]) == set()
    assert personal(tmp_path / "state", key)[1] == {"phone": PHONE, "name": "陈"}


def test_a_crash_while_a_number_is_typed_leaves_nothing_of_it_on_the_disk(
    start: Start, settings: Write, port: Path, tmp_path: Path, key: X25519PrivateKey
) -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        terminal = start(settings(port))
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)
    go(terminal, *TO_THE_PHONE, (PHONE, "138 0000 1234"))
    limits = Path(f"/proc/{terminal.process.pid}/limits").read_text()
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)
    # As the watchdog ends a station that hangs.
    terminal.process.send_signal(signal.SIGABRT)
    assert terminal.process.wait() == -signal.SIGABRT
    assert traces(tmp_path / "state", [PHONE]) == set()


def test_a_wrong_number_says_which_place_and_nothing_is_lost(
    start: Start, settings: Write, port: Path, key: X25519PrivateKey
) -> None:
    terminal = start(settings(port))
    go(terminal, *TO_THE_PHONE, ("12800001234", "128 0000 1234"), ("\r", "第 2 位不对"))
    terminal.see("128 0000 1234")
    go(terminal, ("*", "10 位"), ("*", "9 位"), ("/", "您要办什么事"), ("6", "预约上门办理"), ("1", "开始填"))
    go(terminal, ("1", "打哪个电话"))


@pytest.mark.parametrize(
    ("language", "kind", "slip"),
    [("2", "預約上門辦理", "預約上門辦理"), ("3", "Ask for a home visit", "Askforahomevisit")],
)
def test_the_way_and_its_paper_are_in_the_visitors_language(
    start: Start,
    settings: Write,
    port: Path,
    printer: VirtualPrinter,
    key: X25519PrivateKey,
    language: str,
    kind: str,
    slip: str,
) -> None:
    terminal = start(settings(port))
    go(terminal, (language, "/"), ("6", kind), ("1", kind))
    for keys in (*"111911", PHONE, "\r", "9", "\r"):
        terminal.settle()
        terminal.press(keys)
    terminal.wait(lambda: len(printer.slips) == 1, "the slip")
    paper = paper_of(terminal, printer)
    assert slip in paper
    assert MASKED in paper
    if language == "3":
        assert not re.search(r"[\u4e00-\u9fff]", paper)


def test_who_has_the_code_sees_the_request_and_calls_it_off(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path, key: X25519PrivateKey
) -> None:
    terminal = start(settings(port))
    go(terminal, *TO_THE_PHONE, (PHONE, "138 0000 1234"), *FROM_THE_PHONE, ("\r", "请取走小票"))
    code = code_of(terminal)
    terminal.settle(RESULT_SECONDS + 0.1)
    go(terminal, ("2", "办件进度"), ("8", "小票上的编号"), (code, code[12:]), ("\r", "已收到"))
    assert PHONE not in terminal.text()
    go(terminal, ("2", "要取消这个申请吗"), ("2", "已取消"))
    assert "不要了，取消" not in terminal.text()
    end(terminal)
    reader = Reader(tmp_path / "state")
    assert [entry.kind for entry in reader.entries()][-1] == "request.cancelled"
    reader.close()


def test_no_other_code_opens_anything_and_tries_are_limited(
    start: Start, settings: Write, port: Path, key: X25519PrivateKey
) -> None:
    terminal = start(settings(port))
    go(terminal, ("\r", "办件进度"), ("8", "小票上的编号"))
    go(terminal, ("1234567812345678", "1234 5678 1234 5678"), ("\r", "没有这个编号"))
    for _ in range(4):
        terminal.settle()
        terminal.press("\r")
    go(terminal, ("\r", "试的次数太多"))


def test_a_station_that_is_not_enrolled_says_why_it_takes_no_requests(
    start: Start, settings: Write, port: Path
) -> None:
    terminal = start(settings(port))
    go(terminal, ("\r", "爱心帮办"), ("6", "本机现在不能收"), ("1", "本机还没有登记"))
    assert "开始填" not in terminal.text()
    go(terminal, ("1", "预约上门办理"))
