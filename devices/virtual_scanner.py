"""A QR scanner in software, for the far end of a virtual port: what is held to it goes out as a line of text."""

import threading

_PIECE = 1024


class VirtualScanner:
    """Codes are held to it in one thread and sent in another. `suffix`: what it sends after each code."""

    def __init__(self, suffix: bytes = b"\r") -> None:
        self.suffix = suffix
        self._lock = threading.Lock()
        self._out = bytearray()

    def hold(self, code: str | bytes) -> None:
        """Read `code`, text or any bytes, and send it."""
        with self._lock:
            self._out += code.encode() if isinstance(code, str) else code
            self._out += self.suffix

    def feed(self, data: bytes) -> bytes:
        """Return the next bytes for the host; scanners do not listen. Implements `devices.virtual_port.Far`."""
        with self._lock:
            piece = bytes(self._out[:_PIECE])
            del self._out[:_PIECE]
        return piece

    @property
    def sent(self) -> bool:
        """Whether all has gone out."""
        with self._lock:
            return not self._out
