"""The technician's way in: a sequence at the glass or on the keypad that nobody makes by accident.

At the glass: the corners in turn, upper left, upper right, lower right, lower left, and upper left again. On the
keypad: voice, end, voice, end, voice, help, voice. Either within ten seconds and with nothing else in between. It
opens the page that asks for a code, and nothing more.
"""

from screens.frame import Frame

WITHIN_S = 10.0
"""Seconds from the first touch or key of a sequence to its last."""

CORNER_COLUMNS, CORNER_ROWS = 10, 3
"""Cells of a corner. At 80 x 22 four corners are a fifteenth of the glass: blind touches find the sequence once in
several hundred million."""

KEYS = ("voice", "end", "voice", "end", "voice", "help", "voice")
"""Places of the footer whose keys are pressed, by their names in the settings."""

CORNERS = ("upper left", "upper right", "lower right", "lower left", "upper left")


class Knock:
    """Listens to every touch and key, whatever else it does. Times are seconds of a monotonic clock."""

    def __init__(self, keys: dict[str, str]) -> None:
        """`keys`: the character of each place of the footer, by its name in the settings."""
        self._wanted = tuple(keys[name] for name in KEYS)
        self._heard: list[tuple[str, float]] = []

    def touched(self, x: int, y: int, frame: Frame, now: float) -> bool:
        """Hear a touch at a cell of the station's pane; True when it completes the sequence."""
        return self._hear(_corner(x, y, frame), CORNERS, now)

    def pressed(self, character: str, now: float) -> bool:
        """Hear a key; True when it completes the sequence."""
        return self._hear(character, self._wanted, now)

    def _hear(self, sign: str, wanted: tuple[str, ...], now: float) -> bool:
        self._heard = [*self._heard, (sign, now)][-len(wanted) :]
        known = tuple(one for one, _ in self._heard) == wanted and now - self._heard[0][1] <= WITHIN_S
        if known:
            self._heard.clear()
        return known


def _corner(x: int, y: int, frame: Frame) -> str:
    """Return the name of the corner at a cell, empty where it lies in none."""
    up, down = 0 <= y < CORNER_ROWS, frame.rows - CORNER_ROWS <= y < frame.rows
    left, right = 0 <= x < CORNER_COLUMNS, frame.columns - CORNER_COLUMNS <= x < frame.columns
    if not ((up or down) and (left or right)):
        return ""
    return f"{'upper' if up else 'lower'} {'left' if left else 'right'}"
