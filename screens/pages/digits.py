"""A number that is typed: on a keypad, where every digit types, on a keyboard, or by touch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from textual import events
from textual.geometry import Region

from kiosk.desk import FieldKind, Problem
from kiosk.text import wrap_evenly
from screens.frame import row_height
from screens.intents import Intent, Type
from screens.lines import paragraph
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.bands import Footer, FooterPlace
from screens.widgets.choice import Choice, State, Words
from screens.widgets.digit_pad import ROWS, DigitPad
from screens.widgets.field import Field
from screens.widgets.keyboard import Key
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet

GROUPS = {
    FieldKind.PHONE: (3, 4, 4),
    FieldKind.PERSON: (6, 8, 4),
    FieldKind.CREDIT_CODE: (2, 6, 9, 1),
    FieldKind.PROJECT_CODE: (4, 6, 2, 2, 6),
    FieldKind.CODE: (4, 4, 4, 4),
}
"""In which groups a number is shown while it is typed, as it stands on its paper."""

_LONGEST = {FieldKind.PHONE: 15, FieldKind.PERSON: 18, FieldKind.PROJECT_CODE: 20, FieldKind.CODE: 16}
_LAST_IS_X = 17
_FIELD_ROWS = 3
_NOTICE_ROWS = 4
_PAD_COLUMNS, _PAD_WIDE_COLUMNS = 36, 48
_TALL_KEY_ROWS = 5
_DELETE, _CLEAR = "delete", "clear"


@dataclass(frozen=True)
class NumberAsked:
    """What number is wanted, in the visitor's language. `may_skip`: it may be left empty. `low`, `high`: its bounds."""

    question: str
    why: str
    kind: FieldKind
    may_skip: bool = False
    high: int = 0

    @property
    def longest(self) -> int:
        """Digits that it can have."""
        return _LONGEST.get(self.kind) or len(str(self.high))


def grouped(typed: str, kind: FieldKind) -> str:
    """Return what is typed with blanks between its groups; telephone numbers of other forms as they are."""
    if kind is FieldKind.PHONE and not typed.startswith("1"):
        return typed
    parts, start = [], 0
    for size in GROUPS.get(kind, ()):
        parts.append(typed[start : start + size])
        start += size
    return " ".join(part for part in [*parts, typed[start:]] if part)


def shown_place(typed: str, kind: FieldKind, place: int) -> int | None:
    """Return where the character number `place` (from 1) of what is typed stands among its groups, None if nowhere."""
    if not 0 < place <= len(typed):
        return None
    before = grouped(typed[:place], kind)
    return len(before) - 1


class DigitsPage(Page):
    """What is wanted, the digits so far, a pad to touch. Enter is done; 返回 takes a digit away while there are any."""

    TYPES_DIGITS = True

    def __init__(
        self, scene: Scene, wanted: NumberAsked, typed: str, problem: Problem | None, *, focus: int | None = None
    ) -> None:
        super().__init__(scene, focus=focus)
        self.wanted = wanted
        self.typed = typed
        self._problem = problem

    def done(self, typed: str) -> Intent:
        """Return what is wanted once all is typed."""
        raise NotImplementedError

    def heading(self) -> str:
        """Ask."""
        return self.wanted.question

    def places(self) -> tuple[FooterPlace, ...]:
        """Return the places: 0 types here, so that the language is in the help; 返回 takes back the last digit."""
        back, home, helping, language, *others = super().places()
        if self.typed:
            back = FooterPlace(back.cap, self.scene.say("删除"), Type(self.typed[:-1]))
        if language.cap == "0":
            language = replace(language, intent=None)
        return (back, home, helping, language, *others)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what to know, the field, the pad, and that it is done."""
        frame, say = self.scene.frame, self.scene.say
        low = 5 if frame.roomy else 3
        if frame.tall:
            pad_high = ROWS * _TALL_KEY_ROWS
            told = Region(room.x, room.y, room.width, min(room.height - pad_high - low, _FIELD_ROWS + 9))
            pad = Region(room.x, told.bottom, room.width, pad_high)
            below = Region(room.x, pad.bottom, room.width, low)
        else:
            # Keys that a finger finds matter more than a high card below them.
            low = low if row_height(room.height - low, ROWS, most=5) == row_height(room.height - 3, ROWS, most=5) else 3
            high = row_height(room.height - low, ROWS, most=5) * ROWS
            wide = _PAD_WIDE_COLUMNS if frame.wide else _PAD_COLUMNS
            told = Region(room.x, room.y, room.width - wide - 2, high)
            pad = Region(told.right + 2, room.y, wide, high)
            below = Region(room.x, room.y + high, room.width, low)
        above, field = told.split_horizontal(told.height - _FIELD_ROWS)
        yield from self._told(above)
        self._field = Field(self.palette, field, "", "")
        yield self._field
        yield DigitPad(self.palette, pad, (Key(say("删除"), _DELETE), Key(say("清空"), _CLEAR)))
        self._done = Choice(self.palette, below, "", Words(""), self.done(""), primary=True)
        self._show_typed()
        yield self._done

    def _told(self, place: Region) -> Iterable[Painted]:
        """Yield why it is asked, or what is wrong with what was typed."""
        say = self.scene.say
        if self._problem:
            lines = wrap_evenly(say(self._problem.sentence, **self._problem.values), Notice.room(place.width))
            notice, place = place.split_horizontal(min(max(len(lines) + 2, _NOTICE_ROWS), place.height))
            yield Notice(self.palette, notice, say("改"), tuple(lines[: Sheet.rows(notice.height)]))
            if place.height < _NOTICE_ROWS:
                return
        width = place.width - 2 * Sheet.MARGIN - 1
        told: list[Line] = []
        for words in (self.wanted.why, *self.hints()):
            more = paragraph(words, width, "muted") if words else ()
            gap: tuple[Line, ...] = ((),) if told and more else ()
            if more and len(told) + len(gap) + len(more) <= Sheet.rows(place.height):
                told += [*gap, *more]
        yield Sheet(self.palette, place, tuple(told), bar=True)

    def hints(self) -> tuple[str, ...]:
        """Return how to type it."""
        return (self.scene.say("按数字键，填好按确认。"), self.scene.say("填的只用在这一件事上，结束时清除。"))

    def _show_typed(self) -> None:
        """Show what is typed, how much that is, and what Enter does now."""
        say, kind = self.scene.say, self.wanted.kind
        wrong = None
        if self._problem and "place" in self._problem.values:
            wrong = shown_place(self.typed, kind, self._problem.values["place"])
        note = say("{n} 位", n=len(self.typed)) if self.typed else ""
        self._field.show(grouped(self.typed, kind), note, wrong)
        if kind is FieldKind.PERSON and len(self.typed) == _LAST_IS_X:
            words, intent = Words(say("最后一位是 X，填好了")), self.done(self.typed + "X")
        elif self.typed:
            words, intent = Words(say("填好了")), self.done(self.typed)
        elif self.wanted.may_skip:
            words, intent = Words(say("不填，跳过")), self.done("")
        else:
            words, intent = Words(say("填好了"), say("还没有填")), self.done("")
        self._done.offer(self.spoken(words), intent)
        if not self.typed and not self.wanted.may_skip:
            self._done.state = State.DISABLED

    def change(self, typed: str, *, by_key: bool) -> None:
        """Go on with other digits."""
        typed = typed[: self.wanted.longest]
        if typed == self.typed or self._spent:
            return
        emptied = bool(typed) is not bool(self.typed)
        self.typed, self._problem = typed, None
        self._show_typed()
        for footer in self.query(Footer):
            footer.show(self.places(), repaint=emptied)
        self._show_focus(0 if by_key and self._done.ready else None)
        self.post_message(self.Wanted(self, Type(typed)))

    def want(self, intent: Intent) -> None:
        """Take a digit away here; hand everything else on."""
        if isinstance(intent, Type):
            self.change(intent.typed, by_key=self.focus_at is not None)
        else:
            super().want(intent)

    def on_digit_pad_struck(self, message: DigitPad.Struck) -> None:
        """A key was touched."""
        message.stop()
        does = message.key.does
        typed = "" if does == _CLEAR else self.typed[:-1] if does == _DELETE else self.typed + does
        self.change(typed, by_key=False)

    def is_typed(self, event: events.Key) -> bool:
        """Whether a key is a digit here: the same one may follow at once."""
        return len(event.character or "") == 1 and (event.character or "").isdigit()

    def on_key(self, event: events.Key) -> None:
        """Type what a keyboard sends. Textual hands everything else on to the handler that all pages have."""
        character = event.character or ""
        if event.key in {"backspace", "ctrl+h"}:
            self.change(self.typed[:-1], by_key=True)
        elif event.key in {"enter", "ctrl+j"}:
            self._done.choose()
        elif len(character) == 1 and character.isascii() and character.isdigit():
            self.change(self.typed + character, by_key=True)
        elif self.wanted.kind is FieldKind.PERSON and character in {"x", "X"} and len(self.typed) == _LAST_IS_X:
            self.want(self.done(self.typed + "X"))
        else:
            return
        event.prevent_default().stop()
