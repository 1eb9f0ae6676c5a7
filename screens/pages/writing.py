"""Writing a name or an address in pinyin, letters and digits: by touch, keyboard or keypad."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import events
from textual.geometry import Region

from kiosk.text import Language
from screens.frame import columns, row_height, stack
from screens.intents import Intent, LeaveOut, Write, Written
from screens.lines import paragraph
from screens.pages.page import NOTHING_TYPED, Page
from screens.scene import Scene
from screens.widgets.bands import Footer
from screens.widgets.choice import Choice, State, Words
from screens.widgets.keyboard import Key, Keyboard, KeyRow, letters
from screens.widgets.painted import Painted
from screens.widgets.pinyin_draft import Draft, Layer, Suggest, Suggestion
from screens.widgets.pinyin_field import PinyinField
from screens.widgets.pinyin_offers import PinyinOffers
from screens.widgets.sheet import Sheet, Span

INSTEAD = "不写了，打我留的电话"
"""What to offer instead of writing where a telephone number was given before, as a sentence of data/wording."""

_FIELD_ROWS = 3
_KEYBOARD_COLUMNS = 39
_KEYBOARD_WIDEST = 69
_OFFER_ROWS = 2
_OFFER_ROWS_TALL = 3
_ROOMY_BODY = 20
_DELETE, _CLEAR = "delete", "clear"
_OFFERS_DIGIT = Keyboard.ROWS + 1
_LAYER_WORDS = {Layer.PINYIN: "拼音", Layer.LATIN: "英文字母", Layer.DIGITS: "数字"}
_NEXT = {Layer.PINYIN: Layer.LATIN, Layer.LATIN: Layer.DIGITS, Layer.DIGITS: Layer.PINYIN}
_ADDRESS = ("号楼栋室层座", "路街巷弄村组")
_SIGNS = ("#/,.'&", "()+:;@")


@dataclass(frozen=True)
class Asked:
    """What is to be written, in the visitor's language. `instead`: what is offered for leaving it out, or nothing.

    `name`: a person's name is asked for, so that surnames are offered first.
    """

    question: str
    longest: int
    name: bool = False
    instead: str = ""


class WritingPage(Page):
    """Keyboard, offers and the line that is written on. On a keypad up to 5 is a row of keys, 6 the offers."""

    FIRST = _OFFERS_DIGIT + 1

    def __init__(self, scene: Scene, asked: Asked, draft: Draft, suggest: Suggest, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._asked = asked
        self._draft = draft
        self._suggest = suggest
        self._suggestions: tuple[Suggestion, ...] = ()
        self._by_key = focus is not None

    def heading(self) -> str:
        """Say what is to be written."""
        return self._asked.question

    def aside(self) -> str:
        """How a keypad reaches the keys."""
        return self.scene.say("数字键：先选行，再选键")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield line, offers, choices and keyboard; how to write where rows are left below the keyboard."""
        frame = self.scene.frame
        if frame.tall:
            choice_high, offer_rows = 5, _OFFER_ROWS_TALL
            offers_high = offer_rows * 3
            top, rest = room.split_horizontal(_FIELD_ROWS + offers_high + choice_high * self._choice_rows)
        else:
            wide = min(room.width // 2, _KEYBOARD_WIDEST) if frame.wide else _KEYBOARD_COLUMNS
            rest, top = room.split_vertical(wide)
            top = Region(top.x + 1 + frame.wide, top.y, top.width - 1 - frame.wide, top.height)
            choice_high, offer_rows = (5 if room.height >= _ROOMY_BODY else 3), _OFFER_ROWS
            left = top.height - _FIELD_ROWS - choice_high * self._choice_rows
            offers_high = row_height(left, offer_rows, most=5) * offer_rows
        field, offers, *below = stack(top, [_FIELD_ROWS, offers_high, *[choice_high] * self._choice_rows])
        more = self.scene.say("更多")
        self._field = PinyinField(self.palette, field, self._draft, "")
        self._offers = PinyinOffers(self.palette, offers, str(_OFFERS_DIGIT), offer_rows, more)
        key_high = row_height(rest.height, Keyboard.ROWS, most=7)
        board = Region(rest.x, rest.y, rest.width, key_high * Keyboard.ROWS)
        self._keyboard = Keyboard(self.palette, board, self._keys())
        self._place_choices(below)
        self._look_up()
        yield self._field
        yield self._offers
        yield from self._choices()
        yield self._keyboard
        if rest.bottom - board.bottom >= _FIELD_ROWS + 1:
            told = Region(rest.x, board.bottom, rest.width, rest.bottom - board.bottom)
            yield Sheet(self.palette, told, self._how(told.width - 2 * Sheet.MARGIN)[: Sheet.rows(told.height)])

    @property
    def _choice_rows(self) -> int:
        return 2 if self._asked.instead else 1

    def _place_choices(self, rows: list[Region]) -> None:
        """Make the choices: other keys and done side by side, leaving it out below them."""
        keys, done = columns(rows[0], 2, self.scene.frame.gutter)
        self._switch = self.choice(keys, Words(""), Write(self._draft))
        why = self.scene.say(NOTHING_TYPED)
        self._done = self.choice(done, Words(self.scene.say("写好了")), Written(""), primary=True, why=why)
        self._leave = self.choice(rows[1], Words(self._asked.instead), LeaveOut()) if self._asked.instead else None

    def _choices(self) -> list[Choice]:
        return [choice for choice in (self._switch, self._done, self._leave) if choice]

    def _how(self, width: int) -> tuple[tuple[Span, ...], ...]:
        say = self.scene.say
        told = (
            say("先打拼音，再从列出的字里选。打不出「吕」「女」时，把 u 换成 v。"),
            say("写的字只用在这一件事上，结束时清除。"),
        )
        return tuple(line for words in told for line in paragraph(words, width, "muted"))

    def _keys(self) -> tuple[KeyRow, ...]:
        say = self.scene.say
        delete = Key(say("删除"), _DELETE, 2)
        match self._draft.layer:
            case Layer.PINYIN:
                return letters(delete, Key(say("清空"), _CLEAR, 2))
            case Layer.LATIN:
                return letters(Key(say("空格"), " ", 2), delete)
            case Layer.DIGITS:
                signs = _SIGNS if self.scene.language is Language.EN else _ADDRESS
                rows = tuple(tuple(Key(face, face) for face in row) for row in ("123456", "7890-.", *signs))
                return (*rows, (Key(say("空格"), " ", 2), delete))

    # ---- what the letters mean ---------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        """Show the draft, what its letters may mean, and which choices it leaves."""
        say, draft = self.scene.say, self._draft
        self._suggestions = self._suggest(draft.letters, self._asked.name and not draft.text)
        hint = say("打拼音，字列在这里") if draft.layer is Layer.PINYIN else say("打的直接写上去")
        self._offers.show(tuple(one.text for one in self._suggestions), hint, marked=self._by_key)
        self._field.show(draft, self._note())
        following = _NEXT[draft.layer]
        self._switch.offer(self.spoken(Words(say(_LAYER_WORDS[following]), say("换键盘"))), Write(draft.on(following)))
        done = Words(say("写好了"), "" if draft.written else say("先选字") if draft.letters else say("还没有写"))
        self._done.offer(self.spoken(done), Written(draft.written))
        if not draft.written:
            self._done.state = State.DISABLED

    def _note(self) -> str:
        """Say which sheet of offers is turned up, or that no more fits."""
        if self._offers.sheets > 1:
            return self.scene.say("第{n}页，共{total}页", n=self._offers.sheet + 1, total=self._offers.sheets)
        return self.scene.say("写满了") if len(self._draft.text) >= self._asked.longest else ""

    def _change(self, draft: Draft, *, by_key: bool) -> None:
        """Go on with another draft; a keyboard's Enter then means the first offer, or that it is done."""
        if draft == self._draft or self._spent:
            return
        layer = self._draft.layer
        self._draft, self._by_key = draft, by_key
        if draft.layer is not layer:
            self._keyboard.rows = self._keys()
            self._keyboard.repaint()
        self._keyboard.pick(None)
        self._look_up()
        self._show_digits(True)
        done = self.choices.index(self._done)
        self._show_focus(done if by_key and self._done.ready else None)
        self.post_message(self.Wanted(self, Write(draft)))

    def _choose(self, number: int, *, by_key: bool) -> None:
        if number < len(self._suggestions):
            chosen = self._draft.chosen(self._suggestions[number], self._asked.longest)
            self._change(chosen, by_key=by_key)

    def _strike(self, key: Key, *, by_key: bool) -> None:
        draft = self._draft
        if key.does == _DELETE:
            self._change(draft.deleted(), by_key=by_key)
        elif key.does == _CLEAR:
            self._change(draft.cleared(), by_key=by_key)
        else:
            character = key.does.upper() if draft.layer is Layer.LATIN else key.does
            self._change(draft.typed(character, self._asked.longest), by_key=by_key)

    # ---- touch -------------------------------------------------------------------------------------------------------

    def on_keyboard_struck(self, message: Keyboard.Struck) -> None:
        """A key was touched."""
        message.stop()
        self._strike(message.key, by_key=False)

    def on_pinyin_offers_chosen(self, message: PinyinOffers.Chosen) -> None:
        """An offer was touched."""
        message.stop()
        self._choose(message.number, by_key=False)

    def on_pinyin_offers_turned(self, message: PinyinOffers.Turned) -> None:
        """More offers were asked for."""
        message.stop()
        self._turn()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A finger takes over from the keys, in the middle of two digits as well."""
        self._pick(None)

    def want(self, intent: Intent) -> None:
        """Change the keys here; hand everything else on."""
        if isinstance(intent, Write):
            self._change(intent.draft, by_key=self.focus_at is not None)
        else:
            super().want(intent)

    # ---- keys --------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Write what a keyboard sends. Textual hands everything else on to the handler that all pages have."""
        character = event.character or ""
        taken = {place.cap for footer in self.query(Footer) for place in footer.places}
        waiting = bool(self._draft.letters and self._suggestions)
        if event.key in {"backspace", "ctrl+h"}:
            self._change(self._draft.deleted(), by_key=True)
        elif waiting and (event.key == "space" or (event.key in {"enter", "ctrl+j"} and self.focus_at is None)):
            self._choose(0, by_key=True)
        elif character not in taken and _writable(character):
            self._strike(Key(character, character), by_key=True)
        else:
            return
        event.prevent_default().stop()

    def _show_focus(self, at: int | None) -> None:
        """Show what Enter chooses: a card, or with none of them the first offer."""
        super()._show_focus(at)
        self._offers.mark(at is None and self._by_key)

    def press(self, character: str) -> None:
        """Take a digit for a row, for a key of the row that was picked, or for an offer."""
        digit = int(character) if character.isascii() and character.isdigit() else None
        row, offers = self._keyboard.picked, self._offers.picked
        if digit is not None and (row is not None or offers):
            self._pick(None)
            if offers:
                self._second_of_offers(digit)
            elif row is not None and 0 < digit <= len(self._keyboard.rows[row]):
                self._strike(self._keyboard.rows[row][digit - 1], by_key=True)
        elif digit and digit <= _OFFERS_DIGIT:
            self._pick(digit)
        else:
            super().press(character)

    def _second_of_offers(self, digit: int) -> None:
        if digit == 0:
            self._turn()
        elif (number := self._offers.number(digit)) is not None:
            self._choose(number, by_key=True)

    def _pick(self, digit: int | None) -> None:
        """Let the next digit mean a key of row `digit`, an offer, or with None a row again."""
        self._keyboard.pick(digit - 1 if digit and digit < _OFFERS_DIGIT else None)
        self._offers.pick(digit == _OFFERS_DIGIT and bool(self._suggestions))
        self._show_digits(self._keyboard.picked is None and not self._offers.picked)

    def _show_digits(self, shown: bool) -> None:
        for number, choice in enumerate(self._choices(), self.FIRST):
            choice.show_digit(str(number) if shown else "")

    def _turn(self) -> None:
        self._offers.turn()
        self._field.show(self._draft, self._note())


def _writable(character: str) -> bool:
    """Return whether a keyboard's key is written as it is: letters of the alphabet, Chinese characters, the blank."""
    if len(character) != 1:
        return False
    return character == " " or (character.isascii() and character.isalpha()) or "\u4e00" <= character <= "\u9fff"
