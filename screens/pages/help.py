"""Help for the page that one is on, and what the station is. Both can be turned where a sheet does not hold it all."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.text import cells
from kiosk.visit import (
    About,
    AboutChannel,
    AppointmentFound,
    Asking,
    CallingOff,
    CancellingAppointment,
    ChannelPage,
    Channels,
    Checking,
    CodeAsked,
    Cycles,
    EndAsked,
    Filling,
    FormPage,
    GroundAsked,
    ItemPage,
    ListPage,
    ManualPage,
    NotForYou,
    Number,
    PackagePage,
    Packages,
    Place,
    RecordPage,
    RequestFound,
    Reserved,
    Search,
    SectionPage,
    Sent,
    Slip,
    SlotAsked,
    SlotsPage,
)
from screens.frame import columns, stack
from screens.intents import Back, Go, Intent, SwitchLanguage, TurnSheet
from screens.lines import Fact, fact_lines, pages, paragraph
from screens.pages.page import LANGUAGE_WORDS, Page
from screens.scene import Scene
from screens.widgets.choice import CAP, Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet

_ACROSS = 3
"""Choices that stand side by side at 80 columns."""


class SheetPage(Page):
    """A sheet of lines that is read, and the ways on below it."""

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return what is to be read, in groups of lines that stay together."""
        raise NotImplementedError

    def ways(self) -> list[tuple[Words, Intent]]:
        """Return the choices below the sheet; the first is the primary one."""
        raise NotImplementedError

    def read(self, room: Region) -> Iterable[Painted]:
        """Yield the sheet that is turned up and the choices."""
        say = self.scene.say
        ways = self.ways()
        labels = [words.label for words, _ in ways]
        sheet, places = self._divided(room, labels)
        sheets = self._sheets(sheet)
        if len(sheets) > 1:
            sheet, places = self._divided(room, [*labels, say("回到前面的说明")])
            sheets = self._sheets(sheet)
        shown = min(self.scene.live.sheet, len(sheets) - 1)
        if len(sheets) > 1:
            turn = say("第{n}页，共{total}页", n=shown + 1, total=len(sheets))
            label = say("看后面的说明") if shown + 1 < len(sheets) else say("回到前面的说明")
            ways.append((Words(label, turn), TurnSheet((shown + 1) % len(sheets))))
        yield Sheet(self.palette, sheet, sheets[shown])
        for number, (place, (words, intent)) in enumerate(zip(places, ways, strict=True)):
            yield self.choice(place, words, intent, primary=not number)

    def _sheets(self, place: Region) -> list[tuple[Line, ...]]:
        return pages(self.groups(place.width - 2 * Sheet.MARGIN), Sheet.rows(place.height))

    def _divided(self, room: Region, labels: list[str]) -> tuple[Region, list[Region]]:
        """Return the place of the sheet, and those of the choices, side by side as far as their labels have room."""
        frame, count = self.scene.frame, len(labels)
        high = 5 if frame.roomy else 3
        widest = max(map(cells, labels)) + CAP + 2
        many = 1 if frame.tall else count if count <= _ACROSS or frame.wide else -(-count // 2)
        across = next((one for one in (many, -(-count // 2)) if one * (widest + 1) - 1 <= room.width), 1)
        bands = -(-count // across)
        sheet, rest = room.split_horizontal(room.height - high * bands)
        return sheet, [place for band in stack(rest, [high] * bands) for place in columns(band, across, 1)][:count]


class HelpPage(SheetPage):
    """The languages first, for whoever reads none of this; then the page before, then what helps everywhere."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        offered = len(scene.desk.languages)
        # Enter, pressed by habit, leads back; it does not change the language.
        super().__init__(scene, focus=offered if focus == 0 and offered > 1 else focus)

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("帮助")

    def help(self) -> Intent:
        """Help once more leads back."""
        return Back()

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the languages, then the words."""
        offered = self.scene.desk.languages
        if len(offered) > 1:
            row, room = room.split_horizontal(5 if self.scene.frame.roomy else 3)
            for place, language in zip(columns(row, len(offered), 1), offered, strict=True):
                yield self.choice(place, Words(LANGUAGE_WORDS[language][1]), SwitchLanguage(language))
        yield from self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Back to the page, or on to what the station is."""
        say = self.scene.say
        return [(Words(say("看懂了，回去")), Back()), (Words(say("关于本站")), Go(About()))]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the words about the page, then those about keys, time and people."""
        say, quiet = self.scene.say, self.scene.settings.idle.quiet_seconds
        here = self.scene.sentences(*map(say, _here(self.scene.visit.before, codes=self.scene.desk.has_links)))
        everywhere = (
            say("方块里的字是键：按那个键，或者触摸那一格，都可以。"),
            say("最下面一排一直在：返回、首页、帮助、语言、大字、语音、结束；灰色的现在不能用。"),
            say("{n} 秒没有人动，会先问您还在不在，再清除。", n=quiet),
            say("还是不会用，请到大厅窗口问。"),
        )
        return [
            paragraph(here, width, bold=True),
            *(paragraph(words, width, "muted") for words in everywhere),
        ]


def _here(place: Place, *, codes: bool) -> tuple[str, ...]:
    """Return the Simplified sentences that help on the page of `place`; `codes`: there are QR codes to scan."""
    match place:
        case Cycles():
            return "每一格是一类事。", "选最接近的一类，下一页列出这一类里的事。"
        case Packages():
            return "选要办的那一件。", "下一页说明管什么、谁能办、多久、费用。"
        case Search():
            return "打拼音首字母、全拼、汉字或英文。", "用数字键打字：先按行的数字，再按字母在这一行是第几个。"
        case PackagePage():
            return "按「看要带什么」，答几个问题，就得到您的清单。", "也可以直接取号。"
        case GroundAsked():
            return "有优先的理由，可以选一个；不选也照常取号。", "小票上只印「优先」二字。"
        case Asking():
            return "照实际情况选。", "答错了，按返回键改。", "拿不准，就选「说不清楚」。"
        case NotForYou():
            return "按您的回答，这一件办不了。", "可以看别的事、改回答，或取号到窗口问。"
        case ListPage():
            return (
                "这些是您要带的材料。",
                "可以打印、扫码带走，或取号去大厅办。" if codes else "可以打印，或取号去大厅办。",
            )
        case Number():
            return "号码已经取好，纸没有打出来也有效。", "请把它记下来。"
        case Slip():
            return "这是打印清单的一页。", "没有打出来，可以再试，或扫码带走。" if codes else "没有打出来，可以再试。"
        case Channels() | ChannelPage() | SectionPage():
            return "每一格是一项服务。", "选一项，下一页说明怎么办、要带什么。"
        case ItemPage() | AboutChannel():
            return "这一页只用来看。", "能在这里提交申请的，下面有按钮。"
        case ManualPage():
            return "用手机扫码，手册就在手机上打开。", "没有手机，可以打印，或在这里一项一项看。"
        case FormPage():
            return "开始填以前，先看信息交给谁、做什么用。", "不想在这里填，可以到窗口办。"
        case Filling():
            return "一页问一件事，答完自动到下一问。", "答错了，按返回键改；最后还会一起核对。"
        case Checking():
            return "按哪一项，就改哪一项。", "都对了再提交；没有提交以前，什么都不会送出去。"
        case Sent():
            return "申请已经提交，纸没有打出来也有效。", "请把编号记下来。"
        case CodeAsked():
            return "小票上有16位编号，照着输入。", "可以看进度、取消申请、补打小票。"
        case RequestFound() | CallingOff():
            return "这是编号对应的申请。", "不要了，可以取消。"
        case SlotsPage() | SlotAsked():
            return "灰色的那几场，本机没有名额。", "约不上，可以先取号。"
        case Reserved():
            return "名额已经留好，纸没有打出来也有效。", "请把编号记下来。"
        case AppointmentFound() | CancellingAppointment():
            return "这是编号对应的预约。", "可以改时间，不要了可以取消。"
        case RecordPage():
            return "这是这个项目在各站提交的申请，和中心的答复。", "可以打印带走。"
        case EndAsked():
            return "结束以后，您的选择和回答全部清除。", "不想结束，就选「不结束，继续办」。"
        case _:
            return (
                "办个人和家里的事，选「人生事件」；办企业的事，选「企业历程」。",
                "下面几格是本区的特色服务，例如爱心帮办。",
                "不知道在哪一类，就选「查找」。",
            )


class AboutPage(SheetPage):
    """What the station is, whose words and figures it shows, what it keeps."""

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("关于本站")

    def help(self) -> None:
        """This is part of the help."""

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the facts and the way back."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Back to the help."""
        return [(Words(self.scene.say("看懂了，回去")), Back())]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the facts, each in lines that stay together."""
        scene, say = self.scene, self.scene.say
        desk, retention = scene.desk, scene.settings.retention
        days, hours = retention.slips_days, retention.personal_hours
        station = scene.text(desk.name)
        built = desk.catalog_built
        date = say("{year}年{day}", year=built.year, day=scene.day(built))
        code = scene.demo_code
        told = (
            ("这是什么", say("{name}，{number}号站。昼夜可以查清单、取号、打印。", name=station, number=desk.number)),
            ("不办什么", say("这里不收材料，不作决定。办理在{hall}的窗口。", hall=scene.text(desk.hall))),
            ("谁的内容", say("按公开资料整理（{date}版），没有逐条核对，以窗口为准。", date=date)),
            ("谁的数字", say("要带几份、少带几份，是本机按清单数的，不是官方统计。")),
            ("留下什么", say("只记取了几号、打了什么纸、什么时候。您的回答结束时清除。")),
            ("申请", say("姓名、电话等加密后才存；中心收到 {n} 小时后从本机清除。", n=hours)),
            *((("检修", say("演示密码 {code}：依次触摸左上、右上、右下、左下、左上角。", code=code)),) if code else ()),
            ("小票", say("打出来的内容马上清除；没打出来的号码小票最多留 {n} 天。", n=days)),
        )
        facts = [Fact(say(term), (words,)) for term, words in told]
        indent = max(cells(fact.term) for fact in facts) + 2
        return [fact_lines(fact, indent, width) for fact in facts]
