"""What to bring: the summary of the merged list, the list itself, and its QR codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from textual.geometry import Region

from kiosk.desk import Checklist, Material, MaterialKind
from kiosk.text import wrap_evenly
from kiosk.visit import ListPage
from screens.frame import Frame, columns, stack
from screens.intents import Back, Intent, PrintGuide, TurnSheet
from screens.lines import NUMBER, entry, pages, paragraph, squares, step
from screens.pages.page import Page
from screens.pages.saved import code_place, list_text
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Choice, Words
from screens.widgets.painted import Painted
from screens.widgets.qr import QrPanel, TextPanel, panel_size
from screens.widgets.sheet import Line, Sheet, Span, rule

_LIST_COLUMNS = 43
"""The narrowest list that still reads well beside a code."""

_ROW_COLUMNS = 47
"""What three choices need side by side for labels of four characters."""

_CHOICES_COLUMNS = 21
_KINDS = {
    MaterialKind.ORIGINAL: "原件",
    MaterialKind.COPY: "复印件",
    MaterialKind.FORM: "现场填",
    MaterialKind.LICENCE: "证照",
}


@dataclass(frozen=True)
class _Plan:
    """Where things stand: `code` is None where the code has a page of its own."""

    heading: Region
    sheet: Region
    choices: list[Region]
    code: Region | None


class ChecklistPage(Page):
    """The list beside its QR code where both fit, else on as many sheets as it needs, the code on the last."""

    STEP = 4

    def __init__(self, scene: Scene, place: ListPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._package = place.package
        package = scene.desk.package(place.package)
        answers = scene.visit.answers.get(place.package, ())
        self._list: Checklist = scene.desk.checklist(place.package, answers)
        self._link = scene.desk.guide_link(place.package, answers, scene.language)
        beside = _plan(scene.frame, panel_size(self._link) if self._link else None)
        self._plan = beside
        # Beside the code in few rows there is room for names alone; what is to be noted about them gives way.
        self._notes = scene.frame.roomy or not beside.code
        self._sheets = self._laid_out(beside.sheet)
        noted = any(scene.text(material.note) for material in (*self._list.bring, *self._list.forms))
        if beside.code and not scene.frame.roomy and (noted or len(self._sheets) > 1):
            self._plan = _plan(scene.frame, None)
            self._notes = True
            self._sheets = self._laid_out(self._plan.sheet)
        self._code_plan = beside if beside.code else None
        self._text = list_text(scene, package, self._list)
        self._saved = code_place(scene.frame, self._text)
        self._code_sheet = len(self._sheets) if self._link and self._plan.code is None else None
        codes = (self._code_sheet is not None) + (self._saved is not None)
        self._total = len(self._sheets) + codes
        self._sheet = min(place.page, self._total - 1)
        if self._total == 1 and not scene.frame.tall:
            self._plan = replace(self._plan, choices=_pair(self._plan.choices))

    def heading(self) -> str:
        """Say how many things to bring."""
        return self.scene.say("您要带这 {n} 样", n=self._list.now)

    def back(self) -> Intent:
        """Turn back a sheet, or leave the list."""
        return TurnSheet(self._sheet - 1) if self._sheet else Back()

    def anywhere(self) -> Intent | None:
        """A code that fills the screen goes away with any key or touch."""
        saved = len(self._sheets) <= self._sheet != self._code_sheet
        alone = self._sheet == self._code_sheet and self._code_plan is None
        return TurnSheet(0) if saved or alone else None

    def widgets(self) -> Iterator[Painted]:
        """Yield the sheet that is turned up; the code alone where it needs the whole screen."""
        frame = self.scene.frame
        if self._sheet < len(self._sheets):
            yield from self._list_page()
        elif self._sheet != self._code_sheet:
            yield from self._saved_page(self._saved or frame.body)
        elif self._code_plan and self._link:
            yield from self._code_page(self._code_plan, self._link)
        elif self._link:
            yield QrPanel(self.palette, Region(0, 0, frame.columns, frame.rows), self._link)

    def _list_page(self) -> Iterator[Painted]:
        plan = self._plan
        yield self.masthead()
        # In few rows the code takes those of the heading as well, and the steps would be cut.
        squeezed = plan.code is not None and plan.code.y < plan.sheet.y
        yield Heading(self.palette, plan.heading, self.heading(), "" if squeezed else self.aside())
        yield Sheet(self.palette, plan.sheet, self._sheets[self._sheet])
        yield from self._choices(plan.choices)
        if plan.code and self._link:
            yield QrPanel(self.palette, plan.code, self._link, self._caption())
        yield self.footer()

    def _code_page(self, plan: _Plan, link: str) -> Iterator[Painted]:
        frame = self.scene.frame
        high = 5 if frame.roomy else 3
        left = Region(plan.sheet.x, plan.sheet.y, plan.sheet.width, frame.body.height)
        sheet, rest = left.split_horizontal(left.height - 3 * high)
        width = sheet.width - 2 * Sheet.MARGIN
        told = ("打开手机的扫一扫", "对准右边的方块", "手机上随时能看这份清单")
        lines = [line for number, words in enumerate(told, 1) for line in step(number, self.scene.say(words), width)]
        yield self.masthead()
        yield Heading(self.palette, plan.heading, self._caption())
        yield Sheet(self.palette, sheet, tuple(lines))
        yield from self._choices(stack(rest, [high] * 3))
        if plan.code:
            yield QrPanel(self.palette, plan.code, link)
        yield self.footer()

    def _saved_page(self, place: Region) -> Iterator[Painted]:
        """The whole list in one code, for a phone without a network. The code needs the rows of all the bands."""
        frame, say = self.scene.frame, self.scene.say
        margin = frame.margin
        if frame.tall:
            words = Region(margin, place.bottom, frame.columns - 2 * margin, frame.rows - place.bottom)
        else:
            words = Region(margin, 0, place.x - margin - 2, frame.rows)
        heading, rest = words.split_horizontal(frame.heading_height)
        width = words.width - 2 * Sheet.MARGIN
        told = ("打开微信的扫一扫", "对准方块，清单的字就出来了", "收藏或截图，没有网络也能看")
        steps = [step(number, say(sentence), width) for number, sentence in enumerate(told, 1)]
        away = paragraph(say("触摸屏幕或按任意键，回到清单"), width, "muted")
        lines = tuple(line for group in (*steps, away) for line in (*group, ()))[:-1]
        yield Heading(self.palette, heading, say("把清单存进手机"))
        yield Sheet(self.palette, rest.split_horizontal(len(lines) + 2)[0], lines)
        yield TextPanel(self.palette, place, self._text)

    def _caption(self) -> str:
        return self.scene.say("手机扫码带走清单")

    def _choices(self, places: list[Region]) -> Iterable[Choice]:
        say = self.scene.say
        able = self.scene.desk.has_printer
        printed = Words(say("打印清单"), "" if able else say("没有打印机"))
        why = say("不能打印，因为没有打印机。可以取号，或抄下来。")
        yield self.choice(places[0], printed, PrintGuide(self._package), primary=able, disabled=not able, why=why)
        yield self.number_choice(places[1], say("取号"), self._package, primary=not able)
        if self._total > 1:
            following = (self._sheet + 1) % self._total
            turn = say("第{n}页，共{total}页", n=self._sheet + 1, total=self._total)
            if following and following == self._code_sheet:
                words = Words(say("扫码带走"), turn)
            elif following >= len(self._sheets):
                words = Words(say("存清单"), say("微信扫码"))
            elif following:
                words = Words(say("下一页"), turn)
            else:
                words = Words(say("回到第一页"))
            yield self.choice(places[2], words, TurnSheet(following))

    def _laid_out(self, place: Region) -> list[tuple[Line, ...]]:
        """Return the lines of as many sheets as the list needs."""
        say = self.scene.say
        width, rows = place.width - 2 * Sheet.MARGIN, Sheet.rows(place.height)
        head = (*self._summary(width), rule(width))
        foot = paragraph(say("仅供参考，以窗口为准"), width, "muted")
        groups = [*self._entries(width), *self._extras(width)]
        room = rows - len(foot)
        sheets = pages(groups, room, first=room - len(head), air=self.scene.frame.roomy)
        sheets[0] = (*head, *sheets[0])
        return [(*sheet, *((),) * (room - len(sheet)), *foot) for sheet in sheets]

    def _summary(self, width: int) -> tuple[Line, ...]:
        say, before, now = self.scene.say, self._list.before, self._list.now
        apart = squares(say("分开办"), before, say("{n} 份", n=before), width, now=False)
        merged = squares(say("一起办"), now, say("只要 {n} 份", n=now), width, now=True)
        if apart and merged:
            return apart, merged
        words = say("分开办 {before} 份，一起办只要 {now} 份", before=before, now=now)
        return paragraph(words, width, "accent", bold=True)

    def _entries(self, width: int) -> Iterator[tuple[Line, ...]]:
        text, say = self.scene.text, self.scene.say
        number = 0
        for number, material in enumerate(self._list.bring, 1):
            yield self._entry(number, text(material.name), self._kind(material), text(material.note), width)
        forms = self._list.forms
        if len(forms) == 1:
            yield self._entry(number + 1, text(forms[0].name), self._kind(forms[0]), text(forms[0].note), width)
        elif forms:
            joint = say("合并申请表（{forms}合1）", forms=len(forms))
            yield self._entry(number + 1, joint, say(_KINDS[MaterialKind.FORM]), "", width)

    def _entry(self, number: int, name: str, kind: str, note: str, width: int) -> tuple[Line, ...]:
        lines = entry(str(number), name, kind, width)
        return (*lines, *_indented(note, width)) if note and self._notes else lines

    def _kind(self, material: Material) -> str:
        return self.scene.say("可电子调取") if material.electronic else self.scene.say(_KINDS[material.kind])

    def _extras(self, width: int) -> Iterator[tuple[Line, ...]]:
        """Yield what need not be brought, and what the answers bring with them."""
        say, text = self.scene.say, self.scene.text
        unneeded = (
            (say("中途产生，不用带："), self._list.on_the_way),
            (say("单位之间转递，不用带："), self._list.sent),
        )
        for words, materials in unneeded:
            if materials:
                names = say("、").join(text(material.name) for material in materials)
                yield paragraph(f"{words}{names}", width, "muted")
        for remark in self._list.remarks:
            yield paragraph(text(remark), width, "muted")


def _indented(note: str, width: int) -> tuple[Line, ...]:
    return tuple((Span(line, NUMBER, "muted"),) for line in wrap_evenly(note, width - NUMBER))


def _pair(places: list[Region]) -> list[Region]:
    """Return the room of a row of places as two."""
    first, last = places[0], places[-1]
    return columns(Region(first.x, first.y, last.right - first.x, first.height), 2, 1)


def _plan(frame: Frame, code: tuple[int, int] | None) -> _Plan:
    """Divide the page; `code` is the size of the code that should stand beside the list."""
    heading, body, content = frame.heading, frame.body, frame.content
    low = 5 if frame.roomy else 3
    if frame.tall:
        return _tall_plan(frame, code)
    place = None
    width = body.width
    if code and code[0] + 2 + _LIST_COLUMNS <= body.width:
        area = body if frame.roomy else content
        if code[1] <= area.height:
            place = Region(area.right - code[0], area.y, code[0], area.height)
            width -= code[0] + 2
    if place and not frame.roomy:
        heading = Region(heading.x, heading.y, width, heading.height)
    left = Region(body.x, body.y, width, body.height)
    if place and frame.roomy and width < _ROW_COLUMNS:
        sheet, choices = left.split_horizontal(body.height - 9)
        return _Plan(heading, sheet, stack(choices, [3] * 3), place)
    sheet, choices = left.split_horizontal(body.height - low)
    return _Plan(heading, sheet, columns(choices, 2 if place and not frame.roomy else 3, 1), place)


def _tall_plan(frame: Frame, code: tuple[int, int] | None) -> _Plan:
    heading, body = frame.heading, frame.body
    if code and code[0] + 2 + _CHOICES_COLUMNS <= body.width:
        sheet, low = body.split_horizontal(body.height - code[1] - 2)
        place, choices = low.split_vertical(code[0])
        beside = Region(choices.x + 2, choices.y, choices.width - 2, choices.height)
        return _Plan(heading, sheet, stack(beside, [5] * 3), place)
    sheet, low = body.split_horizontal(body.height - 15)
    return _Plan(heading, sheet, stack(low, [5] * 3), None)
