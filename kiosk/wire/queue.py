"""How the calling of the hall stands, told to stations with each answer. It may be lost, and then comes anew."""

import msgspec


class ThemeCalls(msgspec.Struct, frozen=True, array_like=True):
    """One theme, by its letter. `called`: the last number of each window, the newest first.

    `waiting`: how many tickets wait; `places`: how many of them come before each ticket of this station, by number.
    """

    theme: str
    called: tuple[str, ...]
    waiting: int
    places: dict[str, int] = {}


class QueueSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The themes that are being called, at `time` (UTC milliseconds), in one session (`08:30-12:00`) of an ISO day."""

    day: str
    session: str
    time: int
    themes: tuple[ThemeCalls, ...]
