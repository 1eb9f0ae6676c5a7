"""How the station is: every part with its state in a word, the worst first, since when, and what to do."""

from kiosk.technician.findings import Finding, Grade
from kiosk.technician.overview import Overview
from kiosk.technician.symptoms import SYMPTOMS
from kiosk.text import cells, fit, wrap_evenly
from screens.intents import Intent
from screens.lines import paragraph
from screens.scene import Scene
from screens.technician.page import TechnicianPage, Way
from screens.technician.shift import Shift
from screens.technician.tasks import Area, Browse, Open
from screens.widgets.choice import Words
from screens.widgets.sheet import Line, Span

_GAP = 2
_UNTOLD = {Grade.OK, Grade.UNSUPPORTED}
"""Grades that ask for nothing: one line each."""


class OverviewPage(TechnicianPage):
    """All parts. It is built anew when the station finds something else."""

    def __init__(self, scene: Scene, shift: Shift, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._overview = shift.door.bench.overview()
        self._titles = {test.name: test.title for test in shift.door.bench.tests()}

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("概况")

    def aside(self) -> str:
        """Who is in, and how old this is."""
        say, time = self.scene.say, self._overview.time
        if not time:
            return say("正在检查")
        return say("{name}，{time} 检查", name=self.shift.door.name, time=self.moment(time))

    def back(self) -> Intent | None:
        """This is where all ways begin."""
        return None

    def home(self) -> Intent | None:
        """One is there."""
        return None

    def stale(self) -> bool:
        """Whether the station has found something else since."""
        return _told(self.shift.door.bench.overview()) != _told(self._overview)

    def ways(self) -> list[Way]:
        """To the areas."""
        say = self.scene.say
        return [
            (Words(say("测试")), Open(Area.TESTS)),
            (Words(say("纸")), Open(Area.PAPER)),
            (Words(say("记录")), Browse()),
            (Words(say("线路")), Open(Area.LINE)),
            (Words(say("参数")), Open(Area.SETTINGS)),
        ]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return a group for each part."""
        if not self._overview.findings:
            return [paragraph(self.scene.say("还没有检查完，几秒后就有结果。"), width)]
        return [self.finding(one, self._titles.get(one.test, one.test), width) for one in self._overview.findings]

    def finding(self, one: Finding, title: str, width: int) -> tuple[Line, ...]:
        """Return one finding: its grade, its part, what is so; since when; what to do and what still works."""
        return finding_lines(self, one, title, width)


def finding_lines(page: TechnicianPage, one: Finding, title: str, width: int) -> tuple[Line, ...]:
    """Return a finding as lines of `width` cells."""
    say, symptom = page.scene.say, SYMPTOMS.get(one.symptom)
    left = page.grade_width() + 1
    name = say(title)
    since = page.moment(one.since) if one.since and one.grade not in _UNTOLD else ""
    beside = left + cells(name) + _GAP
    room = width - (cells(since) + _GAP if since else 0)
    head = [page.grade(one.grade), Span(name, left, bold=True)]
    if since:
        head.append(Span(since, -1, "muted"))
    means = say(symptom.means) if symptom else one.value
    if one.grade in _UNTOLD or symptom is None:
        return ((*head, Span(fit(means, max(room - beside, 0)), beside, "muted")),)
    lines: list[Line] = []
    if beside + cells(means) <= room:
        lines.append((*head, Span(means, beside)))
    else:
        lines += [tuple(head), *((Span(line, left),) for line in wrap_evenly(means, width - left))]
    told = [say(symptom.do)]
    if symptom.works:
        told.append(say("还能用：{works}", works=say(symptom.works)))
    if one.value:
        told.append(one.value)
    for words in told:
        lines += [(Span(line, left, "muted"),) for line in wrap_evenly(words, width - left)]
    return tuple(lines)


def _told(overview: Overview) -> tuple[tuple[str, str, int], ...]:
    """Return what of an overview is worth another page: measured values change all the time."""
    return tuple((one.test, one.symptom, one.since) for one in overview.findings)
