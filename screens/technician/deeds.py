"""What a technician's task has the door do, and the spot that it leads to. All may raise Refused."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from kiosk.desk import JobRecord, JobState, Refused, printing
from kiosk.technician.archive import FILTERS
from kiosk.technician.by_hand import ByHand, OnPaper
from kiosk.technician.door import Door
from kiosk.technician.findings import Finding
from kiosk.technician.report import Say
from screens.technician import shift as at
from screens.technician import tasks
from screens.technician.tasks import ENTRIES, Area, Cargo

SLIP_SECONDS = 20.0
"""Seconds that a slip of the technician's is waited for: a long one takes ten."""


class Deeds:
    """Carries tasks out, one after the other."""

    def __init__(self, say: Callable[..., str], monotonic: Callable[[], float], progressed: Callable[[], None]) -> None:
        """`say(language, sentence, ...)` as the desk has it; `progressed` is called when a run has come further."""
        self._say = say
        self._monotonic = monotonic
        self._progressed = progressed

    async def after(self, shift: at.Shift, task: object) -> at.Spot:
        """Carry `task` out; returns where it leads."""
        door = shift.door
        match task:
            case tasks.Enter(code):
                return await self._enter(door, code)
            case tasks.RunAll():
                return await self._run_all(shift)
            case tasks.RunTest(name):
                return await self._run(door, name)
            case tasks.Answer(name, well):
                return at.Tested((await door.bench.answer(name, well=well),))
            case tasks.Toggle(fault) if door.rehearsal:
                await door.rehearsal.toggle(fault)
                return at.AtRehearsal()
            case tasks.Pause(wanted):
                await door.line.pause(wanted)
                return at.AtLine(await door.line.view())
            case tasks.HurryLine():
                await door.line.hurry()
                return at.AtLine(await door.line.view())
            case tasks.PrintRecord(number, searched):
                kinds = FILTERS[number][1]
                job = await door.print_record(self._saying(shift), shift.language, kinds, searched)
                return await _slip_told(door, job)
            case tasks.Carry(cargo, folder):
                carrying = door.archive.export if cargo is Cargo.RECORD else door.line.bundle
                path, count = await carrying(folder)
                done = "写好了，可以拔下。" if folder.plugged else "写好了。"
                return at.Told((done, "{path}", "一共 {n} 条记录。"), {"path": str(path), "n": count})
            case _:
                return await _asked(door, task) or await _at_paper(door, task) or await opened(door, task)

    async def _enter(self, door: Door, code: str) -> at.Spot:
        entry = await door.enter(code)
        if entry.name:
            return at.AtOverview()
        return at.CodeWanted(entry, self._monotonic() + entry.locked / 1000)

    async def _run(self, door: Door, name: str) -> at.Spot:
        test = door.bench.test(name)
        if isinstance(test, OnPaper):
            record = await _ended(door, await door.paper.print(test.document))
            return at.PersonAsked(name) if record and record.state is not JobState.HELD else _told_of(record)
        if isinstance(test, ByHand):
            return at.PersonAsked(name)
        return at.Tested((await door.bench.run(name),))

    async def _run_all(self, shift: at.Shift) -> at.Spot:
        def progress(finding: Finding) -> None:
            if isinstance(shift.spot, at.Running):
                shift.spot = replace(shift.spot, done=(*shift.spot.done, finding))
                self._progressed()

        findings = await shift.door.bench.run_all(progress)
        try:
            job = await shift.door.print_report(self._saying(shift), shift.language, findings)
            return at.Tested(findings, await _ended(shift.door, job))
        except Refused:
            # What was found counts more than its paper, which the page says is not there.
            return at.Tested(findings)

    def _saying(self, shift: at.Shift) -> Say:
        language = shift.language
        return lambda sentence, **values: self._say(language, sentence, **values)


async def opened(door: Door, task: object) -> at.Spot:
    """Return what a task opens, as it is now."""
    match task:
        case tasks.Open(Area.TESTS):
            return at.AtTests()
        case tasks.Open(Area.PAPER):
            return at.AtPaper(await door.paper.view())
        case tasks.Open(Area.LINE):
            return at.AtLine(await door.line.view())
        case tasks.Open(Area.SETTINGS):
            return at.AtSettings(await door.settings())
        case tasks.Open(Area.REHEARSAL) if door.rehearsal:
            return at.AtRehearsal()
        case tasks.Browse(number, searched, skip):
            view = await door.archive.page(FILTERS[number][1], searched, ENTRIES, skip)
            return at.AtRecord(view, tasks.Browse(number, searched, view.skip))
        case tasks.OpenSlip(job):
            view_of_paper = await door.paper.view()
            record = next((one for one in view_of_paper.waiting if one.id == job), None)
            return at.AtSlip(record) if record else at.AtPaper(view_of_paper)
        case _:
            return at.AtOverview()


async def _asked(door: Door, task: object) -> at.Spot | None:
    """Return the question that a task asks, None for a task that asks none."""
    match task:
        case tasks.AskRoll():
            return at.RollWanted()
        case tasks.AskReason(job, title, again):
            return at.ReasonWanted(job, title, again)
        case tasks.AskSearch(number):
            return at.DigitsWanted(number)
        case tasks.AskFilter(searched):
            return at.FilterWanted(searched)
        case tasks.AskFolder(cargo):
            return at.FolderWanted(cargo, await door.archive.folders())
        case _:
            return None


async def _at_paper(door: Door, task: object) -> at.Spot | None:
    """Do something at the paper; None for a task that has nothing to do with it."""
    match task:
        case tasks.ChangeRoll(metres):
            await door.paper.change_roll(int(metres))
            return at.Told(("记下了：新纸卷 {n} 米，用量从零数起。",), {"n": int(metres)})
        case tasks.JamCleared():
            await door.paper.jam_cleared()
            return at.Told(("记下了，正在再问打印机。", "请到测试里打一张样张看看。"))
        case tasks.Reprint(job, reason):
            await door.paper.reprint(job, reason)
            return await _slip_told(door, job)
        case tasks.Abandon(job, reason):
            await door.paper.abandon(job, reason)
            return at.Told(("已放弃，不会再打印。",))
        case _:
            return None


async def _slip_told(door: Door, job: int) -> at.Told:
    return _told_of(await _ended(door, job))


async def _ended(door: Door, job: int) -> JobRecord | None:
    """Return what became of a slip, None where that takes longer than anybody waits."""
    try:
        return await asyncio.wait_for(door.paper.ended(job), SLIP_SECONDS)
    except TimeoutError:
        return None


def _told_of(record: JobRecord | None) -> at.Told:
    if record is None:
        return at.Told(("还在打印，请看打印机。",), well=False)
    match record.state:
        case JobState.PRINTED:
            return at.Told(("打出来了。",))
        case JobState.UNKNOWN:
            return at.Told(("不能确定打全了没有，请看纸。",), well=False)
        case _:
            reason = printing(record.condition).reason
            return at.Told(("没有打出来。", *((reason,) if reason else ())), well=False)
