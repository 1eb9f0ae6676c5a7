"""Bytes of slips and their seconds on the wire, against the same slip sent as one picture, which is the raster way.

The picture is what the virtual printer has on its paper, dot by dot, as `GS v 0` without doubling: 48 bytes a row of
dots on 58 mm.
"""

from collections.abc import Iterator

from bench.figure import Figure
from bench.paper import HOST, PROCESS_ID, ticket
from devices.escpos import encode
from devices.glyphs import Glyphs
from devices.paper_dots import dots
from devices.profile import Profile, read_profiles
from devices.virtual_printer import VirtualPrinter
from devices.wire import wire_seconds
from kiosk import paths, slips
from kiosk.catalog.guide import guide_code, merge
from kiosk.catalog.load import read_release
from kiosk.catalog.model import UNSURE, Package, Release
from kiosk.documents import Document
from kiosk.text import Language
from kiosk.wording import Wording

BAUDS = (9600, 19200, 115200)
PACKAGE = "newborn-birth"
SHARE = 0.1
"""Of the picture's time; a printer that draws no codes itself and lacks Traditional characters is the slowest."""

_HEAD = 8


def _documents(release: Release, wording: Wording, package: Package, language: Language) -> dict[str, Document]:
    materials = {material.id: material for material in release.materials}
    answers = [UNSURE] * len(package.questions)
    link = f"https://{HOST}/G/{guide_code(package, answers, language)}"
    guide = slips.guide(wording, language, package, merge(package, materials, answers), link)
    return {"ticket": ticket(release, wording, package, language), "guide": guide}


def _picture(data: bytes, profile: Profile, glyphs: Glyphs) -> int:
    """Return the bytes of the slip that `data` prints, as one picture."""
    printer = VirtualPrinter(dots=profile.dots)
    printer.feed(data)
    rows = sum(len(dots(slip, profile.dots, glyphs.columns)) for slip in [*printer.slips, printer.piece])
    return _HEAD + rows * profile.dots // 8


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    release = read_release(paths.release_dir() / "catalog.msgpack")
    wording = Wording(paths.release_dir())
    glyphs = Glyphs(paths.data_dir() / "glyphs" / "glyphs24")
    profiles = read_profiles(paths.data_dir() / "printers.toml")
    package = next(package for package in release.packages if package.id == PACKAGE)
    for printer, language in (("generic-58", Language.HANS), ("raster-58", Language.HANT)):
        profile = profiles[printer]
        for name, document in _documents(release, wording, package, language).items():
            data = encode(document, profile, PROCESS_ID, glyphs).data
            picture = _picture(data, profile, glyphs)
            what = f"{name}, {language}, {printer}"
            limit = f"<= {SHARE} of the picture"
            yield Figure(f"{what}: bytes", len(data), picture, "B", limit, len(data) <= SHARE * picture)
            for baud in BAUDS:
                ours, bare = wire_seconds(len(data), baud), wire_seconds(picture, baud)
                yield Figure(f"{what}: at {baud} baud", ours, bare, "s", limit, ours <= SHARE * bare)
