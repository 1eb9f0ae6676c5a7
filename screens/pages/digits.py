"""A number that is typed: on a keypad, where every digit types, on a keyboard, or by touch."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from textual import events
from textual.geometry import Region

from kiosk.desk import FieldKind
from screens.frame import row_height
from screens.intents import Intent, Type
from screens.pages.typed import FIELD_ROWS, TypedPage
from screens.widgets.bands import Footer, FooterPlace
from screens.widgets.choice import Choice, Words
from screens.widgets.digit_pad import ROWS, DigitPad
from screens.widgets.painted import Painted

_LAST_IS_X = 17
_PAD_COLUMNS, _PAD_WIDE_COLUMNS = 36, 48
_TALL_KEY_ROWS = 5


class DigitsPage(TypedPage):
    """What is wanted, the digits so far, a pad to touch. Enter is done; 返回 takes a digit away while there are any."""

    TYPES_DIGITS = True

    def places(self) -> tuple[FooterPlace, ...]:
        """Return the places: 0 types here, so that the language is in the help; 返回 takes back the last digit."""
        back, home, helping, language, *others = super().places()
        if self.typed:
            back = FooterPlace(back.cap, self.scene.say("删除"), Type(self.typed[:-1]))
        if language.cap == "0":
            why = self.scene.say("{key} 在这里是数字，换语言请按帮助。", key=language.cap)
            language = replace(language, intent=None, why=why)
        return (back, home, helping, language, *others)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what to know, the field, the pad, and that it is done."""
        frame = self.scene.frame
        low = 5 if frame.roomy else 3
        if frame.tall:
            pad_high = ROWS * _TALL_KEY_ROWS
            told = Region(room.x, room.y, room.width, min(room.height - pad_high - low, FIELD_ROWS + 9))
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
        above, field = told.split_horizontal(told.height - FIELD_ROWS)
        yield from self.told(above)
        yield DigitPad(self.palette, pad, self.erasing())
        yield from self.field_and_done(field, Choice(self.palette, below, "", Words(""), self.done(""), primary=True))

    def hints(self) -> tuple[str, ...]:
        """Return how to type it."""
        return (self.scene.say("按数字键，填好按确认。"), self.scene.say("填的只用在这一件事上，结束时清除。"))

    def offer(self) -> tuple[Words, Intent]:
        """Take the last place of an identity number for an X: a keypad has none."""
        if self.wanted.kind is FieldKind.PERSON and len(self.typed) == _LAST_IS_X:
            return Words(self.scene.say("最后一位是 X，填好了")), self.done(self.typed + "X")
        return super().offer()

    def changed(self, *, emptied: bool) -> None:
        """返回 takes the last digit away from now on, or goes back."""
        for footer in self.query(Footer):
            footer.show(self.places(), repaint=emptied)

    def want(self, intent: Intent) -> None:
        """Take a digit away here; hand everything else on."""
        if isinstance(intent, Type):
            self.change(intent.typed, by_key=self.focus_at is not None)
        else:
            super().want(intent)

    def on_digit_pad_struck(self, message: DigitPad.Struck) -> None:
        """A key was touched."""
        message.stop()
        self.strike(message.key, by_key=False)

    def is_typed(self, event: events.Key) -> bool:
        """Whether a key is a digit here: the same one may follow at once."""
        return len(event.character or "") == 1 and (event.character or "").isdecimal()

    def on_key(self, event: events.Key) -> None:
        """Type what a keyboard sends. Textual hands everything else on to the handler that all pages have."""
        character = event.character or ""
        if event.key in {"backspace", "ctrl+h"}:
            self.change(self.typed[:-1], by_key=True)
        elif event.key in {"enter", "ctrl+j"}:
            self._done.choose()
        elif len(character) == 1 and (digit := unicodedata.decimal(character, None)) is not None:
            # An input method sends digits of full width.
            self.change(self.typed + str(digit), by_key=True)
        elif self.wanted.kind is FieldKind.PERSON and character in {"x", "X"} and len(self.typed) == _LAST_IS_X:
            self.want(self.done(self.typed + "X"))
        else:
            return
        event.prevent_default().stop()
