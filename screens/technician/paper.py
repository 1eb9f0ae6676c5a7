"""The paper: what is left, what was used, which slips did not come out, and what can be done about it."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import FieldKind, JobState, printing
from kiosk.technician.paper_work import (
    ABANDON_REASONS,
    LEAST_METRES,
    MOST_METRES,
    REPRINT_REASONS,
    Counted,
)
from kiosk.text import cells
from screens.frame import stack
from screens.intents import Back, Intent
from screens.lines import Fact, fact_lines, paragraph
from screens.pages.digits import DigitsPage
from screens.pages.typed import NumberAsked
from screens.scene import Scene
from screens.technician.page import Technical, TechnicianPage, Way
from screens.technician.shift import AtPaper, AtSlip, ReasonWanted, Shift
from screens.technician.tasks import Abandon, AskReason, AskRoll, ChangeRoll, JamCleared, OpenSlip, Reprint
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet

_SLIPS = 4
"""Slips that have a choice of their own; the others follow once these are settled."""

_STATES = {JobState.HELD: "没有打出来", JobState.UNKNOWN: "不能确定"}


class PaperPage(TechnicianPage):
    """What is left and what was used; a choice for each slip that did not come out."""

    def __init__(self, scene: Scene, shift: Shift, spot: AtPaper, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._view = spot.view

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("纸和小票")

    def ways(self) -> list[Way]:
        """A new roll, a jam, and the first slips that did not come out."""
        say = self.scene.say
        slips = [(Words(record.title), OpenSlip(record.id)) for record in self._view.waiting[:_SLIPS]]
        return [(Words(say("换了新纸")), AskRoll()), (Words(say("卡纸已取出")), JamCleared()), *slips]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the facts about printer, roll, counters and slips."""
        say, view = self.scene.say, self._view
        facts = [Fact(say("打印机"), (say(printing(view.condition).reason or "可以打印"),))]
        if view.forecast is None:
            facts.append(Fact(say("纸卷"), (say("不知道还剩多少，换纸时请登记长度"),)))
        else:
            left = say("还剩 {metres} 米", metres=f"{view.forecast.left / 1000:.1f}")
            days = view.forecast.days
            lasts = say("大约够 {n} 天", n=round(days)) if days is not None else say("用量太少，不能预计天数")
            facts.append(Fact(say("纸卷"), (say("{left}，{lasts}", left=left, lasts=lasts),)))
            facts.append(Fact(say("换纸以后"), (self._counted(view.refill),)))
        facts.append(Fact(say("安装以后"), (self._counted(view.ever),)))
        waiting = say("{n} 张没有打出来或不能确定", n=len(view.waiting)) if view.waiting else say("没有要处理的")
        facts.append(Fact(say("小票"), (waiting,)))
        indent = max(cells(fact.term) for fact in facts) + 2
        return [fact_lines(fact, indent, width) for fact in facts]

    def _counted(self, count: Counted) -> str:
        say, metres = self.scene.say, f"{count.millimetres / 1000:.1f}"
        told = say("{n} 张，{metres} 米", n=count.slips, metres=metres)
        return say("{count}，从 {day} 数起", count=told, day=count.since) if count.since else told


class RollPage(Technical, DigitsPage):
    """How long is the new roll?"""

    def __init__(self, scene: Scene, shift: Shift, *, focus: int | None = None) -> None:
        asked = NumberAsked(
            scene.say("新纸卷有多少米？"),
            scene.say("看纸卷的包装，{least} 至 {most} 米。用量从零数起。", least=LEAST_METRES, most=MOST_METRES),
            FieldKind.NUMBER,
            high=MOST_METRES,
        )
        self.shift = shift
        DigitsPage.__init__(self, scene, asked, shift.typed, None, focus=focus)

    def hints(self) -> tuple[str, ...]:
        """Return how to type it."""
        return (self.scene.say("按数字键，填好按确认。"),)

    def done(self, typed: str) -> Intent:
        """It is in."""
        return ChangeRoll(typed)


class SlipPage(TechnicianPage):
    """One slip that did not come out."""

    def __init__(self, scene: Scene, shift: Shift, spot: AtSlip, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._record = spot.record

    def heading(self) -> str:
        """Say which."""
        return self.scene.say("小票 {title}", title=self._record.title)

    def ways(self) -> list[Way]:
        """Print it again, give it up, or neither."""
        say, record = self.scene.say, self._record
        return [
            (Words(say("补打")), AskReason(record.id, record.title, again=True)),
            (Words(say("放弃")), AskReason(record.id, record.title, again=False)),
            (Words(say("返回")), Back()),
        ]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return what is known of it."""
        say, record = self.scene.say, self._record
        facts = [
            Fact(say("状态"), (say(_STATES.get(record.state, "正在打印")),)),
            Fact(say("原因"), (say(printing(record.condition).reason or "没有报告原因"),)),
            Fact(say("试过"), (say("{n} 次", n=record.copies),)),
            Fact(say("取的时间"), (self.moment(record.created),)),
        ]
        indent = max(cells(fact.term) for fact in facts) + 2
        note = say("补打的小票上写着「补打」和第几次。打印机里可能还留着前一次的内容，请一起收走。")
        return [*(fact_lines(fact, indent, width) for fact in facts), paragraph(note, width, "muted")]


class ReasonPage(Technical):
    """Why? It goes into the journal."""

    def __init__(self, scene: Scene, shift: Shift, spot: ReasonWanted, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._spot = spot

    def heading(self) -> str:
        """Ask."""
        sentence = "补打 {title}，为什么？" if self._spot.again else "放弃 {title}，为什么？"
        return self.scene.say(sentence, title=self._spot.title)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what follows, and the reasons."""
        say, job = self.scene.say, self._spot.job
        told = say("原因和您的名字记入本机记录。") if self._spot.again else say("放弃以后内容清除，不能再打。")
        lines = paragraph(told, room.width - 2 * Sheet.MARGIN - 1, bold=True)
        sheet, rest = room.split_horizontal(len(lines) + 2)
        yield Sheet(self.palette, sheet, lines, bar=True)
        reasons = REPRINT_REASONS if self._spot.again else ABANDON_REASONS
        for place, reason in zip(stack(rest, [3] * len(reasons)), reasons, strict=True):
            task = Reprint(job, reason) if self._spot.again else Abandon(job, reason)
            yield self.choice(place, Words(say(reason)), task)
