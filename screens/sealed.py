"""An application that does nothing that it was not made for, and ends in order when it is broken."""

import logging
import os
import traceback
from contextvars import copy_context
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver

from screens.pages.page import Ground

OUT_OF_ORDER_SECONDS = 5.0
"""How long the page stays that says that the station is out of order, before the process ends and is started anew."""

_log = logging.getLogger(__name__)


class SealedApp(App[None], inherit_bindings=False):
    """No command palette, no actions by name, no links, no clipboard; a mistake wipes all, says so and ends with 70."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    AUTO_FOCUS = ""

    def __init__(self, *, driver_class: type[Driver]) -> None:
        super().__init__(driver_class=driver_class)
        self.animation_level = "none"
        self.broken = False
        self._halted: int | None = None
        self._at_home = copy_context()

    def wipe(self) -> None:
        """Forget whatever was on the screens."""
        raise NotImplementedError

    def show(self, focus: int | None = None) -> None:
        """Show the page of the present state; that of a broken application says so."""
        raise NotImplementedError

    def run_to_end(self) -> int:
        """Run until the station is stopped; return the exit code."""
        self.run()
        return self.return_code or 0

    def halt(self, code: int) -> None:
        """End in order with an exit code, from any thread."""
        self._halted = code
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self.exit(return_code=code))

    def end_if_halted(self) -> bool:
        """End if that was wanted before the first page was painted; whether it was."""
        if self._halted is None:
            return False
        self.exit(return_code=self._halted)
        return True

    def remember_home(self) -> None:
        """Take the present context for the one in which the page after a mistake is shown."""
        self._at_home = copy_context()

    def get_default_screen(self) -> Ground:
        """Return what lies under the pages; Textual cannot switch its first screen for another."""
        return Ground()

    async def run_action(self, *arguments: object, **named: object) -> bool:
        """Run no action by its name: there are none here, and a name could come from outside."""
        return False

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy nothing."""

    def _handle_exception(self, error: Exception) -> None:
        """Wipe the visit, say that the station is out of order, and leave with exit code 70.

        The log gets the places in the code and the kind of error, not its message, which could quote a resident.
        """
        places = "".join(traceback.format_tb(error.__traceback__))
        _log.critical("unhandled %s\n%s", type(error).__name__, places)
        if self.is_headless:
            super()._handle_exception(error)
            return
        first, self.broken = not self.broken, True
        self._return_code = os.EX_SOFTWARE
        if not first:
            self.exit(return_code=os.EX_SOFTWARE)
            return
        self.wipe()
        # In the failing page's own context, whatever comes next would keep that page alive.
        self._at_home.run(self._show_out_of_order)

    def _show_out_of_order(self) -> None:
        self.show()
        self.set_timer(OUT_OF_ORDER_SECONDS, lambda: self.exit(return_code=os.EX_SOFTWARE))
