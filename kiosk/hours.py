"""When the service hall works: sessions, public holidays, make-up working days, and the day of service of a ticket.

All times are China's fixed UTC+8, whatever the machine's own zone says. Holidays come from the `chinesecalendar`
package, whose tables end with the last announced year; beyond it only the weekday and the bureau's own list count, and
the result says that it is not certain.
"""

import datetime
from collections.abc import Iterator
from functools import cache

import msgspec

from kiosk.text import Text

CHINA = datetime.timezone(datetime.timedelta(hours=8), "UTC+8")
_LOOK_AHEAD = 60
"""Days after which no open session is searched any more; the longest public holiday so far had 9."""


class Session(msgspec.Struct, frozen=True):
    """One stretch of a working day, `opens` included, `closes` excluded. Whole minutes after midnight."""

    opens: int
    closes: int

    @property
    def label(self) -> str:
        """The session as `08:30-12:00`."""
        return f"{clock(self.opens)}-{clock(self.closes)}"


class Hall(msgspec.Struct, frozen=True):
    """The service hall: its sessions on every working day, and days that differ from the public calendar.

    `sample`: the figures are samples and not the bureau's. `last_number`: minutes before a session's end after which a
    number is for the next session.
    """

    name: Text
    sample: bool
    sessions: tuple[Session, ...]
    last_number: int
    closed: tuple[datetime.date, ...]
    open: tuple[datetime.date, ...]


class Service(msgspec.Struct, frozen=True):
    """The session that a number taken at some moment is for.

    `running`: that session is going on now. `certain`: the calendar of every day looked at is known; otherwise screen
    and slip say 以大厅公告为准.
    """

    day: datetime.date
    session: Session
    running: bool
    certain: bool


def end(day: datetime.date, session: Session) -> int:
    """Return when a session is over, UTC milliseconds."""
    midnight = datetime.datetime.combine(day, datetime.time(), CHINA)
    return int(midnight.timestamp() * 1000) + session.closes * 60_000


def clock(minutes: int) -> str:
    """Return minutes after midnight as `08:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def read_session(label: str) -> Session:
    """Return the session whose label is `08:30-12:00`. Raises ValueError."""
    opens, closes = ((int(hour) * 60 + int(minute)) for hour, minute in (one.split(":") for one in label.split("-")))
    return Session(opens, closes)


@cache
def _announced(day: datetime.date) -> bool | None:
    """Return whether the public calendar makes `day` a working day, or None for a year not announced yet."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def working_day(day: datetime.date, hall: Hall) -> tuple[bool, bool]:
    """Return whether the hall works on `day`, and whether that is certain."""
    if day in hall.closed:
        return False, True
    if day in hall.open:
        return True, True
    announced = _announced(day)
    if announced is None:
        return day.weekday() < 5, False
    return announced, True


def _sessions_from(day: datetime.date, hall: Hall) -> Iterator[tuple[datetime.date, Session, bool]]:
    certain = True
    for offset in range(_LOOK_AHEAD):
        date = day + datetime.timedelta(days=offset)
        works, known = working_day(date, hall)
        certain = certain and known
        if works:
            for session in hall.sessions:
                yield date, session, certain


def service(moment: datetime.datetime, hall: Hall) -> Service:
    """Return the session that a number taken at `moment` (aware) is for: the running one, else the next.

    Raises LookupError when the hall has no session within 60 days, which `kiosk catalog check` forbids.
    """
    local = moment.astimezone(CHINA)
    minute = local.hour * 60 + local.minute
    for day, session, certain in _sessions_from(local.date(), hall):
        if day > local.date() or minute < session.closes - hall.last_number:
            running = day == local.date() and minute >= session.opens
            return Service(day, session, running, certain)
    raise LookupError(f"the hall has no session within {_LOOK_AHEAD} days of {local.date()}")


def begun(moment: datetime.datetime, hall: Hall) -> Service | None:
    """Return the session of the day that goes on at `moment` (aware) or ended last; None where none has begun yet."""
    local = moment.astimezone(CHINA)
    minute = local.hour * 60 + local.minute
    works, certain = working_day(local.date(), hall)
    sessions = [session for session in hall.sessions if session.opens <= minute] if works else []
    if not sessions:
        return None
    last = max(sessions, key=lambda session: session.opens)
    return Service(local.date(), last, minute < last.closes, certain)
