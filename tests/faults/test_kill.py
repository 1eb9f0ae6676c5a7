"""The station is killed (-9) at every step of a ticket and its paper, and started again.

Nothing that was promised is lost, no number comes twice, the paper comes all the same, and no second slip of one number
comes without its mark.
"""

import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk.journal.entries import Body
from kiosk.journal.store import Reader

PROCESS = Path(__file__).with_name("station_process.py")


class Killer(VirtualPrinter):
    """A printer that kills the station once it has received `after` bytes."""

    def __init__(self) -> None:
        super().__init__(paper_mm=58)
        self.after: int | None = None
        self.victim: subprocess.Popen[str] | None = None

    def feed(self, data: bytes) -> bytes:
        if self.after is not None and self.victim is not None and data:
            self.after -= len(data)
            if self.after <= 0:
                self.victim.kill()
                self.after = None
        return super().feed(data)


def run(printer: Killer, port: str, state: Path, step: str, passes: int, tickets: int) -> tuple[int, list[str]]:
    """Run the station process; returns its exit code and the numbers that it promised."""
    process = subprocess.Popen(
        [sys.executable, PROCESS, state, port, step, str(passes), str(tickets)],
        stdout=subprocess.PIPE,
        text=True,
    )
    printer.victim = process
    output, _ = process.communicate(timeout=60)
    return process.returncode, [line.split()[0] for line in output.splitlines()]


def check(state: Path, printer: Killer, promised: list[str]) -> None:
    """Compare what was promised, the journal, and what lies on paper."""
    reader = Reader(state)
    sound, faults = reader.verify()
    issued = [
        str(msgspec.json.decode(entry.body, type=Body).data["number"])
        for entry in reader.entries()
        if entry.kind == "ticket.issued"
    ]
    waiting = [(job.title, job.state) for job in reader.jobs()]
    reader.close()
    assert faults == []
    assert sound > 0
    assert len(set(issued)) == len(issued)
    assert set(promised) <= set(issued)
    assert waiting == []
    unmarked: Counter[str] = Counter()
    on_paper = set()
    for slip in printer.slips:
        for number in set(re.findall(r"[A-Z]07-\d{3}", slip.text)):
            on_paper.add(number)
            unmarked[number] += "补打" not in slip.text
    assert set(issued) <= on_paper
    assert max(unmarked.values()) == 1


@pytest.mark.parametrize("step", ["reserved", "entered", "committed", "sending", "settled"])
@pytest.mark.parametrize("passes", [0, 1])
def test_killed_at_a_step(tmp_path: Path, step: str, passes: int) -> None:
    if step == "reserved" and passes == 1:
        passes = 2  # a number is reserved for each ticket; the third is another block's first chance to differ
    printer = Killer()
    with VirtualPort(printer) as port:
        code, promised = run(printer, port.name, tmp_path, step, passes, 4)
        assert code == -signal.SIGKILL
        code, more = run(printer, port.name, tmp_path, "none", 0, 2)
        assert code == 0
    check(tmp_path, printer, promised + more)


@pytest.mark.parametrize("after", [1, 40, 200, 330, 600])
def test_killed_while_the_slip_is_on_the_wire(tmp_path: Path, after: int) -> None:
    printer = Killer()
    with VirtualPort(printer) as port:
        printer.after = after
        code, promised = run(printer, port.name, tmp_path, "none", 0, 4)
        assert code == -signal.SIGKILL
        code, more = run(printer, port.name, tmp_path, "none", 0, 1)
        assert code == 0
    check(tmp_path, printer, promised + more)
