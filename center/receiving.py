"""Reads the content of a request within bounds of size, time and pace, for all requests together as well."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from center.taking import Declined
from kiosk.wire.exchange import Reason

GRACE_S = 10.0
SLOWEST_BYTES_S = 512
"""A request may take GRACE_S, and then as long as it keeps up this many bytes a second: a sixteenth of 64 kbit/s."""

MEMORY = 16 << 20
"""Bytes of unfinished requests that are held in memory, whoever sends them."""


class Receiving:
    """Counts the bytes of all requests that are being read."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._left = memory

    async def content(self, request: Request, limit: int) -> bytes | Declined:
        """Return the whole content, or why it was not read to its end."""
        taken = 0
        chunks: list[bytes] = []
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(GRACE_S) as timeout:
                async for chunk in request.stream():
                    if taken + len(chunk) > limit:
                        return Declined(Reason.TOO_LARGE, f"content may have {limit} bytes")
                    if len(chunk) > self._left:
                        return Declined(Reason.BUSY, "too much is coming in at once")
                    self._left -= len(chunk)
                    taken += len(chunk)
                    chunks.append(chunk)
                    timeout.reschedule(started + GRACE_S + taken / SLOWEST_BYTES_S)
        except TimeoutError:
            return Declined(Reason.BUSY, "the content came too slowly")
        except ClientDisconnect:
            return Declined(Reason.MALFORMED, "the content was cut off")
        finally:
            self._left += taken
        return b"".join(chunks)
