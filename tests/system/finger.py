"""A finger on the screen of a compositor: a pointer that is plugged in by the protocol for virtual ones.

Written against the wire format of Wayland and wlr-virtual-pointer-unstable-v1, so that nothing needs to be installed.
"""

import socket
import struct
from pathlib import Path

_DISPLAY, _REGISTRY, _CALLBACK, _MANAGER, _POINTER = range(1, 6)
"""Numbers of the objects on the wire; the first is fixed, the others are ours to give."""

_SYNC, _GET_REGISTRY = 0, 1
_BIND = 0
_CREATE = 0
_MOVE_TO, _BUTTON, _FRAME = 1, 2, 4
_GLOBAL = 0
_LEFT = 0x110
"""BTN_LEFT of linux/input-event-codes.h."""

_MANAGER_NAME = "zwlr_virtual_pointer_manager_v1"
_ANY_SEAT = 0


class Finger:
    """Touches one screen, as sway does for programs that know only a mouse. It is plugged in as long as it lives."""

    def __init__(self, display: Path) -> None:
        """`display` is the compositor's socket. Raises OSError, LookupError if the compositor takes no such pointer."""
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(display))
        self._time = 0
        self._say(_DISPLAY, _GET_REGISTRY, struct.pack("=I", _REGISTRY))
        self._say(_DISPLAY, _SYNC, struct.pack("=I", _CALLBACK))
        name = _text(_MANAGER_NAME)
        self._say(_REGISTRY, _BIND, struct.pack("=I", self._find()) + name + struct.pack("=II", 1, _MANAGER))
        self._say(_MANAGER, _CREATE, struct.pack("=II", _ANY_SEAT, _POINTER))

    def touch(self, x: int, y: int, width: int, height: int) -> None:
        """Touch a pixel of a screen of `width` x `height` pixels, and let go."""
        self._point(_MOVE_TO, x, y, width, height)
        for pressed in (1, 0):
            self._point(_BUTTON, _LEFT, pressed)

    def _point(self, request: int, *numbers: int) -> None:
        self._time += 1
        self._say(_POINTER, request, struct.pack(f"={1 + len(numbers)}I", self._time, *numbers))
        self._say(_POINTER, _FRAME, b"")

    def _find(self) -> int:
        """Return the number under which the compositor offers such pointers."""
        while True:
            to, kind, data = self._hear()
            if to == _CALLBACK:
                raise LookupError(f"no {_MANAGER_NAME}")
            if to == _REGISTRY and kind == _GLOBAL and _text(_MANAGER_NAME) in data:
                (number,) = struct.unpack_from("=I", data)
                return int(number)

    def _say(self, to: int, request: int, data: bytes) -> None:
        self._line.sendall(struct.pack("=II", to, (8 + len(data)) << 16 | request) + data)

    def _hear(self) -> tuple[int, int, bytes]:
        to, head = struct.unpack("=II", self._line.recv(8, socket.MSG_WAITALL))
        data = self._line.recv((head >> 16) - 8, socket.MSG_WAITALL)
        return to, head & 0xFFFF, data


def _text(words: str) -> bytes:
    """Length with the closing zero, then the text filled up to whole words of four bytes."""
    data = words.encode() + b"\0"
    return struct.pack("=I", len(data)) + data.ljust(-(-len(data) // 4) * 4, b"\0")
