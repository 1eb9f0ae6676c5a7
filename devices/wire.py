"""How bytes travel on a serial line: speeds, flow control, and the time they take."""

from enum import StrEnum

BAUDS = (9600, 19200, 38400, 57600, 115200)
"""Bits a second, as receipt printers and scanners offer them."""
BITS_PER_BYTE = 10
"""A start bit, eight data bits, no parity, a stop bit: 8N1."""


class Flow(StrEnum):
    """How the device tells the host to wait. DTR/DSR is none of them: Linux has no such handshake."""

    NONE = "none"
    XON_XOFF = "xon-xoff"
    RTS_CTS = "rts-cts"


def wire_seconds(count: int, baud: int) -> float:
    """Return how long `count` bytes take on the wire at `baud` bits a second."""
    return count * BITS_PER_BYTE / baud
