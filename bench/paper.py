"""Bytes of slips, for the package and language that need most, against the words and codes alone without a command."""

import datetime
from collections.abc import Iterator

from bench.figure import Figure
from devices.escpos import encode
from devices.profile import read_profiles
from kiosk import paths, slips
from kiosk.catalog.guide import guide_code, merge
from kiosk.catalog.load import read_release
from kiosk.catalog.model import UNSURE, Package, Release
from kiosk.documents import Code, Document, Row, layout
from kiosk.hours import CHINA
from kiosk.keys import Claim, StationKey, ticket_link
from kiosk.settings import Settings
from kiosk.text import Language
from kiosk.tickets import new_code, number
from kiosk.wording import Wording

HOST = "STATION.EXAMPLE"
PROCESS_ID = b"0000"


def _plain(document: Document) -> int:
    """Return the bytes of the words and codes alone, one line feed a row."""
    size = 0
    for line in layout(document, 32):
        if isinstance(line, Row):
            size += len(line.text.encode("gbk")) + 1
        elif isinstance(line, Code):
            size += len(line.data)
    return size


def ticket(release: Release, wording: Wording, package: Package, language: Language) -> Document:
    """The ticket of a package for another day, which has the most to say."""
    theme = next(theme for theme in release.themes if theme.of == package.cycle)
    settings = Settings()
    code = new_code(lambda below: below - 1)
    day = datetime.date(2026, 11, 25)
    claim = Claim(code, settings.station.number, 2**32 - 1, 2**32 - 1, day, theme.letter, 1012)
    facts = slips.TicketFacts(
        number=number(theme.letter, settings.station.number, 1012),
        theme=theme.name,
        day=day,
        session="08:30-12:00",
        running=False,
        certain=False,
        station=settings.station.number,
        station_name=settings.station.name,
        hall=settings.hall.name,
        code=code,
        issued=datetime.datetime(2026, 11, 24, 23, 59, tzinfo=CHINA),
        qr=ticket_link(HOST, claim, StationKey.throw_away().sign),
        priority=True,
    )
    return slips.ticket(wording, language, facts)


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    release = read_release(paths.release_dir() / "catalog.msgpack")
    wording = Wording(paths.release_dir())
    profile = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]
    materials = {material.id: material for material in release.materials}
    for language, whole, base, each in ((Language.HANS, 520, 520, 30), (Language.EN, 620, 800, 50)):
        sizes = []
        spare = []
        for package in release.packages:
            slip = ticket(release, wording, package, language)
            sizes.append((len(encode(slip, profile, PROCESS_ID).data), _plain(slip)))
            answers = [UNSURE] * len(package.questions)
            checklist = merge(package, materials, answers)
            link = f"https://{HOST}/G/{guide_code(package, answers, language)}"
            guide = slips.guide(wording, language, package, checklist, link)
            size = len(encode(guide, profile, PROCESS_ID).data)
            spare.append((base + each * checklist.now - size, size, _plain(guide), base + each * checklist.now))
        most, plain = max(sizes)
        yield Figure(f"bytes of the longest ticket, {language}", most, plain, "B", f"<= {whole}", most <= whole)
        _, size, plain, limit = min(spare)
        name = f"bytes of the guide with least to spare, {language}"
        yield Figure(name, size, plain, "B", f"<= {base} + {each} a paper = {limit}", size <= limit)
