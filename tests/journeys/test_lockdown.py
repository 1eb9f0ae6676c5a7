"""Nothing that can be typed, touched, pasted or signalled ends, suspends, blinds or confuses the station.

A campaign of attempts from a fixed seed against the real program in a pseudo-terminal; after each one it still runs,
its alternate screen is kept, no traceback is seen, and the next key answers. `make system` runs all of it, `make test`
a few of every kind.
"""

import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

Write = Callable[..., Path]
Start = Callable[..., Terminal]
Attempt = tuple[str, Callable[[Terminal], None]]

SEED = 20261124
RANDOM_ATTEMPTS = 60
SAMPLE = 30
MOST_OF_A_KIND = 3

SIGNALS = (
    *(signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR1, signal.SIGUSR2),
    *(signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGPIPE, signal.SIGWINCH, signal.SIGCONT, signal.SIGIO),
)


def typed(name: str, data: bytes) -> Attempt:
    return name, lambda terminal: terminal.press(data)


def known() -> Iterator[Attempt]:
    """Yield the attempts that are known to harm a stock Textual or a careless one."""
    for code in range(1, 32):
        yield typed(f"control {code}", bytes([code]))
    for key in b"qcpzsuwdx\\\\":
        for modifiers in (3, 5, 6, 7, 8):
            yield typed(f"kitty {key};{modifiers}", b"\x1b[%d;%du" % (key, modifiers))
    for number in range(1, 35):
        yield typed(f"function {number}", b"\x1b[%d~" % number)
    for letter in b"PQRSABCDFHZ":
        yield typed(f"cursor {letter:c}", b"\x1b[%c" % letter)
        yield typed(f"cursor with modifiers {letter:c}", b"\x1b[1;5%c" % letter)
        yield typed(f"application {letter:c}", b"\x1bO%c" % letter)
    for data in (b"\xff", b"\xfe\xff", b"\xc3\x28", b"\xe2\x82", b"\xf0\x9f", b"\x80\x81", "取号".encode("gb18030")):
        yield typed(f"bytes {data!r}", data)
    yield typed("NUL", b"\0" * 100)
    yield typed("X10 mouse", b"\x1b[M !!\x1b[M\xff\xff\xff")
    yield typed("far mouse", b"\x1b[<0;99999;99999M\x1b[<0;99999;99999m")
    yield typed("mouse at zero", b"\x1b[<0;0;0M\x1b[<0;0;0m")
    yield typed("negative mouse", b"\x1b[<0;-5;-5M")
    yield typed("wheel", b"\x1b[<64;10;10M\x1b[<65;10;10M" * 20)
    yield typed("right and middle", b"\x1b[<2;40;10M\x1b[<2;40;10m\x1b[<1;40;10M\x1b[<1;40;10m")
    yield typed(
        "drag", b"\x1b[<0;5;5M" + b"".join(b"\x1b[<32;%d;%dM" % (x, x // 4) for x in range(5, 70)) + b"\x1b[<0;70;17m"
    )
    yield typed("two fingers", b"\x1b[<0;10;10M\x1b[<0;60;10M\x1b[<0;10;10m\x1b[<0;60;10m")
    yield typed("huge number", b"\x1b[99999999999;5u")
    yield typed("resize to nothing", b"\x1b[48;1;1;0;0t\x1b[<0;10;10M\x1b[<0;10;10m")
    yield typed("resize to everything", b"\x1b[48;9999;9999;99999;99999t")
    yield typed("in-band mode answer", b"\x1b[?2048;2$y\x1b[48;1;1;1;1t")
    yield typed("focus out", b"\x1b[O")
    yield typed("focus in", b"\x1b[I")
    yield typed("closed paste", b"\x1b[200~12345\x1b[201~")
    yield typed("paste of commands", b"\x1b[200~\x1b]52;c;aGk=\x07\x11\x03\x1b[201~")
    yield typed("huge paste", b"\x1b[200~" + b"1" * 300_000 + b"\x1b[201~")
    yield typed("unclosed paste", b"\x1b[200~111")
    yield typed("answers to questions", b"\x1b[?2026;2$y\x1b[?1;2c\x1b[>0;276;0c\x1b[?0u")
    yield typed("cursor position", b"\x1b[9999;9999R")
    yield typed("OSC", b"\x1b]0;title\x07\x1b]52;c;?\x07\x1b]11;rgb:00/00/00\x07")
    yield typed("unended OSC", b"\x1b]8;;http://example.test")
    yield typed("DCS", b"\x1bPq#0;2;0;0;0\x1b\\\x1bP+q544e\x1b\\")
    yield typed("unended CSI", b"\x1b[1;2;3;4;5;6")
    yield typed("many escapes", b"\x1b" * 400)
    yield typed("many keys", b"2" * 10_000)
    yield typed("markup", b"[@click=app.quit]x[/][/]")
    for number in SIGNALS:
        yield f"signal {number.name}", lambda terminal, number=number: terminal.process.send_signal(number)
    for size in ((1, 1), (2, 50), (300, 3), (500, 200), (0, 0)):
        yield f"size {size}", lambda terminal, size=size: terminal.resize(*size)


def by_chance(chance: random.Random) -> Iterator[Attempt]:
    """Yield attempts that nobody thought of."""
    starts = [b"\x1b[", b"\x1bO", b"\x1b]", b"\x1bP", b"\x1b[<", b"\x1b[?", b"\x1b[M", b"", b"\x1b\x1b["]
    for number in range(RANDOM_ATTEMPTS):
        match chance.randrange(3):
            case 0:
                data = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 60)))
            case 1:
                data = chance.choice(starts) + bytes(
                    chance.choice(b"0123456789;:<>=?Mm~uRtIOc$yABCDHF\xff") for _ in range(12)
                )
            case _:
                data = "".join(
                    chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x4E00, 0x9FFF)))) for _ in range(40)
                ).encode()
        yield typed(f"chance {number} {data!r}", data)


ATTEMPTS = [*known(), *by_chance(random.Random(SEED))]


def sample(chance: random.Random) -> list[Attempt]:
    """Return `SAMPLE` attempts by chance; the first word of a name is its kind."""
    kinds: Counter[str] = Counter()
    taken = []
    for attempt in chance.sample(ATTEMPTS, len(ATTEMPTS)):
        kind = attempt[0].split()[0]
        kinds[kind] += 1
        if kinds[kind] <= MOST_OF_A_KIND:
            taken.append(attempt)
    return taken[:SAMPLE]


def answers(terminal: Terminal, attempt: str) -> None:
    """Bring the station back to its welcome page by the ordinary keys, and see it answer the next one."""
    terminal.resize(80, 22)
    for _ in range(40):
        terminal.settle(0.05)
        assert terminal.process.poll() is None, f"ended with {terminal.process.returncode} after {attempt}"
        if "触摸屏幕" in terminal.text():
            break
        terminal.press("#")
        terminal.settle(0.12)
        if "触摸屏幕" not in terminal.text():
            terminal.press("1")
    terminal.see("触摸屏幕")
    terminal.settle(0.05)
    terminal.press("\r")
    terminal.see("人生事件")
    assert b"\x1b[?1049l" not in terminal.output, f"alternate screen left after {attempt}"
    assert b"Traceback" not in terminal.output, f"traceback after {attempt}"
    assert "本机暂停服务" not in terminal.text()
    del terminal.output[:]


def test_the_campaign_is_a_long_one() -> None:
    assert len(ATTEMPTS) >= 150


@pytest.mark.parametrize(
    "attempts",
    [
        pytest.param(sample(random.Random(SEED)), id="sample"),
        pytest.param(ATTEMPTS, id="campaign", marks=pytest.mark.system),
    ],
)
def test_no_attempt_gets_out(start: Start, settings: Write, attempts: list[Attempt]) -> None:
    terminal = start(settings(""))
    terminal.press("\r")
    terminal.see("人生事件")
    for name, attempt in attempts:
        attempt(terminal)
        answers(terminal, name)
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert b"\x1b[?1049l" in terminal.output


@pytest.mark.parametrize(
    "variables",
    [
        {"TEXTUAL": "devtools,debug", "TEXTUAL_LOG": "textual.log", "TEXTUAL_DEBUG": "1"},
        {"TEXTUAL_PRESS": "ctrl+q", "TEXTUAL_SCREENSHOT": "1", "TEXTUAL_SCREENSHOT_LOCATION": "."},
        {"TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver", "TEXTUAL_ALLOW_SIGNALS": "1"},
        {
            "NO_COLOR": "1",
            "COLUMNS": "20",
            "LINES": "5",
            "TEXTUAL_THEME": "dracula",
            "TEXTUAL_COLOR_SYSTEM": "standard",
        },
    ],
)
def test_no_environment_variable_changes_the_station(
    start: Start, settings: Write, tmp_path: Path, variables: dict[str, str]
) -> None:
    before = set(Path.cwd().iterdir())
    terminal = start(settings(""), **variables)
    terminal.press("\r")
    terminal.see("人生事件", "企业历程")
    assert b"48;2;233;238;242m" in terminal.output
    assert set(Path.cwd().iterdir()) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_orderly_end_restores_the_terminal(start: Start, settings: Write, number: signal.Signals) -> None:
    terminal = start(settings(""))
    terminal.process.send_signal(number)
    assert terminal.end() == 128 + number
    for mode in (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?25h"):
        assert mode in terminal.output
