"""The reference for the screens: an empty Textual app with as many widgets as the station's screen has.

Tab moves the focus; n switches to another screen of the same kind. Argument: the number of widgets.
"""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Button


class BareScreen(Screen[None]):
    """`count` buttons and nothing else."""

    DEFAULT_CSS = "BareScreen { layout: grid; grid-size: 3; overflow: hidden; } Button { width: 1fr; }"

    def __init__(self, count: int, name: str) -> None:
        super().__init__()
        self._labels = [f"{name}{number}" for number in range(count)]

    def compose(self) -> ComposeResult:
        """Make the buttons."""
        for label in self._labels:
            yield Button(label)


class BareApp(App[None]):
    """Two bare screens."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("n", "turn", "")]

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._turns = 0

    def on_mount(self) -> None:
        """Show the first screen."""
        self.push_screen(BareScreen(self._count, "welcome"))

    def action_turn(self) -> None:
        """Show a fresh screen instead."""
        self._turns += 1
        self.switch_screen(BareScreen(self._count, f"turn{self._turns}-"))


if __name__ == "__main__":
    BareApp(int(sys.argv[1])).run()
