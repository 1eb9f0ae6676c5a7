"""One HTTPS connection to the center, with its own CA and bounds on time and size.

The center's certificate must come from the pinned CA and carry the center's name; its dates are not looked at, because
a station whose clock is dead must get through to learn the time (X509_V_FLAG_NO_CHECK_TIME, X509_VERIFY_PARAM(3)).
"""

import http.client
import ssl
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SystemTimeWarning,
)

from kiosk.link.machine import Trouble

CONNECT_S = 10.0
SILENCE_S = 30.0
WHOLE_S = 120.0
"""Seconds for connecting, without a byte moving, and for a whole request: a batch takes 10 s at 64 kbit/s."""

# A dead clock is what this line must work with, and whoever runs a command is told of it in their own words.
warnings.filterwarnings("ignore", category=SystemTimeWarning)

_NO_CHECK_TIME = 0x200000
_PIECE = 65536


class LineTrouble(Exception):
    """A request got no whole answer."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True)
class Reply:
    """An HTTP response. `media_type`: content type without parameters, lower case. `retry_after`: seconds, else 0."""

    status: int
    media_type: str
    content: bytes
    retry_after: float = 0.0


class Line(Protocol):
    """A way to the center."""

    def post(self, path: str, headers: Mapping[str, str], content: bytes) -> Reply:
        """Send one request and wait for its answer. Raises LineTrouble."""

    def get(self, path: str, limit: int) -> Reply:
        """Fetch what stands at `path`, of at most `limit` bytes. Raises LineTrouble."""

    def abort(self) -> None:
        """Make a request under way fail at once; may come from another thread."""

    def close(self) -> None:
        """Close what is open."""


def pinned(ca: str) -> ssl.SSLContext:
    """Return the context that trusts the one CA given as PEM. Raises ssl.SSLError when it is none."""
    context = ssl.create_default_context(cadata=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= _NO_CHECK_TIME
    return context


def unpinned() -> ssl.SSLContext:
    """Return a context that trusts anybody: for the one enrolment, whose code proves who answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Transport:
    """A connection that is kept open between requests. For one thread; `abort` alone may come from another."""

    def __init__(self, url: str, context: ssl.SSLContext, limit: int) -> None:
        """`url`: `https://HOST[:PORT]`. `limit`: bytes that an answer may have."""
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or 443
        self._context = context
        self._limit = limit
        self._connection: HTTPSConnection | None = None

    def post(self, path: str, headers: Mapping[str, str], content: bytes) -> Reply:
        """Send one request and wait for its answer. Raises LineTrouble."""
        return self._guarded("POST", path, headers, content, self._limit)

    def get(self, path: str, limit: int) -> Reply:
        """Fetch what stands at `path`, of at most `limit` bytes. Raises LineTrouble."""
        return self._guarded("GET", path, {}, None, limit)

    def abort(self) -> None:
        """Make a request under way fail at once."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            _shut(connection.sock)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _guarded(self, method: str, path: str, headers: Mapping[str, str], content: bytes | None, limit: int) -> Reply:
        # A peer that lets a byte trickle in now and then passes every single wait, so the whole is bounded as well.
        guard = threading.Timer(WHOLE_S, self.abort)
        guard.daemon = True
        guard.start()
        try:
            return self._exchange(method, path, headers, content, limit)
        except LineTrouble:
            self.close()
            raise
        except (NewConnectionError, NameResolutionError) as error:
            # These are kinds of ConnectTimeoutError to urllib3, so they come first.
            self.close()
            raise LineTrouble(Trouble.NO_LINE, _words(error)) from None
        except (TimeoutError, ConnectTimeoutError, ReadTimeoutError) as error:
            self.close()
            raise LineTrouble(Trouble.TIMEOUT, _words(error)) from None
        except ssl.SSLError as error:
            self.close()
            raise LineTrouble(Trouble.NOT_THE_CENTER, error.reason or _words(error)) from None
        except (HTTPError, http.client.HTTPException, OSError, AttributeError) as error:
            # AttributeError: http.client's own, when `abort` takes the socket away at the wrong moment.
            self.close()
            raise LineTrouble(Trouble.CUT_OFF, _words(error)) from None
        finally:
            guard.cancel()

    def _exchange(self, method: str, path: str, headers: Mapping[str, str], content: bytes | None, limit: int) -> Reply:
        connection = self._connected()
        connection.request(method, path, body=content, headers=headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
        answer = b""
        # Only a read that finds nothing more tells an answer that was cut off from a whole one.
        while piece := response.read(_PIECE):
            answer += piece
            if len(answer) > limit:
                raise LineTrouble(Trouble.NOT_THE_CENTER, "an endless answer")
        if not response.isclosed():
            response.close()
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        wait = response.headers.get("retry-after", "")
        # Only the form in seconds counts: a date means nothing to a clock that may be wrong (RFC 9110, 10.2.3).
        return Reply(response.status, media_type, answer, float(wait) if wait.isdecimal() and len(wait) < 7 else 0.0)

    def _connected(self) -> HTTPSConnection:
        if self._connection is not None and not self._connection.is_connected:
            self.close()
        if self._connection is None:
            self._connection = HTTPSConnection(
                self._host, self._port, timeout=CONNECT_S, ssl_context=self._context, server_hostname=self._host
            )
            self._connection.connect()
            self._connection.timeout = SILENCE_S
            if self._connection.sock is not None:
                self._connection.sock.settimeout(SILENCE_S)
        return self._connection


def _shut(sock: object) -> None:
    import socket

    if isinstance(sock, socket.socket):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It was closed already, which is all that is wanted.
            return


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
