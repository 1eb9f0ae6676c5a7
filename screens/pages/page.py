"""What all pages have in common: bands, placement, focus by key, and the way from a key to an intent."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import Layout, WidgetPlacement
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from kiosk.text import Language
from screens.intents import AskEnd, AskHelp, Back, GoHome, Intent, SwitchLanguage, SwitchType, TakeNumber
from screens.scene import Scene
from screens.widgets.bands import Footer, FooterPlace, Heading, Masthead, Steps
from screens.widgets.choice import Choice, State, Words
from screens.widgets.painted import Painted
from screens.widgets.slip import PaperPane

LANGUAGE_WORDS = {
    Language.HANS: ("简体", "简体中文"),
    Language.HANT: ("繁體", "繁體中文"),
    Language.EN: ("EN", "English"),
}
"""The languages in themselves, short and whole."""

NO_NUMBERS = "本机暂停取号，因为存储有问题。请到大厅取号。"
"""Why no number can be taken, and what to do instead, as a sentence of data/wording."""

NOTHING_TYPED = "还没有填。请先填写，再按这里。"
"""Why nothing is done yet on a page where something is to be typed, as a sentence of data/wording."""

_ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class Placed(Layout):
    """Puts each painted widget where it says."""

    name = "placed"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> list[WidgetPlacement]:
        """Return the places; anything that is not painted has none."""
        return [
            WidgetPlacement(child.place, NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if isinstance(child, Painted)
        ]


_PLACED = Placed()


class Ground(Screen[None], inherit_bindings=False):
    """A screen without Textual's own widgets and keys. One lies under the pages and is never seen."""

    AUTO_FOCUS = ""
    ESCAPE_TO_MINIMIZE = False

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Keep Textual's tooltips and toasts off the page: nobody could close them here."""


class Page(Ground, inherit_bindings=False):
    """One full screen. Subclasses say their `heading` and yield what they are made of from `body`.

    `STEP` is how far along the way the page stands, 0 for pages that lie beside it. `FIRST` is the digit of the first
    choice. Where digits are typed, no choice has one: `TYPES_DIGITS`. `NO_BACK` and `NO_HELP` say why 返回 and 帮助 do
    nothing on a page where they do nothing, as sentences of data/wording.
    """

    DEFAULT_CSS = "Page { overflow: hidden; }"
    STEP: ClassVar[int] = 0
    STEPS: ClassVar[int] = 4
    FIRST: ClassVar[int] = 1
    TYPES_DIGITS: ClassVar[bool] = False
    NO_BACK: ClassVar[str] = "不能返回，因为这是第一页。"
    NO_HELP: ClassVar[str] = "没有别的帮助，因为这里已经是帮助。"

    class Wanted(Message):
        """A key or a touch asked for something."""

        def __init__(self, page: "Page", intent: Intent) -> None:
            super().__init__()
            self.page = page
            self.intent = intent

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        """`focus` is the choice that has the focus from the start, None while nobody uses keys."""
        super().__init__()
        self.scene = scene
        self.palette = scene.palette
        self.focus_at = focus
        self.choices: list[Choice] = []
        self._numbered = self.FIRST - 1
        self._finger_down = False
        self._spent = False
        self.styles.background = scene.palette.colour("page")

    @property
    def layout(self) -> Layout:
        """Widgets stand where they say; there is nothing to compute."""
        return _PLACED

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the ground alone (Textual's line protocol).

        Textual's own way keeps the rows of the last 1,024 screens: it caches a method together with its object.
        """
        return [Strip.blank(crop.width, self.palette.style("page", "page"))] * crop.height

    def heading(self) -> str:
        """What the page is about, in the visitor's language."""
        raise NotImplementedError

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what fills `room`, the part below the heading."""
        raise NotImplementedError

    def aside(self) -> Steps | str:
        """What stands right of the title."""
        return self.steps(self.STEP, self.STEPS, "第{n}步，共{total}步") if self.STEP else ""

    def steps(self, done: int, total: int, sentence: str) -> Steps:
        """Return the marks for `done` of `total` steps."""
        return Steps(done, total, self.scene.say(sentence, n=done, total=total))

    def compose(self) -> ComposeResult:
        """Yield all that stands on the page, and show the focus if it arrives with one."""
        for widget in self.widgets():
            if isinstance(widget, Choice) and widget.state is not State.ABSENT:
                self.choices.append(widget)
            yield widget
        frame, paper = self.scene.frame, self.scene.paper
        if paper:
            beside = Region(frame.columns, 0, self.scene.paper_columns, frame.rows)
            say = self.scene.say
            yield PaperPane(
                self.palette, beside, paper, before=say("小票从这里出来"), more=say("触摸纸，看下面"), touched=True
            )
        if self.focus_at is not None:
            self.focus_at = self._ready(min(self.focus_at, len(self.choices) - 1), 1)
            if self.focus_at is not None:
                self.choices[self.focus_at].focus_shown = True

    def widgets(self) -> Iterator[Painted]:
        """Yield masthead, heading, body and footer."""
        yield self.masthead()
        yield Heading(self.palette, self.scene.frame.heading, self.heading(), self.aside())
        yield from self.body(self.scene.frame.body)
        yield self.footer()

    def masthead(self) -> Masthead:
        """Return the band with station and time."""
        scene = self.scene
        return Masthead(
            self.palette, scene.frame, scene.text(scene.desk.name), self.station_number(), *self.clock(), self.pills()
        )

    def station_number(self) -> str:
        """The station's number as it is shown."""
        return self.scene.say("{number}号站", number=self.scene.desk.number)

    def clock(self) -> tuple[str, str]:
        """Date and time as they are shown."""
        now = self.scene.desk.now()
        return self.scene.date(now.date()), f"{now:%H:%M}"

    def pills(self) -> tuple[str, ...]:
        """The words for an unusual state of the station, the shorter ones last."""
        mark, say = self.scene.mark, self.scene.say
        return (say(mark()), say("演示")) if mark else ()

    def show_clock(self) -> None:
        """Show the minute that has begun, and the state that the station is in by now."""
        for masthead in self.query(Masthead):
            masthead.show(*self.clock(), self.pills())

    def places(self) -> tuple[FooterPlace, ...]:
        """Return the seven places of the footer; what this page does not offer keeps its place."""
        keypad, say = self.scene.settings.keypad, self.scene.say
        offered = self.scene.desk.languages
        short, whole = LANGUAGE_WORDS[next_language(offered, self.scene.language)]
        word = whole if self.scene.frame.wide else short
        larger = self.scene.type_word
        return (
            FooterPlace(keypad.back, say("返回"), self.back(), say(self.NO_BACK)),
            FooterPlace(keypad.home, say("首页"), self.home(), say("不能回首页，因为这里就是首页。")),
            FooterPlace(keypad.help, say("帮助"), self.help(), say(self.NO_HELP)),
            FooterPlace(
                keypad.language,
                word,
                SwitchLanguage() if len(offered) > 1 else None,
                say("不能换语言，因为本机只有一种语言。"),
            ),
            FooterPlace(
                keypad.large,
                say(larger or "大字"),
                SwitchType() if larger else None,
                say("不能放大，因为这块屏幕只有一种字号。"),
            ),
            FooterPlace(keypad.voice, say("语音"), None, say("不能朗读，因为本机现在没有语音。")),
            FooterPlace(keypad.end, say("结束"), self.end(), say("不能再按结束，因为正在问您要不要结束。")),
        )

    def footer(self) -> Footer:
        """Return the rail with the seven places."""
        return Footer(self.palette, self.scene.frame, self.places())

    def anywhere(self) -> Intent | None:
        """What a key or touch means that hits nothing else."""
        return None

    def back(self) -> Intent | None:
        """What 返回 does here."""
        return Back()

    def home(self) -> Intent | None:
        """What 首页 does here."""
        return GoHome()

    def help(self) -> Intent | None:
        """What 帮助 does here."""
        return AskHelp()

    def end(self) -> Intent | None:
        """What 结束 does here."""
        return AskEnd()

    def choice(
        self,
        place: Region,
        words: Words,
        intent: Intent,
        *,
        primary: bool = False,
        disabled: bool = False,
        why: str = "",
    ) -> Choice:
        """Return the next choice of the page; its digit is its position. `why` it is `disabled`, in one line."""
        self._numbered += 1
        words, digit = self.spoken(words), "" if self.TYPES_DIGITS else str(self._numbered)
        return Choice(self.palette, place, digit, words, intent, primary=primary, disabled=disabled, why=why)

    def number_choice(self, place: Region, label: str, subject: str, *, primary: bool = False) -> Choice:
        """Return the choice that takes a number for a package or channel; it says so where none can be taken now."""
        able = self.scene.desk.services().numbers.ok
        words = Words(label, self.number_gloss(able))
        return self.choice(
            place, words, TakeNumber(subject), primary=primary, disabled=not able, why=self.scene.say(NO_NUMBERS)
        )

    def number_gloss(self, able: bool) -> str:
        """Return what stands beside the choice that takes a number: what comes of it, or that none can be taken now."""
        if not able:
            return self.scene.say("本机暂停")
        return self.scene.say("优先") if self.scene.visit.ground else self.scene.say("去大厅办")

    def is_typed(self, event: events.Key) -> bool:
        """Whether a key is a letter or digit of a word here, where the same one may follow at once."""
        return False

    def show_job(self) -> bool:
        """Show the new state of the slip that was asked for last; False if the page must be built anew for it."""
        return True

    def stale(self) -> bool:
        """Whether numbers can be taken again, or no longer, since the page was made."""
        able = self.scene.desk.services().numbers.ok
        return any(isinstance(one.intent, TakeNumber) and (one.state is State.DISABLED) is able for one in self.choices)

    def spoken(self, words: Words) -> Words:
        """Return `words` with what a focused and a busy card say."""
        return replace(words, tag=self.scene.say("按确认"), wait=self.scene.say("请稍候"))

    def want(self, intent: Intent) -> None:
        """Ask for something. A page asks once: what it leads to is another page, and a second tap means nothing."""
        if not self._spent:
            self._spent = True
            self.post_message(self.Wanted(self, intent))

    def show_busy(self, intent: Intent) -> None:
        """Show at the choice that led to `intent` that it is being carried out."""
        for choice in self.choices:
            if choice.intent == intent:
                choice.show_busy()

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        """A card was chosen."""
        message.stop()
        self.want(message.choice.intent)

    def on_choice_explained(self, message: Choice.Explained) -> None:
        """A card that cannot be had was chosen: say why, and what to do instead."""
        message.stop()
        self._tell(message.why)

    def on_footer_touched(self, message: Footer.Touched) -> None:
        """A place in the footer was touched."""
        message.stop()
        self._use(message.place)

    def on_key(self, event: events.Key) -> None:
        """Turn a key into an intent, or move the focus."""
        event.stop()
        self._tell("")
        if event.key in {"tab", "shift+tab"}:
            self._move(1 if event.key == "tab" else -1)
        elif event.key in _ARROWS:
            self._steer(*_ARROWS[event.key])
        elif event.key in {"enter", "ctrl+j"} and self.focus_at is not None and self.choices:
            self.choices[self.focus_at].choose()
        else:
            self.press(event.character or "")

    def press(self, character: str) -> None:
        """Do what a key stands for; the first key that stands for nothing shows where the focus is."""
        for choice in self.choices:
            if choice.digit == character:
                choice.choose()
                return
        for place in (place for footer in self.query(Footer) for place in footer.places):
            if place.cap == character:
                self._use(place)
                return
        if not self.elsewhere() and self.focus_at is None:
            self._move(1)

    def _use(self, place: FooterPlace) -> None:
        """Do what a place of the footer does; say why where it does nothing and a key means nothing else."""
        if place.intent:
            self.want(place.intent)
        elif not self.elsewhere():
            self._tell(place.why)

    def _tell(self, words: str) -> None:
        for footer in self.query(Footer):
            footer.tell(words)

    def _move(self, by: int) -> None:
        if self.focus_at is None:
            self._show_focus(self._ready(0, 1))
        else:
            self._show_focus(self._ready(self.focus_at + by, by))

    def _ready(self, start: int, by: int) -> int | None:
        """Return the first choice that can be had, from number `start` on, round the page in steps of `by`."""
        count = len(self.choices)
        numbers = ((start + by * step) % count for step in range(count))
        return next((number for number in numbers if self.choices[number].ready), None)

    def _steer(self, right: int, down: int) -> None:
        """Move the focus to the nearest choice in a direction."""
        if self.focus_at is None:
            self._move(1)
            return
        here = self.choices[self.focus_at].place
        ways = [
            (way, number)
            for number, choice in enumerate(self.choices)
            if choice.ready and (way := _way(here, choice.place, right, down)) is not None
        ]
        if ways:
            self._show_focus(min(ways)[1])

    def _show_focus(self, at: int | None) -> None:
        if self.choices:
            for number, choice in enumerate(self.choices):
                choice.show_focus(number == at)
            self.focus_at = at

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A finger takes over from the keys."""
        self._finger_down = event.button == 1
        self._tell("")
        self._show_focus(None)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A touch that hit neither choice nor footer, and began on this page."""
        if self._finger_down and event.button == 1:
            self.elsewhere()
        self._finger_down = False

    def elsewhere(self) -> bool:
        """Do what a key or touch means that hits nothing else; False if it means nothing."""
        intent = self.anywhere()
        if intent:
            self.want(intent)
        return intent is not None


def next_language(offered: tuple[Language, ...], language: Language) -> Language:
    """Return the language that comes after `language`, in a circle."""
    position = offered.index(language) if language in offered else -1
    return offered[(position + 1) % len(offered)]


def _way(here: Region, there: Region, right: int, down: int) -> int | None:
    """Return how long the way from `here` to `there` is in a direction, None if it lies elsewhere."""
    if right:
        along = there.x - here.right if right > 0 else here.x - there.right
        aside = max(there.y - here.bottom, here.y - there.bottom, -1) + 1
        return along + 6 * aside if along >= 0 and not aside else None
    along = there.y - here.bottom if down > 0 else here.y - there.bottom
    aside = max(there.x - here.right, here.x - there.right, -1) + 1
    return 2 * along + aside if along >= 0 else None
