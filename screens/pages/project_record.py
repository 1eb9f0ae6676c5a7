"""The record of a project: by matter, what was asked for at all stations and what the center answered."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import ProjectRecord
from kiosk.text import wrap_evenly
from screens.intents import Back, Intent, PrintRecord
from screens.lines import paragraph
from screens.pages.asked import moment
from screens.pages.help import SheetPage
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Span

_INDENT = 2


class ProjectRecordPage(SheetPage):
    """The history of each request, and the way to have it all on paper."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        record = scene.live.record
        if record is None:
            raise LookupError("no record was opened in this visit")
        self._record: ProjectRecord = record

    def heading(self) -> str:
        """Say what it is."""
        return self.scene.say("项目办理记录")

    def aside(self) -> str:
        """Which project, where this station knows it."""
        return self._record.project

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the record, and the ways on."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """On paper, where there is a printer; or back."""
        say = self.scene.say
        ways: list[tuple[Words, Intent]] = [(Words(say("看好了，回去")), Back())]
        if self.scene.desk.has_printer and self._record.matters:
            ways.insert(0, (Words(say("打印记录")), PrintRecord()))
        return ways

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return each request with its history, and how new that is."""
        scene, record = self.scene, self._record
        groups: list[tuple[Line, ...]] = []
        for matter in record.matters:
            title = paragraph(scene.text(matter.name) or scene.say("其他"), width, bold=True)
            for request in matter.requests:
                name = scene.text(request.name) or scene.say("其他")
                at = scene.say("{station}号站", station=request.station)
                lines = [*title, *_indented(f"{name} {at}", width)]
                for step in request.steps:
                    told = scene.say(step.progress)
                    lines += _indented(f"{moment(scene, step.time)} {told} {step.words}".rstrip(), width)
                groups.append(tuple(lines))
                title = ()
        cut = [scene.say("只列最近的{n}条。", n=record.newest)] if record.newest else []
        return [*groups, *(paragraph(words, width, "muted") for words in (*cut, self._news()))]

    def _news(self) -> str:
        say, record = self.scene.say, self._record
        if not record.matters:
            return say("中心还没有这个项目的消息，请过一会儿再查。")
        if record.heard is None:
            return say("本机还没有和中心联系上。")
        return say("这是{when}从中心得到的消息。", when=moment(self.scene, record.heard))


def _indented(text: str, width: int) -> list[Line]:
    return [(Span(line, _INDENT),) for line in wrap_evenly(text, width - _INDENT)]
