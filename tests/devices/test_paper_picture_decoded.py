"""The picture of each slip, dot by dot, read by a program that knows nothing of us (make system)."""

import subprocess
from pathlib import Path

import pytest

from devices.paper_dots import dots, png
from devices.virtual_printer import VirtualPrinter
from kiosk.documents import Code
from tests.devices import golden

pytestmark = pytest.mark.system
PROFILES = golden.profiles()


def decoded(picture: Path) -> list[str]:
    """Return what zbar reads from a picture."""
    command = ["zbarimg", "--nodbus", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", picture]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()


@pytest.mark.parametrize("name", golden.names())
def test_the_codes_on_paper_are_read_from_its_picture(tmp_path: Path, name: str) -> None:
    font = golden.glyphs()
    seen: dict[bytes, list[str]] = {}
    for printer, data in golden.kept(name).items():
        if data in seen:
            continue
        profile = PROFILES[printer]
        virtual = VirtualPrinter(dots=profile.dots)
        virtual.feed(data)
        (slip,) = virtual.slips or [virtual.piece]
        picture = tmp_path / f"{printer}.png"
        picture.write_bytes(png(dots(slip, profile.dots, font.columns)))
        seen[data] = decoded(picture)
        wanted = [block.data for block in golden.document(name, profile).blocks if isinstance(block, Code)]
        assert sorted(seen[data]) == sorted(wanted), f"{name} of {printer}"
