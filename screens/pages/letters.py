"""A code of digits and letters that is typed: on a keypad by two digits a character, on a keyboard, or by touch."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Region

from screens.frame import row_height
from screens.pages.typed import FIELD_ROWS, TypedPage
from screens.widgets.choice import Words
from screens.widgets.keyboard import Key, Keyboard, KeyRow
from screens.widgets.painted import Painted

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of GB 32100-2015."""

_ACROSS = 7
_KEYBOARD_COLUMNS, _KEYBOARD_WIDEST = 39, 69


class LettersPage(TypedPage):
    """What is wanted, the code so far, a keyboard. A digit up to 5 is a row, the next one the key in it."""

    FIRST = Keyboard.ROWS + 1

    def aside(self) -> str:
        """How a keypad reaches the keys."""
        return self.scene.say("数字键：先选行，再选键")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the keyboard, what to know, the field, and that it is done."""
        frame = self.scene.frame
        low = 5 if frame.roomy else 3
        if frame.tall:
            told, rest = room.split_horizontal(FIELD_ROWS + 7 + low)
        else:
            wide = min(room.width // 2, _KEYBOARD_WIDEST) if frame.wide else _KEYBOARD_COLUMNS
            rest, told = room.split_vertical(wide)
            told = Region(told.x + 1 + frame.wide, told.y, told.width - 1 - frame.wide, told.height)
        high = row_height(rest.height, Keyboard.ROWS, most=5)
        self._keyboard = Keyboard(
            self.palette, Region(rest.x, rest.y, rest.width, high * Keyboard.ROWS), self._rows(), _ACROSS
        )
        told = Region(told.x, told.y, told.width, min(told.height, self._keyboard.place.height))
        above, below = told.split_horizontal(told.height - FIELD_ROWS - low)
        field, done = below.split_horizontal(FIELD_ROWS)
        yield from self.told(above)
        yield from self.field_and_done(field, self.choice(done, Words(""), self.done(""), primary=True))
        yield self._keyboard

    def _rows(self) -> tuple[KeyRow, ...]:
        keys = [Key(one, one) for one in _ALPHABET]
        rows = [tuple(keys[start : start + _ACROSS]) for start in range(0, len(keys), _ACROSS)]
        return (*rows[:-1], (*rows[-1], *self.erasing(2)))

    def hints(self) -> tuple[str, ...]:
        """Where the code stands, and what it never has."""
        return () if self.wanted.why else (self.scene.say("18位，在营业执照上。没有 I、O、S、V、Z。"),)

    def changed(self, *, emptied: bool) -> None:
        """The next digit is a row again."""
        self._pick(None)

    def on_keyboard_struck(self, message: Keyboard.Struck) -> None:
        """A key was touched."""
        message.stop()
        self.strike(message.key, by_key=False)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A finger takes over from the keys, in the middle of two digits as well."""
        self._pick(None)

    def on_key(self, event: events.Key) -> None:
        """Type the letters that a keyboard sends; Textual hands everything else on."""
        character = (event.character or "").upper()
        if event.key in {"backspace", "ctrl+h"}:
            self.change(self.typed[:-1], by_key=True)
        elif len(character) == 1 and character.isalpha() and character in _ALPHABET:
            self.change(self.typed + character, by_key=True)
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
                self.strike(row[digit - 1], by_key=True)
        elif digit and digit < self.FIRST:
            self._pick(digit - 1)
        else:
            super().press(character)

    def _pick(self, row: int | None) -> None:
        self._keyboard.pick(row)
        self._done.show_digit(str(self.FIRST) if row is None else "")
