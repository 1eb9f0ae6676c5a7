"""Every page of the technician's mode, with as much on it as there can be."""

from collections.abc import Iterator
from pathlib import Path

from kiosk.desk import JobRecord, JobState
from kiosk.journal.entries import Entered
from kiosk.paper import Forecast, Roll
from kiosk.ports import Condition, Proof
from kiosk.settings import Settings
from kiosk.technician.archive import FILTERS, KINDS, RecordView
from kiosk.technician.by_hand import by_hand
from kiosk.technician.carrying import Folder
from kiosk.technician.entrance import Entry
from kiosk.technician.line_work import LineView, PastTrouble
from kiosk.technician.origins import view
from kiosk.technician.paper_work import Counted, PaperView
from kiosk.technician.symptoms import SYMPTOMS, found
from screens.technician import shift as at
from screens.technician.tasks import ENTRIES, Browse, Cargo
from tests.screens.technicians import SINCE, station_tests

SLIPS = tuple(
    JobRecord(number, "A07-1000", state, Condition.PAPER_OUT, Proof.NONE, 2, 1, SINCE, SINCE)
    for number, state in enumerate((JobState.HELD, JobState.UNKNOWN) * 4)
)
FULL = PaperView(
    Condition.PAPER_OUT,
    Roll(SINCE, 80_000, 70_000),
    Forecast(10_000, 0.125, 1.4, low=True),
    Counted(12_345, 9_876_543, "2026-01-31"),
    Counted(123, 70_000, "2026-11-20"),
    SLIPS,
)
EMPTY = PaperView(Condition.READY, None, None, Counted(0, 0), Counted(0, 0), ())
LONG = "name=" + "集美" * 30 + " " + "what=" + "x" * 80
PICTURED = tuple(Entered("e", 12_345 + at, kind, SINCE, LONG, sent=bool(at % 2)) for at, kind in enumerate(KINDS))
TROUBLES = tuple(PastTrouble(code, "detail", SINCE) for code in SYMPTOMS if code.startswith(("line-", "center-")))


def spots() -> Iterator[tuple[str, at.Spot]]:
    """Yield each spot with its name."""
    yield "code", at.CodeWanted()
    yield "code once more", at.CodeWanted(Entry(tries=4))
    yield "locked", at.CodeWanted(Entry(locked=3_600_000), 3600.0)
    yield "locked for seconds", at.CodeWanted(Entry(locked=9_000), 9.0)
    yield "overview", at.AtOverview()
    yield "tests", at.AtTests()
    yield "running", at.Running(30, tuple(found(one.name, one.symptom) for one in station_tests()))
    yield "tested", at.Tested((found("printer", "printer-no-port", "/dev/ttyUSB0 9600, cover unknown"),))
    every = tuple(found("printer", code, "value") for code in [*SYMPTOMS][::4])
    yield "all tested", at.Tested(every, SLIPS[0])
    yield "all well", at.Tested((found("printer"), found("disk")))
    for test in by_hand("generic-58", 32, scanner=True):
        yield f"person: {test.name}", at.PersonAsked(test.name)
    yield "paper", at.AtPaper(FULL)
    yield "paper of a fresh station", at.AtPaper(EMPTY)
    yield "roll", at.RollWanted()
    for state in JobState:
        yield (
            f"slip {state}",
            at.AtSlip(JobRecord(1, "A07-1000", state, Condition.READY, Proof.NONE, 1, 1, SINCE, SINCE)),
        )
    yield "print again", at.ReasonWanted(1, "A07-1000", again=True)
    yield "give up", at.ReasonWanted(1, "A07-1000", again=False)
    for begin in range(0, len(PICTURED), ENTRIES):
        entries = PICTURED[begin : begin + ENTRIES]
        shown = Browse(begin // ENTRIES % len(FILTERS), "1234567890123456", ENTRIES)
        yield f"record {begin}", at.AtRecord(RecordView(entries, ENTRIES, 99_999, SINCE, 123, 2), shown)
    yield "empty record", at.AtRecord(RecordView((), 0, 0, 0, 0, 0), Browse())
    yield "kinds", at.FilterWanted("")
    yield "digits", at.DigitsWanted(0)
    sticks = tuple(Folder(Path(f"/media/kiosk/A-STICK-WITH-A-LONG-NAME-{at}"), plugged=True) for at in range(6))
    own = Folder(Path("/var/lib/kiosk/outgoing"), plugged=False)
    for cargo in Cargo:
        yield f"folder for {cargo}", at.FolderWanted(cargo, (own,))
        yield f"folders for {cargo}", at.FolderWanted(cargo, (*sticks, own))
    backlog = tuple((kind, 1234) for kind in KINDS)
    yield "line", at.AtLine(LineView("https://center.example", True, "line-route", SINCE, backlog, TROUBLES))
    for code in SYMPTOMS:
        if code.startswith(("line-fo", "center-d", "key-s")):
            yield f"line: {code}", at.AtLine(LineView("https://center.example", False, code, None, (), TROUBLES[:1]))
    yield "line that is well", at.AtLine(LineView("https://center.example", False, "", SINCE, (), ()))
    yield "no line", at.AtLine(LineView("", False, "center-none", None, backlog, ()))
    yield "settings", at.AtSettings(view(Settings()))
    yield "rehearsal", at.AtRehearsal()
    yield "written", at.Told(("写好了，可以拔下。", "{path}", "一共 {n} 条记录。"), {"path": "/media/x" * 20, "n": 3})
    yield "not done", at.Told(("没有打出来。", "打印机缺纸"), well=False)
