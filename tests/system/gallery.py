"""What `make pictures` photographs: one table, a line for each page."""

from dataclasses import dataclass
from enum import Enum

LANGUAGE = "L"
"""Among the keys: the digit on the welcome page that begins in the picture's language."""

HOME = "/"
"""The key that leads back to the first page of the visit."""

FOCUS = "Tab"
"""Among the keys: shows or moves the focus, and leads nowhere."""

BY_ITSELF = "..."
"""Among the keys: the screen that comes without one."""


@dataclass(frozen=True)
class Station:
    """How a station is started. `clock` is the time of day, `before` Python that changes the program first."""

    clock: str = "09:41"
    theme: str = "day"
    demo: bool = False
    before: str = ""


DAY = Station()
NIGHT = Station(clock="22:10")
CONTRAST = Station(theme="contrast")
DEMO = Station(demo=True)
HASTY = Station(
    before="import screens.app as app; clock = app.IdleClock\n"
    "app.IdleClock = lambda quiet, answer, now: clock(3, answer, now)"
)
"""Three seconds without a touch are enough for the warning."""

FULL = Station(
    before="from kiosk.desk import Desk, Refused\n"
    "async def refuse(*given): raise Refused('本机存储有问题，号码没有取成。请到大厅取号，或换一台机器。')\n"
    "Desk.take_ticket = refuse"
)
BROKEN = Station(before="from screens.pages.home import HomePage; HomePage.heading = lambda self: 1 / 0")


class Paper(Enum):
    """What the printer does when the last key is pressed."""

    NONE = "has nothing to do"
    COMES = "prints"
    SHY = "prints and never says so"
    OUT = "has no paper"


@dataclass(frozen=True)
class Shot:
    """One page in all languages and sizes. `keys` lead there from the welcome page.

    `again`: the keys back to the first page of the visit or to the welcome page; None starts the station anew. `maybe`:
    at some sizes a key has nothing to turn to. `alive`: a touch or a key does something wherever it comes, so that none
    is used to hide the focus.
    """

    name: str
    keys: str = ""
    station: Station = DAY
    paper: Paper = Paper.NONE
    again: str | None = HOME
    maybe: bool = False
    alive: bool = False


_TICKET = "L 1 1 1 2"
_LIST = "L 1 1 1 1 3 3 3"

SHOTS = (
    Shot("welcome", alive=True, again=""),
    Shot("home", "L"),
    Shot("home-focus", "L Tab", alive=True),
    Shot("cycles-life", "L 1"),
    Shot("packages", "L 1 1"),
    Shot("package", "L 1 1 1"),
    Shot("package-2", "L 1 1 1 3", maybe=True),
    Shot("question", "L 1 1 1 1"),
    Shot("question-focus", "L 1 1 1 1 Tab", alive=True),
    Shot("not-for-you", "L 1 1 1 1 2"),
    Shot("checklist", _LIST),
    Shot("checklist-2", f"{_LIST} 3", maybe=True),
    Shot("checklist-3", f"{_LIST} 3 3", maybe=True, alive=True, again="* /"),
    Shot("end-asked", "L 1 #", again="2 /"),
    Shot("cycles-business", "L 2"),
    Shot("packages-business", "L 2 1"),
    Shot("package-business", "L 2 1 1"),
    Shot("question-business", "L 2 1 1 1", maybe=True),
    Shot("search", "L 3"),
    Shot("search-found", "L 3 x"),
    Shot("search-one", "L 3 x s r"),
    Shot("search-nothing", "L 3 x q z"),
    Shot("help", "L ."),
    Shot("help-question", "L 1 1 1 1 ."),
    Shot("about", "L . 5"),
    Shot("number", _TICKET, paper=Paper.COMES, again="# 1 Return"),
    Shot("number-end-asked", f"{_TICKET} #", paper=Paper.COMES, again="1 Return"),
    Shot("farewell", f"{_TICKET} # 1", paper=Paper.COMES, again="Return", alive=True),
    Shot("slip", f"{_LIST} 1", paper=Paper.COMES, again="# 1 Return"),
    Shot("number-fault", _TICKET, paper=Paper.OUT, again="# 1"),
    Shot("slip-fault", f"{_LIST} 1", paper=Paper.OUT, again="# 1"),
    Shot("number-printing", _TICKET, paper=Paper.SHY, again="# 1 Return"),
    Shot("number-unknown", f"{_TICKET} ...", paper=Paper.SHY, again="# 1 Return"),
    Shot("welcome-night", station=NIGHT, alive=True, again=""),
    Shot("home-night", "L", station=NIGHT),
    Shot("package-night", "L 1 1 1", station=NIGHT),
    Shot("number-night", _TICKET, station=NIGHT, paper=Paper.COMES, again="# 1 Return"),
    Shot("welcome-contrast", station=CONTRAST, alive=True, again=""),
    Shot("home-contrast", "L Tab", station=CONTRAST, alive=True),
    Shot("package-contrast", "L 1 1 1", station=CONTRAST),
    Shot("question-contrast", "L 1 1 1 1", station=CONTRAST),
    Shot("checklist-contrast", _LIST, station=CONTRAST),
    Shot("number-contrast", _TICKET, station=CONTRAST, paper=Paper.COMES, again="# 1 Return"),
    Shot("idle", "L ...", station=HASTY, alive=True, again=None),
    Shot("refused", _TICKET, station=FULL, again="1 /"),
    Shot("out-of-order", "Return", station=BROKEN, alive=True, again=None),
    Shot("demo", "L", station=DEMO),
    Shot("demo-paper", _TICKET, station=DEMO, alive=True, again=None),
)

README = {
    "welcome": ("80x22", "welcome"),
    "home": ("80x22", "home"),
    "cycles": ("80x22", "cycles-life"),
    "package": ("80x22", "package"),
    "question": ("80x22", "question"),
    "checklist": ("120x34", "checklist"),
    "demo": ("120x34", "demo-paper"),
}
"""Picture in docs/pictures -> size and page, in Simplified Chinese."""
