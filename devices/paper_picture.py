"""The picture of a slip in terminal cells: half blocks for QR codes and large figures, letters for the rest.

One cell stands for 12 dots across and 30 down, the space of one ASCII character. A QR code is drawn one module to a
half cell, larger than life, so that a phone can read it; one too wide for the paper is drawn with four modules to a
cell, whole but twice as high as wide.
"""

from devices.figures import ROWS, figures
from devices.virtual_paper import CELL_DOTS, Align, Feed, Glyph, Mark, Matrix, Picture, Slip, TextLine
from kiosk.ports import PaperRow
from kiosk.text import ambiguous, cells

_ROW_DOTS = 30
_HALVES = " ▀▄█"
_QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_TERMINAL = {"□": "[]", "■": "[x]", "√": "v", "·": "."}
"""What terminals draw one or two cells wide as they like goes out in characters of known width."""
_UNKNOWN = "▒"


def picture(slip: Slip, columns: int, *, cut: bool) -> tuple[PaperRow, ...]:
    """Return `slip` as rows at most `columns` cells wide, with a row for the cut below it if it has been `cut` off."""
    rows = [row for mark in slip.marks for row in _rows(mark, columns)]
    if cut:
        rows.append(PaperRow(("- " * columns)[:columns], kind="cut"))
    return tuple(rows)


def _rows(mark: Mark, columns: int) -> list[PaperRow]:
    match mark:
        case Feed():
            return [PaperRow("")] * round(mark.height / _ROW_DOTS)
        case Picture():
            return [PaperRow(row, kind="qr") for row in _code(mark, columns)]
        case TextLine():
            return _text(mark, columns)


def _code(mark: Picture, columns: int) -> list[str]:
    wide = len(mark.matrix[0])
    blocks = _blocks(mark.matrix, 1, _HALVES) if wide <= columns else _blocks(mark.matrix, 2, _QUARTERS)
    return [_placed(row.rstrip(), len(row), mark.align, columns) for row in blocks]


def _text(line: TextLine, columns: int) -> list[PaperRow]:
    bold = line.scale > 1 or any(glyph.bold for glyph in line.glyphs)
    shapes = figures(line.text.strip(), columns) if line.scale == ROWS // 2 else None
    if shapes is not None:
        matrix = tuple(tuple(pixel == "#" for pixel in row) for row in shapes)
        rows = _blocks(matrix, 1, _HALVES)
        return [PaperRow(_placed(row.rstrip(), len(row), line.align, columns)) for row in rows]
    text = "".join(_spread(line))
    row = PaperRow(_placed(text.rstrip(), cells(text), line.align, columns), bold)
    return [row, *[PaperRow("", bold)] * (round(line.height / _ROW_DOTS) - 1)]


def _spread(line: TextLine) -> list[str]:
    """Return the characters, each with the blanks up to the next one's place."""
    parts = []
    end = 0
    for glyph in line.glyphs:
        parts.append(" " * ((glyph.left - end) // CELL_DOTS))
        shown = _shown(glyph)
        parts.append(shown + " " * (glyph.width // CELL_DOTS - cells(shown)))
        end = glyph.left + glyph.width
    return parts


def _shown(glyph: Glyph) -> str:
    shown = _TERMINAL.get(glyph.character, glyph.character)
    return _UNKNOWN * (glyph.width // CELL_DOTS) if ambiguous(shown) else shown


def _blocks(matrix: Matrix, across: int, blocks: str) -> list[str]:
    """Return `matrix` as block characters, each standing for `across` modules side by side in two rows."""
    wide = len(matrix[0])

    def dark(y: int, x: int) -> bool:
        return y < len(matrix) and x < wide and matrix[y][x]

    rows = []
    for top in range(0, len(matrix), 2):
        row = ""
        for left in range(0, wide, across):
            around = [dark(y, x) for y in (top, top + 1) for x in range(left, left + across)]
            row += blocks[sum(bit << place for place, bit in enumerate(around))]
        rows.append(row)
    return rows


def _placed(text: str, width: int, align: Align, columns: int) -> str:
    return " " * ((columns - width) * align // 2) + text
