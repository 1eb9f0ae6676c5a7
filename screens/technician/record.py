"""The local record: browsed, filtered, searched, printed in short, carried away."""

from collections.abc import Iterable
from dataclasses import replace

from textual.geometry import Region

from kiosk.desk import FieldKind
from kiosk.technician.archive import FILTERS, KINDS, WARN_DAYS
from kiosk.text import cells, fit, wrap_evenly
from screens.frame import columns, stack
from screens.intents import Intent
from screens.lines import paragraph
from screens.pages.digits import DigitsPage
from screens.pages.typed import NumberAsked
from screens.scene import Scene
from screens.technician.page import Technical, TechnicianPage, Way
from screens.technician.shift import AtRecord, DigitsWanted, FilterWanted, FolderWanted, Shift
from screens.technician.tasks import ENTRIES, AskFilter, AskFolder, AskSearch, Browse, Cargo, Carry, PrintRecord
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet, Span

_LINES, _ROOMY_LINES = 1, 3
"""Lines of an entry's data; the rest is in the file that can be carried away."""

SEARCHED_DIGITS = 16


class RecordPage(TechnicianPage):
    """Some entries, newest first."""

    def __init__(self, scene: Scene, shift: Shift, spot: AtRecord, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._view = spot.view
        self._shown_ones = spot.shown

    def heading(self) -> str:
        """Say which."""
        say, shown = self.scene.say, self._shown_ones
        title = say("本机记录：{filter}", filter=say(FILTERS[shown.filter][0]))
        return say("{title}，含 {digits}", title=title, digits=shown.searched) if shown.searched else title

    def aside(self) -> str:
        """Which of how many."""
        view = self._view
        first, last = view.skip + bool(view.entries), view.skip + len(view.entries)
        return self.scene.say("{first} 至 {last}，共 {total}", first=first, last=last, total=view.total)

    def ways(self) -> list[Way]:
        """Older and newer ones, what to look at, paper and file."""
        say, view, shown = self.scene.say, self._view, self._shown_ones
        ways: list[Way] = []
        if view.skip + len(view.entries) < view.total:
            ways.append((Words(say("较早")), replace(shown, skip=view.skip + ENTRIES)))
        if view.skip:
            ways.append((Words(say("较新")), replace(shown, skip=max(view.skip - ENTRIES, 0))))
        return [
            *ways,
            (Words(say("分类")), AskFilter(shown.searched)),
            (Words(say("查找")), AskSearch(shown.filter)),
            (Words(say("打印")), PrintRecord(shown.filter, shown.searched)),
            (Words(say("导出")), AskFolder(Cargo.RECORD)),
        ]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return what is to be known before anything else, then the entries."""
        say, view = self.scene.say, self._view
        told = []
        if view.ending:
            told.append(say("有 {n} 张没打出来的小票，{days} 天内会清除。", n=view.ending, days=WARN_DAYS))
        if not view.exported:
            told.append(say("还没有导出过。"))
        elif view.since:
            told.append(say("上次导出 {time}，以后又有 {n} 条。", time=self.moment(view.exported), n=view.since))
        if view.skip:
            # Said on the first page.
            told = []
        lines = _ROOMY_LINES if self.scene.frame.roomy else _LINES
        groups = [paragraph(self.scene.sentences(*told), width, "muted")] if told else []
        if not view.entries:
            groups.append(paragraph(say("没有这样的记录。"), width, bold=True))
        for one in view.entries:
            kind = say(KINDS[one.kind]) if one.kind in KINDS else one.kind
            sent = say("已送") if one.sent else say("待送")
            number, time = str(one.seq), self.moment(one.time)
            left = max(cells(number) + 2, 6)
            beside = left + cells(time) + 2
            head = (
                Span(number, 0, "accent", bold=True),
                Span(time, left, "muted"),
                Span(fit(kind, width - beside - cells(sent) - 2), beside, bold=True),
                Span(sent, -1, "muted"),
            )
            data = wrap_evenly(one.words, width - left)[:lines] if one.words else []
            groups.append((head, *((Span(line, left, "muted"),) for line in data)))
        return groups


class FilterPage(Technical):
    """What kind of entries?"""

    def __init__(self, scene: Scene, shift: Shift, spot: FilterWanted, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._searched = spot.searched

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("看哪一类记录？")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the kinds."""
        across = 1 if self.scene.frame.tall else 2
        bands = stack(room, [3] * -(-len(FILTERS) // across))
        places = [place for band in bands for place in columns(band, across, 2)]
        for number, (place, (word, _)) in enumerate(zip(places, FILTERS, strict=False)):
            yield self.choice(place, Words(self.scene.say(word)), Browse(number, self._searched))


class SearchDigitsPage(Technical, DigitsPage):
    """Which digits must an entry hold? Queue numbers and codes are found by theirs."""

    def __init__(self, scene: Scene, shift: Shift, spot: DigitsWanted, *, focus: int | None = None) -> None:
        asked = NumberAsked(
            scene.say("找哪些数字？"),
            scene.say("号码里的数字，或凭证码、编号的任何一段。"),
            FieldKind.NUMBER,
            may_skip=True,
            high=10**SEARCHED_DIGITS - 1,
        )
        self.shift = shift
        self._filter = spot.filter
        DigitsPage.__init__(self, scene, asked, shift.typed, None, focus=focus)

    def hints(self) -> tuple[str, ...]:
        """Return how to type it."""
        return (self.scene.say("按数字键，填好按确认。"),)

    def done(self, typed: str) -> Intent:
        """Look."""
        return Browse(self._filter, typed)


class FolderPage(Technical):
    """Where is the file to be written?"""

    def __init__(self, scene: Scene, shift: Shift, spot: FolderWanted, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._spot = spot

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("写到哪里？")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what will be written, and the places that can be written to."""
        say = self.scene.say
        told = [
            say("个人信息一直是加密的，文件里没有。")
            if self._spot.cargo is Cargo.RECORD
            else say("文件里的内容已经签名，拿到中心用 kiosk center import 读入。")
        ]
        if not any(folder.plugged for folder in self._spot.folders):
            told.append(say("没有看到能写入的移动盘：插好以后返回，再选一次。"))
        width = room.width - 2 * Sheet.MARGIN - 1
        lines = [line for sentence in told for line in paragraph(sentence, width)]
        sheet, rest = room.split_horizontal(len(lines) + 2)
        yield Sheet(self.palette, sheet, tuple(lines), bar=True)
        most = min(rest.height // 4, 5)
        *plugged, own = self._spot.folders
        shown = [*plugged[: most - 1], own]
        for place, folder in zip(stack(rest, [4] * len(shown)), shown, strict=True):
            label = say("移动盘") if folder.plugged else say("本机文件夹")
            yield self.choice(place, Words(label, str(folder.path)[-40:]), Carry(self._spot.cargo, folder))
