"""What must be true of every page: nothing cut, covered, foreign, too small, too pale or without its digit."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc
from rich.cells import cell_len
from textual.geometry import Region
from textual.strip import Strip

from kiosk.text import Language, ambiguous, cells
from kiosk.visit import Search
from screens.palette import Role, contrast, palette
from screens.widgets.bands import Footer, Heading
from screens.widgets.choice import CAP, Choice, State
from screens.widgets.digit_pad import DigitPad
from screens.widgets.keyboard import Keyboard
from screens.widgets.painted import Painted
from screens.widgets.sheet import Notice, Sheet
from tests.screens.drawing import THEMES, Drawing, Pair, draw_widget, pairs_of, states_of

CHOICE = 12, 3
FOOTER_PLACE = 8, 3
LETTER_KEY = 5, 3
"""Smallest targets in cells. On 21.5 inches, 5 x 3 are 29 x 36 mm at 80 x 22 and 20 x 23 mm at 120 x 34."""

TEXT_CONTRAST = {"day": 4.5, "contrast": 7.0}
SHAPE_CONTRAST = {"day": 3.0, "contrast": 3.0}
"""WCAG 2.2, 1.4.3 and 1.4.6 for text, 1.4.11 for what is told by shapes."""

SHAPES: frozenset[Pair] = frozenset({("line", "page"), ("line", "card"), ("accent", "page"), ("paper", "desk")})
"""Pairs that tell something by a shape alone: undone steps, rules, the edge of a key cap, the paper's edge."""

ORNAMENT: frozenset[Pair] = frozenset(
    {
        *(("card", "page"), ("notice", "page"), ("module-light", "page"), ("deep", "page"), ("rail", "page")),
        *(("seal", "deep"), ("seal", "focus"), ("seal", "ring")),
        *(("focus", "page"), ("focus", "card"), ("ring", "focus"), ("frame", "ring"), ("frame", "page")),
    }
)
"""Edges that nothing rests on: of fields that are told by their key cap or by what stands on them, of the seal, which
is told by its strokes, and inside the frame of what is focused, which is told by its outer edge."""

MARKUP = re.compile(r"\[[^\]]*\]|\{[^{}]*\}|%[sd]|<[a-z_.]+[ >]|\bNone\b(?! of)|\\[nux]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_OWN_NAMES = "简体中文", "繁體中文", "简体", "繁體", "中文"
_SEALS = frozenset("集生学业军扶居老身开建营离产休更销人企")
_KNOWN_LATIN = {"EN", "English", "jzz", "xsr"}


def mistakes(drawing: Drawing, language: Language | None) -> Iterator[str]:
    """Yield what is wrong with a page as it is drawn, but for its colours; with no language, it may speak several."""
    frame = drawing.page.scene.frame
    yield from drawing.lost
    yield from _places(drawing.widgets, Region(0, 0, frame.columns, frame.rows))
    lines = drawing.lines()
    for row, line in enumerate(lines):
        if cell_len(line) != frame.columns:
            yield f"row {row} is {cell_len(line)} cells wide"
    for widget, strips in zip(drawing.widgets, drawing.strips, strict=True):
        yield from _wrong_with(widget, strips, frame.tall)
    yield from _digits(drawing)
    text = "\n".join(lines)
    characters = "".join(sorted(set(text) - {"\n"}))
    if found := ambiguous(characters):
        yield f"terminals draw these in different widths: {found!r}"
    if found := [one for one in characters if unicodedata.category(one)[0] == "C"]:
        yield f"no characters: {found!r}"
    yield from (f"markup or a placeholder shows: {found}" for found in MARKUP.findall(text))
    whys = [place.why for one in drawing.widgets if isinstance(one, Footer) for place in one.places if not place.intent]
    cards = [choice.why for choice in drawing.page.choices if choice.state is State.DISABLED]
    yield from (f"why is cut: {why}" for why in cards if cells(why) > frame.columns - 2 * frame.margin)
    whys += cards
    if language:
        yield from foreign(_without_typed(drawing, text), language)
        yield from foreign("\n".join(whys), language)


def _places(widgets: tuple[Painted, ...], pane: Region) -> Iterator[str]:
    for number, widget in enumerate(widgets):
        name = widget.__class__.__name__
        if widget.place.width <= 0 or widget.place.height <= 0 or not pane.contains_region(widget.place):
            yield f"{name} reaches out of the pane: {widget.place}"
        for other in widgets[:number]:
            if widget.place.overlaps(other.place):
                yield f"{name} lies over {other.__class__.__name__}"


def _wrong_with(widget: Painted, strips: list[Strip], tall: bool) -> Iterator[str]:
    match widget:
        case Choice():
            yield from _choice(widget, strips)
        case Footer():
            for slot, place in zip(widget.slots(), widget.places, strict=True):
                yield from _small(f"footer place {place.word}", slot, FOOTER_PLACE)
                if cells(place.word) + (0 if tall else 5) > slot.width:
                    yield f"footer word {place.word} has no room"
                if not place.intent and not 0 < cells(place.why) <= widget.place.width - 2 * widget._margin:
                    yield f"why {place.word} does nothing is not said in one line: {place.why!r}"
        case Keyboard() | DigitPad():
            for key, slot in widget.slots():
                yield from _small(f"key {key.face}", slot, LETTER_KEY)
                if not Region(0, 0, *widget.place.size).contains_region(slot):
                    yield f"key {key.face} reaches out of the keyboard"
        case Sheet():
            if not widget._plain and len(widget.lines) > Sheet.rows(widget.place.height):
                yield f"a sheet of {widget.place.height} rows holds {len(widget.lines)} lines"
            room = widget.place.width - 2 * Sheet.MARGIN - widget._bar
            for line in widget.lines:
                if any(span.left >= 0 and span.left + cells(span.text) > room for span in line):
                    yield f"a line is cut: {[span.text for span in line]}"
        case Notice():
            if len(widget.lines) > widget.place.height - 2:
                yield f"a notice of {widget.place.height} rows holds {len(widget.lines)} lines"
        case Heading():
            if cells(widget._title) > widget.place.width:
                yield f"the heading is cut: {widget._title}"


def _small(name: str, place: Region, least: tuple[int, int]) -> Iterator[str]:
    if place.width < least[0] or place.height < least[1]:
        yield f"{name} is only {place.width} x {place.height}"


def _choice(choice: Choice, strips: list[Strip]) -> Iterator[str]:
    if choice.state is State.ABSENT:
        return
    yield from _small(f"choice {choice.words.label}", choice.place, CHOICE)
    if not _labelled(choice, strips):
        yield f"the label is cut: {choice.words.label}"
    if choice.state is State.DISABLED and not choice.why:
        yield f"nothing says why {choice.words.label} cannot be had"
    cap = strips[(choice.place.height - 1) // 2].crop(0, CAP).text
    if choice.state is not State.DISABLED and choice.digit not in cap:
        yield f"the digit of {choice.words.label} is not to be seen"


def _labelled(choice: Choice, strips: list[Strip]) -> bool:
    """Return whether the whole label stands on a card, or its large character instead."""
    words = choice.words
    begin = 0 if choice.state is State.DISABLED else CAP
    shown = _letters("".join(strip.crop(begin).text for strip in strips))
    label = _letters(words.label)
    return bool(words.word) or label in shown or label in shown.replace(words.seal or " ", "", 1)


def _letters(text: str) -> str:
    """Return the letters and digits of `text`, without what is drawn between its lines."""
    return "".join(filter(str.isalnum, text))


def _digits(drawing: Drawing) -> Iterator[str]:
    wanted = [str(number) for number in range(drawing.page.FIRST, drawing.page.FIRST + len(drawing.page.choices))]
    if drawing.page.TYPES_DIGITS:
        wanted = [""] * len(drawing.page.choices)
    if [choice.digit for choice in drawing.page.choices] != wanted or len(wanted) > 10 - drawing.page.FIRST:
        yield f"the choices have the digits {[choice.digit for choice in drawing.page.choices]}"
    for widget in drawing.widgets:
        if isinstance(widget, Footer):
            caps = [place.cap for place in widget.places]
            if len(set(caps)) != len(caps) or set(caps) & set(wanted):
                yield f"two things have the same key: {caps}, {wanted}"


def unclear(widget: Painted) -> Iterator[str]:
    """Yield what is wrong with a widget while it is focused, pressed, busy or disabled."""
    rest, _ = draw_widget(widget)
    for state in states_of(widget):
        strips, lost = draw_widget(widget)
        yield from (f"{state}: {one}" for one in lost)
        if pairs_of(strips) == pairs_of(rest):
            yield f"{state} has the colours of rest"
        if not isinstance(widget, Choice):
            continue
        shown = "".join(strip.text for strip in strips)
        if state == "focus" and (shown == "".join(strip.text for strip in rest) or not set("▛▜▙▟") <= set(shown)):
            yield f"focus on {widget.words.label} has the shape of rest"
        if not _labelled(widget, strips):
            yield f"{state}: the label is not to be seen: {widget.words.label}"


# ---- words -----------------------------------------------------------------------------------------------------------


def _without_typed(drawing: Drawing, text: str) -> str:
    """Return `text` without what a visitor typed, or its end where not all of it is shown."""
    session = drawing.page.scene.session
    typed = session.visit.place.words if session and isinstance(session.visit.place, Search) else ""
    for begin in range(len(typed)):
        if typed[begin:] in text:
            return text.replace(typed[begin:], "", 1)
    return text


@cache
def simplified_alone() -> frozenset[str]:
    """Return the characters that Traditional Chinese does not have (by the character table of OpenCC)."""
    table = Path(opencc.__file__).parent / "dictionary" / "STCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text("utf-8").splitlines() if "\t" in line)
    here = opencc.OpenCC("s2tw").convert
    return frozenset(one for one, forms in pairs if one not in forms.split() and here(one) != one)


def foreign(text: str, language: Language) -> Iterator[str]:
    """Yield words of another language or script; languages are called by their own names everywhere."""
    for name in _OWN_NAMES:
        text = text.replace(name, "")
    if language is Language.EN:
        chinese = {c for c in text if "\u4e00" <= c <= "\u9fff"}
        yield from ([f"Chinese on an English page: {''.join(sorted(chinese))}"] if chinese - _SEALS else [])
        return
    words = set(_LATIN.findall(text)) - _KNOWN_LATIN
    yield from ([f"Latin words on a Chinese page: {words}"] if words else [])
    if language is Language.HANT:
        wrong = set(text) & simplified_alone()
        yield from ([f"Simplified on a Traditional page: {''.join(sorted(wrong))}"] if wrong else [])


# ---- colours ---------------------------------------------------------------------------------------------------------


def pale(text: set[Pair], shapes: set[Pair]) -> Iterator[str]:
    """Yield pairs of inks and grounds that cannot be told apart well enough, in either theme.

    What is drawn in blocks counts as text too, because figures and seals are, unless it is in `SHAPES` or `ORNAMENT`.
    """
    for theme in THEMES:
        colour = palette(theme).colour
        for pairs, kind in ((text, "text"), (shapes, "shapes")):
            for ink, on in sorted(pairs):
                least = TEXT_CONTRAST[theme]
                if kind == "shapes" and _either(ink, on) & SHAPES:
                    least = SHAPE_CONTRAST[theme]
                elif kind == "shapes" and (ink == on or _either(ink, on) & ORNAMENT):
                    continue
                if (found := contrast(colour(ink), colour(on))) < least:
                    yield f"{kind} in {ink} on {on} has a contrast of {found:.1f} in {theme}"


def _either(ink: Role, on: Role) -> frozenset[Pair]:
    return frozenset({(ink, on), (on, ink)})
