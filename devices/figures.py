"""Pixel shapes of the characters of a queue number at four times the size, for the picture of a slip in a terminal.

Eight pixel rows each, at most four wide, so that a number such as `A07-012` fits 32 cells with one cell between
figures. Two pixel rows make one row of half blocks.
"""

ROWS = 8

_DRAWN = """
0 .##. #..# #..# #..# #..# #..# #..# .##.
1 .#. ##. .#. .#. .#. .#. .#. ###
2 .##. #..# ...# ...# ..#. .#.. #... ####
3 .##. #..# ...# .##. ...# ...# #..# .##.
4 ..#. .##. .##. #.#. #.#. #### ..#. ..#.
5 #### #... #... ###. ...# ...# #..# .##.
6 .##. #..# #... ###. #..# #..# #..# .##.
7 #### ...# ...# ..#. ..#. .#.. .#.. .#..
8 .##. #..# #..# .##. #..# #..# #..# .##.
9 .##. #..# #..# #..# .### ...# #..# .##.
- .. .. .. ## .. .. .. ..
A .##. #..# #..# #..# #### #..# #..# #..#
B ###. #..# #..# ###. #..# #..# #..# ###.
C .##. #..# #... #... #... #... #..# .##.
D ###. #..# #..# #..# #..# #..# #..# ###.
E #### #... #... ###. #... #... #... ####
F #### #... #... ###. #... #... #... #...
G .##. #..# #... #... #.## #..# #..# .##.
H #..# #..# #..# #### #..# #..# #..# #..#
J ...# ...# ...# ...# ...# #..# #..# .##.
K #..# #..# #.#. ##.. ##.. #.#. #..# #..#
L #... #... #... #... #... #... #... ####
M #..# #### #### #..# #..# #..# #..# #..#
N #..# ##.# ##.# #.## #.## #..# #..# #..#
P ###. #..# #..# #..# ###. #... #... #...
Q .##. #..# #..# #..# #..# #.## #..# .###
R ###. #..# #..# ###. ##.. #.#. #..# #..#
S .##. #..# #... .##. ...# ...# #..# .##.
T ### .#. .#. .#. .#. .#. .#. .#.
U #..# #..# #..# #..# #..# #..# #..# .##.
V #..# #..# #..# #..# #..# #..# .##. .##.
W #..# #..# #..# #..# #..# #### #### #..#
X #..# #..# .##. .##. .##. .##. #..# #..#
Y #.# #.# #.# #.# .#. .#. .#. .#.
Z #### ...# ...# ..#. .#.. #... #... ####
"""


def _read() -> dict[str, tuple[str, ...]]:
    lines = (line.split(" ") for line in _DRAWN.split("\n") if line)
    return {character: tuple(rows) for character, *rows in lines}


FIGURES = _read()
"""Pixel rows by character, `#` for ink; no I and O, which queue numbers never have."""


def figures(text: str, width: int) -> list[str] | None:
    """Return `text` as pixel rows with a blank column between figures, or None if it has no shapes or is too wide."""
    if not text or any(character not in FIGURES for character in text):
        return None
    rows = [".".join(FIGURES[character][row] for character in text) for row in range(ROWS)]
    return rows if len(rows[0]) <= width else None
