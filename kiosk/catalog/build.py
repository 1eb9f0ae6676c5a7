"""Builds the catalogue release and the wording from the bureau's files."""

import datetime
import os
from collections.abc import Mapping
from pathlib import Path

from kiosk.catalog import compile as make
from kiosk.catalog import index, syllables
from kiosk.catalog.check import Checked
from kiosk.catalog.compile_channels import channel
from kiosk.catalog.compile_requests import form
from kiosk.catalog.lists import named_lists
from kiosk.catalog.load import FILE, packed
from kiosk.catalog.messages import compiled
from kiosk.catalog.model import Release
from kiosk.catalog.read import Data
from kiosk.catalog.search import GoalNames
from kiosk.catalog.traditional import Traditional
from kiosk.hours import CHINA

INSTALLED = 0
"""Version of the release that comes with the program; the center's count from 1."""


def build(checked: Checked, out: Path, built: datetime.date) -> Path:
    """Write catalogue release and wording into the folder `out`; returns the release file.

    `checked` holds no mistakes. The same files and day give the same bytes. Each file appears whole or not at all.
    Raises OSError.
    """
    traditional = Traditional(checked.data.glossary)
    release = release_of(checked.data, traditional, built)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in compiled(checked.messages, traditional.convert, built).items():
        _write(out / name, content)
    _write(out / FILE, packed(release))
    return out / FILE


def build_date(environ: Mapping[str, str], now: datetime.datetime) -> datetime.date:
    """Return the day that a release is built on: by $SOURCE_DATE_EPOCH (reproducible-builds.org), else by `now`.

    Raises ValueError for an epoch that is no number of seconds.
    """
    epoch = environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.datetime.fromtimestamp(int(epoch), CHINA) if epoch else now
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"SOURCE_DATE_EPOCH is '{epoch}'; a number of seconds since 1970 is needed") from None
    return moment.astimezone(CHINA).date()


def release_of(data: Data, traditional: Traditional, built: datetime.date) -> Release:
    """Return the catalogue in `data`, which holds no mistakes, as a release. Raises ValueError for an absent file."""
    if (
        data.materials is None
        or data.themes is None
        or data.hall is None
        or data.places is None
        or data.priority is None
        or data.slots is None
        or data.characters is None
        or data.surnames is None
    ):
        raise ValueError("a catalogue with missing files cannot be built")
    words = traditional.words
    lists = named_lists(data)
    index.use_pronunciations(data.glossary.pinyin)
    cycles, packages, entries = [], [], []
    for file in data.cycles:
        cycle = make.cycle(file.cycle, tuple(source.id for source in file.package), words)
        cycles.append(cycle)
        for source in file.package:
            package = make.package(source, cycle.id, words)
            packages.append(package)
            entries.append(index.entry(package, cycle))
    channels = tuple(channel(file, data.requests, words) for file in data.channels)
    requests = tuple(form(file, lists, words) for file in data.requests)
    names = GoalNames(channels, requests)
    goals = tuple(names.goals())
    return Release(
        version=INSTALLED,
        built=built,
        cycles=tuple(cycles),
        packages=tuple(packages),
        materials=tuple(make.material(source, words) for source in data.materials.material),
        themes=tuple(make.theme(source, words) for source in data.themes.theme),
        channels=channels,
        requests=requests,
        hall=make.hall(data.hall, words),
        areas=tuple(make.area(source, words) for source in data.places.area),
        priority=make.priority(data.priority, words),
        slots=make.slots(data.slots, data.themes, words),
        typing=syllables.table(data.characters.characters, data.surnames.surnames, data.places, traditional),
        index=tuple(entries),
        goals=goals,
        goal_index=tuple(index.goal_entry(names.of(goal)) for goal in goals),
    )


def _write(path: Path, content: bytes) -> None:
    """Replace `path` by `content` so that a power cut leaves the old file or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
