"""Search: letters by touch, keyboard or keypad, and at once what they find."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Region

from kiosk.desk import ChannelHit, Hit
from kiosk.text import wrap_evenly
from kiosk.visit import ChannelPage, ItemPage, PackagePage, Search, SectionPage
from screens.frame import row_height, stack
from screens.intents import Go, Intent, Seek, StartForm, TurnSheet
from screens.lines import paragraph
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.bands import Footer
from screens.widgets.choice import CAP, Choice, Words
from screens.widgets.field import Field
from screens.widgets.keyboard import Key, Keyboard, letters
from screens.widgets.painted import Painted
from screens.widgets.sheet import Sheet, Span

LONGEST = 24
"""Characters that may be typed: all that the catalogue's search looks at."""

_RESULTS = 4
_FIELD_ROWS = 3
_KEYBOARD_COLUMNS = 39
_KEYBOARD_WIDEST = 69
_DELETE, _CLEAR = "delete", "clear"


class SearchPage(Page):
    """Keyboard and results on one page. On a keypad a digit up to 5 means a row of letters, one from 6 a result."""

    FIRST = Keyboard.ROWS + 1

    def __init__(self, scene: Scene, place: Search, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._words = place.words
        self._part = scene.live.sheet
        say = scene.say
        self._rows = letters(Key(say("删除"), _DELETE, 2), Key(say("清空"), _CLEAR, 2))
        self._results: list[Choice] = []

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("查找")

    def aside(self) -> str:
        """How a keypad reaches the letters."""
        return self.scene.say("数字键：先选行，再选字母")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield keyboard, field and results; how to search where rows are left below the keyboard."""
        frame = self.scene.frame
        if frame.tall:
            high = 5
            top, rest = room.split_horizontal(_FIELD_ROWS + _RESULTS * high)
        else:
            wide = min(room.width // 2, _KEYBOARD_WIDEST) if frame.wide else _KEYBOARD_COLUMNS
            rest, top = room.split_vertical(wide)
            top = Region(top.x + 1 + frame.wide, top.y, top.width - 1 - frame.wide, top.height)
            high = row_height(room.height - _FIELD_ROWS, _RESULTS, most=7, two_lines=True)
        key_high = row_height(rest.height, Keyboard.ROWS, most=7)
        board = Region(rest.x, rest.y, rest.width, key_high * Keyboard.ROWS)
        field, below = top.split_horizontal(_FIELD_ROWS)
        self._results = [self.choice(place, Words(""), Seek("")) for place in stack(below, [high] * _RESULTS)]
        yield Field(self.palette, field, self._words, self._look_up())
        yield from self._results
        yield Keyboard(self.palette, board, self._rows)
        if rest.bottom - board.bottom >= _FIELD_ROWS + 1:
            told = Region(rest.x, board.bottom, rest.width, rest.bottom - board.bottom)
            yield Sheet(self.palette, told, self._how(told.width - 2 * Sheet.MARGIN, Sheet.rows(told.height)))

    def _how(self, width: int, rows: int) -> tuple[tuple[Span, ...], ...]:
        """Return how to search in at most `rows` lines: whole sentences, as many as fit."""
        say = self.scene.say
        lines: tuple[tuple[Span, ...], ...] = ()
        for words in (say("只按名称和包含的事项来找，打的字不会留下。"), say("可以打拼音首字母、全拼、汉字或英文。")):
            more = paragraph(words, width, "muted")
            lines = (*lines, *more) if len(lines) + len(more) <= rows else lines
        return lines

    def _look_up(self) -> str:
        """Put into the places of the results what the words find, and return what to say about it."""
        desk, say = self.scene.desk, self.scene.say
        if not self._words:
            told = say("打首字母、全拼或名称，找到的会列在这里。")
            self._fill([], (told, say("例如：xsr 新生儿"), say("或：jzz 居住证")))
            return ""
        if hits := desk.find(self._words):
            self._fill(list(hits), ())
            return say("找到 {n} 件", n=len(hits))
        self._fill(list(desk.nearest(self._words)), (say("都不是的话，请到窗口问。"),))
        return say("没有找到，最接近的是")

    def _fill(self, hits: list[Hit | ChannelHit], remarks: tuple[str, ...]) -> None:
        """Offer `hits`, a part of them where they are too many; `remarks` stand in the places that are left."""
        offers = list(
            {
                intent: (words, intent)
                for words, intent in (
                    self._offer(hit) if isinstance(hit, Hit) else self._channel_offer(hit) for hit in hits
                )
            }.values()
        )
        if len(offers) > _RESULTS:
            size = _RESULTS - 1
            parts = -(-len(offers) // size)
            part = self._part % parts
            turn = self.scene.say("第{n}页，共{total}页", n=part + 1, total=parts)
            more = self.spoken(Words(self.scene.say("看更多"), turn)), TurnSheet((part + 1) % parts)
            offers, remarks = [*offers[part * size :][:size], more], ()
        for place, choice in enumerate(self._results):
            if place < len(offers):
                choice.offer(*offers[place])
            else:
                rest = place - len(offers)
                choice.withdraw(remarks[rest] if rest < len(remarks) else "")

    def _offer(self, hit: Hit) -> tuple[Words, Intent]:
        package = self.scene.desk.package(hit.package)
        place = self._results[0].place
        label = self.scene.title(package.name, package.short, place.width - CAP - 2)
        phrase = self.scene.text(hit.phrase)
        gloss = "" if phrase in {self.scene.text(package.name), self.scene.text(package.short)} else phrase
        return self.spoken(Words(label, gloss)), Go(PackagePage(package.id))

    def _channel_offer(self, hit: ChannelHit) -> tuple[Words, Intent]:
        scene, goal = self.scene, hit.goal
        channel = scene.desk.requests.channel(goal.channel)
        label = scene.text(channel.label)
        if goal.form:
            return self.spoken(Words(scene.text(hit.name), label)), StartForm(goal.form)
        if goal.item:
            name, place = scene.text(hit.name), self._results[0].place
            if len(wrap_evenly(name, place.width - CAP - 2)) <= place.height - 2:
                return self.spoken(Words(name, label)), Go(ItemPage(goal.channel, goal.section, goal.item))
            # Where there is no room for the name, the page that lists it.
            section = scene.desk.requests.section(goal.channel, goal.section)
            return self.spoken(Words(scene.text(section.name), label)), Go(SectionPage(goal.channel, goal.section))
        return self.spoken(Words(label, scene.text(channel.gloss))), Go(ChannelPage(goal.channel))

    # ---- typing ------------------------------------------------------------------------------------------------------

    def on_keyboard_struck(self, message: Keyboard.Struck) -> None:
        """A letter was touched."""
        message.stop()
        self._strike(message.key, by_key=False)

    def on_key(self, event: events.Key) -> None:
        """Type what a keyboard sends. Textual hands everything else on to the handler that all pages have."""
        character = event.character or ""
        taken = {place.cap for footer in self.query(Footer) for place in footer.places}
        if event.key in {"backspace", "ctrl+h"}:
            event.prevent_default().stop()
            self._type(self._words[:-1], by_key=True)
        elif len(character) == 1 and character not in taken and (character.isalpha() or character == " "):
            event.prevent_default().stop()
            self._type((self._words + character).lstrip(), by_key=True)

    def is_typed(self, event: events.Key) -> bool:
        """Whether a key is a letter here: in a word the same one may follow at once."""
        return len(event.character or "") == 1 and (event.character or "").isalpha()

    def press(self, character: str) -> None:
        """Take a digit for a row or for a letter of the row that was picked."""
        keyboard = self.query_one(Keyboard)
        digit = int(character) if character.isascii() and character.isdigit() else 0
        if keyboard.picked is not None and (digit or character == "0"):
            row = self._rows[keyboard.picked]
            self._pick(None)
            if 0 < digit <= len(row):
                self._strike(row[digit - 1], by_key=True)
        elif 0 < digit < self.FIRST:
            self._pick(digit - 1)
        else:
            super().press(character)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A finger takes over from the keys, in the middle of two digits as well."""
        self._pick(None)

    def _pick(self, row: int | None) -> None:
        self.query_one(Keyboard).pick(row)
        for number, choice in enumerate(self._results, self.FIRST):
            choice.show_digit("" if row is not None else str(number))

    def _strike(self, key: Key, *, by_key: bool) -> None:
        if key.does == _DELETE:
            self._type(self._words[:-1], by_key=by_key)
        elif key.does == _CLEAR:
            self._type("", by_key=by_key)
        else:
            self._type(self._words + key.does, by_key=by_key)

    def _type(self, words: str, *, by_key: bool) -> None:
        if words == self._words or len(words) > LONGEST or self._spent:
            return
        self._words = words
        self._part = 0
        self._pick(None)
        note = self._look_up()
        for field in self.query(Field):
            field.show(words, note)
        self.choices = [choice for choice in self._results if choice.ready]
        self.focus_at = None
        self._show_focus(0 if by_key else None)
        self.post_message(self.Wanted(self, Seek(words)))
