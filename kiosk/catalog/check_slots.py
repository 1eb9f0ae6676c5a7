"""Checks slots.toml against the hall's sessions and the queue themes."""

from collections.abc import Iterator

from kiosk.catalog.mistakes import Mistake
from kiosk.catalog.read import Data
from kiosk.catalog.schema import Place


def check_slots(data: Data) -> Iterator[Mistake]:
    """Yield a mistake for each slot that nobody could be served in, or that another table gives places to as well."""
    if data.slots is None or data.hall is None or data.themes is None:
        return
    sessions = {(session.opens, session.closes) for session in data.hall.session}
    owned = {theme.of for theme in data.themes.theme}
    taken: dict[tuple[str, int, str], Place] = {}
    for slot in data.slots.slot:
        if (slot.opens, slot.closes) not in sessions:
            known = ", ".join(f"{opens}-{closes}" for opens, closes in sorted(sessions))
            yield slot.at.mistake("opens", f"{slot.opens}-{slot.closes} is no session of the hall", f"one of {known}")
        if slot.of and slot.of not in owned:
            yield slot.at.mistake("of", f"'{slot.of}' has no theme", "one that themes.toml gives a letter")
        for weekday in slot.weekdays:
            first = taken.setdefault((slot.of, weekday, slot.opens), slot.at)
            if first is not slot.at:
                line = first.mistake("", "", "").line
                wrong = f"weekday {weekday} has this session already, in line {line}"
                yield slot.at.mistake("weekdays", wrong, "each session of a theme is given once")
