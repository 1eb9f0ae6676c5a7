"""One question about the resident's situation, and the page that says why a package does not apply."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import UNSURE, Answer, Option, Text
from kiosk.text import NO_TEXT, wrap_evenly
from kiosk.visit import Asking, NotForYou, Packages
from screens.frame import columns, row_height, stack
from screens.intents import Back, Go, Reply
from screens.lines import paragraph
from screens.pages.page import Page
from screens.scene import Scene
from screens.shapes import seal
from screens.widgets.bands import Steps
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet

_ASKED_LINES = 2
_PAIR_ROWS = 8
_PAIR_ROOMY_ROWS = 10
_UNSURE_ROWS = (3, 5)


class QuestionPage(Page):
    """The question, its answers in equal cards, and 说不清楚 last."""

    def __init__(self, scene: Scene, place: Asking, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._place = place
        self._package = scene.desk.package(place.package)
        self._question = self._package.questions[place.question]

    def heading(self) -> str:
        """Name the package that the question belongs to."""
        return self.scene.title(self._package.name, self._package.short, self.scene.frame.heading.width // 2)

    def aside(self) -> Steps:
        """Which question of how many."""
        return self.steps(self._place.question + 1, len(self._package.questions), "第{n}问，共{total}问")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the question and its answers."""
        frame = self.scene.frame
        width = room.width - 2 * Sheet.MARGIN - 1
        lines = self._asked(width)
        sheet, rest = room.split_horizontal(len(lines) + 2)
        yield Sheet(self.palette, sheet, lines, bar=True)
        options = self._question.options
        if len(options) == 2:
            least, most = _UNSURE_ROWS
            if frame.tall:
                *places, last = stack(rest, [_PAIR_ROOMY_ROWS, _PAIR_ROOMY_ROWS, most])
            else:
                high = _PAIR_ROOMY_ROWS if rest.height >= _PAIR_ROOMY_ROWS + least else _PAIR_ROWS
                pair, rest = rest.split_horizontal(high)
                places = columns(pair, 2, frame.gutter)
                last = stack(rest, [most if rest.height >= most else least])[0]
        else:
            places = self._places(rest, len(options) + 1)
            last = places.pop()
        for number, (place, option) in enumerate(zip(places, options, strict=True)):
            yield self.choice(place, self._words(option), self._reply(number))
        gloss = self.scene.say("各种情形的材料都列出来")
        yield self.choice(last, Words(self.scene.say("说不清楚"), gloss), self._reply(UNSURE))

    def _asked(self, width: int) -> tuple[Line, ...]:
        """Return the question and why it is asked; in few rows as much of that as two lines hold."""
        say = self.scene.say
        asked = paragraph(self.scene.text(self._question.text), width, bold=True)
        private = paragraph(say("只用来排出您的清单，不会留在机器上。"), width, "muted")
        why = self._question.why
        reason = paragraph(say("为什么问：{why}", why=self.scene.text(why)), width, "muted") if why else ()
        if self.scene.frame.roomy:
            return (*asked, (), *reason, *private)
        fitting = (also for also in (reason, private) if also and len(asked) + len(also) <= _ASKED_LINES)
        return (*asked, *next(fitting, ()))[:_ASKED_LINES]

    def _places(self, room: Region, count: int) -> list[Region]:
        """Return places for `count` answers: one below the other in a narrow pane, else in two columns."""
        frame = self.scene.frame
        if frame.tall:
            return stack(room, [row_height(room.height, count, most=7)] * count)
        rows = -(-count // 2)
        high = row_height(room.height, rows, most=7, two_lines=True)
        places = [place for band in stack(room, [high] * rows) for place in columns(band, 2, frame.gutter)]
        if count % 2:
            last = places[count - 1]
            places[count - 1] = Region(room.x, last.y, room.width, last.height)
        return places[:count]

    def _words(self, option: Option) -> Words:
        label = self.scene.text(option.label)
        if self._question.yesno and seal(label[:1]):
            return Words(label, label[1:].lstrip("，"), word=label[0])
        return Words(label)

    def _reply(self, answer: Answer) -> Reply:
        return Reply(self._place.package, self._place.question, answer)


class NotForYouPage(Page):
    """Why the package does not apply, and where to go instead."""

    def __init__(self, scene: Scene, place: NotForYou, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._place = place
        self._package = scene.desk.package(place.package)

    def heading(self) -> str:
        """Say it plainly."""
        return self.scene.say("这一件不适用您的情况")

    def aside(self) -> str:
        """Which package."""
        return self.scene.title(self._package.name, self._package.short, self.scene.frame.heading.width // 2)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the reason, and three ways on."""
        say, frame = self.scene.say, self.scene.frame
        reason = self.scene.text(self._reason())
        high = 5 if frame.roomy else 3
        lines = wrap_evenly(reason, Notice.room(room.width))
        notice = Region(room.x, room.y, room.width, min(len(lines) + 3, room.height - 3 * high))
        yield Notice(self.palette, notice, say("换"), tuple(lines))
        rest = Region(room.x, notice.bottom, room.width, room.bottom - notice.bottom)
        places = stack(rest, [high] * 3)
        others = Words(say("看别的事"), say("同一类里的其他事"))
        yield self.choice(places[0], others, Go(Packages(self._package.cycle)), primary=True)
        yield self.choice(places[1], Words(say("答错了，改一下"), say("回到上一问")), Back())
        yield self.number_choice(places[2], say("取号，到窗口问"), self._package.id)

    def _reason(self) -> Text:
        """What the answer that rules the package out says about it."""
        answer = self.scene.visit.answers[self._place.package][self._place.question]
        return NO_TEXT if answer is UNSURE else self._package.questions[self._place.question].options[answer].note
