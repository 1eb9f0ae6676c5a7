"""Checks the bureau's files: first each table on its own (`read`), then what the tables must have in common."""

import datetime
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from kiosk.catalog import compile as make
from kiosk.catalog.check_channels import check_sections
from kiosk.catalog.check_requests import check_request
from kiosk.catalog.check_slots import check_slots
from kiosk.catalog.check_words import check_characters, check_surnames
from kiosk.catalog.guide import merge
from kiosk.catalog.lists import named_lists
from kiosk.catalog.messages import read_messages
from kiosk.catalog.mistakes import Mistake, nearest, quoted
from kiosk.catalog.model import UNSURE, Answer, Material
from kiosk.catalog.read import Data, read_data
from kiosk.catalog.schema import Place
from kiosk.catalog.source import CARD, CycleSource, HallSource, PackageSource, QuestionKind, SituationSource
from kiosk.text import cells

_CLOSED_LIMIT = 45
"""Days in a row that the hall may be closed by its own list; beyond 60 the station finds no session for a number."""


@dataclass(frozen=True)
class Checked:
    """The bureau's files and every mistake in them, in the order of the files."""

    data: Data
    messages: Catalog
    mistakes: tuple[Mistake, ...]

    @property
    def counts(self) -> str:
        """What the catalogue holds, in one line."""
        packages = [package for cycle in self.data.cycles for package in cycle.package]
        themes = self.data.themes.theme if self.data.themes else ()
        materials = self.data.materials.material if self.data.materials else ()
        questions = [situation for package in packages for situation in package.situation]
        numbers = {
            "cycles": len(self.data.cycles),
            "packages": len(packages),
            "matters": sum(len(package.matter) for package in packages),
            "materials": len(materials),
            "questions": len(questions),
            "options": sum(len(question.option) for question in questions),
            "themes": len(themes),
            "channels": len(self.data.channels),
            "requests": len(self.data.requests),
            "slots": len(self.data.slots.slot) if self.data.slots else 0,
            "sentences": sum(1 for message in self.messages if message.id),
        }
        return ", ".join(f"{number} {name}" for name, number in numbers.items())

    @property
    def trips(self) -> str:
        """How often one has to come for the packages, in one line: nobody has confirmed it of any of them."""
        trips = [package.trips for cycle in self.data.cycles for package in cycle.package]
        none, once = trips.count(0), trips.count(1)
        share = round(100 * (none + once) / len(trips)) if trips else 0
        return (
            f"estimate over our own packages, unconfirmed and no official figure: {none} of {len(trips)} need no trip, "
            f"{once} at most one, together {share} %"
        )


def check(folder: Path) -> Checked:
    """Return the files in `folder` with all their mistakes. Never raises for what a file holds."""
    data, mistakes = read_data(folder)
    messages, wording = read_messages(folder)
    return Checked(data, messages, tuple(sorted({*mistakes, *wording, *_common(data)})))


def _common(data: Data) -> Iterator[Mistake]:
    yield from _cards((file.cycle.direction, file.cycle.place, file.cycle.at) for file in data.cycles)
    yield from _cards(("channels", file.channel.place, file.channel.at) for file in data.channels)
    yield from _cards((file.request.channel, file.request.place, file.request.at) for file in data.requests)
    lists = named_lists(data)
    for channel in data.channels:
        yield from check_sections(channel, lists)
    for request in data.requests:
        yield from check_request(request, lists)
    yield from _themes(data)
    if data.hall:
        yield from _hall(data.hall)
    yield from check_slots(data)
    if data.characters:
        yield from check_characters(data.characters.characters)
    if data.surnames:
        yield from check_surnames(data.surnames.surnames)
    entries = data.materials.material if data.materials else ()
    materials = {entry.id: make.material(entry, make.simplified) for entry in entries}
    for cycle in data.cycles:
        yield from _card(cycle)
        for package in cycle.package:
            yield from _package(package)
            yield from _lists(package, cycle.cycle.id, materials)


def _cards(places: Iterable[tuple[str, int, Place]]) -> Iterator[Mistake]:
    taken: dict[tuple[str, int], Place] = {}
    for page, number, place in places:
        first = taken.setdefault((page, number), place)
        if number and first is not place:
            yield place.mistake(
                "place", f"{number} is the place of '{first.id}' already", "each card has its own place"
            )


def _card(file: CycleSource) -> Iterator[Mistake]:
    label, gloss = file.cycle.label.zh, file.cycle.gloss.zh
    width = cells(label) + 2 + cells(gloss)
    if width > CARD:
        wrong = f"'{quoted(gloss)}' does not fit beside '{quoted(label)}': {width} cells with the blanks between"
        yield file.cycle.at.mistake("gloss_zh", wrong, f"at most {CARD} cells, a Chinese character takes 2")


def _themes(data: Data) -> Iterator[Mistake]:
    if data.themes is None:
        return
    for theme in data.themes.theme:
        if theme.letter in data.themes.retired:
            yield theme.at.mistake("letter", f"'{theme.letter}' was another theme's once", "a letter never used before")
    owned = {theme.of for theme in data.themes.theme}
    for file in data.cycles:
        if file.cycle.id and file.cycle.id not in owned:
            yield data.themes.at.mistake("", f"the cycle '{file.cycle.id}' has no theme", "a [[theme]] for every cycle")


def _hall(file: HallSource) -> Iterator[Mistake]:
    closed_until = 0
    for session in file.session:
        if not session.opens or not session.closes:
            continue
        opens, closes = (_minutes(clock) for clock in (session.opens, session.closes))
        if opens is None or closes is None:
            continue
        if closes <= opens:
            yield session.at.mistake("closes", f"{session.closes} is not after {session.opens}", "a later time")
        elif closes - opens <= file.hall.last_number_minutes:
            wrong = f"the session is shorter than last_number_minutes, {file.hall.last_number_minutes}"
            yield session.at.mistake("closes", wrong, "a longer session, or fewer minutes")
        if opens < closed_until:
            wrong = f"{session.opens} lies before the end of the session above"
            yield session.at.mistake("opens", wrong, "sessions in their order, without overlap")
        closed_until = max(closed_until, closes)
    for day in sorted(set(file.hall.closed) & set(file.hall.open)):
        yield file.hall.at.mistake("open", f"{day} stands in closed as well", "a day in one of the two lists")
    if longest := _longest_closure(file):
        day, days = longest
        wrong = f"the hall is closed for {days} days from {day}"
        yield file.hall.at.mistake("closed", wrong, f"at most {_CLOSED_LIMIT} days in a row, weekends included")


def _minutes(clock: str) -> int | None:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute) if hour.isdecimal() and minute.isdecimal() else None


def _longest_closure(file: HallSource) -> tuple[datetime.date, int] | None:
    """Return the first closure beyond the limit, by the hall's own list and the weekends."""
    closed, opened = set(file.hall.closed), set(file.hall.open)
    one = datetime.timedelta(days=1)

    def works(day: datetime.date) -> bool:
        return day in opened or (day not in closed and day.weekday() < 5)

    for first in sorted(closed):
        days = 0
        day = first
        while not works(day) and day < datetime.date.max:
            day += one
            days += 1
        if days > _CLOSED_LIMIT:
            return first, days
    return None


def _package(package: PackageSource) -> Iterator[Mistake]:
    names: list[str] = []
    for matter in package.matter:
        if matter.name.zh in names:
            yield matter.at.mistake("name_zh", f"'{quoted(matter.name.zh)}' stands twice", "each matter has its name")
        names += [matter.name.zh] if matter.name.zh else []
    days = (package.statutory_days, package.days_unit.zh, package.days_scope.zh, package.days_source)
    if any(days) and not all(days):
        wrong = "statutory_days, days_unit, days_scope and days_source are not all there"
        yield package.at.mistake("statutory_days", wrong, "all four, or none where the period is not known")
    known = {name for matter in package.matter for name in matter.materials}
    for situation in package.situation:
        yield from _situation(situation, names, known)


def _situation(situation: SituationSource, matters: list[str], known: set[str]) -> Iterator[Mistake]:
    options = situation.option
    if situation.kind is QuestionKind.YESNO:
        if len(options) > 2:
            yield situation.at.mistake("option", f"a yes-no question has {len(options)} options", "two: yes, then no")
        elif len(options) == 2 and not _yes_first(situation):
            wrong = f"the options are '{quoted(options[0].label.zh)}' and '{quoted(options[1].label.zh)}'"
            yield situation.at.mistake("option", wrong, "yes (是, Yes) first, then no (否, No)")
    if options and not any(
        option.adds or option.removes or option.skips_matters or option.blocks for option in options
    ):
        yield situation.at.mistake("option", "no answer changes anything", "a question that makes a difference")
    for option in options:
        for name in option.skips_matters:
            if name not in matters:
                wrong = f"unknown matter '{quoted(name)}'{nearest(name, matters)}"
                yield option.at.mistake("skips_matters", wrong, "the name_zh of a matter of this package")
        for name in option.removes:
            if name not in known:
                wrong = f"'{quoted(name)}' is asked for by no matter of this package"
                yield option.at.mistake("removes", wrong, "materials that one of its matters asks for")
        if option.blocks and not option.note.zh:
            yield option.at.mistake("note_zh", "is missing", "an answer that blocks says why and where to go")


def _yes_first(situation: SituationSource) -> bool:
    yes, no = situation.option
    return (
        yes.label.zh.startswith("是")
        and no.label.zh.startswith("否")
        and yes.label.en.startswith("Yes")
        and no.label.en.startswith("No")
    )


def _lists(source: PackageSource, cycle: str, materials: dict[str, Material]) -> Iterator[Mistake]:
    """Work out the checklist of every combination of answers."""
    names = {matter.name.zh for matter in source.matter}
    options = [option for situation in source.situation for option in situation.option]
    if not all(name in names for option in options for name in option.skips_matters):
        return
    package = make.package(source, cycle, make.simplified)
    answers: list[list[Answer]] = [[*range(len(question.options)), UNSURE] for question in package.questions]
    for combination in itertools.product(*answers):
        checklist = merge(package, materials, combination)
        said = ", ".join(
            "unsure" if answer is UNSURE else question.options[answer].label.hans
            for question, answer in zip(package.questions, combination, strict=True)
        )
        if not checklist.matters:
            wrong = f"the answers {said} skip every matter"
            yield source.at.mistake("situation", wrong, "at least one matter remains whatever is answered")
            return
        if checklist.now > checklist.before:
            wrong = f"the answers {said} give {checklist.now} documents, more than the {checklist.before} before"
            yield source.at.mistake("situation", wrong, "a list that merging makes shorter")
            return
