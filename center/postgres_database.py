"""The center's PostgreSQL database: its address, schema, migrations, and what its errors mean for a person.

Every table that grows has the station first in its key, no key comes from a sequence, and nothing refers to another
table, so that rows can be spread over machines by station. Calls and loans alone are keyed by the hall's queue and the
slot that they belong to: all stations share those.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from center.kept import StoreTrouble, Unfit, Unreachable

CONNECT_S = 10.0
"""Seconds after which a server that does not answer is said to be unreachable."""

# Times are UTC milliseconds, hashes 32 bytes of SHA-256. The columns are those of the SQLite file.
_FIRST = """
CREATE TABLE center_schema (version bigint PRIMARY KEY, made bigint NOT NULL);
CREATE TABLE station (
    number text PRIMARY KEY,
    public bytea NOT NULL CHECK (length(public) = 32),
    enrolled bigint NOT NULL,
    revoked bigint NOT NULL DEFAULT 0
);
CREATE TABLE code (
    station text PRIMARY KEY,
    code bytea NOT NULL CHECK (length(code) = 16),
    expires bigint NOT NULL,
    used_by bytea
);
CREATE TABLE chain (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    head bytea NOT NULL CHECK (length(head) = 32),
    begun bigint NOT NULL,
    latest bigint NOT NULL,
    projected bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (station, epoch)
);
CREATE INDEX chain_to_project ON chain (begun) WHERE projected < seq;
CREATE TABLE entry (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    body bytea NOT NULL,
    sealed bytea,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    received bigint NOT NULL,
    PRIMARY KEY (station, epoch, seq)
);
CREATE TABLE voucher (
    station text NOT NULL,
    epoch text NOT NULL,
    last bigint NOT NULL,
    first bigint NOT NULL,
    head bytea NOT NULL,
    digest bytea NOT NULL,
    signature bytea NOT NULL,
    public bytea NOT NULL,
    received bigint NOT NULL,
    PRIMARY KEY (station, epoch, last, first)
);
CREATE TABLE aside (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    reason text NOT NULL,
    body bytea NOT NULL,
    sealed bytea,
    received bigint NOT NULL,
    PRIMARY KEY (station, epoch, seq, hash)
);
CREATE TABLE heartbeat (station text PRIMARY KEY, heard bigint NOT NULL, content bytea NOT NULL);
CREATE TABLE notice (seq bigint PRIMARY KEY, kind text NOT NULL, data bytea NOT NULL, made bigint NOT NULL);
CREATE TABLE ticket (
    station text NOT NULL,
    code text NOT NULL,
    number text NOT NULL,
    theme text NOT NULL,
    package text NOT NULL,
    day text NOT NULL,
    session text NOT NULL,
    issued bigint NOT NULL,
    doubtful bigint NOT NULL,
    job bigint NOT NULL,
    paper text NOT NULL DEFAULT '',
    PRIMARY KEY (station, code)
);
CREATE INDEX ticket_code ON ticket (code);
CREATE INDEX ticket_job ON ticket (station, job);
CREATE TABLE recovered (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    inside text NOT NULL,
    PRIMARY KEY (station, epoch, seq)
);
CREATE TABLE trouble (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    words text NOT NULL,
    PRIMARY KEY (station, epoch, seq)
)
"""

# What residents asked for stands in entries that are projected already, so all are projected once more.
_SECOND = """
CREATE TABLE request (
    station text NOT NULL,
    code text NOT NULL,
    form text NOT NULL,
    version bigint NOT NULL,
    language text NOT NULL,
    answers bytea NOT NULL,
    project text NOT NULL,
    matter text NOT NULL,
    made bigint NOT NULL,
    doubtful bigint NOT NULL,
    PRIMARY KEY (station, code)
);
CREATE INDEX request_code ON request (code);
CREATE INDEX request_made ON request (made);
CREATE TABLE request_sealed (
    station text NOT NULL,
    code text NOT NULL,
    held_epoch text NOT NULL,
    held_seq bigint NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (station, code, held_epoch, held_seq)
);
CREATE TABLE request_cancelled (
    station text NOT NULL,
    code text NOT NULL,
    time bigint NOT NULL,
    PRIMARY KEY (station, code)
);
CREATE INDEX request_cancelled_code ON request_cancelled (code);
CREATE TABLE rating (
    station text NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL,
    grade text NOT NULL,
    reason text NOT NULL,
    given bigint NOT NULL,
    PRIMARY KEY (station, code)
);
CREATE TABLE answer (
    station text NOT NULL,
    code text NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    state text NOT NULL,
    words text NOT NULL,
    desk text NOT NULL,
    time bigint NOT NULL,
    PRIMARY KEY (station, code, number)
);
CREATE TABLE told (
    station text NOT NULL,
    code text NOT NULL,
    state text NOT NULL,
    words text NOT NULL,
    due bigint NOT NULL,
    PRIMARY KEY (station, code)
);
CREATE INDEX told_code ON told (code);
CREATE INDEX told_due ON told (due) WHERE due = 1;
UPDATE chain SET projected = 0
"""

# Entries of before hold no ticket with priority, so the rows that are here stay right.
_THIRD = """
ALTER TABLE ticket ADD COLUMN priority bigint NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN held_epoch text NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN held_seq bigint NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN epoch text NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN seq bigint NOT NULL DEFAULT 0;
CREATE INDEX ticket_queue ON ticket (day, session, theme);
CREATE INDEX ticket_priority ON ticket (day) WHERE priority = 1;
CREATE TABLE call (
    theme text NOT NULL,
    day text NOT NULL,
    session text NOT NULL,
    turn bigint NOT NULL CHECK (turn > 0),
    station text NOT NULL,
    code text NOT NULL,
    number text NOT NULL,
    issued bigint NOT NULL,
    priority bigint NOT NULL,
    place text NOT NULL,
    called bigint NOT NULL,
    repeated bigint NOT NULL DEFAULT 0,
    absent bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (theme, day, session, turn)
)
"""

# Loans are the center's own facts; what stations did with their places stands in entries that no station had before.
_FOURTH = """
ALTER TABLE notice ADD COLUMN station text NOT NULL DEFAULT '';
CREATE INDEX notice_station ON notice (station, seq);
CREATE TABLE watch (
    one bigint PRIMARY KEY CHECK (one = 1),
    word text NOT NULL,
    began bigint NOT NULL,
    trusted bigint NOT NULL
);
CREATE TABLE inventory (
    station text PRIMARY KEY,
    word text NOT NULL,
    epoch text NOT NULL,
    told bigint NOT NULL
);
CREATE TABLE loan (
    theme text NOT NULL,
    day text NOT NULL,
    session text NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    loan text NOT NULL,
    station text NOT NULL,
    epoch text NOT NULL,
    places bigint NOT NULL CHECK (places > 0),
    lent bigint NOT NULL,
    PRIMARY KEY (theme, day, session, number)
);
CREATE INDEX loan_station ON loan (station, day);
CREATE TABLE capacity (
    theme text NOT NULL,
    day text NOT NULL,
    session text NOT NULL,
    places bigint NOT NULL CHECK (places >= 0),
    PRIMARY KEY (theme, day, session)
);
CREATE TABLE appointment (
    station text NOT NULL,
    code text NOT NULL,
    turn bigint NOT NULL,
    loan text NOT NULL,
    theme text NOT NULL,
    day text NOT NULL,
    session text NOT NULL,
    time bigint NOT NULL,
    doubtful bigint NOT NULL,
    PRIMARY KEY (station, code, turn, loan)
);
CREATE INDEX appointment_code ON appointment (code);
CREATE INDEX appointment_slot ON appointment (theme, day, session);
CREATE TABLE appointment_cancelled (
    station text NOT NULL,
    code text NOT NULL,
    time bigint NOT NULL,
    PRIMARY KEY (station, code)
);
CREATE TABLE returned (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    loan text NOT NULL,
    places bigint NOT NULL CHECK (places > 0),
    PRIMARY KEY (station, epoch, seq)
);
CREATE INDEX returned_loan ON returned (loan)
"""

# Also of the keys that hold now it was written down since when.
_FIFTH = """
CREATE TABLE station_key (
    station text NOT NULL,
    public bytea NOT NULL CHECK (length(public) = 32),
    since bigint NOT NULL,
    until bigint NOT NULL DEFAULT 0,
    ended text NOT NULL DEFAULT '',
    PRIMARY KEY (station, public)
);
INSERT INTO station_key (station, public, since, until, ended)
    SELECT number, public, enrolled, revoked, CASE revoked WHEN 0 THEN '' ELSE 'revoked' END FROM station
"""

# No station has made such slips before.
_SIXTH = """
CREATE TABLE reprint (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    issuer text NOT NULL,
    code text NOT NULL,
    number text NOT NULL,
    day text NOT NULL,
    count bigint NOT NULL,
    time bigint NOT NULL,
    PRIMARY KEY (station, epoch, seq)
)
"""

# `begun`, `epoch` and `seq` tell where the word about a ticket's paper stands.
_SEVENTH = """
CREATE TABLE paper (
    station text NOT NULL,
    code text NOT NULL,
    outcome text NOT NULL,
    begun bigint NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (station, code)
)
"""

# What stations refused before comes in by `kiosk center rebuild`.
_EIGHTH = """
CREATE TABLE release_refused (
    station text NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    version bigint NOT NULL,
    reason text NOT NULL,
    time bigint NOT NULL,
    PRIMARY KEY (station, epoch, seq)
)
"""

MIGRATIONS = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH, _SEVENTH, _EIGHTH)
"""The scripts that lead from one schema to the next. What stands here is never changed, only added to."""

_THERE = (
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
    " AND table_name = 'center_schema'"
)
_RACES = 3


async def connected(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Return a connection on which commits are durable, to the server among those in `url` that takes writes."""
    connection = await asyncpg.connect(
        url,
        timeout=CONNECT_S,
        target_session_attrs="read-write",
        server_settings={"application_name": "kiosk-center", "client_encoding": "UTF8"},
    )
    if await connection.fetchval("SHOW synchronous_commit") == "off":
        # An acknowledgement is a promise, whatever the database's default is.
        await connection.execute("SET synchronous_commit = on")
    return connection


async def prepare(connection: "asyncpg.Connection[asyncpg.Record]", url: str) -> None:
    """Check the database and bring it to the newest schema, also while others do the same. Raises StoreTrouble."""
    where = shown(url)
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise Unfit(f"{where}: is encoded in {encoding}; make one with: createdb --encoding=UTF8 --template=template0")
    for _ in range(_RACES):
        try:
            async with connection.transaction():
                await _migrate(connection, where)
        except (asyncpg.DuplicateTableError, asyncpg.UniqueViolationError, asyncpg.SerializationError):
            continue
        return
    raise Unfit(f"{where}: holds tables of another program; choose an empty database")


async def _migrate(connection: "asyncpg.Connection[asyncpg.Record]", where: str) -> None:
    version = 0
    if await connection.fetchval(_THERE):
        version = await connection.fetchval("SELECT max(version) FROM center_schema") or 0
    if version > len(MIGRATIONS):
        raise Unfit(
            f"{where}: was written by a newer version (schema {version}, this one knows {len(MIGRATIONS)});"
            " update the program"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in script.split(";\n"):
            await connection.execute(statement)
        await connection.execute("INSERT INTO center_schema VALUES ($1, $2)", number, time.time_ns() // 1_000_000)


def shown(url: str) -> str:
    """Return an address as it may be shown and logged: without its password."""
    return re.sub(r"(password=)[^&]*", r"\1***", re.sub(r"^([a-z]+://[^:/@]*):[^@]*@", r"\1:***@", url))


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn whatever a database or its network raises into a StoreTrouble of one line."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, ValueError) as error:
        raise trouble(url, error) from error


def trouble(url: str, error: Exception) -> StoreTrouble:
    """Return what `error` means for a person."""
    where = shown(url)
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return Unfit(f"{where}: the user is unknown or the password is wrong; see the URL, PGPASSWORD or ~/.pgpass")
        case asyncpg.InvalidCatalogNameError():
            return Unfit(f"{where}: there is no such database; make it with createdb")
        case asyncpg.ReadOnlySQLTransactionError() | asyncpg.TargetServerAttributeNotMatched():
            return Unfit(f"{where}: takes no writes; is it a standby, or set to read-only?")
        case asyncpg.InsufficientPrivilegeError():
            return Unfit(f"{where}: the user may not do that ({_line(error)}); it should own the database")
        case asyncpg.ClientConfigurationError() | ValueError():
            return Unfit(f"{where}: is no address of a database: {_line(error)}")
        case asyncpg.TooManyConnectionsError():
            return Unreachable(f"{where}: has no connection left; raise max_connections or lower --workers")
        case asyncpg.CannotConnectNowError() | OSError() | asyncpg.PostgresConnectionError():
            return Unreachable(f"{where}: cannot be reached: {_line(error)}; is PostgreSQL running there?")
        case _:
            return StoreTrouble(f"{where}: {_line(error)}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
