"""The paper without a number that is being printed: a checklist, the guide to an item, a manual's code, a record."""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.desk import JobState
from kiosk.visit import ItemSlip, ManualSlip, RecordSlip, Slip
from screens.intents import End
from screens.lines import paragraph
from screens.pages.paper import PaperPage, coming, plan, trouble
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.number import PaperSign, SlipSheet
from screens.widgets.painted import Painted
from screens.widgets.qr import QrPanel
from screens.widgets.sheet import Line, Notice, Sheet

_SIGN_COLUMNS = 50


@dataclass(frozen=True)
class _Said:
    """What is said of a kind of paper, as sentences of data/wording.

    `lost`: it did not come out, and there is its code on the screen or there is none; `doubtful`: it may be cut short.
    `still`: where the same can be seen; `printed`, `printing`: while it comes.
    """

    heading: str
    sign: str
    lost: tuple[str, str]
    doubtful: str
    still: str
    printed: str
    printing: str
    caption: str = ""


_LIST = _Said(
    "您的清单",
    "清单",
    ("清单没有打出来，可以扫码带走。", "清单没有打出来，可以再试。"),
    "不能确定清单打全了没有。",
    "清单也可以在这里再看一遍，按返回键。",
    "请取走清单，纸从屏幕下方出来。",
    "正在打印清单，请稍等。",
    "手机扫码带走清单",
)
_MANUAL = _Said(
    "服务手册",
    "手册",
    ("手册的码没有打出来，可以扫屏幕上的。", "手册的码没有打出来，可以扫屏幕上的。"),
    "不能确定手册的码打全了没有。",
    "屏幕上的码可以再看，按返回键。",
    "请取走小票，纸从屏幕下方出来",
    "正在打印小票，请稍等",
    "手机扫码看手册",
)
_RECORD = _Said(
    "项目办理记录",
    "记录",
    ("记录没有打出来，可以再试。", "记录没有打出来，可以再试。"),
    "不能确定记录打全了没有。",
    "记录也可以在屏幕上看，按返回键。",
    "请取走小票，纸从屏幕下方出来",
    "正在打印小票，请稍等",
)


class SlipPage(PaperPage):
    """That paper comes out; when it does not, the same list by QR code."""

    def __init__(
        self, scene: Scene, place: Slip | ItemSlip | ManualSlip | RecordSlip, *, focus: int | None = None
    ) -> None:
        super().__init__(scene, focus=focus)
        self._words_width = 0
        room = scene.frame.heading.width // 2
        self._said = _LIST
        match place:
            case Slip():
                package = scene.desk.package(place.package)
                answers = scene.visit.answers.get(place.package, ())
                self._title = scene.title(package.name, package.short, room)
                self._link = scene.desk.guide_link(place.package, answers, scene.language)
                self._then = scene.say("上面有要带的材料和办理步骤。")
            case ItemSlip():
                channel = scene.desk.requests.channel(place.channel)
                item = scene.desk.requests.item(place.channel, place.section, place.item)
                self._title = scene.title(item.name, channel.label, room)
                self._link = None
                self._then = scene.say("办的时候带上它。")
            case ManualSlip():
                channel = scene.desk.requests.channel(place.channel)
                self._said = _MANUAL
                self._title = scene.title(channel.name, channel.label, room)
                self._link = scene.desk.requests.manual_link(place.channel, scene.language)
                self._then = scene.say("用手机扫纸上的码，就能看手册。")
            case RecordSlip():
                self._said = _RECORD
                self._title = scene.live.record.project if scene.live.record else ""
                self._link = None
                self._then = scene.say("以后再查，办件进度里看。")

    def heading(self) -> str:
        """Name the paper."""
        return self.scene.say(self._said.heading)

    def aside(self) -> str:
        """What it is about."""
        return self._title

    def news(self) -> tuple[Line, ...]:
        """Return whether the paper is out, and what it is good for."""
        return self._words(self._words_width)

    def widgets(self) -> Iterator[Painted]:
        """Yield the sign and the choices, the notice and the code."""
        frame, say = self.scene.frame, self.scene.say
        lost = self._trouble(frame.body.width)
        place = plan(frame, self._link, len(lost) + 2 if lost else 0, 2)
        if place.notice:
            lost = self._trouble(place.notice.width)
            place = plan(frame, self._link, len(lost) + 2, 2)
        yield self.masthead()
        yield Heading(self.palette, place.heading, self.heading(), "" if place.code and lost else self.aside())
        if place.notice:
            yield Notice(self.palette, place.notice, say("停"), lost)
        if place.main.width < _SIGN_COLUMNS or lost:
            self._words_width = place.main.width - 2 * Sheet.MARGIN
            lines = self.news()
            high = min(len(lines) + 2, place.main.height)
            yield Sheet(self.palette, place.main.split_horizontal(high)[0], lines)
        else:
            self._words_width = SlipSheet.room(place.main.width)
            now = self.scene.desk.now()
            sign = PaperSign(say(self._said.sign), f"{now:%H:%M}")
            yield SlipSheet(self.palette, place.main, sign, self.news())
        yield from self.last_choices(place.choices, "我知道了", End(), lost=bool(lost))
        if place.code and self._link:
            caption = say(self._said.caption)
            yield QrPanel(self.palette, place.code, self._link, caption)
        yield self.footer()

    def _trouble(self, width: int) -> tuple[str, ...]:
        lost = self._said.lost[not self._link]
        then = "可以扫码带走。" if self._link else "可以再试。"
        return trouble(self.scene, self.scene.live.job, lost, (self._said.doubtful, then), width)

    def _words(self, width: int) -> tuple[Line, ...]:
        say, job = self.scene.say, self.scene.live.job
        if not coming(job):
            return paragraph(say(self._said.still), width, bold=True)
        printed = job is not None and job.state is JobState.PRINTED
        news = say(self._said.printed if printed else self._said.printing)
        return (*paragraph(news, width, bold=True), (), *paragraph(self._then, width, "muted"))
