"""The line to the center: how it is, what waits, what went wrong, and what can be done about it."""

from kiosk.technician.archive import KINDS
from kiosk.technician.line_work import LineView
from kiosk.technician.symptoms import SYMPTOMS
from kiosk.text import cells
from screens.lines import Fact, fact_lines
from screens.scene import Scene
from screens.technician.page import TechnicianPage, Way
from screens.technician.shift import AtLine, Shift
from screens.technician.tasks import AskFolder, Cargo, HurryLine, Pause
from screens.widgets.choice import Words
from screens.widgets.sheet import Line

_KINDS_SHOWN, _TROUBLES_SHOWN = 6, 4


class LinePage(TechnicianPage):
    """How the line is. It is looked at again every few seconds while it is on the screen."""

    def __init__(self, scene: Scene, shift: Shift, spot: AtLine, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._view: LineView = spot.view

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("到中心的线路")

    def ways(self) -> list[Way]:
        """Rest or go on, now, and by hand."""
        say = self.scene.say
        bundle = (Words(say("拷走")), AskFolder(Cargo.BUNDLE))
        if not self._view.url:
            return [bundle]
        paused = self._view.paused
        rest = Words(say("继续")) if paused else Words(say("暂停"))
        return [(Words(say("马上送")), HurryLine()), (rest, Pause(wanted=not paused)), bundle]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the facts, the backlog by kind, and the last troubles with what to do."""
        say, view = self.scene.say, self._view
        symptom = SYMPTOMS.get(view.symptom)
        facts = []
        if view.url:
            facts.append(Fact(say("中心"), (view.url,)))
        if view.paused:
            facts.append(Fact(say("状态"), (say("已暂停，您离开以后自动继续"),)))
        elif symptom:
            facts += [Fact(say("状态"), (say(symptom.means),)), Fact(say("怎么办"), (say(symptom.do),))]
        else:
            facts.append(Fact(say("状态"), (say("正常") if view.answered else say("还没有试过"),)))
        if view.answered:
            facts.append(Fact(say("上次回答"), (self.moment(view.answered),)))
        facts.append(Fact(say("待送"), (say("{n} 条", n=view.unsent),)))
        for kind, count in view.backlog[:_KINDS_SHOWN]:
            facts.append(Fact("", (f"{say(KINDS[kind]) if kind in KINDS else kind} {count}",)))
        for number, one in enumerate(view.troubles[:_TROUBLES_SHOWN]):
            term = "" if number else say("最近出错")
            facts.append(Fact(term, (f"{self.moment(one.time)} {say(SYMPTOMS[one.symptom].means)}",)))
        indent = max(cells(fact.term) for fact in facts) + 2
        return [fact_lines(fact, indent, width) for fact in facts]
