"""Serves the application by uvicorn, with what uvicorn leaves out: a bound on how slowly a request may begin."""

import asyncio
import ssl
from pathlib import Path

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0
"""Seconds in which a request's head must be there once its first byte is, and the first one once connected."""

REST_S = 75
"""Seconds that a connection may rest between requests: longer than a station's idle interval."""

CONNECTIONS = 4096
"""Connections at a time; further ones are told to come again."""


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose request does not begin in time, as a slow-loris attack's.

    So it does with one whose request was answered before its end, and goes on coming.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first request's head."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take in bytes, and stop or start the time by whether a head is incomplete."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE and not self._superfluous():
            self._unwatch()
        elif self._deadline is None:
            self._watch()

    def on_response_complete(self) -> None:
        """Start the time for what nobody waits for any more; whoever sends it may still read the answer."""
        super().on_response_complete()
        if self._superfluous() and self._deadline is None:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time."""
        self._unwatch()
        super().connection_lost(exc)

    def _superfluous(self) -> bool:
        """Whether content is to come of a request that has its answer."""
        answered = self.cycle is not None and self.cycle.response_complete
        return answered and self.conn.their_state is h11.SEND_BODY

    def _watch(self) -> None:
        self._deadline = self.loop.call_later(HEAD_S, self._late)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        self.transport.abort()


def server(app: Starlette, host: str, port: int, certificate: Path | None, key: Path | None) -> uvicorn.Server:
    """Return a server that is ready to run; without a certificate it speaks plain HTTP, for behind a proxy."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=PunctualProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=REST_S,
            timeout_graceful_shutdown=5,
            limit_concurrency=CONNECTIONS,
            h11_max_incomplete_event_size=16 << 10,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            ssl_version=ssl.PROTOCOL_TLS_SERVER,
        )
    )
