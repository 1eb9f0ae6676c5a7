"""The parts of the welcome page: the hero with seal and clock, what works right now, and the invitation."""

from dataclasses import dataclass

from textual.geometry import Region

from kiosk.text import cells, wrap_evenly
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.shapes import Shape, figures, seal
from screens.widgets.bands import pill
from screens.widgets.painted import Painted, card

_SEALS = "集美"
_SEAL_SIDE = 13
_SEAL_ROWS = 7
_CLOCK_ROWS = 6


class Hero(Painted):
    """The dark upper part: 集美 as a seal, the time in large figures, whose station this is."""

    def __init__(
        self,
        palette: Palette,
        place: Region,
        margin: int,
        name: str,
        number: str,
        date: str,
        time: str,
        pill: str = "",
    ) -> None:
        super().__init__(palette, place)
        self._margin = margin
        self._station = name
        self._number = number
        self._date = date
        self._time = time
        self._pill = pill

    def show_time(self, date: str, time: str) -> None:
        """Show another minute."""
        if (date, time) != (self._date, self._time):
            self._date, self._time = date, time
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw seal and clock side by side, or one above the other in a narrow pane."""
        canvas.fill(0, 0, canvas.width, 2 * canvas.height - 1, "deep")
        shapes = [shape for character in _SEALS if (shape := seal(character))]
        clock = figures("big", self._time)
        left, right = self._margin + 2, canvas.width - self._margin - 2
        facts = f"{self._number}   {self._date}"
        if canvas.width < 75:
            top = max(canvas.height - 20, 0) // 2
            _seals(canvas, (canvas.width - len(shapes) * _SEAL_SIDE) // 2, top + 1, shapes)
            canvas.shape((canvas.width - clock.width) // 2, 2 * (top + 10), clock, "on-deep")
            canvas.centred(top + 17, self._station, "on-deep", bold=True)
            canvas.centred(top + 19, facts, "on-deep-quiet")
            if self._pill:
                pill(canvas, right - cells(self._pill) - 2, 0, self._pill, "warn", "on-warn")
            return
        top = (canvas.height - _SEAL_ROWS - 2) // 2
        _seals(canvas, left, top, shapes)
        canvas.shape(right - clock.width, 2 * top + 1, clock, "on-deep")
        bottom = top + _SEAL_ROWS + 1
        canvas.text(left, bottom, self._station, "on-deep", bold=True)
        canvas.text(right - cells(facts), bottom, facts, "on-deep-quiet")
        if self._pill:
            begin = left + len(shapes) * _SEAL_SIDE + 3
            pill(canvas, begin, top, self._pill, "warn", "on-warn")


def _seals(canvas: Canvas, left: int, row: int, shapes: list[Shape]) -> None:
    canvas.fill(left, 2 * row, len(shapes) * _SEAL_SIDE, 2 * _SEAL_ROWS, "seal")
    for number, shape in enumerate(shapes):
        canvas.shape(left + number * _SEAL_SIDE + 1, 2 * row + 1, shape, "on-seal")


@dataclass(frozen=True)
class ServiceState:
    """One service on the welcome page: `word` says whether it works, `name` what it is."""

    ok: bool
    word: str
    name: str


class Pills(Painted):
    """What works right now, and below it why something does not and what still does."""

    def __init__(self, palette: Palette, place: Region, services: tuple[ServiceState, ...], remark: str = "") -> None:
        super().__init__(palette, place)
        self._services = services
        self._remark = remark

    def show(self, services: tuple[ServiceState, ...], remark: str) -> None:
        """Show another state of the services."""
        if (services, remark) != (self._services, self._remark):
            self._services, self._remark = services, remark
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw the pills in the middle of the width."""
        widths = [cells(service.word) + 3 + cells(service.name) for service in self._services]
        gap = 5 if sum(widths) + 5 * (len(widths) - 1) <= canvas.width else 2
        remarks = wrap_evenly(self._remark, canvas.width)[: canvas.height - 1] if self._remark else []
        row = max(canvas.height - 1 - len(remarks) - bool(remarks), 0) // 2
        left = (canvas.width - sum(widths) - gap * (len(widths) - 1)) // 2
        for service in self._services:
            fill: Role = "ok" if service.ok else "warn"
            ink: Role = "on-ok" if service.ok else "on-warn"
            left = pill(canvas, left, row, service.word, fill, ink) + 1
            left = canvas.text(left, row, service.name, "ink", bold=True) + gap
        for number, line in enumerate(remarks):
            canvas.centred(canvas.height - len(remarks) + number, line, "muted")


class Invitation(Painted):
    """The one thing to do on the welcome page, said in all languages: touch, or press any key."""

    def __init__(self, palette: Palette, place: Region, first: str, others: tuple[str, ...]) -> None:
        super().__init__(palette, place)
        self._first = first
        self._others = others

    def paint(self, canvas: Canvas) -> None:
        """Draw the first language above the others."""
        card(canvas, "accent")
        together = "    ".join(self._others)
        below = self._others if cells(together) > canvas.width - 2 else (together,) if together else ()
        top = (canvas.height - 1 - 2 * len(below)) // 2 + (canvas.height - 1) % 2
        canvas.centred(top, self._first, "on-accent", bold=True)
        for row, line in enumerate(below, 1):
            canvas.centred(top + 2 * row, line, "on-accent")
