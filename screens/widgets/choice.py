"""A choice: a card with a key cap that says which digit chooses it, to be pressed on a keypad or touched."""

from dataclasses import dataclass
from enum import StrEnum

from textual import events
from textual.geometry import Region
from textual.message import Message

from kiosk.text import cells, fit, wrap_evenly
from screens.canvas import Canvas
from screens.intents import Intent
from screens.palette import Palette, Role
from screens.shapes import Shape, seal
from screens.widgets.painted import Painted, card

CAP = 5
"""Cells of the key cap."""

_TAG_COLUMNS = 56
_SEAL_SMALL = 4
_SEAL_WIDTH, _SEAL_HEIGHT = 13, 14
_SEAL_ROWS, _SEAL_COLUMNS = 9, 26
_TOLD_COLUMNS, _TOLD_LINES = 12, 3
"""From so many cells on, so many lines of a gloss stand beside a large seal."""


class State(StrEnum):
    """How a choice stands. Focus is not one: it is where the keys are."""

    READY = "ready"
    PRESSED = "pressed"
    BUSY = "busy"
    DISABLED = "disabled"
    ABSENT = "absent"


@dataclass(frozen=True)
class Words:
    """What stands on a card, already in the visitor's language.

    `seal` is one Chinese character for the red seal, `small` keeps it small where `seal_fits` fails for a neighbour.
    `word` is one character that is drawn large in place of the label (是, 否), and `gloss` then the rest of the label.
    `tag` is what the focused card says at its right edge, `wait` what a busy one says instead of its gloss. `caption`
    stands before the label, in one line with it or above it, as the name of what the label is the value of.
    """

    label: str
    gloss: str = ""
    seal: str = ""
    small: bool = False
    word: str = ""
    tag: str = ""
    wait: str = ""
    caption: str = ""


@dataclass(frozen=True)
class _Inks:
    fill: Role
    label: Role
    gloss: Role
    digit: Role
    cap: Role | None


_PRESSED = _Inks("deep", "on-deep", "on-deep", "on-deep", None)
_BUSY = _Inks("page", "muted", "muted", "muted", None)
_DISABLED = _Inks("rail", "muted", "muted", "muted", None)
_FOCUS = _Inks("focus", "on-focus", "on-focus", "focus", "frame")
_PRIMARY = _Inks("accent", "on-accent", "on-accent", "accent", None)
_REST = _Inks("card", "ink", "muted", "on-accent", "accent")


class Choice(Painted):
    """One card. `digit` is what the keypad's key says; `primary` makes it the one thing that most people want here.

    `why` is one line that says why it cannot be had while it is disabled, and what to do instead.
    """

    class Chosen(Message):
        """The choice was touched, or its key pressed."""

        def __init__(self, choice: "Choice") -> None:
            super().__init__()
            self.choice = choice

    class Explained(Message):
        """A choice that cannot be had was touched, or its key pressed."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(
        self,
        palette: Palette,
        place: Region,
        digit: str,
        words: Words,
        intent: Intent,
        *,
        primary: bool = False,
        disabled: bool = False,
        why: str = "",
    ) -> None:
        super().__init__(palette, place)
        self.digit = digit
        self.words = words
        self.intent = intent
        self.primary = primary
        self.why = why
        self.state = State.DISABLED if disabled else State.READY
        self.focus_shown = False

    @property
    def ready(self) -> bool:
        """Whether it can be chosen now."""
        return self.state in {State.READY, State.PRESSED}

    def show_focus(self, shown: bool) -> None:
        """Draw the choice with or without the heavy frame that says: Enter chooses this."""
        if shown is not self.focus_shown:
            self.focus_shown = shown
            self.repaint()

    def show_busy(self) -> None:
        """Draw the choice as being carried out; it cannot be chosen again."""
        self._show(State.BUSY)

    def offer(self, words: Words, intent: Intent) -> None:
        """Become another choice at the same place."""
        self.words, self.intent, self.state = words, intent, State.READY
        self.repaint()

    def withdraw(self, remark: str = "") -> None:
        """Be no choice any more; `remark` stands in its place."""
        self.words, self.state, self.focus_shown = Words(remark), State.ABSENT, False
        self.repaint()

    def show_digit(self, digit: str) -> None:
        """Draw another digit on the key cap; none while the digits mean something else."""
        if digit != self.digit:
            self.digit = digit
            self.repaint()

    def choose(self) -> None:
        """Tell the page that this is wanted, or why it cannot be had."""
        if self.ready:
            self.post_message(self.Chosen(self))
        elif self.state is State.DISABLED:
            self.post_message(self.Explained(self.why))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Show that the finger was felt; the choice counts when it lifts."""
        if event.button == 1 and self.state is State.READY:
            self.capture_mouse()
            self._show(State.PRESSED)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Choose, unless the finger slid off before it lifted."""
        event.stop()
        if self.state is State.PRESSED and event.button == 1:
            self.release_mouse()
            self._show(State.READY)
            if self.region.contains_point(event.screen_offset):
                self.choose()
        elif self.state is State.DISABLED and event.button == 1:
            self.choose()

    def _show(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw card, cap, seal and words."""
        if self.state is State.ABSENT:
            lines = wrap_evenly(self.words.label, canvas.width)[: canvas.height]
            for row, line in enumerate(lines, (canvas.height - len(lines)) // 2):
                canvas.text(0, row, line, "muted")
            return
        inks = self._inks()
        card(canvas, inks.fill)
        left = self._cap(canvas, inks)
        words = self.words
        drawn = seal(words.word) if words.word else None
        if drawn and canvas.height >= drawn.height // 2 + 2:
            self._word(canvas, inks, left, drawn)
            return
        if words.seal and self.state is not State.DISABLED:
            large = seal(words.seal)
            if large and not words.small and seal_fits(words.label, canvas.width, canvas.height):
                self._sealed(canvas, inks, left, large)
                return
            left = _small_seal(canvas, left, words.seal)
        self._words(canvas, inks, left, canvas.width - 1, canvas.height - 2)

    def _inks(self) -> _Inks:
        if self.state is State.PRESSED:
            return _PRESSED
        if self.state is State.BUSY:
            return _BUSY
        if self.state is State.DISABLED:
            return _DISABLED
        if self.focus_shown:
            return _FOCUS
        return _PRIMARY if self.primary else _REST

    def _cap(self, canvas: Canvas, inks: _Inks) -> int:
        """Draw the key cap and return the cell where the words begin."""
        middle = (canvas.height - 1) // 2
        if self.state is State.DISABLED:
            return 2
        if inks.cap:
            canvas.fill(0, 1, CAP, 2 * canvas.height - 2, inks.cap)
        elif inks is _PRIMARY:
            canvas.fill(1, 2 * middle, 3, 2, "on-accent")
        if inks is _FOCUS:
            _ring(canvas)
        if self.state is not State.BUSY:
            canvas.text(2, middle, self.digit, inks.digit, bold=True)
        return CAP + 1

    def _word(self, canvas: Canvas, inks: _Inks, left: int, shape: Shape) -> None:
        ink: Role = "accent" if inks is _REST else inks.label
        top = (2 * canvas.height - shape.height) // 2
        if not self.words.gloss:
            canvas.shape(left + (canvas.width - left - shape.width) // 2, top, shape, ink)
            return
        canvas.shape(left + 2, top, shape, ink)
        beside = left + 2 + shape.width + 3
        lines = wrap_evenly(self.words.gloss, max(canvas.width - 1 - beside, 4))
        first = (canvas.height - len(lines)) // 2
        for row, line in enumerate(lines):
            canvas.text(beside, first + row, line, inks.gloss)

    def _sealed(self, canvas: Canvas, inks: _Inks, left: int, shape: Shape) -> None:
        """Draw the large seal, the label right of it with the gloss, or alone in halves, or below it."""
        words = self.words
        beside = left + _SEAL_WIDTH + 1
        room = canvas.width - 1 - beside
        rows = canvas.height - 2
        told = wrap_evenly(words.gloss, room - 1) if words.gloss and room > _TOLD_COLUMNS else []
        if told and cells(words.label) < room and len(told) <= _TOLD_LINES:
            top = (canvas.height - _SEAL_HEIGHT // 2) // 2
            _large_seal(canvas, left, 2 * top, shape)
            first = (canvas.height - 2 - len(told)) // 2
            canvas.text(beside + 1, first, words.label, inks.label, bold=True)
            for row, line in enumerate(told, first + 2):
                canvas.text(beside + 1, row, line, inks.gloss)
            return
        halves = _halves(words.label, room)
        below = [words.gloss] if words.gloss and cells(words.gloss) <= canvas.width - 1 - left else []
        if not halves:
            below = wrap_evenly(words.label, canvas.width - 1 - left)
        spare = rows - _SEAL_HEIGHT // 2
        below = below[: max(spare - 1, 0)] if halves else below[:spare]
        used = _SEAL_HEIGHT // 2 + (len(below) + (spare > len(below)) if below else 0)
        top = 1 + (rows - used) // 2
        _large_seal(canvas, left, 2 * top, shape)
        for row, half in enumerate(halves):
            canvas.text(beside, top + _SEAL_HEIGHT // 4 - len(halves) + 1 + 2 * row, half, inks.label, bold=True)
        for row, line in enumerate(below):
            ink = inks.gloss if halves else inks.label
            canvas.text(left, top + used - len(below) + row, line, ink, bold=not halves)

    def _words(self, canvas: Canvas, inks: _Inks, left: int, right: int, rows: int) -> None:
        words, top = self.words, 1
        bold = self.state is not State.DISABLED
        gloss = words.wait if self.state is State.BUSY else "" if words.word else words.gloss
        if words.caption:
            left, top, rows = self._caption(canvas, inks, left, right, rows)
        room = right - left
        if rows == 1:
            end = canvas.text(left, top, fit(words.label, room), inks.label, bold)
            if gloss and end + 2 + cells(gloss) <= right:
                end = canvas.text(end + 2, top, gloss, inks.gloss)
            self._tag(canvas, inks, end, right, top)
            return
        label = wrap_evenly(words.label, room)[:rows]
        space = rows - len(label)
        below = wrap_evenly(gloss, room) if gloss and space else []
        if len(below) > space:
            below = []
        air = 1 if below and space > len(below) and (space - len(below)) % 2 else 0
        row = top + (space - len(below) - air) // 2
        end = left
        for line in label:
            end = canvas.text(left, row, line, inks.label, bold)
            row += 1
        self._tag(canvas, inks, end, right, row - 1)
        for line in below:
            canvas.text(left, row + air, line, inks.gloss)
            row += 1

    def _caption(self, canvas: Canvas, inks: _Inks, left: int, right: int, rows: int) -> tuple[int, int, int]:
        """Draw the caption; return the cell and row where the label begins, and the rows that it has."""
        caption = self.words.caption
        beside = left + cells(caption) + 2
        if rows == 1 or cells(self.words.label) <= right - beside:
            row = 1 + (rows - 1) // 2
            canvas.text(left, row, caption, inks.gloss)
            return beside, row, 1
        label = len(wrap_evenly(self.words.label, right - left))
        row = 1 + max(rows - 1 - label, 0) // 2
        canvas.text(left, row, caption, inks.gloss)
        return left, row + 1, max(rows - row, 1)

    def _tag(self, canvas: Canvas, inks: _Inks, end: int, right: int, row: int) -> None:
        """Say at the right edge what Enter does, where the words leave room for it."""
        width = cells(self.words.tag) + 2
        if inks is _FOCUS and self.words.tag and canvas.width >= _TAG_COLUMNS and end + 2 + width <= right:
            canvas.fill(right - width, 2 * row, width, 2, "frame")
            canvas.text(right - width + 1, row, self.words.tag, "focus", bold=True)


def seal_fits(label: str, width: int, height: int) -> bool:
    """Return whether a card of `width` x `height` cells has room for the large seal and the whole label."""
    if height < _SEAL_ROWS or width < _SEAL_COLUMNS:
        return False
    left = CAP + 1
    if _halves(label, width - 1 - left - _SEAL_WIDTH - 1):
        return True
    return len(wrap_evenly(label, width - 1 - left)) <= height - 2 - _SEAL_HEIGHT // 2


def _halves(label: str, room: int) -> list[str]:
    """Return a label in one or two parts that stand beside a seal, or nothing if it has no room there."""
    if cells(label) <= room:
        return [label]
    middle = (len(label) + 1) // 2
    parts = [label[:middle], label[middle:]]
    chinese = all(cells(character) == 2 for character in label)
    return parts if chinese and all(cells(part) <= room for part in parts) else []


def _ring(canvas: Canvas) -> None:
    """Draw the heavy frame, half a row and half a cell wide."""
    bottom = canvas.height - 1
    canvas.fill(0, 0, canvas.width, 1, "ring")
    canvas.fill(0, 2 * bottom + 1, canvas.width, 1, "ring")
    for row in range(canvas.height):
        left, right = ("▛", "▜") if row == 0 else ("▙", "▟") if row == bottom else ("▌", "▐")
        canvas.block(0, row, left, "ring", "frame")
        canvas.block(canvas.width - 1, row, right, "ring", "focus")


def _small_seal(canvas: Canvas, left: int, character: str) -> int:
    """Draw a red square with one character, two rows high, and return the cell where the words begin."""
    middle = (canvas.height - 1) // 2
    canvas.fill(left, 2 * middle - 1, _SEAL_SMALL, 4, "seal")
    canvas.text(left + 1, middle, character, "on-seal", bold=True)
    return left + _SEAL_SMALL + 1


def _large_seal(canvas: Canvas, left: int, top: int, shape: Shape) -> None:
    canvas.fill(left, top, _SEAL_WIDTH, _SEAL_HEIGHT, "seal")
    canvas.shape(left + 1, top + 1, shape, "on-seal")
