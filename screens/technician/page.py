"""What the technician's pages have in common: the footer's places, a sheet to read, and ways on below it."""

import datetime
from collections.abc import Iterable

from textual.geometry import Region

from kiosk.technician.findings import Grade
from kiosk.technician.symptoms import GRADES
from kiosk.text import cells
from screens.frame import columns, stack
from screens.intents import Back, End, Intent, TurnSheet
from screens.lines import pages
from screens.pages.page import Page
from screens.palette import Role
from screens.scene import Scene
from screens.technician.shift import Shift
from screens.technician.tasks import Area, Open
from screens.widgets.choice import CAP, Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet, Span

_CARD_ROWS = 3
_NARROWEST = 12

_MARKS: dict[Grade, tuple[str, Role | None, Role]] = {
    Grade.SEVERE: ("!!", "seal", "on-seal"),
    Grade.ATTENTION: ("!", "warn", "on-warn"),
    Grade.UNKNOWN: ("?", "deep", "on-deep"),
    Grade.OK: ("", None, "ok"),
    Grade.UNSUPPORTED: ("-", None, "muted"),
}
"""The sign of each grade, the field it stands on, its ink: worse ones are told by shape as well as by colour."""

Way = tuple[Words, Intent]


class Technical(Page):
    """The places at the foot of a technician's page: back, the overview, and out."""

    NO_HELP = "没有别的帮助，用法写在技术员指南里。"

    def __init__(self, scene: Scene, shift: Shift, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self.shift = shift

    def show_job(self) -> bool:
        """What has changed by itself needs another page."""
        return False

    def pills(self) -> tuple[str, ...]:
        """Nobody shall take this for a resident's page."""
        service, shown = self.scene.say("检修"), super().pills()
        return (f"{service} {shown[-1]}", service) if shown else (service,)

    def back(self) -> Intent | None:
        """Back to where this was opened from."""
        return Back()

    def home(self) -> Intent | None:
        """To the overview."""
        return Open(Area.OVERVIEW)

    def help(self) -> None:
        """There is a guide instead."""

    def end(self) -> Intent | None:
        """Out."""
        return End()

    def moment(self, ms: int) -> str:
        """Return a time as `14:32`, with its day where that is another."""
        now = self.scene.desk.now()
        when = datetime.datetime.fromtimestamp(ms / 1000, now.tzinfo)
        return f"{when:%H:%M}" if when.date() == now.date() else f"{when:%m-%d %H:%M}"


class TechnicianPage(Technical):
    """A sheet of lines that is read, and the ways on below it, side by side."""

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return what is to be read, in groups of lines that stay together."""
        raise NotImplementedError

    def ways(self) -> list[Way]:
        """Return the choices below the sheet."""
        raise NotImplementedError

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the sheet that is turned up, and the choices."""
        say, ways = self.scene.say, self.ways()
        turn = Words(say("翻页"))
        sheet, places = self._divided(room, [words.label for words, _ in ways])
        sheets = self._sheets(sheet)
        if len(sheets) > 1:
            sheet, places = self._divided(room, [*(words.label for words, _ in ways), turn.label])
            sheets = self._sheets(sheet)
            ways = [*ways, (turn, TurnSheet((self._shown(sheets) + 1) % len(sheets)))]
        yield Sheet(self.palette, sheet, sheets[self._shown(sheets)])
        for place, (words, intent) in zip(places, ways, strict=True):
            yield self.choice(place, words, intent)

    def turned(self, sheets: int) -> str:
        """Return which of so many sheets is turned up, nothing where there is one alone."""
        return self.scene.say("第{n}页，共{total}页", n=self.shift.sheet + 1, total=sheets) if sheets > 1 else ""

    def _shown(self, sheets: list[tuple[Line, ...]]) -> int:
        return min(self.shift.sheet, len(sheets) - 1)

    def _sheets(self, place: Region) -> list[tuple[Line, ...]]:
        return pages(self.groups(place.width - 2 * Sheet.MARGIN), Sheet.rows(place.height), air=self.scene.frame.roomy)

    def _divided(self, room: Region, labels: list[str]) -> tuple[Region, list[Region]]:
        """Return the place of the sheet, and those of the choices: as many side by side as their labels have room."""
        widest = max(_NARROWEST, max(map(cells, labels), default=0) + CAP + 2)
        most = max((room.width + 1) // (widest + 1), 1)
        bands = -(-len(labels) // most)
        across = -(-len(labels) // bands)
        sheet, rest = room.split_horizontal(room.height - _CARD_ROWS * bands)
        cards = [place for band in stack(rest, [_CARD_ROWS] * bands) for place in columns(band, across, 1)]
        return sheet, cards[: len(labels)]

    # ---- how things are told -----------------------------------------------------------------------------------------

    def grade(self, grade: Grade, left: int = 0) -> Span:
        """Return a grade by word, sign and colour."""
        sign, fill, ink = _MARKS[grade]
        word = self.scene.say(GRADES[grade])
        return Span(f"{sign} {word}" if sign else word, left, ink, bold=True, fill=fill)

    def grade_width(self) -> int:
        """Return the cells that the widest grade takes, with its field."""
        say = self.scene.say
        return max(cells(f"{_MARKS[one][0]} {say(GRADES[one])}".strip()) + 2 for one in Grade)
