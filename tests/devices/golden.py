"""Golden bytes: what each document is on the wire, for each kind of printer and each language.

`python -m tests.devices.golden` writes them anew; look at the difference before you commit it. A file holds one
document in one language; printers that get the same bytes share a section. A line of bytes ends with its line feed and
is followed by what a person can read of it.
"""

import ast
from pathlib import Path

from devices.escpos import encode
from devices.glyphs import Glyphs
from devices.profile import Profile, read_profiles
from kiosk import paths
from kiosk.documents import Document
from kiosk.text import Language
from tests.devices import specimens

FOLDER = Path(__file__).parent / "golden"
PROCESS_ID = b"0042"


def profiles() -> dict[str, Profile]:
    """Return the shipped printers."""
    return read_profiles(paths.data_dir() / "printers.toml")


def glyphs() -> Glyphs:
    """Return the shipped bitmaps."""
    return Glyphs(paths.data_dir() / "glyphs" / "glyphs24")


def names() -> list[str]:
    """Return the golden files by name, without their ending."""
    documents = [f"{name}-{language}" for language in Language for name in specimens.documents(language)]
    return [*documents, "test-page"]


def document(name: str, profile: Profile) -> Document:
    """Return the document of the golden file `name`."""
    if name == "test-page":
        return specimens.test_page(profile)
    language = next(language for language in Language if name.endswith(f"-{language}"))
    return specimens.documents(language)[name.removesuffix(f"-{language}")]


def made(name: str) -> dict[str, bytes]:
    """Return the bytes of `name` as they are made now, by printer."""
    font = glyphs()
    return {
        printer: encode(document(name, profile), profile, PROCESS_ID, font).data
        for printer, profile in profiles().items()
    }


def kept(name: str) -> dict[str, bytes]:
    """Return the bytes of `name` as they are kept, by printer."""
    found: dict[str, bytes] = {}
    sharing: list[str] = []
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            sharing = line[3:].split()
            found |= dict.fromkeys(sharing, b"")
        elif line:
            literal: bytes = ast.literal_eval(line.split("  # ")[0])
            for printer in sharing:
                found[printer] += literal
    return found


def write(name: str) -> None:
    """Keep the bytes of `name` as they are made now."""
    sections: dict[bytes, list[str]] = {}
    for printer, data in made(name).items():
        sections.setdefault(data, []).append(printer)
    lines = []
    for data, sharing in sections.items():
        lines.append(f"== {' '.join(sharing)}")
        lines += [_shown(piece) for piece in data.splitlines(keepends=True)]
        lines.append("")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text("\n".join(lines), "utf-8")


def _shown(piece: bytes) -> str:
    readable = piece.decode("gbk", "ignore")
    readable = "".join(one for one in readable if one.isprintable() and (one.isalnum() or not one.isascii()))
    return f"{piece!r}  # {readable[:40]}" if any(not one.isascii() for one in readable) else repr(piece)


if __name__ == "__main__":
    for one in names():
        write(one)
