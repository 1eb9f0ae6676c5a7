"""What is typed character by character: what digits and codes of letters have in common."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.desk import FieldKind, Problem
from kiosk.text import wrap_evenly
from screens.intents import Intent, Type
from screens.lines import paragraph
from screens.pages.page import NOTHING_TYPED, Page
from screens.scene import Scene
from screens.widgets.choice import Choice, State, Words
from screens.widgets.field import Field
from screens.widgets.keyboard import Key
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet

FIELD_ROWS = 3
_NOTICE_ROWS = 4
_DELETE, _CLEAR = "delete", "clear"

GROUPS = {
    FieldKind.PHONE: (3, 4, 4),
    FieldKind.PERSON: (6, 8, 4),
    FieldKind.CREDIT_CODE: (2, 6, 9, 1),
    FieldKind.PROJECT_CODE: (4, 6, 2, 2, 6),
    FieldKind.CODE: (4, 4, 4, 4),
}
"""In which groups a number is shown while it is typed, as it stands on its paper."""

_LONGEST = {
    FieldKind.PHONE: 15,
    FieldKind.PERSON: 18,
    FieldKind.CREDIT_CODE: 18,
    FieldKind.PROJECT_CODE: 20,
    FieldKind.CODE: 16,
}


@dataclass(frozen=True)
class NumberAsked:
    """What number is wanted, in the visitor's language. `may_skip`: it may be left empty. `high`: its upper bound."""

    question: str
    why: str
    kind: FieldKind
    may_skip: bool = False
    high: int = 0

    @property
    def longest(self) -> int:
        """Characters that it can have."""
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


class TypedPage(Page):
    """What is wanted, what is typed so far, and that it is done. Subclasses place `field_and_done` and their keys."""

    def __init__(
        self, scene: Scene, wanted: NumberAsked, typed: str, problem: Problem | None, *, focus: int | None = None
    ) -> None:
        super().__init__(scene, focus=focus)
        self.wanted = wanted
        self.typed = typed
        self._problem = problem
        self._field: Field
        self._done: Choice

    def done(self, typed: str) -> Intent:
        """Return what is wanted once all is typed."""
        raise NotImplementedError

    def hints(self) -> tuple[str, ...]:
        """Return what to know besides why it is asked, in the visitor's language."""
        raise NotImplementedError

    def heading(self) -> str:
        """Ask."""
        return self.wanted.question

    def shown(self, typed: str) -> str:
        """Return what is seen of what is typed."""
        return grouped(typed, self.wanted.kind)

    def erasing(self, width: int = 1) -> tuple[Key, Key]:
        """Return the keys that take away the last character, and all."""
        say = self.scene.say
        return Key(say("删除"), _DELETE, width), Key(say("清空"), _CLEAR, width)

    def field_and_done(self, field: Region, done: Choice) -> Iterable[Painted]:
        """Yield the field at its place, and the choice, which say what is typed and what Enter does now."""
        self._field = Field(self.palette, field, "", "")
        self._done = done
        done.why = self.scene.say(NOTHING_TYPED)
        self._show_typed()
        yield self._field
        yield self._done

    def told(self, place: Region) -> Iterable[Painted]:
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

    def offer(self) -> tuple[Words, Intent]:
        """Return what Enter does now, and how that is called."""
        say = self.scene.say
        if self.typed:
            return Words(say("填好了")), self.done(self.typed)
        if self.wanted.may_skip:
            return Words(say("不填，跳过")), self.done("")
        return Words(say("填好了"), say("还没有填")), self.done("")

    def _show_typed(self) -> None:
        """Show what is typed, how much that is, and what Enter does now."""
        kind = self.wanted.kind
        wrong = None
        if self._problem and "place" in self._problem.values:
            wrong = shown_place(self.typed, kind, self._problem.values["place"])
        note = self.scene.say("{n} 位", n=len(self.typed)) if self.typed else ""
        self._field.show(self.shown(self.typed), note, wrong)
        words, intent = self.offer()
        self._done.offer(self.spoken(words), intent)
        if not self.typed and not self.wanted.may_skip:
            self._done.state = State.DISABLED

    def change(self, typed: str, *, by_key: bool) -> None:
        """Go on with other characters."""
        typed = typed[: self.wanted.longest]
        if typed == self.typed or self._spent:
            return
        emptied = bool(typed) is not bool(self.typed)
        self.typed, self._problem = typed, None
        self._show_typed()
        self.changed(emptied=emptied)
        self._show_focus(0 if by_key and self._done.ready else None)
        self.post_message(self.Wanted(self, Type(typed)))

    def changed(self, *, emptied: bool) -> None:
        """Show what else follows from what is typed; `emptied`: there is nothing now, or there was nothing before."""

    def strike(self, key: Key, *, by_key: bool) -> None:
        """Do what a key of the page's own does."""
        does = key.does
        typed = "" if does == _CLEAR else self.typed[:-1] if does == _DELETE else self.typed + does
        self.change(typed, by_key=by_key)
