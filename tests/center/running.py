"""A center that really listens, in this process, and a station's side to talk to it."""

import datetime
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from center.app import application
from center.authority import CA, RELEASE, SEALING, SERVER, SERVER_KEY, certificate, make, raw_key
from center.books import Books
from center.database import open_for_writing
from center.enrolling import Enrolling
from center.folder import database_path, keys_dir, releases_dir
from center.kept import Enrolled
from center.server import server
from center.shelf import Shelf
from center.sqlite_store import SqliteStore
from kiosk.keys import StationKey
from kiosk.wire.enrolment import CODE_BYTES
from kiosk.wire.entries import GENESIS, Body, hashes
from kiosk.wire.exchange import (
    MEDIA_TYPE,
    SIGNATURE_HEADER,
    VOUCHER_HEADER,
    Carried,
    Request,
    Voucher,
    encoded,
    signature_header,
)
from kiosk.wire.packing import GZIP, pack

EPOCH = "00112233aabbccdd"


@dataclass(frozen=True)
class Listening:
    """Where a center listens, and its folder."""

    port: int
    folder: Path
    store: SqliteStore

    @property
    def ca(self) -> str:
        """The CA to pin."""
        return certificate(keys_dir(self.folder) / CA)


@contextmanager
def listening(folder: Path, *, tls: bool) -> Iterator[Listening]:
    """Serve the center in `folder`, made if it is not there, at a free port of this machine."""
    keys = keys_dir(folder)
    if not keys.exists():
        make(keys, "localhost", datetime.datetime.now(datetime.UTC))
    store = SqliteStore(database_path(folder))
    enrolling = Enrolling(store, certificate(keys / CA), raw_key(keys / SEALING), raw_key(keys / RELEASE))
    files = (keys / SERVER, keys / SERVER_KEY) if tls else (None, None)
    running = server(application(store, enrolling, Shelf(releases_dir(folder)), None), "127.0.0.1", 0, *files)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=running.run, args=([listener],))
        thread.start()
        try:
            yield Listening(port, folder, store)
        finally:
            running.should_exit = True
            thread.join()


def enrolled(folder: Path, number: str) -> StationKey:
    """Enrol a station beside the running center, and return its key."""
    key = StationKey.throw_away()
    books = Books(open_for_writing(database_path(folder), checkpoints=False))
    with books.transaction():
        books.enrol(Enrolled(number, key.public, 1))
    books.close()
    return key


def give_code(folder: Path, number: str) -> bytes:
    """Let a station enrol with the code that is returned."""
    code = os.urandom(CODE_BYTES)
    books = Books(open_for_writing(database_path(folder), checkpoints=False))
    with books.transaction():
        books.set_code(number, code, time.time_ns() // 1_000_000 + 60_000)
    books.close()
    return code


def body(station: str, seq: int, *, kind: str = "note", epoch: str = EPOCH, **data: object) -> bytes:
    """Return an entry's bytes."""
    return Body(station=station, epoch=epoch, seq=seq, kind=kind, time=1000 + seq, data=data).encoded()


def request(
    station: str, bodies: list[bytes], *, first: int = 1, before: bytes = GENESIS, epoch: str = EPOCH
) -> tuple[Request, bytes]:
    """Return a request with these entries, and the hash of the last one."""
    made = Request(
        station=station,
        epoch=epoch,
        first=first,
        before=before,
        newest=first + len(bodies) - 1,
        nonce=b"12345678",
        entries=tuple(Carried(one) for one in bodies),
    )
    return made, (hashes(before, bodies) or (before,))[-1]


def signed(key: StationKey, made: Request, head: bytes, content: bytes | None = None) -> tuple[dict[str, str], bytes]:
    """Return headers and content of a request, signed; `content`: what is sent in its place."""
    packed = pack(encoded(made)) if content is None else content
    voucher = Voucher.of(made, head, packed)
    headers = {
        "content-type": MEDIA_TYPE,
        "content-encoding": GZIP,
        VOUCHER_HEADER: voucher.header(),
        SIGNATURE_HEADER: signature_header(key.sign(voucher.message())),
    }
    return headers, packed
