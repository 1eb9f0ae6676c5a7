"""Reads a QR code from its modules: ISO/IEC 18004, versions 1 to 9, correction M, byte mode, no damage to correct.

Written for the tests, from the standard: it shares nothing with what draws the codes.
"""

from collections.abc import Sequence

Modules = Sequence[Sequence[bool]]

_DATA_BLOCKS = {
    1: (16,),
    2: (28,),
    3: (44,),
    4: (32,) * 2,
    5: (43,) * 2,
    6: (27,) * 4,
    7: (31,) * 4,
    8: (38, 38, 39, 39),
    9: (36, 36, 36, 37, 37),
}
"""Table 9: data codewords of each block at correction M."""
_ALIGNMENT = {
    1: (),
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
}
"""Annex E: rows and columns of the centres of the alignment patterns."""
_MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
_FORMAT_MASK = 0b101010000010010
_LEVEL_M = 0


def payload(modules: Modules) -> str:
    """Return the text of the code."""
    side = len(modules)
    assert all(len(row) == side for row in modules)
    version = (side - 17) // 4
    form = 0
    for place in ((8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8)):
        form = form << 1 | modules[place[0]][place[1]]
    for y in (7, 5, 4, 3, 2, 1, 0):
        form = form << 1 | modules[y][8]
    form ^= _FORMAT_MASK
    assert form >> 13 == _LEVEL_M, "correction M"
    mask = _MASKS[form >> 10 & 7]
    words = _codewords(modules, version, mask)
    bits = "".join(f"{word:08b}" for word in _in_order(words, _DATA_BLOCKS[version]))
    assert bits[:4] == "0100", "byte mode"
    count = int(bits[4:12], 2)
    return bytes(int(bits[12 + 8 * place : 20 + 8 * place], 2) for place in range(count)).decode("ascii")


def _codewords(modules: Modules, version: int, mask) -> list[int]:
    side = len(modules)
    bits = []
    upward = True
    for right in range(side - 1, 0, -2):
        if right <= 6:
            right -= 1
        for step in range(side):
            y = side - 1 - step if upward else step
            places = [(y, x) for x in (right, right - 1) if not _is_function(y, x, side, version)]
            bits += [modules[y][x] ^ (mask(y, x) == 0) for y, x in places]
        upward = not upward
    return [int("".join("01"[bit] for bit in bits[start : start + 8]), 2) for start in range(0, len(bits) - 7, 8)]


def _is_function(y: int, x: int, side: int, version: int) -> bool:
    if (y < 9 and (x < 9 or x >= side - 8)) or (y >= side - 8 and x < 9) or 6 in (y, x):
        return True
    if version >= 7 and ((y < 6 and x >= side - 11) or (x < 6 and y >= side - 11)):
        return True
    centres = _ALIGNMENT[version]
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    return any(
        abs(y - down) <= 2 and abs(x - across) <= 2
        for down in centres
        for across in centres
        if (down, across) not in corners
    )


def _in_order(words: list[int], blocks: tuple[int, ...]) -> list[int]:
    """Undo the interleaving of the blocks' data."""
    sorted_words: list[list[int]] = [[] for _ in blocks]
    stream = iter(words)
    for place in range(max(blocks)):
        for block, size in zip(sorted_words, blocks, strict=True):
            if place < size:
                block.append(next(stream))
    return [word for block in sorted_words for word in block]
