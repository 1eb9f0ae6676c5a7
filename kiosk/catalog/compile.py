"""Turns the bureau's files, which hold no mistake any more, into the values that the station uses."""

from collections.abc import Callable

from kiosk.appointments import SlotRule
from kiosk.catalog.model import (
    Area,
    Cycle,
    Material,
    Matter,
    Option,
    Package,
    Question,
    Theme,
)
from kiosk.catalog.schema import Pair
from kiosk.catalog.source import (
    CycleTable,
    HallSource,
    MaterialSource,
    OptionSource,
    PackageSource,
    QuestionKind,
    SituationSource,
    ThemeSource,
    ThemesSource,
)
from kiosk.catalog.source_slots import SlotsSource
from kiosk.catalog.source_words import AreaSource, PrioritySource
from kiosk.hours import Hall, Session
from kiosk.text import NO_TEXT, Text
from kiosk.tickets import Ground, Priority

Words = Callable[[Pair], Text]
"""Gives a text its Traditional form."""


def simplified(pair: Pair) -> Text:
    """Return `pair` with the Simplified text in place of the Traditional one; enough to check the catalogue."""
    return Text(pair.zh, pair.zh, pair.en) if pair.zh else NO_TEXT


def material(source: MaterialSource, words: Words) -> Material:
    """Return one document."""
    return Material(
        id=source.id,
        name=words(source.name),
        kind=source.kind,
        electronic=source.obtainable_electronically,
        carried=source.carried,
        note=words(source.note),
    )


def package(source: PackageSource, cycle: str, words: Words) -> Package:
    """Return one package of `cycle`; its departments are those of its matters, each once."""
    departments = dict.fromkeys(words(matter.department) for matter in source.matter)
    matters = tuple(
        Matter(words(matter.name), words(matter.department), matter.materials, matter.produces)
        for matter in source.matter
    )
    names = [matter.name.zh for matter in source.matter]
    return Package(
        id=source.id,
        code=source.code,
        cycle=cycle,
        name=words(source.name),
        short=words(Pair(source.short.zh or source.name.zh, source.short.en or source.name.en)),
        summary=words(source.summary),
        audience=words(source.audience),
        departments=tuple(departments),
        matters=matters,
        steps=tuple(words(step) for step in source.steps),
        trips=source.trips,
        online=source.online,
        fee=words(source.fee),
        days=source.statutory_days or None,
        days_unit=words(source.days_unit),
        days_scope=words(source.days_scope),
        note=words(source.note),
        questions=tuple(_question(situation, names, words) for situation in source.situation),
        reference_only=source.reference_only,
    )


def _question(source: SituationSource, matters: list[str], words: Words) -> Question:
    return Question(
        text=words(source.question),
        yesno=source.kind is QuestionKind.YESNO,
        options=tuple(_option(option, matters, words) for option in source.option),
        why=words(source.why),
    )


def _option(source: OptionSource, matters: list[str], words: Words) -> Option:
    return Option(
        label=words(source.label),
        note=words(source.note),
        adds=source.adds,
        removes=source.removes,
        skips=tuple(matters.index(name) for name in source.skips_matters),
        blocks=source.blocks,
    )


def cycle(source: CycleTable, packages: tuple[str, ...], words: Words) -> Cycle:
    """Return one cycle with the ids of its packages."""
    return Cycle(
        id=source.id,
        direction=source.direction,
        name=words(source.name),
        label=words(source.label),
        gloss=words(source.gloss),
        seal=source.seal,
        packages=packages,
    )


def theme(source: ThemeSource, words: Words) -> Theme:
    """Return one queue theme."""
    return Theme(source.letter, source.of, words(source.name))


def area(source: AreaSource, words: Words) -> Area:
    """Return one sub-district or town."""
    return Area(source.id, words(source.name), tuple(words(community) for community in source.communities))


def priority(source: PrioritySource, words: Words) -> Priority:
    """Return who is called earlier, and by how much."""
    return Priority(
        grounds=tuple(Ground(ground.id, words(ground.name)) for ground in source.ground),
        head_start=source.priority.head_start_minutes,
        most_passed=source.priority.most_passed,
    )


def minutes(clock: str) -> int:
    """Return a time such as "08:30" in minutes after midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def hall(source: HallSource, words: Words) -> Hall:
    """Return the hall's sessions and special days."""
    return Hall(
        name=words(source.hall.name),
        sample=source.hall.sample,
        sessions=tuple(Session(minutes(session.opens), minutes(session.closes)) for session in source.session),
        last_number=source.hall.last_number_minutes,
        closed=source.hall.closed,
        open=source.hall.open,
    )


def slots(source: SlotsSource, themes: ThemesSource, words: Words) -> tuple[SlotRule, ...]:
    """Return what can be booked."""
    letters = {theme.of: theme.letter for theme in themes.theme}
    return tuple(
        SlotRule(
            theme=letters[slot.of],
            of=slot.of,
            name=words(slot.name),
            weekdays=slot.weekdays,
            session=Session(minutes(slot.opens), minutes(slot.closes)),
            capacity=slot.capacity,
            at_a_time=slot.at_a_time,
            days_ahead=slot.days_ahead,
            sample=slot.sample,
        )
        for slot in source.slot
    )
