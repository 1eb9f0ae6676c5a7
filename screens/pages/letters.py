"""A code of digits and letters that is typed: on a keypad by two digits a character, on a keyboard, or by touch."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Region

from kiosk.desk import Problem
from kiosk.text import wrap_evenly
from screens.frame import row_height
from screens.intents import Intent, Type
from screens.lines import paragraph
from screens.pages.digits import NumberAsked, grouped, shown_place
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.choice import State, Words
from screens.widgets.field import Field
from screens.widgets.keyboard import Key, Keyboard, KeyRow
from screens.widgets.painted import Painted
from screens.widgets.sheet import Notice, Sheet

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of GB 32100-2015."""

_LONGEST = 18
_ACROSS = 7
_KEYBOARD_COLUMNS, _KEYBOARD_WIDEST = 39, 69
_FIELD_ROWS = 3
_NOTICE_ROWS = 4
_DELETE, _CLEAR = "delete", "clear"


class LettersPage(Page):
    """What is wanted, the code so far, a keyboard. A digit up to 5 is a row, the next one the key in it."""

    FIRST = Keyboard.ROWS + 1

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

    def aside(self) -> str:
        """How a keypad reaches the keys."""
        return self.scene.say("数字键：先选行，再选键")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the keyboard, what to know, the field, and that it is done."""
        frame = self.scene.frame
        low = 5 if frame.roomy else 3
        if frame.tall:
            told, rest = room.split_horizontal(_FIELD_ROWS + 7 + low)
        else:
            wide = min(room.width // 2, _KEYBOARD_WIDEST) if frame.wide else _KEYBOARD_COLUMNS
            rest, told = room.split_vertical(wide)
            told = Region(told.x + 1 + frame.wide, told.y, told.width - 1 - frame.wide, told.height)
        high = row_height(rest.height, Keyboard.ROWS, most=5)
        self._keyboard = Keyboard(
            self.palette, Region(rest.x, rest.y, rest.width, high * Keyboard.ROWS), self._rows(), _ACROSS
        )
        told = Region(told.x, told.y, told.width, min(told.height, self._keyboard.place.height))
        above, below = told.split_horizontal(told.height - _FIELD_ROWS - low)
        field, done = below.split_horizontal(_FIELD_ROWS)
        yield from self._told(above)
        self._field = Field(self.palette, field, "", "")
        self._done = self.choice(done, Words(""), self.done(""), primary=True)
        self._show_typed()
        yield self._field
        yield self._done
        yield self._keyboard

    def _rows(self) -> tuple[KeyRow, ...]:
        say = self.scene.say
        keys = [Key(one, one) for one in _ALPHABET]
        rows = [tuple(keys[start : start + _ACROSS]) for start in range(0, len(keys), _ACROSS)]
        return (*rows[:-1], (*rows[-1], Key(say("删除"), _DELETE, 2), Key(say("清空"), _CLEAR, 2)))

    def _told(self, place: Region) -> Iterable[Painted]:
        say = self.scene.say
        if self._problem:
            lines = wrap_evenly(say(self._problem.sentence, **self._problem.values), Notice.room(place.width))
            notice, place = place.split_horizontal(min(max(len(lines) + 2, _NOTICE_ROWS), place.height))
            yield Notice(self.palette, notice, say("改"), tuple(lines[: Sheet.rows(notice.height)]))
            if place.height < _NOTICE_ROWS:
                return
        width = place.width - 2 * Sheet.MARGIN - 1
        told = self.wanted.why or say("18位，在营业执照上。没有 I、O、S、V、Z。")
        yield Sheet(self.palette, place, paragraph(told, width, "muted")[: Sheet.rows(place.height)], bar=True)

    def _show_typed(self) -> None:
        say, kind = self.scene.say, self.wanted.kind
        wrong = None
        if self._problem and "place" in self._problem.values:
            wrong = shown_place(self.typed, kind, self._problem.values["place"])
        note = say("{n} 位", n=len(self.typed)) if self.typed else ""
        self._field.show(grouped(self.typed, kind), note, wrong)
        skip = self.wanted.may_skip and not self.typed
        words = Words(say("不填，跳过")) if skip else Words(say("填好了"), "" if self.typed else say("还没有填"))
        self._done.offer(self.spoken(words), self.done(self.typed))
        if not self.typed and not skip:
            self._done.state = State.DISABLED

    def _change(self, typed: str, *, by_key: bool) -> None:
        typed = typed[:_LONGEST]
        if typed == self.typed or self._spent:
            return
        self.typed, self._problem = typed, None
        self._pick(None)
        self._show_typed()
        self._show_focus(0 if by_key and self._done.ready else None)
        self.post_message(self.Wanted(self, Type(typed)))

    def _strike(self, key: Key, *, by_key: bool) -> None:
        does = key.does
        typed = "" if does == _CLEAR else self.typed[:-1] if does == _DELETE else self.typed + does
        self._change(typed, by_key=by_key)

    def on_keyboard_struck(self, message: Keyboard.Struck) -> None:
        """A key was touched."""
        message.stop()
        self._strike(message.key, by_key=False)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A finger takes over from the keys, in the middle of two digits as well."""
        self._pick(None)

    def on_key(self, event: events.Key) -> None:
        """Type the letters that a keyboard sends; Textual hands everything else on."""
        character = (event.character or "").upper()
        if event.key in {"backspace", "ctrl+h"}:
            self._change(self.typed[:-1], by_key=True)
        elif len(character) == 1 and character.isalpha() and character in _ALPHABET:
            self._change(self.typed + character, by_key=True)
        else:
            return
        event.prevent_default().stop()

    def press(self, character: str) -> None:
        """Take a digit for a row, or for a key of the row that was picked."""
        digit = int(character) if character.isascii() and character.isdigit() else None
        picked = self._keyboard.picked
        if picked is not None and digit is not None:
            self._pick(None)
            row = self._keyboard.rows[picked]
            if 0 < digit <= len(row):
                self._strike(row[digit - 1], by_key=True)
        elif digit and digit < self.FIRST:
            self._pick(digit - 1)
        else:
            super().press(character)

    def _pick(self, row: int | None) -> None:
        self._keyboard.pick(row)
        self._done.show_digit(str(self.FIRST) if row is None else "")
