"""Pages that say how something went: a task, one test, or all of them."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import JobState
from kiosk.technician.findings import Finding, is_well
from kiosk.text import wrap_evenly
from screens.intents import Back
from screens.lines import paragraph
from screens.scene import Scene
from screens.technician.overview import finding_lines
from screens.technician.page import TechnicianPage, Way
from screens.technician.shift import Running, Shift, Tested, Told
from screens.technician.tasks import RunAll, RunTest
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet, Span


class ToldPage(TechnicianPage):
    """Something was done, or could not be."""

    def __init__(self, scene: Scene, shift: Shift, spot: Told, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._spot = spot

    def heading(self) -> str:
        """Say which."""
        return self.scene.say("办好了") if self._spot.well else self.scene.say("没有办成")

    def ways(self) -> list[Way]:
        """Back to where it was asked for."""
        return [(Words(self.scene.say("返回")), Back())]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the sentences; a path is broken where it must be."""
        told = [self.scene.say(sentence, **self._spot.values) for sentence in self._spot.sentences]
        return [
            tuple((Span(line, bold=not number),) for line in wrap_evenly(one, width)) for number, one in enumerate(told)
        ]


class RunningPage(TechnicianPage):
    """All tests run; what has ended so far."""

    def __init__(self, scene: Scene, shift: Shift, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._titles = {test.name: test.title for test in shift.door.bench.tests()}

    def heading(self) -> str:
        """Say what happens."""
        return self.scene.say("正在测试，请稍候")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the sheet alone: there is nothing to choose until all have ended, which takes seconds."""
        yield Sheet(self.palette, room, self._sheets(room)[0])

    def ways(self) -> list[Way]:
        """None yet."""
        return []

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return how many have ended, and the newest of them."""
        spot = self.shift.spot
        done, total = (spot.done, spot.total) if isinstance(spot, Running) else ((), 0)
        counted = self.scene.say("测完 {n} 项，共 {total} 项", n=len(done), total=total)
        newest = [
            (self.grade(one.grade), Span(self.scene.say(self._titles[one.test]), self.grade_width() + 1))
            for one in reversed(done)
        ]
        return [paragraph(counted, width, bold=True), *((line,) for line in newest)]

    def show_job(self) -> bool:
        """Show what has ended meanwhile."""
        for sheet in self.query(Sheet):
            sheet.show(self._sheets(sheet.place)[0])
        return True


class ResultPage(TechnicianPage):
    """What tests have found, the worst first, and what became of the paper with it."""

    def __init__(self, scene: Scene, shift: Shift, spot: Tested, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._spot = spot
        self._titles = {test.name: test.title for test in shift.door.bench.tests()}

    @property
    def _single(self) -> Finding | None:
        return self._spot.findings[0] if len(self._spot.findings) == 1 else None

    def heading(self) -> str:
        """Say how it went."""
        return self.scene.say("全部正常") if is_well(self._spot.findings) else self.scene.say("测试结果")

    def aside(self) -> str:
        """Say where the report is."""
        if self._single:
            return ""
        printed = self._spot.slip is not None and self._spot.slip.state is JobState.PRINTED
        return self.scene.say("报告已经打印") if printed else self.scene.say("报告没有打印")

    def ways(self) -> list[Way]:
        """Back, or once more."""
        again = RunTest(self._single.test) if self._single else RunAll()
        return [(Words(self.scene.say("返回")), Back()), (Words(self.scene.say("再测一次")), again)]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return a group for each finding."""
        return [finding_lines(self, one, self._titles[one.test], width) for one in self._spot.findings]
