"""Reads all of the bureau's files at once and says everything that is wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kiosk.catalog.decode import Decoder
from kiosk.catalog.glossary import FILE as GLOSSARY
from kiosk.catalog.glossary import Glossary, read_glossary
from kiosk.catalog.mistakes import Mistake, nearest
from kiosk.catalog.origin import Origin, read
from kiosk.catalog.schema import NOWHERE, Findings, Place, Record
from kiosk.catalog.source import CycleSource, HallSource, MaterialsSource, StationSource, ThemesSource
from kiosk.catalog.source_channels import CHANNELS, ChannelSource, PlainChannelSource
from kiosk.catalog.source_requests import RequestSource
from kiosk.catalog.source_slots import SlotsSource
from kiosk.catalog.source_words import CharactersSource, PlacesSource, PrioritySource, SurnamesSource

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Data:
    """The bureau's files as records; a file that could not be read is None or absent. Those of folders in order."""

    cycles: tuple[CycleSource, ...] = ()
    channels: tuple[ChannelSource, ...] = ()
    requests: tuple[RequestSource, ...] = ()
    materials: MaterialsSource | None = None
    themes: ThemesSource | None = None
    hall: HallSource | None = None
    station: StationSource | None = None
    places: PlacesSource | None = None
    priority: PrioritySource | None = None
    slots: SlotsSource | None = None
    characters: CharactersSource | None = None
    surnames: SurnamesSource | None = None
    glossary: Glossary = field(default_factory=Glossary)


def read_data(folder: Path) -> tuple[Data, list[Mistake]]:
    """Return the files in `folder`, with every mistake that a file or a single table shows, and unknown references."""
    reader = _Reader(folder)
    cycles = reader.cycles()
    channels = reader.channels()
    requests = reader.requests()
    data = Data(
        cycles=tuple(sorted(cycles, key=lambda file: (file.cycle.direction != "life", file.cycle.place))),
        channels=tuple(sorted(channels, key=lambda file: file.channel.place)),
        requests=tuple(sorted(requests, key=lambda file: (file.request.channel, file.request.place))),
        materials=reader.file(MaterialsSource, "materials.toml"),
        themes=reader.file(ThemesSource, "themes.toml"),
        hall=reader.file(HallSource, "hall.toml"),
        station=reader.file(StationSource, "station.toml"),
        places=reader.file(PlacesSource, "places.toml"),
        priority=reader.file(PrioritySource, "priority.toml"),
        slots=reader.file(SlotsSource, "slots.toml"),
        characters=reader.file(CharactersSource, "characters.toml"),
        surnames=reader.file(SurnamesSource, "surnames.toml"),
        glossary=reader.glossary(),
    )
    return data, [*reader.findings.mistakes, *reader.findings.unknown_references()]


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.findings = Findings()
        self._decoder = Decoder(self.findings)

    def _origin(self, name: str) -> Origin | None:
        found = read(self._folder, name)
        if isinstance(found, Mistake):
            self.findings.mistakes.append(found)
            return None
        return found

    def file(self, shape: type[R], name: str) -> R | None:
        """Return a single file as a record, or None when it cannot be read."""
        origin = self._origin(name)
        return None if origin is None else self._decoder.record(shape, origin.tables, Place(origin))

    def _names(self, folder: str) -> Iterator[str]:
        try:
            yield from sorted(path.name for path in (self._folder / folder).iterdir() if path.suffix == ".toml")
        except OSError as error:
            wrong = (error.strerror or str(error)).lower()
            self.findings.mistakes.append(Mistake(folder, 0, "", "", wrong, "a folder of .toml files belongs here"))

    def cycles(self) -> Iterator[CycleSource]:
        """Yield the files of cycles/."""
        for name in self._names("cycles"):
            if file := self.file(CycleSource, f"cycles/{name}"):
                self._named(name, file.cycle.id, file.cycle.at)
                yield file

    def channels(self) -> Iterator[ChannelSource]:
        """Yield the files of channels/: those that every catalogue has, and those that the bureau added."""
        names = list(self._names("channels"))
        missing = sorted(CHANNELS.keys() - {name.removesuffix(".toml") for name in names})
        for name in names:
            stem = name.removesuffix(".toml")
            meant = nearest(stem, missing)
            if stem not in CHANNELS and meant:
                mistake = Mistake(f"channels/{name}", 0, "", "", f"unknown channel{meant}", "rename the file")
                self.findings.mistakes.append(mistake)
            elif file := self.file(CHANNELS.get(stem, PlainChannelSource), f"channels/{name}"):
                self._named(name, file.channel.id, file.channel.at)
                yield file
        for stem in missing:
            name = f"channels/{stem}.toml"
            self.findings.mistakes.append(Mistake(name, 0, "", "", "is missing", "each channel has its file"))

    def requests(self) -> Iterator[RequestSource]:
        """Yield the files of requests/."""
        for name in self._names("requests"):
            if file := self.file(RequestSource, f"requests/{name}"):
                self._named(name, file.request.id, file.request.at)
                yield file

    def _named(self, name: str, id_: str, place: Place) -> None:
        if id_ and place is not NOWHERE and name != f"{id_}.toml":
            wrong = f"is '{id_}' in a file named {name}"
            self.findings.mistakes.append(place.mistake("id", wrong, "the file is named after the id"))

    def glossary(self) -> Glossary:
        """Return glossary.toml."""
        origin = self._origin(GLOSSARY)
        if origin is None:
            return Glossary()
        glossary, mistakes = read_glossary(origin)
        self.findings.mistakes += mistakes
        return glossary
