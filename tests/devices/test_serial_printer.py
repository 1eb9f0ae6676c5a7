"""A printer on a real pseudo-terminal: proof, faults, silence, and ports that are none or go away."""

import os
import select
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from devices.inquiry import Limits
from devices.profile import Profile
from devices.serial_line import SerialLine
from devices.serial_printer import SerialPrinter
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.wire import BAUDS, Flow
from kiosk.documents import Cut, Document, Words
from kiosk.ports import Condition, Outcome, Proof, Reading, Result, Verdict
from kiosk.text import Language

QUICK = Limits(answer=0.1, tries=2, least_completion=0.6, between_looks=0.1, longest_pause=2, cut=0.1)
BAUD = 115200


@pytest.fixture
def narrow(narrow: Profile) -> Profile:
    return msgspec.structs.replace(narrow, speed=500)


@pytest.fixture
def virtual() -> VirtualPrinter:
    return VirtualPrinter()


@pytest.fixture
def printer(virtual: VirtualPrinter, narrow: Profile) -> Iterator[SerialPrinter]:
    with VirtualPort(virtual) as port:
        printer = SerialPrinter(port.name, BAUD, narrow, QUICK, stuck=0.2)
        yield printer
        printer.close()


class Scripted:
    """A far end that answers as a test says: `reply` gets what came and returns what goes back."""

    def __init__(self) -> None:
        self.answers = {b"\x10\x04\x01": b"\x12", b"\x10\x04\x02": b"\x12", b"\x10\x04\x03": b"\x12"}
        self.answers[b"\x10\x04\x04"] = b"\x12"
        self.received = bytearray()

    def reply(self, data: bytes) -> bytes:
        self.received += data
        return b"".join(answer for request, answer in self.answers.items() if request in data)


@contextmanager
def far_end(scripted: Scripted) -> Iterator[str]:
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            if select.select([master], [], [], 0.02)[0]:
                answer = scripted.reply(os.read(master, 4096))
                with suppress(BlockingIOError):  # what nobody reads is lost, as on a wire
                    os.write(master, answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        over.set()
        thread.join()
        os.close(master)
        os.close(slave)


def told(outcome: Outcome) -> Outcome:
    """What happened, without how long the paper is."""
    return msgspec.structs.replace(outcome, millimetres=0)


def printed(proof: Proof, condition: Condition = Condition.READY) -> Outcome:
    return Outcome(Result.PRINTED, condition, proof)


def held(condition: Condition, *, started: bool) -> Outcome:
    return Outcome(Result.HELD, condition, started=started)


def test_a_slip_comes_out_and_is_proved_by_its_process_id(
    printer: SerialPrinter, virtual: VirtualPrinter, slip: Document
) -> None:
    assert printer.condition() is Condition.READY
    assert told(printer.print(slip, 42)) == printed(Proof.PROCESS_ID)
    assert len(virtual.slips) == 1
    assert "申请人居民身份证" in virtual.slips[0].text
    assert virtual.unknown == []


def test_low_paper_is_told_and_prints(printer: SerialPrinter, virtual: VirtualPrinter, slip: Document) -> None:
    virtual.paper_low = True
    assert told(printer.print(slip, 1)) == printed(Proof.PROCESS_ID, Condition.PAPER_LOW)


@pytest.mark.parametrize(
    ("fault", "condition"), [("paper_out", Condition.PAPER_OUT), ("cover_open", Condition.COVER_OPEN)]
)
def test_a_printer_that_cannot_print_gets_no_byte_of_the_job(
    printer: SerialPrinter, virtual: VirtualPrinter, slip: Document, fault: str, condition: Condition
) -> None:
    setattr(virtual, fault, True)
    assert printer.condition() is condition
    assert told(printer.print(slip, 1)) == held(condition, started=False)
    setattr(virtual, fault, False)
    assert told(printer.print(slip, 2)) == printed(Proof.PROCESS_ID)
    assert len(virtual.slips) == 1


def test_paper_that_ends_in_the_middle_holds_the_job_and_the_fragment_is_cut_off_later(
    printer: SerialPrinter, virtual: VirtualPrinter, slip: Document
) -> None:
    virtual.head.paper_left = 200
    assert told(printer.print(slip, 1)) == held(Condition.PAPER_OUT, started=True)
    assert told(printer.separate()) == held(Condition.PAPER_OUT, started=False)
    virtual.reload()
    assert told(printer.separate()) == printed(Proof.PROCESS_ID)
    assert told(printer.print(slip, 2)) == printed(Proof.PROCESS_ID)
    assert virtual.slips[-1].text.strip().startswith("集美区24小时e政务便民服务站")


@pytest.mark.parametrize("heard", [False, True])
def test_a_silent_printer_gets_nothing_whether_it_was_ever_heard_or_not(
    printer: SerialPrinter, virtual: VirtualPrinter, slip: Document, heard: bool
) -> None:
    """It may be at another speed, and would print what comes as rubbish."""
    if heard:
        assert printer.condition() is Condition.READY
    virtual.silent = True
    assert told(printer.print(slip, 1)) == held(Condition.NO_ANSWER, started=False)
    assert virtual.slips == []


def test_silence_after_the_job_is_neither_printed_nor_not_printed(narrow: Profile, slip: Document) -> None:
    scripted = Scripted()
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert told(printer.print(slip, 1)) == Outcome(Result.UNKNOWN, Condition.READY)
        printer.close()
    assert b"A07-012" in scripted.received


def test_without_an_echo_the_queued_status_is_the_proof(narrow: Profile, slip: Document) -> None:
    scripted = Scripted()
    scripted.answers[b"\x1dr\x01"] = b"\x00"
    without = msgspec.structs.replace(narrow, process_id=False)
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, without, QUICK, stuck=0.2)
        assert told(printer.print(slip, 1)) == printed(Proof.QUEUED_STATUS)
        printer.close()


def test_a_lone_zero_from_a_printer_that_then_answers_nothing_proves_nothing(narrow: Profile, slip: Document) -> None:
    """A printer that loses its power sends a break, which reads as 00: the very byte of a clean GS r answer."""

    class Dying(Scripted):
        def reply(self, data: bytes) -> bytes:
            answer = super().reply(data)
            if b"\x1dr\x01" in data:
                self.answers.clear()
                return b"\x00"
            return answer

    without = msgspec.structs.replace(narrow, process_id=False)
    with far_end(Dying()) as name:
        printer = SerialPrinter(name, BAUD, without, QUICK, stuck=0.2)
        assert told(printer.print(slip, 1)) == Outcome(Result.UNKNOWN, Condition.NO_ANSWER)
        printer.close()


def test_another_jobs_echo_proves_nothing(narrow: Profile, slip: Document) -> None:
    scripted = Scripted()
    scripted.answers[b"\x1d(H"] = b"\x37\x22\x30\x30\x30\x37\x00"
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert printer.print(slip, 8).result is Result.UNKNOWN
        assert told(printer.print(slip, 7)) == printed(Proof.PROCESS_ID)
        printer.close()


def test_a_fault_that_shows_while_waiting_holds_the_job(narrow: Profile, slip: Document) -> None:
    class Jamming(Scripted):
        def reply(self, data: bytes) -> bytes:
            answer = super().reply(data)
            if b"\x1dV" in data:
                self.answers[b"\x10\x04\x03"] = b"\x1a"
            return answer

    with far_end(Jamming()) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert told(printer.print(slip, 1)) == held(Condition.CUTTER, started=True)
        printer.close()


def test_unasked_status_blocks_between_answers_are_stepped_over(narrow: Profile, slip: Document) -> None:
    scripted = Scripted()
    scripted.answers = {request: b"\x10\x00\x00\x00" + answer for request, answer in scripted.answers.items()}
    scripted.answers[b"\x1d(H"] = b"\x10\x00\x00\x00\x37\x220001\x00"
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert printer.condition() is Condition.READY
        assert told(printer.print(slip, 1)) == printed(Proof.PROCESS_ID)
        printer.close()


def test_a_printer_that_only_sends_unasked_blocks_is_understood(narrow: Profile) -> None:
    scripted = Scripted()
    scripted.answers = {b"\x10\x04\x01": b"\x38\x00\x00\x00"}
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert printer.condition() is Condition.COVER_OPEN
        printer.close()


@pytest.mark.parametrize("garbage", [b"\xff\xff", b"\x00", b"A"])
def test_bytes_that_no_status_has_are_a_wrong_speed_or_cable_and_not_paper_out(
    narrow: Profile, slip: Document, garbage: bytes
) -> None:
    scripted = Scripted()
    scripted.answers = dict.fromkeys(scripted.answers, garbage)
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert printer.condition() is Condition.NOISE
        assert told(printer.print(slip, 1)) == held(Condition.NOISE, started=False)
        printer.close()


def test_a_printer_that_leaves_out_some_answers_is_unknown_and_prints(narrow: Profile, slip: Document) -> None:
    scripted = Scripted()
    del scripted.answers[b"\x10\x04\x02"], scripted.answers[b"\x10\x04\x03"]
    scripted.answers[b"\x1d(H"] = b"\x37\x220001\x00"
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert printer.condition() is Condition.UNKNOWN
        assert told(printer.print(slip, 1)) == printed(Proof.PROCESS_ID, Condition.UNKNOWN)
        printer.close()


def test_a_late_answer_is_not_taken_for_the_next_questions(narrow: Profile) -> None:
    class Late(Scripted):
        """Answers the first question only when it is asked again, twice."""

        asked = 0

        def reply(self, data: bytes) -> bytes:
            self.asked += b"\x10\x04\x01" in data
            if b"\x10\x04\x01" in data:
                return b"" if self.asked == 1 else b"\x1a\x1a"
            return super().reply(data)

    with far_end(Late()) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        assert printer.condition() is Condition.OFFLINE
        printer.close()


def test_a_printer_that_takes_no_more_bytes_ends_the_attempt_in_time(narrow: Profile) -> None:
    endless = Document("long", Language.HANS, (*(Words("A" * 32) for _ in range(2500)), Cut()))

    class Hanging(Scripted):
        def reply(self, data: bytes) -> bytes:
            if len(data) > 3:
                hang.wait(20)
                return b""
            return super().reply(data)

    hang = threading.Event()
    with far_end(Hanging()) as name:
        printer = SerialPrinter(name, 4_000_000, narrow, QUICK, stuck=0.2)
        begun = time.monotonic()
        outcome = printer.print(endless, 1)
        assert time.monotonic() - begun < 10
        hang.set()
        printer.close()
    assert outcome.result is Result.HELD
    assert outcome.started


def test_a_line_that_stays_stopped_holds_the_job_and_is_told_as_not_ready(narrow: Profile, slip: Document) -> None:
    """XOFF for ever: the job stands in the port, is dropped, and the printer is asked past it."""
    endless = Document("long", Language.HANS, (*(Words("A" * 32) for _ in range(500)), Cut()))

    class Stopping(Scripted):
        def reply(self, data: bytes) -> bytes:
            return b"\x13" if len(data) > 3 else super().reply(data)

    scripted = Stopping()
    with far_end(scripted) as name:
        flowing = msgspec.structs.replace(narrow, flow=Flow.XON_XOFF)
        printer = SerialPrinter(name, 1_000_000, flowing, QUICK, stuck=0.2)
        assert told(printer.print(endless, 1)) == held(Condition.OFFLINE, started=True)
        arrived = len(scripted.received)
        assert printer.condition() is Condition.OFFLINE
        assert told(printer.print(slip, 2)) == held(Condition.OFFLINE, started=False)
        assert len(scripted.received) < arrived + 100, "not a byte of a job comes through later"
        scripted.answers[b"\x10\x04\x01"] = b"\x11\x12"
        assert printer.condition() is Condition.READY
        printer.close()


def test_a_printer_that_stopped_the_line_for_its_cover_says_so_past_it(narrow: Profile) -> None:
    endless = Document("long", Language.HANS, (*(Words("A" * 32) for _ in range(500)), Cut()))

    class Opened(Scripted):
        def reply(self, data: bytes) -> bytes:
            if len(data) > 3:
                self.answers[b"\x10\x04\x02"] = b"\x16"
                return b"\x13"
            return super().reply(data)

    with far_end(Opened()) as name:
        flowing = msgspec.structs.replace(narrow, flow=Flow.XON_XOFF)
        printer = SerialPrinter(name, 1_000_000, flowing, QUICK, stuck=0.2)
        assert told(printer.print(endless, 1)) == held(Condition.COVER_OPEN, started=True)
        printer.close()


@pytest.mark.parametrize(
    ("flow", "input_flags", "control_flags"),
    [
        (Flow.NONE, 0, 0),
        (Flow.XON_XOFF, termios.IXON, 0),
        (Flow.RTS_CTS, 0, termios.CRTSCTS),
    ],
)
@pytest.mark.parametrize("baud", BAUDS)
def test_the_line_has_speed_frame_and_flow_control_of_the_printer_while_a_job_goes_out(
    flow: Flow, input_flags: int, control_flags: int, baud: int
) -> None:
    class Seeing(Scripted):
        def reply(self, data: bytes) -> bytes:
            iflag, _, cflag, _, _, speed, _ = termios.tcgetattr(port)
            frame = cflag & (termios.CSIZE | termios.PARENB | termios.CSTOPB)
            seen.append((iflag & termios.IXON, cflag & termios.CRTSCTS, frame, speed))
            return b""

    seen: list[tuple[int, int, int, int]] = []
    with far_end(Seeing()) as name:
        port = os.open(name, os.O_RDWR | os.O_NOCTTY)
        line = SerialLine(name, baud, flow)
        line.open()
        line.write(b"A" * 40_000)
        line.close()
    os.close(port)
    assert (input_flags, control_flags, termios.CS8, getattr(termios, f"B{baud}")) in seen


def test_noise_without_end_is_told_in_bounded_time(narrow: Profile) -> None:
    class Roaring(Scripted):
        def reply(self, data: bytes) -> bytes:
            return bytes(range(256)) * 8

    with far_end(Roaring()) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        begun = time.monotonic()
        assert printer.condition() is Condition.NOISE
        assert time.monotonic() - begun < 10
        printer.close()


def test_power_that_goes_and_comes_back_in_the_middle_proves_nothing(narrow: Profile, slip: Document) -> None:
    """Going off reads as a byte 00, which is also a clean GS r answer; the printer then comes back and is well."""

    class Cycled(Scripted):
        looks = 0

        def reply(self, data: bytes) -> bytes:
            if b"\x1dr\x01" in data:
                self.looks = 1
                return b"\x00"
            if self.looks and data[:2] == b"\x10\x04":
                self.looks += 1
                return b"" if self.looks < 4 else super().reply(data)
            return super().reply(data)

    without = msgspec.structs.replace(narrow, process_id=False)
    with far_end(Cycled()) as name:
        printer = SerialPrinter(name, BAUD, without, msgspec.structs.replace(QUICK, least_completion=1.2), stuck=0.2)
        assert told(printer.print(slip, 1)) == Outcome(Result.UNKNOWN, Condition.READY)
        printer.close()


def test_a_hot_head_is_waited_for(narrow: Profile, slip: Document) -> None:
    class Hot(Scripted):
        looks = 0

        def reply(self, data: bytes) -> bytes:
            if len(data) > 16:
                self.looks = 1
                self.answers |= {b"\x10\x04\x01": b"\x1a", b"\x10\x04\x02": b"\x52", b"\x10\x04\x03": b"\x52"}
            elif self.looks and data == b"\x10\x04\x04":
                self.looks += 1
                return b"\x12" + (b"\x37\x220001\x00" if self.looks > 8 else b"")
            return super().reply(data)

    with far_end(Hot()) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        begun = time.monotonic()
        assert told(printer.print(slip, 1)) == printed(Proof.PROCESS_ID)
        assert time.monotonic() - begun > QUICK.least_completion, "longer than a printer gets that says nothing"
        printer.close()


def test_what_a_stopped_printer_still_holds_is_withdrawn_where_it_can_be(narrow: Profile, slip: Document) -> None:
    class Ending(Scripted):
        def reply(self, data: bytes) -> bytes:
            if len(data) > 16:
                self.answers |= {b"\x10\x04\x01": b"\x1a", b"\x10\x04\x02": b"\x32", b"\x10\x04\x04": b"\x7e"}
            return b"\x37\x25\x00" if data == b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08" else super().reply(data)

    with far_end(Ending()) as name:
        clearing = msgspec.structs.replace(narrow, clear=True)
        printer = SerialPrinter(name, BAUD, clearing, QUICK, stuck=0.2)
        outcome = printer.print(slip, 1)
        assert told(outcome) == Outcome(Result.HELD, Condition.PAPER_OUT, started=True, withdrawn=True)
        assert 50 < outcome.millimetres < 200
        printer.close()


def test_a_freed_knife_is_told_to_go_on_but_not_again_and_again(narrow: Profile) -> None:
    class Jammed(Scripted):
        free = False

        def reply(self, data: bytes) -> bytes:
            self.answers[b"\x10\x04\x03"] = b"\x1a"
            if data == b"\x10\x05\x02" and self.free:
                self.answers[b"\x10\x04\x03"] = b"\x12"
            self.received += data
            return self.answers.get(data, b"")

    scripted = Jammed()
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, narrow, QUICK, stuck=0.2)
        for _ in range(3):
            assert printer.condition() is Condition.CUTTER
        assert scripted.received.count(b"\x10\x05\x02") == 1
        printer.close()


def test_a_printer_that_answers_nothing_by_its_kind_is_unsupported_and_prints_unproved(
    narrow: Profile, slip: Document
) -> None:
    scripted = Scripted()
    mute = msgspec.structs.replace(narrow, status="none")
    with far_end(scripted) as name:
        printer = SerialPrinter(name, BAUD, mute, QUICK, stuck=0.2)
        assert printer.condition() is Condition.UNSUPPORTED
        assert set(printer.state().readings.values()) == {Reading.UNSUPPORTED}
        assert told(printer.print(slip, 1)) == Outcome(Result.UNKNOWN, Condition.UNSUPPORTED)
        printer.close()
    assert b"\x10\x04" not in scripted.received


def test_a_printer_that_knows_only_unasked_status_is_asked_by_switching_it_on(narrow: Profile, slip: Document) -> None:
    class Unasked(Scripted):
        def reply(self, data: bytes) -> bytes:
            return b"".join(
                answer
                for request, answer in ((b"\x1da\xff", b"\x10\x00\x03\x00"), (b"\x1d(H", b"\x37\x220001\x00"))
                if request in data
            )

    with far_end(Unasked()) as name:
        printer = SerialPrinter(name, BAUD, msgspec.structs.replace(narrow, status="unasked"), QUICK, stuck=0.2)
        assert printer.condition() is Condition.PAPER_LOW
        assert told(printer.print(slip, 1)) == printed(Proof.PROCESS_ID, Condition.PAPER_LOW)
        printer.close()


def test_a_self_test_names_each_part(printer: SerialPrinter, virtual: VirtualPrinter) -> None:
    virtual.cover_open = True
    checks = {check.name: check.verdict for check in printer.self_test()}
    assert checks["printer-cover"] is Verdict.FAILED
    assert checks["printer-paper"] is Verdict.PASSED
    assert virtual.text() == ""


@pytest.mark.parametrize("port", ["/nonexistent/ttyUSB0", "/tmp", "/dev/null", "", "a\0b", __file__])
def test_a_port_that_is_none_is_told_and_nothing_is_raised(narrow: Profile, slip: Document, port: str) -> None:
    printer = SerialPrinter(port, BAUD, narrow, QUICK, stuck=0.2)
    assert printer.condition() is Condition.NO_PORT
    assert told(printer.print(slip, 1)) == held(Condition.NO_PORT, started=False)
    assert told(printer.separate()) == held(Condition.NO_PORT, started=False)
    printer.close()


def test_a_port_in_use_by_another_program_is_not_taken_away(
    printer: SerialPrinter, narrow: Profile, virtual: VirtualPrinter
) -> None:
    assert printer.condition() is Condition.READY
    with VirtualPort(virtual) as port:
        first = SerialPrinter(port.name, BAUD, narrow, QUICK, stuck=0.2)
        second = SerialPrinter(port.name, BAUD, narrow, QUICK, stuck=0.2)
        assert first.condition() is Condition.READY
        assert second.condition() is Condition.NO_PORT
        first.close()
        assert second.condition() is Condition.READY
        second.close()


def test_the_link_is_removed_with_the_port_and_never_replaces_a_file(tmp_path: Path) -> None:
    link = tmp_path / "ttyPRINTER"
    with VirtualPort(VirtualPrinter(), link) as port:
        assert str(link.readlink()) == port.name
    assert not link.is_symlink()
    link.write_text("mine")
    with pytest.raises(FileExistsError, match="not a link"), VirtualPort(VirtualPrinter(), link):
        pass
    assert link.read_text() == "mine"


def test_a_link_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "ttyPRINTER"
    link.symlink_to("/dev/pts/nonexistent")
    with VirtualPort(VirtualPrinter(), link) as port:
        assert str(link.readlink()) == port.name
