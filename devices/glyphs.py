"""Characters as bitmaps of 24 x 24 dots, for printers whose own font lacks them, and the Simplified forms of others.

The file of bitmaps (data/glyphs/glyphs24) begins with eight bytes `GLYPHS24` and the number of characters; then come
the code points in rising order and, in the same order, 72 bytes each: 24 columns from left to right of three bytes from
top to bottom, the highest bit uppermost, which is how FS 2 and ESC * 33 take them. Numbers have four bytes, the lowest
first. The file is mapped, not read: a slip needs a few of its 30,000 characters, most slips none.
"""

import mmap
import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

MAGIC = b"GLYPHS24"
DOTS = 24
GLYPH_BYTES = 72
_HEAD = len(MAGIC) + 4


class GlyphFileError(Exception):
    """The glyphs cannot be used; the message names the file and what is wrong."""


class Glyphs:
    """The bitmaps of `path`, and the Simplified forms of Traditional characters from `simplified.txt` beside it."""

    def __init__(self, path: Path) -> None:
        """Open both files. Raises GlyphFileError."""
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._simplified = _pairs(path.with_name("simplified.txt"))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise GlyphFileError(f"{path}: no glyphs can be read there: {reason}") from None
        head = self._map[:_HEAD].ljust(_HEAD, b"\x00")
        self._count = int.from_bytes(head[len(MAGIC) :], "little")
        if not head.startswith(MAGIC) or len(self._map) != _HEAD + self._count * (4 + GLYPH_BYTES):
            raise GlyphFileError(f"{path}: is not a whole file of glyphs; make it anew with: kiosk printer glyphs")
        self._points = memoryview(self._map)[_HEAD : _HEAD + 4 * self._count]

    def columns(self, character: str) -> bytes | None:
        """Return the 72 bytes of `character`, or None if the file lacks it. An ASCII character has the left half."""
        place = bisect_left(range(self._count), ord(character), key=self._point)
        if place == self._count or self._point(place) != ord(character):
            return None
        return self._bitmap(place)

    def simplified(self, character: str) -> str:
        """Return the Simplified form of `character`, itself if it has no other."""
        return self._simplified.get(character, character)

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield every character with its 72 bytes."""
        for place in range(self._count):
            yield chr(self._point(place)), self._bitmap(place)

    def _bitmap(self, place: int) -> bytes:
        start = _HEAD + 4 * self._count + GLYPH_BYTES * place
        return _harmless(self._map[start : start + GLYPH_BYTES])

    def _point(self, place: int) -> int:
        point: int = struct.unpack_from("<I", self._points, 4 * place)[0]
        return point


def written(glyphs: Mapping[str, bytes]) -> bytes:
    """Return the contents of a file of `glyphs`. Raises ValueError for one that has not 72 bytes."""
    for character, columns in glyphs.items():
        if len(columns) != GLYPH_BYTES:
            raise ValueError(f"{character} has {len(columns)} bytes, not {GLYPH_BYTES}")
    ordered = sorted(glyphs)
    points = b"".join(struct.pack("<I", ord(character)) for character in ordered)
    return MAGIC + struct.pack("<I", len(ordered)) + points + b"".join(glyphs[character] for character in ordered)


class GlyphReader:
    """Tells which character a bitmap is, as an eye does that looks at paper."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._characters: dict[bytes, str] = {}

    def __call__(self, matrix: Sequence[Sequence[bool]]) -> str | None:
        """Return the character whose 24 x 24 dots `matrix` are, rows from top to bottom, or None."""
        if not self._characters:
            for character, columns in self._glyphs:
                if not character.isascii():
                    self._characters.setdefault(columns, character)
        bits = "".join("1" if matrix[y][x] else "0" for x in range(DOTS) for y in range(DOTS))
        return self._characters.get(int(bits, 2).to_bytes(GLYPH_BYTES, "big"))


def _harmless(columns: bytes) -> bytes:
    """Return a bitmap so that it spells no real-time command: a printer obeys those in the middle of data, too.

    One more dot in it does not show. Source: Epson TM-T81 specification, note on GS ( D.
    """
    for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
        columns = columns.replace(command, b"\x18" + command[1:])
    return columns


def _pairs(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").split()
    for line in lines:
        if len(line) != 2:
            raise ValueError(f"{path.name} has a line {line[:8]!r} that is not two characters")
    return {line[0]: line[1] for line in lines}
