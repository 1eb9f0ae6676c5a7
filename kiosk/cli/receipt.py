"""`kiosk receipt`: a specimen slip, as a picture in the terminal or as the exact bytes for a printer.

It takes no number and writes nothing but the file asked for: its running number is 000, its key is thrown away, and its
codes lead to a host that does not exist (RFC 2606).
"""

import argparse
import datetime
import difflib
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from devices.profile import Profile
from kiosk import hours, paths, slips, tickets
from kiosk.catalog.guide import guide_code, merge
from kiosk.catalog.load import read_release
from kiosk.catalog.model import UNSURE, Package, Release
from kiosk.cli.failure import Failure, told
from kiosk.cli.show import read_wording
from kiosk.cli.station import read_settings
from kiosk.documents import Document
from kiosk.settings import Settings
from kiosk.text import Language
from kiosk.wording import Wording

if TYPE_CHECKING:
    from devices.glyphs import Glyphs

HOST = "STATION.EXAMPLE"
_PROFILES = {58: "generic-58", 80: "generic-80"}
_NO_EPOCH = "0" * 16


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("receipt", help="a specimen slip, as a picture or as bytes")
    parser.add_argument("slip", choices=("ticket", "guide"), help="the queue ticket, or the list of what to bring")
    parser.add_argument("package", metavar="PACKAGE", help="id of a package, as in data/cycles")
    parser.add_argument("--paper", type=int, choices=sorted(_PROFILES), default=58, help="width in millimetres")
    parser.add_argument("--profile", metavar="NAME", help="a printer of data/printers.toml, instead of --paper")
    parser.add_argument("--lang", choices=[str(language) for language in Language], default="zh-Hans", help="language")
    parser.add_argument("--preview", action="store_true", help="print the bytes virtually and show the paper (default)")
    parser.add_argument(
        "--bytes", type=Path, metavar="FILE", help="write what a printer would get to FILE, - for output"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (default: $KIOSK_CONFIG, ./kiosk.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    from devices.escpos import encode
    from kiosk.cli.attached import glyphs, profile_called

    settings = read_settings(arguments.config)
    with told():
        release = read_release(paths.release_dir() / "catalog.msgpack")
        wording = read_wording(paths.release_dir())
    profile = profile_called(arguments.profile or _PROFILES[arguments.paper])
    package = _package(release, arguments.package)
    make = _ticket if arguments.slip == "ticket" else _guide
    font = glyphs()
    data = encode(make(settings, release, wording, package, Language(arguments.lang)), profile, glyphs=font).data
    if arguments.bytes:
        _write(arguments.bytes, data)
    if arguments.preview or not arguments.bytes:
        _preview(data, profile, font)
    return os.EX_OK


def _package(release: Release, name: str) -> Package:
    by_id = {package.id: package for package in release.packages}
    if name in by_id:
        return by_id[name]
    near = difflib.get_close_matches(name, by_id, n=3, cutoff=0.4)
    nearest = f"nearest: {', '.join(near)}" if near else "kiosk catalog search WORDS finds ids"
    raise Failure([f"no package is called {name[:40]!r}; {nearest}"], os.EX_USAGE)


def _ticket(settings: Settings, release: Release, wording: Wording, package: Package, language: Language) -> Document:
    from kiosk.keys import Claim, StationKey, ticket_link

    theme = next(theme for theme in release.themes if theme.of == package.cycle)
    now = datetime.datetime.now(hours.CHINA)
    service = hours.service(now, release.hall)
    code = tickets.new_code(secrets.randbelow)
    station = settings.station.number
    claim = Claim(code, station, int(_NO_EPOCH, 16), 0, service.day, theme.letter, 0)
    facts = slips.TicketFacts(
        number=tickets.number(theme.letter, station, 0),
        theme=theme.name,
        day=service.day,
        session=service.session.label,
        running=service.running,
        certain=service.certain,
        station=station,
        station_name=settings.station.name,
        hall=settings.hall.name,
        code=code,
        issued=now,
        qr=ticket_link(HOST, claim, StationKey.throw_away().sign),
    )
    return slips.ticket(wording, language, facts, specimen=True)


def _guide(settings: Settings, release: Release, wording: Wording, package: Package, language: Language) -> Document:
    """Return the guide of someone who answers 说不清楚 to every question: the longest list."""
    answers = [UNSURE] * len(package.questions)
    checklist = merge(package, {material.id: material for material in release.materials}, answers)
    link = f"https://{HOST}/G/{guide_code(package, answers, language)}"
    return slips.guide(wording, language, package, checklist, link, specimen=True)


def _write(path: Path, data: bytes) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Failure([f"{path}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None


def _preview(data: bytes, profile: Profile, font: "Glyphs | None") -> None:
    from devices.glyphs import GlyphReader
    from devices.virtual_printer import VirtualPrinter
    from kiosk.cli.paper import lines

    printer = VirtualPrinter(dots=profile.dots, read=GlyphReader(font) if font else lambda _: None)
    printer.feed(data)
    for line in lines(printer.rows(), printer.columns):
        print(line)
