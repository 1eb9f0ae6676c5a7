"""Tests that a person judges: keys, touch, colours, the scanner, and what is on paper."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Region

from kiosk.technician import by_hand
from screens.frame import columns
from screens.intents import Back
from screens.lines import paragraph
from screens.scene import Scene
from screens.technician.page import Technical
from screens.technician.shift import PersonAsked, Shift
from screens.technician.tasks import Answer
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Sheet
from screens.widgets.tiles import Swatches, Tiles

DIGITS, ENTER = "0123456789", "enter"

_SAMPLES = "集美区政务服务", "繁體字樣：臺灣來廈", "ABCDEFG abcdefg 0123456789", "（）「」《》，。、：；？！"


def person_page(scene: Scene, shift: Shift, spot: PersonAsked, focus: int | None) -> Technical:
    """Return the page on which that test is done and judged."""
    match spot.test:
        case by_hand.KEYS:
            return KeysPage(scene, shift, spot, focus=focus)
        case by_hand.GRID:
            return GridPage(scene, shift, spot, focus=focus)
        case _:
            return PersonPage(scene, shift, spot, focus=focus)


class PersonPage(Technical):
    """What is to be judged, and the two answers, equal."""

    def __init__(self, scene: Scene, shift: Shift, spot: PersonAsked, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self.test = shift.door.bench.by_hand(spot.test)

    def heading(self) -> str:
        """Which test this is."""
        return self.scene.say(self.test.title)

    def shown(self, place: Region) -> Iterable[Painted]:
        """Yield what is to be looked at."""
        if self.test.name == by_hand.COLOURS:
            yield Swatches(self.palette, place, (*_SAMPLES, self.scene.text(self.scene.desk.name)))

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the question, what it is about, the answers."""
        say = self.scene.say
        lines = paragraph(say(self.test.question), room.width - 2 * Sheet.MARGIN - 1, bold=True)
        sheet, rest = room.split_horizontal(len(lines) + 2)
        middle, below = rest.split_horizontal(rest.height - 3)
        yield Sheet(self.palette, sheet, lines, bar=True)
        yield from self.shown(middle)
        no, yes, back = columns(below, 3, 1)
        yield self.choice(no, Words(say("不好")), Answer(self.test.name, well=False))
        yield self.choice(yes, Words(say("都好")), Answer(self.test.name, well=True))
        yield self.choice(back, Words(say("不测了")), Back())


class GridPage(PersonPage):
    """Tiles over the whole middle, each to be touched."""

    def shown(self, place: Region) -> Iterable[Painted]:
        """Yield the tiles."""
        across, down = max(place.width // 13, 2), max(place.height // 3, 1)
        words = tuple(str(number) for number in range(1, across * down + 1))
        yield Tiles(self.palette, place, words, across, touch=True)

    def on_tiles_all_lit(self, message: Tiles.AllLit) -> None:
        """Every tile was touched, which answers the question."""
        message.stop()
        self.want(Answer(self.test.name, well=True))


class KeysPage(PersonPage):
    """Tiles for the keys, each to be pressed; so no key chooses anything here until all have been seen.

    Whoever has a key that does nothing presses Enter twice, as the page says.
    """

    TYPES_DIGITS = True

    def __init__(self, scene: Scene, shift: Shift, spot: PersonAsked, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, spot, focus=None)
        keypad = scene.settings.keypad
        places = (keypad.back, keypad.home, keypad.help, keypad.large, keypad.voice, keypad.end)
        self._keys = (*DIGITS, *(one for one in places if one not in DIGITS), ENTER)
        self._last = ""

    def aside(self) -> str:
        """How to say that one does nothing."""
        return self.scene.say("有键没反应，连按两下确认")

    def shown(self, place: Region) -> Iterable[Painted]:
        """Yield the tiles."""
        words = tuple(self.scene.say("确认") if key == ENTER else key for key in self._keys)
        self._tiles = Tiles(self.palette, place, words, 6, touch=False)
        yield self._tiles

    def is_typed(self, event: events.Key) -> bool:
        """Every key is looked at as it comes."""
        return True

    def on_key(self, event: events.Key) -> None:
        """Light the key's tile."""
        event.prevent_default().stop()
        key = ENTER if event.key in {"enter", "ctrl+j"} else event.character or ""
        if key == self._last == ENTER:
            self.want(Answer(self.test.name, well=False))
        elif key in self._keys:
            self._tiles.light(self._keys.index(key))
        self._last = key

    def on_tiles_all_lit(self, message: Tiles.AllLit) -> None:
        """Every key was felt, which answers the question."""
        message.stop()
        self.want(Answer(self.test.name, well=True))
