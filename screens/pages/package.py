"""What one package is: what it settles, for whom, where, how long, what it costs, and what can be done right now."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Package, trips_words
from kiosk.text import cells
from kiosk.visit import Asking, ListPage, PackagePage
from screens.frame import columns, stack
from screens.intents import Go, Intent, TurnSheet
from screens.lines import Fact, fact_lines, pages, paragraph
from screens.pages.booking import booking_offer
from screens.pages.page import Page
from screens.pages.priority import priority_offer
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet

_CHOICES = 4
"""What can be chosen: the list, a number, the next sheet of facts where there is one, priority; a time, where one can
be booked."""

_SIDE = 34
"""Columns of the choices where they stand beside the sheet."""

_SIDE_HEIGHTS = ([7, 5, 5, 5], [7, 5, 5, 3], [5, 5, 3, 3], [5, 3, 3, 3])
_SIDE_HEIGHTS_OF_FIVE = ([7, 5, 5, 5, 5], [5, 5, 3, 3, 3], [3, 3, 3, 3, 3])
"""Rows of those choices; the hours need the rest."""


class PackagePageScreen(Page):
    """A sheet of facts, turned where it does not hold them all, and the ways on."""

    STEP = 3

    def __init__(self, scene: Scene, place: PackagePage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._package: Package = scene.desk.package(place.package)
        self._booking = booking_offer(scene, place.package, named=False)

    def heading(self) -> str:
        """Name the package."""
        return self.scene.title(self._package.name, self._package.short, self.scene.frame.heading.width // 2)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the sheet and the choices beside or below it."""
        frame = self.scene.frame
        high = 5 if frame.tall or frame.roomy else 3
        hours = self._hours(_SIDE - 2 * Sheet.MARGIN)
        most = _CHOICES + bool(self._booking)
        fitting = _SIDE_HEIGHTS_OF_FIVE if self._booking else _SIDE_HEIGHTS
        heights = next((high for high in fitting if sum(high) + len(hours) + 2 <= room.height), None)
        beside = heights if frame.wide else None
        one_band = frame.wide and not self._booking
        if beside:
            sheet, low = room.split_vertical(room.width - _SIDE - 2)
            low = Region(low.x + 2, low.y, _SIDE, low.height)
        else:
            bands = most if frame.tall else 1 if one_band else 2
            sheet, low = room.split_horizontal(room.height - bands * high)
        width = sheet.width - 2 * Sheet.MARGIN
        reference = self.scene.say("仅供参考，以窗口为准")
        remark = paragraph(reference, width, "muted") if self._package.reference_only else ()
        rows = Sheet.rows(sheet.height) - len(remark)
        sheets = pages(self._facts(width, now=not beside), rows)
        shown = min(self.scene.live.sheet, len(sheets) - 1)
        filler: tuple[Line, ...] = ((),) * (rows - len(sheets[shown]))
        yield Sheet(self.palette, sheet, (*sheets[shown], *filler, *remark))
        count = most if len(sheets) > 1 else most - 1
        if beside:
            places = stack(low, beside[:count])
            below = Region(low.x, places[-1].bottom, low.width, low.bottom - places[-1].bottom)
            yield Sheet(self.palette, below, hours)
        else:
            across = 1 if frame.tall else count if one_band else -(-count // 2)
            shelves = stack(low, [high] * -(-count // across))
            places = [place for shelf in shelves for place in columns(shelf, across, 1)][:count]
        yield from self._choices(places, shown, len(sheets))

    def _hours(self, width: int) -> tuple[Line, ...]:
        """Return what can be done right now as the lines of a card of its own."""
        return (
            *paragraph(self.scene.say("现在"), width, "muted"),
            (),
            *(line for words in self._now() for line in paragraph(words, width)),
        )

    def _choices(self, places: list[Region], shown: int, sheets: int) -> Iterable[Painted]:
        say, package = self.scene.say, self._package
        asked = len(package.questions)
        on: Intent = Go(Asking(package.id, 0) if asked else ListPage(package.id))
        ask = say("先答 {n} 问，再给清单", n=asked) if asked else ""
        yield self.choice(places[0], Words(say("看要带什么"), ask), on, primary=True)
        yield self.number_choice(places[1], say("直接取号"), package.id)
        if sheets > 1:
            turn = say("第{n}页，共{total}页", n=shown + 1, total=sheets)
            label = say("看后面的说明") if shown + 1 < sheets else say("回到前面的说明")
            yield self.choice(places[2], Words(label, turn), TurnSheet((shown + 1) % sheets))
        if self._booking:
            yield self.choice(places[-2], self._booking.words, self._booking.intent)
        priority = priority_offer(self.scene)
        yield self.choice(places[-1], priority.words, priority.intent)

    def _facts(self, width: int, *, now: bool) -> list[tuple[Line, ...]]:
        """Return the facts in groups of lines, the present hours among them with `now`."""
        scene, package = self.scene, self._package
        say, text = scene.say, scene.text
        facts = [
            Fact(say("管什么"), (text(package.summary),)),
            Fact(say("谁能办"), (text(package.audience),)),
            Fact(say("跑几趟"), (self._trips(),)),
            Fact(say("多久"), (self._days(),)),
            Fact(say("费用"), (text(package.fee),)),
            Fact(say("哪些单位"), (say("、").join(map(text, package.departments)),)),
            Fact(say("怎么办"), tuple(map(text, package.steps))),
        ]
        if now:
            facts.insert(2, Fact(say("现在"), (scene.sentences(*self._now()),)))
        if package.note:
            facts.append(Fact(say("说明"), (text(package.note),)))
        indent = max(cells(fact.term) for fact in facts) + 2
        return [fact_lines(fact, indent, width) for fact in facts]

    def _now(self) -> tuple[str, ...]:
        """What can be finished here now, and what opens when."""
        scene, service = self.scene, self.scene.desk.service()
        here = scene.say("本机可以出清单、取号。")
        if service.running:
            hall = scene.say("大厅正在办理，{session}。", session=service.session.label)
        else:
            opens = f"{scene.date(service.day)} {service.session.label[:5]}"
            hall = scene.say("大厅{opens}开门。", opens=opens)
        online = scene.say("网上随时可以办。") if self._package.online else ""
        certain = "" if service.certain else scene.say("日期以大厅公告为准。")
        return tuple(words for words in (here, hall, online, certain) if words)

    def _trips(self) -> str:
        say, trips = self.scene.say, self._package.trips
        words = say(trips_words(trips), n=trips)
        return say("{words}（未核实）", words=words) if self._package.reference_only else words

    def _days(self) -> str:
        package = self._package
        if package.days is None:
            return self.scene.say("以窗口为准")
        unit = self.scene.text(package.days_unit)
        scope = self.scene.text(package.days_scope)
        return self.scene.say("法定 {n} {unit}，只指「{scope}」", n=package.days, unit=unit, scope=scope)
