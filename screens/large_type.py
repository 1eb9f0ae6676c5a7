"""大字: how a visit is read. Normal, large, large in high contrast, and round again; normal for the next visitor."""

import asyncio
from enum import Enum

from kiosk.ports import Display, TypeSize
from screens.palette import ThemeName


class Reading(Enum):
    """A step of 大字; its value is the word of the key that leads on from it."""

    NORMAL = "大字"
    LARGE = "黑底"
    CONTRAST = "小字"


class LargeType:
    """The step that the visit is at, and a terminal that is kept in step with it, off the screens' loop."""

    def __init__(self, display: Display, theme: ThemeName) -> None:
        """`theme` is the station's; where it is high contrast already, 大字 has two steps."""
        self._display = display
        self._theme = theme
        self._step = Reading.NORMAL
        self._shown = TypeSize.NORMAL
        self._changing = False

    @property
    def word(self) -> str:
        """What the key does next, as a Simplified sentence; empty where the terminal has one size."""
        if TypeSize.LARGE not in self._display.sizes:
            return ""
        if self._step is Reading.LARGE and self._theme == "contrast":
            return Reading.CONTRAST.value
        return self._step.value

    @property
    def theme(self) -> ThemeName:
        """The theme of this step."""
        return "contrast" if self._step is Reading.CONTRAST else self._theme

    @property
    def changing(self) -> bool:
        """Whether the terminal is changing its size: it passes through sizes that are not worth a page."""
        return self._changing

    def forward(self) -> None:
        """Go on to the next step."""
        if self._step is Reading.NORMAL:
            self._step = Reading.LARGE
        elif self._step is Reading.LARGE and self._theme != "contrast":
            self._step = Reading.CONTRAST
        else:
            self._step = Reading.NORMAL

    def reset(self) -> bool:
        """Go back to normal; False if that is where it was."""
        before, self._step = self._step, Reading.NORMAL
        return before is not Reading.NORMAL

    async def settle(self) -> None:
        """Bring the terminal to the size of the step. One that cannot brings the step back to normal."""
        if self._changing:
            return
        self._changing = True
        try:
            while self._shown is not (wanted := self._size):
                if await asyncio.to_thread(self._display.show, wanted):
                    self._shown = wanted
                elif wanted is TypeSize.LARGE:
                    self.reset()
                else:
                    return
        finally:
            self._changing = False

    @property
    def _size(self) -> TypeSize:
        return TypeSize.NORMAL if self._step is Reading.NORMAL else TypeSize.LARGE
