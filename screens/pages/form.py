"""Filling in a form, a question a page: what it is for, choices, half-days, numbers, names and words."""

from collections.abc import Iterable, Mapping

from textual.geometry import Region

from kiosk.desk import OTHER, Field, FieldKind, Form
from kiosk.text import Language, cells, wrap_evenly
from kiosk.visit import Filling, FormPage
from screens.frame import Frame
from screens.intents import Back, Fill, Go, GoHome, Intent, Onward
from screens.lines import Fact, fact_lines, paragraph
from screens.pages.digits import DigitsPage
from screens.pages.help import SheetPage
from screens.pages.letters import LettersPage
from screens.pages.offers import Offer, OffersPage
from screens.pages.page import Page
from screens.pages.typed import NumberAsked
from screens.pages.writing import INSTEAD, Asked, WritingPage
from screens.scene import Scene
from screens.widgets.bands import Steps
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.pinyin_draft import Draft, Layer
from screens.widgets.sheet import Line, Notice, Sheet

_WRITTEN = {FieldKind.NAME, FieldKind.WORDS}


def field_page(scene: Scene, place: Filling, focus: int | None) -> Page:
    """Return the page of one field, by its kind."""
    asking = _Asking(scene, place)
    match asking.field.kind:
        case FieldKind.CHOICE if asking.chosen_from:
            return ChoicePage(scene, asking, focus=focus)
        case FieldKind.CHOICE | FieldKind.NAME | FieldKind.WORDS:
            return FieldWritingPage(scene, asking, focus=focus)
        case FieldKind.HALF_DAY:
            return HalfDayPage(scene, asking, focus=focus)
        case FieldKind.CREDIT_CODE:
            return FieldLettersPage(scene, asking, focus=focus)
        case _:
            return FieldDigitsPage(scene, asking, focus=focus)


class _Asking:
    """A field of a form with what is known about it in this visit."""

    def __init__(self, scene: Scene, place: Filling) -> None:
        desk = scene.desk.requests
        self._scene = scene
        self.place = place
        self.form: Form = desk.form(place.form)
        self.field: Field = self.form.field(place.field)
        self.answers: Mapping[str, str] = scene.visit.forms.get(place.form, {})
        self.options = desk.options(self.field, self.answers)
        self.problem = scene.live.problems.get(place)
        self.question = scene.text(self.field.question)
        self.why = scene.text(self.field.why)

    @property
    def chosen_from(self) -> bool:
        """Whether there are options, and none of them was refused for words of one's own."""
        return bool(self.options) and not self.place.writing

    @property
    def answer(self) -> str:
        """The answer as it stands."""
        return self.answers.get(self.field.id, "")

    def fill(self, value: str) -> Fill:
        """Return the intent to answer."""
        return Fill(self.form.id, self.field.id, value)

    def steps(self, page: Page) -> Steps:
        """Return which question it is of how many."""
        asked = [field.id for field in self._scene.desk.requests.asked(self.form, self.answers)]
        return page.steps(asked.index(self.field.id) + 1, len(asked), "第{n}问，共{total}问")

    def wanted(self) -> NumberAsked:
        """Return the field as a number that is typed."""
        field = self.field
        return NumberAsked(self.question, self.why, field.kind, may_skip=field.optional, high=field.high)

    @property
    def typed(self) -> str:
        """What is typed so far, at first the answer as it stands."""
        given = "".join(filter(str.isalnum, self.answer))
        return self._scene.live.typed.get(self.place, given)

    def instead(self) -> str:
        """Return what to offer instead of writing, as a sentence of data/wording: somebody calls, where they can."""
        telephones = [field.id for field in self.form.fields if field.kind is FieldKind.PHONE]
        if any(self.answers.get(one) for one in telephones):
            return INSTEAD
        return "不写了，打电话时再说" if telephones else "不写，跳过"


class FormIntroPage(SheetPage):
    """Who gets what is filled in, what for and for how long; what happens next; or why the form cannot be used here."""

    def __init__(self, scene: Scene, place: FormPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._form = scene.desk.requests.form(place.form)
        self._able = scene.desk.requests.available(self._form)

    def heading(self) -> str:
        """Name the form."""
        return self.scene.text(self._form.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the notice where it cannot be used, the words, and the two ways."""
        if not self._able.ok:
            lines = paragraph(self.scene.say(self._able.reason), Notice.room(room.width))
            notice, room = room.split_horizontal(len(lines) + 3)
            yield Notice(self.palette, notice, self.scene.say("停"), tuple(line[0].text for line in lines))
        yield from self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Begin, or not."""
        say = self.scene.say
        back = (Words(say("不填了，回去")), Back())
        if not self._able.ok:
            return [back]
        answers = self.scene.visit.forms.get(self._form.id, {})
        count = len(self.scene.desk.requests.asked(self._form, answers))
        return [(Words(say("知道了，开始填"), say("共 {n} 问", n=count)), Onward(self._form.id)), back]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the purpose and the steps."""
        scene, form = self.scene, self._form
        say = scene.say
        facts = [
            Fact(say("您的信息"), (scene.text(form.purpose),)),
            Fact(say("交了以后"), tuple(map(scene.text, form.next))),
        ]
        facts += [Fact(say("最近一次"), (words,)) for words in self._next_days()]
        if form.cancellable:
            facts.append(Fact(say("不要了"), (say("凭小票上的编号，在自助站取消。"),)))
        indent = max(cells(fact.term) for fact in facts) + 2
        return [fact_lines(fact, indent, width) for fact in facts]

    def _next_days(self) -> list[str]:
        """Return when it is for the next time, where it is on certain days of the week alone."""
        desk = self.scene.desk.requests
        offered = [desk.half_days(field) for field in self._form.fields if field.weekdays]
        return [desk.half_day_words(days[0], self.scene.language) for days in offered if days]


class ChoicePage(OffersPage):
    """One of several options, or words where none fits, or none."""

    def __init__(self, scene: Scene, asking: _Asking, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._asking = asking

    def heading(self) -> str:
        """Ask."""
        return self._asking.question

    def aside(self) -> Steps:
        """Which question."""
        return self._asking.steps(self)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield why it is asked, and the options."""
        asking, say = self._asking, self.scene.say
        told, room = _told(asking, room, self.scene.frame)
        if told:
            yield Sheet(self.palette, told, paragraph(asking.why, told.width, "muted"), plain=True)
        offers = [Offer(Words(self.scene.text(one.name)), asking.fill(one.id)) for one in asking.options]
        always = []
        if asking.field.other:
            writing = Filling(asking.form.id, asking.field.id, writing=True)
            always.append(Offer(Words(say("都不是，我来写")), Go(writing)))
        if asking.field.optional:
            always.append(Offer(Words(say("不选，跳过")), asking.fill("")))
        yield from self.cards(room, offers, always)


class HalfDayPage(OffersPage):
    """A morning or an afternoon of the hall's next working days."""

    def __init__(self, scene: Scene, asking: _Asking, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._asking = asking
        self._offered = scene.desk.requests.half_days(asking.field)

    def heading(self) -> str:
        """Ask."""
        return self._asking.question

    def aside(self) -> Steps:
        """Which question."""
        return self._asking.steps(self)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what to know, and the half-days."""
        asking, scene = self._asking, self.scene
        doubt = "" if all(one.certain for one in self._offered) else scene.say("日期以大厅公告为准。")
        problem = scene.say(asking.problem.sentence) if asking.problem else ""
        if not self._offered and not asking.field.optional:
            yield from self._nothing_to_choose(room)
            return
        told = scene.sentences(problem, asking.why, doubt)
        if told:
            lines = paragraph(told, room.width - 2 * Sheet.MARGIN, "muted")
            above, room = room.split_horizontal(len(lines) + scene.frame.roomy)
            yield Sheet(self.palette, above, lines, plain=True)
        offers = [
            Offer(Words(scene.desk.requests.half_day_words(one, scene.language)), asking.fill(one.value))
            for one in self._offered
        ]
        skip = [Offer(Words(scene.say("不选，跳过")), asking.fill(""))] if asking.field.optional else []
        yield from self.cards(room, offers, skip)

    def _nothing_to_choose(self, room: Region) -> Iterable[Painted]:
        """Yield that there is no time, and what to do instead."""
        say = self.scene.say
        told = say("现在没有可以约的时间。请到窗口问，或过些日子再来。")
        lines = tuple(wrap_evenly(told, Notice.room(room.width)))
        notice, room = room.split_horizontal(len(lines) + 3)
        yield Notice(self.palette, notice, say("停"), lines)
        yield from self.cards(
            room, [Offer(Words(say("回到首页")), GoHome(), primary=True), Offer(Words(say("返回")), Back())]
        )


def _told(asking: _Asking, room: Region, frame: Frame) -> tuple[Region | None, Region]:
    """Return the row in which it is said why a choice is asked, if it is, and the rest of the room."""
    if not asking.why:
        return None, room
    above, rest = room.split_horizontal(1 + frame.roomy)
    return above, rest


class FieldDigitsPage(DigitsPage):
    """A number of a form."""

    def __init__(self, scene: Scene, asking: _Asking, *, focus: int | None = None) -> None:
        super().__init__(scene, asking.wanted(), asking.typed, asking.problem, focus=focus)
        self._asking = asking

    def aside(self) -> Steps:
        """Which question."""
        return self._asking.steps(self)

    def done(self, typed: str) -> Intent:
        """Answer."""
        return self._asking.fill(typed)


class FieldLettersPage(LettersPage):
    """A code of digits and letters of a form."""

    def __init__(self, scene: Scene, asking: _Asking, *, focus: int | None = None) -> None:
        super().__init__(scene, asking.wanted(), asking.typed, asking.problem, focus=focus)
        self._asking = asking

    def done(self, typed: str) -> Intent:
        """Answer."""
        return self._asking.fill(typed)


class FieldWritingPage(WritingPage):
    """A name or words of a form; it may be left out where the form says so."""

    def __init__(self, scene: Scene, asking: _Asking, *, focus: int | None = None) -> None:
        field, say = asking.field, scene.say
        instead = ""
        if field.optional:
            instead = say(asking.instead())
        asked = Asked(asking.question, field.longest, name=field.kind is FieldKind.NAME, instead=instead)
        layer = Layer.LATIN if scene.language is Language.EN else Layer.PINYIN
        written = field.kind in _WRITTEN or asking.answer.startswith(OTHER)
        standing = Draft(asking.answer.removeprefix(OTHER) if written else "", layer=layer)
        pinyin = scene.desk.requests.pinyin(scene.language)
        super().__init__(
            scene,
            asked,
            scene.live.drafts.get(asking.place, standing),
            lambda letters, start: pinyin.offers(letters, start=start),
            focus=focus,
        )
