"""Each fault of a printer, acted out on a real pseudo-terminal: what the station learns, and what lies on paper."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec
import pytest

from devices.inquiry import Limits
from devices.profile import Profile
from devices.serial_printer import SerialPrinter
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.virtual_script import EVENTS, Entry, Play, read_script
from devices.wire import Flow
from kiosk.documents import Cut, Document, Words
from kiosk.ports import Condition, Outcome, Part, Proof, Reading, Result
from kiosk.text import Language
from tests.waiting import wait_for

QUICK = Limits(
    answer=0.1,
    tries=2,
    least_completion=0.6,
    between_looks=0.1,
    longest_pause=5,
    cut=0.1,
    between_recoveries=0,
)
BAUD = 115200
SLIP = Document("slip", Language.HANS, (*(Words(f"第{line}行") for line in "一二三四五六"), Cut()))
NEXT = Document("slip", Language.HANS, (Words("下一张"), Cut()))
WHOLE = ["第一行", "第二行", "第三行", "第四行", "第五行", "第六行"]


class Bench:
    """A virtual printer at a real port, and the station's side of it."""

    def __init__(self, printer: SerialPrinter, virtual: VirtualPrinter, port: VirtualPort, play: Play) -> None:
        self.printer = printer
        self.virtual = virtual
        self.port = port
        self.play = play

    def paper(self) -> list[list[str]]:
        """The pieces that are cut off, each with its rows of text."""
        return [slip.text.split() for slip in self.virtual.slips]

    def script(self, text: str) -> None:
        """Go on with another script, and wait until it is over."""
        self.play = Play(read_script(text, "script"), self.virtual, self.port)
        wait_for(lambda: self.play.over)


Start = Callable[..., AbstractContextManager[Bench]]


@pytest.fixture
def start(narrow: Profile, tmp_path: Path) -> Start:
    @contextmanager
    def begin(script: str = "", *, baud: int | None = None, **facts: object) -> Iterator[Bench]:
        virtual = VirtualPrinter()
        link = tmp_path / "ttyPRINTER"
        port = VirtualPort(virtual, link, baud=baud)
        play = Play(read_script(script, "script"), virtual, port)
        profile = msgspec.structs.replace(narrow, speed=500, **facts)
        with port:
            printer = SerialPrinter(str(link), BAUD, profile, QUICK, stuck=0.2)
            yield Bench(printer, virtual, port, play)
            printer.close()

    return begin


def brief(outcome: Outcome) -> tuple[Result, Condition, bool]:
    return outcome.result, outcome.condition, outcome.started


PRINTED = (Result.PRINTED, Condition.READY, True)


def test_paper_that_is_out_before_a_slip_costs_no_paper(start: Start) -> None:
    with start("0 s paper out") as bench:
        wait_for(lambda: bench.play.over)
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.PAPER_OUT, False)
        bench.script("0 s paper in")
        assert brief(bench.printer.print(SLIP, 1)) == PRINTED
        assert bench.paper() == [WHOLE]


def test_paper_that_ends_in_the_middle_is_finished_by_the_printer_itself_after_reload(start: Start) -> None:
    with start("line 3 paper out") as bench:
        outcome = bench.printer.print(SLIP, 1)
        assert brief(outcome) == (Result.HELD, Condition.PAPER_OUT, True)
        assert not outcome.withdrawn
        bench.script("0 s paper in")
        wait_for(lambda: len(bench.virtual.slips) == 1)
        assert brief(bench.printer.separate()) == PRINTED
        assert brief(bench.printer.print(NEXT, 11)) == PRINTED, "the late echo of the first attempt proves nothing"
        assert bench.paper() == [WHOLE, [], ["下一张"]]


def test_the_rest_of_a_slip_is_withdrawn_where_the_printer_can_drop_it(start: Start) -> None:
    with start("line 3 paper out", clear=True) as bench:
        outcome = bench.printer.print(SLIP, 1)
        assert brief(outcome) == (Result.HELD, Condition.PAPER_OUT, True)
        assert outcome.withdrawn
        bench.script("0 s paper in")
        assert brief(bench.printer.separate()) == PRINTED
        assert brief(bench.printer.print(NEXT, 11)) == PRINTED
        assert bench.paper() == [WHOLE[:3], ["下一张"]]


def test_a_line_that_is_held_costs_no_paper_also_where_no_flow_control_is_agreed(start: Start) -> None:
    with start("0 s xoff") as bench:
        wait_for(lambda: bench.play.over)
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.OFFLINE, False)
        assert bench.printer.state().readings[Part.LINE] is Reading.WAITING
        bench.script("0 s xon")
        assert brief(bench.printer.print(SLIP, 1)) == PRINTED
        assert bench.paper() == [WHOLE]


def test_a_cover_opened_in_the_middle_and_closed(start: Start) -> None:
    with start("line 2 cover open", clear=True) as bench:
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.COVER_OPEN, True)
        bench.script("0 s cover closed")
        assert brief(bench.printer.separate()) == PRINTED
        assert bench.paper() == [WHOLE[:2]]


def test_paper_that_nears_its_end_prints_and_is_told(start: Start) -> None:
    with start("line 1 paper low") as bench:
        assert brief(bench.printer.print(SLIP, 1)) == PRINTED
        assert bench.printer.condition() is Condition.PAPER_LOW
        assert brief(bench.printer.print(SLIP, 2)) == (Result.PRINTED, Condition.PAPER_LOW, True)


def test_a_knife_that_sticks_holds_the_slip_and_a_free_one_is_told_to_go_on(start: Start) -> None:
    with start("line 1 knife jams") as bench:
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.CUTTER, True)
        assert bench.printer.condition() is Condition.CUTTER
        bench.script("0 s knife free")
        assert bench.printer.condition() is Condition.READY
        assert bench.paper() == []
        assert brief(bench.printer.separate()) == PRINTED
        assert bench.paper() == [WHOLE]


def test_a_hot_head_pauses_and_the_slip_is_printed_when_it_has_cooled(start: Start) -> None:
    with start("line 3 head hot\n+0.8 s head cool") as bench:
        assert brief(bench.printer.print(SLIP, 1)) == PRINTED
        assert bench.paper() == [WHOLE]


@pytest.mark.parametrize("process_id", [True, False])
def test_power_that_is_cycled_in_the_middle_leaves_the_slip_unknown_and_the_next_one_is_not_glued_to_it(
    start: Start, process_id: bool
) -> None:
    with start("line 3 power off\n+0.4 s power on", process_id=process_id) as bench:
        result, _, started = brief(bench.printer.print(SLIP, 1))
        assert (result, started) == (Result.UNKNOWN, True)
        wait_for(lambda: bench.play.over)
        assert brief(bench.printer.separate()) == PRINTED
        assert brief(bench.printer.print(NEXT, 2)) == PRINTED
        assert bench.paper() == [WHOLE[:3], ["下一张"]]


def test_a_cable_pulled_out_and_put_back(start: Start) -> None:
    with start("line 3 cable out") as bench:
        assert brief(bench.printer.print(SLIP, 1)) == (Result.UNKNOWN, Condition.NO_ANSWER, True)
        assert bench.virtual.piece.text.split() == WHOLE[:3]
        assert bench.printer.condition() is Condition.NO_ANSWER
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.NO_ANSWER, False)
        bench.script("0 s cable in")
        assert bench.printer.condition() is Condition.READY
        assert brief(bench.printer.print(SLIP, 2)) == PRINTED


def test_a_port_that_goes_away_and_comes_back_under_another_name_is_found_by_its_link(start: Start) -> None:
    with start("line 3 port gone") as bench:
        name = bench.port.name
        assert bench.printer.print(SLIP, 1).condition is Condition.NO_PORT
        assert bench.printer.condition() is Condition.NO_PORT
        bench.script("0 s port back")
        # The port has its new name a moment before the link leads to it.
        wait_for(lambda: bench.printer.condition() is Condition.READY)
        assert bench.port.name != name
        assert brief(bench.printer.print(SLIP, 2)) == PRINTED


def test_a_port_that_came_back_while_nobody_looked_is_opened_anew(start: Start) -> None:
    with start() as bench:
        assert bench.printer.condition() is Condition.READY
        name = bench.port.name
        bench.script("0 s port gone\n+0.1 s port back")
        wait_for(lambda: bench.port.name not in ("", name))
        assert bench.printer.condition() is Condition.READY


def test_a_line_that_is_stopped_for_ever(start: Start) -> None:
    with start("line 3 xoff", flow=Flow.XON_XOFF) as bench:
        assert bench.printer.print(SLIP, 1).result is Result.UNKNOWN
        assert bench.printer.condition() is Condition.OFFLINE
        assert brief(bench.printer.print(SLIP, 2)) == (Result.HELD, Condition.OFFLINE, False)
        bench.script("0 s xon")
        wait_for(lambda: bench.printer.condition() is Condition.READY)
        assert bench.paper() == [WHOLE], "what it had received comes out of itself"


def test_garbage_on_the_line_is_noise_and_proves_nothing(start: Start) -> None:
    with start("line 3 garbage") as bench:
        assert brief(bench.printer.print(SLIP, 1)) == (Result.UNKNOWN, Condition.NOISE, True)
        assert bench.printer.condition() is Condition.NOISE
        bench.script("0 s clean line")
        assert bench.printer.condition() is Condition.READY


@pytest.mark.parametrize("process_id", [True, False])
def test_answers_that_break_off_prove_nothing(start: Start, process_id: bool) -> None:
    with start("line 3 half answers", process_id=process_id) as bench:
        assert bench.printer.print(SLIP, 1).result is Result.UNKNOWN
        bench.script("0 s answers")
        assert bench.printer.condition() is Condition.READY
        assert brief(bench.printer.print(SLIP, 2)) == PRINTED


def test_the_rest_that_a_printer_out_of_reach_could_not_be_told_to_drop_is_dropped_before_it_has_paper(
    start: Start,
) -> None:
    with start("line 3 paper out\nline 3 cable out", clear=True) as bench:
        outcome = bench.printer.print(SLIP, 1)
        assert (outcome.started, outcome.withdrawn) == (True, False)
        bench.script("0 s cable in")
        assert bench.printer.condition() is Condition.PAPER_OUT
        bench.script("0 s paper in")
        assert brief(bench.printer.separate()) == PRINTED
        assert bench.paper() == [WHOLE[:3]]


def test_what_an_earlier_run_left_in_a_stopped_printer_is_dropped(
    start: Start, narrow: Profile, tmp_path: Path
) -> None:
    with start("line 3 paper out") as bench:
        assert not bench.printer.print(SLIP, 1).withdrawn
        bench.printer.close()
        profile = msgspec.structs.replace(narrow, speed=500, clear=True)
        restarted = SerialPrinter(str(tmp_path / "ttyPRINTER"), BAUD, profile, QUICK, stuck=0.2)
        assert restarted.condition() is Condition.PAPER_OUT
        bench.script("0 s paper in")
        assert brief(restarted.separate()) == PRINTED
        restarted.close()
        assert bench.paper() == [WHOLE[:3]]


@pytest.mark.parametrize("rubbish", [b"\xe0", b"\x1b", b"\x1d!", b"\x1d(k\xb4\x001P0", b"\xe0\xe0\xfe\x8a"])
def test_what_a_printer_heard_before_swallows_nothing_of_the_first_slip(start: Start, rubbish: bytes) -> None:
    with start() as bench:
        bench.virtual.feed(rubbish)
        assert brief(bench.printer.print(SLIP, 1)) == PRINTED
        assert bench.paper() == [WHOLE]


def test_what_a_printer_heard_at_another_speed_swallows_nothing_of_the_next_slip(start: Start) -> None:
    with start() as bench:
        assert brief(bench.printer.print(SLIP, 1)) == PRINTED
        bench.virtual.silent = True
        assert bench.printer.condition() is Condition.NO_ANSWER
        bench.virtual.feed(b"\xe0\x1b")
        bench.virtual.silent = False
        assert brief(bench.printer.print(SLIP, 2)) == PRINTED
        assert bench.paper() == [WHOLE, WHOLE]


@pytest.mark.parametrize("baud", [9600, 19200, 57600])
def test_a_wrong_speed_gets_no_slip_and_no_rubbish(start: Start, baud: int) -> None:
    with start(baud=baud) as bench:
        assert bench.printer.condition() in {Condition.NO_ANSWER, Condition.NOISE}
        result, _, started = brief(bench.printer.print(SLIP, 1))
        assert (result, started) == (Result.HELD, False)
        assert bench.virtual.text() == ""
        bench.script(f"0 s baud {BAUD}")
        assert bench.printer.condition() is Condition.READY


def test_a_printer_that_answers_nothing_gets_nothing(start: Start) -> None:
    with start("0 s silent") as bench:
        wait_for(lambda: bench.play.over)
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.NO_ANSWER, False)
        assert bench.virtual.text() == ""


def test_a_printer_that_falls_silent_in_the_middle_leaves_the_slip_unknown(start: Start) -> None:
    with start("line 3 silent") as bench:
        assert brief(bench.printer.print(SLIP, 1)) == (Result.UNKNOWN, Condition.NO_ANSWER, True)
        assert bench.paper() == [WHOLE]


def test_a_printer_that_only_tells_unasked_is_understood_in_the_middle_of_a_slip(start: Start) -> None:
    with start("line 3 cover open", status="unasked", process_id=False) as bench:
        assert brief(bench.printer.print(SLIP, 1)) == (Result.HELD, Condition.COVER_OPEN, True)


def test_a_slip_proved_by_the_queued_status_alone(start: Start) -> None:
    with start(process_id=False) as bench:
        assert bench.printer.print(SLIP, 1).proof is Proof.QUEUED_STATUS
        assert bench.paper() == [WHOLE]


# The script itself


def test_a_script_is_read_with_its_remarks() -> None:
    text = "\n# by the clock\n  3.5 s   cover open # wide\nline 12 paper out\n+2 s paper   in\n10 s baud 9600\n"
    assert read_script(text, "script") == (
        Entry("cover open", seconds=3.5),
        Entry("paper out", line=12),
        Entry("paper in", seconds=2, after=True),
        Entry("baud 9600", seconds=10),
    )


@pytest.mark.parametrize(
    "line", ["paper out", "5 paper out", "line x paper out", "-1 s paper out", "5 s", "5 s out", "5 s paper lost"]
)
def test_a_line_that_makes_no_sense_is_named_with_its_file(line: str) -> None:
    with pytest.raises(ValueError, match=r"^script:2: "):
        read_script(f"0 s paper out\n{line}\n", "script")


def test_events_wait_for_the_ones_above_them_and_for_their_time() -> None:
    now = [100.0]
    happened: list[str] = []
    virtual = VirtualPrinter()
    entries = read_script("2 s cover open\n+1 s cover closed\nline 1 paper low\n0 s silent\n", "script")
    play = Play(entries, virtual, VirtualPort(virtual), happened.append, clock=lambda: now[0])
    play.step()
    assert happened == []
    now[0] = 102.5
    play.step()
    assert (happened, virtual.cover_open) == (["cover open"], True)
    now[0] = 103.4
    play.step()
    assert len(happened) == 1
    now[0] = 103.5
    play.step()
    assert (happened[1:], virtual.cover_open) == (["cover closed"], False)
    virtual.feed(b"A\n")
    assert happened[2:] == ["paper low", "silent"]
    assert play.over


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_changes_something(event: str) -> None:
    virtual = VirtualPrinter()
    port = VirtualPort(virtual)
    undone = {
        "paper in": "paper out",
        "cover closed": "cover open",
        "knife free": "knife jams",
        "head cool": "head hot",
    }
    undone |= {"power on": "power off", "answers": "silent", "xon": "xoff", "cable in": "cable out"}
    undone |= {"port back": "port gone", "clean line": "garbage"}

    def state() -> tuple[object, ...]:
        faults = (virtual.paper_out, virtual.paper_low, virtual.cover_open, virtual.cutter_jammed, virtual.head_hot)
        line = (virtual.powered, virtual.silent, virtual.half, virtual.line_held)
        return (*faults, *line, port.plugged, port.present, port.noise, port.baud)

    if event in undone:
        Play((Entry(undone[event], seconds=0),), virtual, port).step()
    before = state()
    Play((Entry(event, seconds=0),), virtual, port).step()
    assert state() != before
