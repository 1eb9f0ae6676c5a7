"""Pages that end with paper: how they are divided, and what they say when it does not come."""

from dataclasses import dataclass

from textual.geometry import Region

from kiosk.desk import Condition, JobRecord, JobState, printing
from kiosk.text import wrap_evenly
from screens.frame import Frame, columns, stack
from screens.intents import End, GoHome, Intent, PrintAgain
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.choice import Choice, Words
from screens.widgets.number import SlipSheet
from screens.widgets.qr import panel_size
from screens.widgets.sheet import Line, Notice, Sheet

_COMING = {JobState.QUEUED, JobState.SENDING, JobState.PRINTED}
_LEFT_COLUMNS = 43
_CHOICES_COLUMNS = 21
_NO_ANSWER = "打印机没有回应"
DONE = "不能返回，因为已经办好了。再办一件请按首页。"
"""Why 返回 does nothing once something was done, as a sentence of data/wording."""


def coming(job: JobRecord | None) -> bool:
    """Return whether the paper is out or on its way, as far as is known."""
    return job is None or job.state in _COMING


def can_try_again(job: JobRecord | None) -> bool:
    """Return whether another attempt makes sense: not where there is no printer at all."""
    return job is not None and job.condition is not Condition.NOT_CONFIGURED


@dataclass(frozen=True)
class PaperPlan:
    """Where things stand. `code` is None where no QR code is shown, `notice` where nothing went wrong."""

    heading: Region
    notice: Region | None
    main: Region
    choices: list[Region]
    code: Region | None


def plan(frame: Frame, link: str | None, notice_rows: int, choices: int, *, for_the_code: bool = False) -> PaperPlan:
    """Divide a page with `choices` choices; a `notice_rows` of 0 means that all is well.

    The code stands at the right where there is room for it, in a narrow pane at the bottom. In few rows it is shown
    only when the paper did not come, or with `for_the_code`, and takes the rows of the heading as well.
    """
    heading, body, content = frame.heading, frame.body, frame.content
    low = 5 if frame.roomy else 3
    code = None
    size = panel_size(link) if link else None
    if frame.tall:
        bottom = low * choices
        if size and size[0] + 2 + _CHOICES_COLUMNS <= body.width:
            bottom = max(size[1] + 2, bottom)
        main, bottom_place = body.split_horizontal(body.height - bottom)
        beside = bottom_place
        if size and size[0] + 2 + _CHOICES_COLUMNS <= body.width:
            code, rest = bottom_place.split_vertical(size[0])
            beside = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
        places = stack(beside, [low] * choices)
    else:
        left = body
        if size and (frame.wide or notice_rows or for_the_code) and size[0] + 2 + _LEFT_COLUMNS <= body.width:
            area = body if frame.roomy else content
            if size[1] <= area.height:
                code = Region(area.right - size[0], area.y, size[0], area.height)
                left = Region(body.x, body.y, body.width - size[0] - 2, body.height)
                if not frame.roomy:
                    heading = Region(heading.x, heading.y, left.width, heading.height)
        main, row = left.split_horizontal(left.height - low)
        places = columns(row, choices, 1)
    notice = None
    if notice_rows:
        notice, main = main.split_horizontal(notice_rows)
    return PaperPlan(heading, notice, main, places, code)


class PaperPage(Page):
    """A page that ends with paper."""

    def news(self) -> tuple[Line, ...]:
        """Return what the sheet says while the paper may come."""
        raise NotImplementedError

    def show_job(self) -> bool:
        """Show the paper's new state in place; False if the page must be built anew for it."""
        if not coming(self.scene.live.job) or self.query(Notice):
            return False
        for sheet in (*self.query(Sheet), *self.query(SlipSheet)):
            sheet.show(self.news())
        return True

    def last_choices(self, places: list[Region], done: str, over: Intent, *, lost: bool) -> tuple[Choice, Choice]:
        """Return the two choices that end the page; `done` and `over` are for paper that is `lost`."""
        say = self.scene.say
        words, end = (Words(say(done)), over) if lost else (Words(say("办完了"), say("结束并清除")), End())
        again = lost and can_try_again(self.scene.live.job)
        other = (Words(say("再试打印")), PrintAgain()) if again else (Words(say("再办一件")), GoHome())
        return self.choice(places[0], words, end, primary=True), self.choice(places[1], *other)


def trouble(scene: Scene, job: JobRecord | None, lost: str, doubtful: tuple[str, str], width: int) -> tuple[str, ...]:
    """Return the lines of the notice about a slip that did not come, none while it may.

    `lost` is the Simplified sentence for a slip of which nothing is on paper, which stands behind the reason;
    `doubtful` are the two for one of which nobody knows. Of one that stopped in the middle a piece may lie there, and
    the rest may still come: it takes the reason and the first of those.
    """
    if job is None or coming(job):
        return ()
    if job.state is JobState.UNKNOWN:
        told = tuple(map(scene.say, doubtful))
    else:
        reason = scene.say(printing(job.condition).reason or _NO_ANSWER)
        told = scene.say("{reason}。", reason=reason), scene.say(doubtful[0] if job.copies else lost)
    room = Notice.room(width)
    return tuple(line for words in told for line in wrap_evenly(words, room))
