"""The center's SQLite file: connections, schema, migrations.

One process, one writer thread that is also the only checkpointer (https://sqlite.org/wal.html, section 11), read-only
readers; WAL with synchronous=FULL, so that what was acknowledged survives a power cut. Exceptions come from `sqlite3`
as sqlite_utils chose it; never import another one.
"""

from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations
from sqlite_utils.utils import sqlite3

from center.kept import StoreTrouble

APPLICATION_ID = 0x4A4D4331
"""`JMC1`: marks the file as a center's (PRAGMA application_id)."""

VERSION = 8
"""The newest schema that this program knows (PRAGMA user_version)."""

_migrations = Migrations("center")

# Everything is keyed by station first. Times are UTC milliseconds, hashes 32 bytes of SHA-256.
_FIRST = """
CREATE TABLE station (
    number TEXT PRIMARY KEY CHECK (length(number) = 2),
    public BLOB NOT NULL CHECK (length(public) = 32),
    enrolled INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE code (
    station TEXT PRIMARY KEY,
    code BLOB NOT NULL CHECK (length(code) = 16),
    expires INTEGER NOT NULL,
    used_by BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE chain (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    head BLOB NOT NULL CHECK (length(head) = 32),
    begun INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    projected INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX chain_to_project ON chain (begun) WHERE projected < seq;
CREATE TABLE entry (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    body BLOB NOT NULL,
    sealed BLOB,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    received INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT;
CREATE TABLE voucher (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    last INTEGER NOT NULL,
    first INTEGER NOT NULL,
    head BLOB NOT NULL,
    digest BLOB NOT NULL,
    signature BLOB NOT NULL,
    public BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, last, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE aside (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    sealed BLOB,
    received INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE heartbeat (
    station TEXT PRIMARY KEY,
    heard INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE notice (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    data BLOB NOT NULL,
    made INTEGER NOT NULL
) STRICT;
CREATE TABLE ticket (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    number TEXT NOT NULL,
    theme TEXT NOT NULL,
    package TEXT NOT NULL,
    day TEXT NOT NULL,
    session TEXT NOT NULL,
    issued INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    job INTEGER NOT NULL,
    paper TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_code ON ticket (code);
CREATE INDEX ticket_job ON ticket (station, job);
CREATE TABLE recovered (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    inside TEXT NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE trouble (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
"""


@_migrations()
def first(db: Database) -> None:
    """Make the tables of schema 1."""
    _run(db, _FIRST)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.conn.execute("PRAGMA user_version = 1")


# What residents asked for stands in entries that are projected already, so all are projected once more.
_SECOND = """
CREATE TABLE request (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    answers BLOB NOT NULL,
    project TEXT NOT NULL,
    matter TEXT NOT NULL,
    made INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_code ON request (code);
CREATE INDEX request_made ON request (made);
CREATE TABLE request_sealed (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    held_epoch TEXT NOT NULL,
    held_seq INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (station, code, held_epoch, held_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE request_cancelled (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_cancelled_code ON request_cancelled (code);
CREATE TABLE rating (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    grade TEXT NOT NULL,
    reason TEXT NOT NULL,
    given INTEGER NOT NULL,
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    state TEXT NOT NULL,
    words TEXT NOT NULL,
    desk TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (station, code, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE told (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    words TEXT NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_code ON told (code);
CREATE INDEX told_due ON told (due) WHERE due = 1;
UPDATE chain SET projected = 0
"""


@_migrations()
def second(db: Database) -> None:
    """Add residents' requests."""
    _run(db, _SECOND)
    db.conn.execute("PRAGMA user_version = 2")


# Entries of before hold no ticket with priority, so the rows that are here stay right.
_THIRD = """
ALTER TABLE ticket ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN held_epoch TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN held_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ticket_queue ON ticket (day, session, theme);
CREATE INDEX ticket_priority ON ticket (day) WHERE priority = 1;
CREATE TABLE call (
    theme TEXT NOT NULL,
    day TEXT NOT NULL,
    session TEXT NOT NULL,
    turn INTEGER NOT NULL CHECK (turn > 0),
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    number TEXT NOT NULL,
    issued INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    place TEXT NOT NULL,
    called INTEGER NOT NULL,
    repeated INTEGER NOT NULL DEFAULT 0,
    absent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (theme, day, session, turn)
) STRICT, WITHOUT ROWID
"""


@_migrations()
def third(db: Database) -> None:
    """Add the calls of the hall, and what tickets need for them."""
    _run(db, _THIRD)
    db.conn.execute("PRAGMA user_version = 3")


# Loans are the center's own facts; what stations did with their places stands in entries that no station had before.
_FOURTH = """
ALTER TABLE notice ADD COLUMN station TEXT NOT NULL DEFAULT '';
CREATE INDEX notice_station ON notice (station, seq);
CREATE TABLE watch (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    word TEXT NOT NULL,
    began INTEGER NOT NULL,
    trusted INTEGER NOT NULL
) STRICT;
CREATE TABLE inventory (
    station TEXT PRIMARY KEY,
    word TEXT NOT NULL,
    epoch TEXT NOT NULL,
    told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE loan (
    theme TEXT NOT NULL,
    day TEXT NOT NULL,
    session TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    loan TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    places INTEGER NOT NULL CHECK (places > 0),
    lent INTEGER NOT NULL,
    PRIMARY KEY (theme, day, session, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX loan_station ON loan (station, day);
CREATE TABLE capacity (
    theme TEXT NOT NULL,
    day TEXT NOT NULL,
    session TEXT NOT NULL,
    places INTEGER NOT NULL CHECK (places >= 0),
    PRIMARY KEY (theme, day, session)
) STRICT, WITHOUT ROWID;
CREATE TABLE appointment (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    turn INTEGER NOT NULL,
    loan TEXT NOT NULL,
    theme TEXT NOT NULL,
    day TEXT NOT NULL,
    session TEXT NOT NULL,
    time INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    PRIMARY KEY (station, code, turn, loan)
) STRICT, WITHOUT ROWID;
CREATE INDEX appointment_code ON appointment (code);
CREATE INDEX appointment_slot ON appointment (theme, day, session);
CREATE TABLE appointment_cancelled (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE returned (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    loan TEXT NOT NULL,
    places INTEGER NOT NULL CHECK (places > 0),
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX returned_loan ON returned (loan)
"""


@_migrations()
def fourth(db: Database) -> None:
    """Add the places that are lent to stations, and appointments."""
    _run(db, _FOURTH)
    db.conn.execute("PRAGMA user_version = 4")


# Also of the keys that hold now it was written down since when.
_FIFTH = """
CREATE TABLE station_key (
    station TEXT NOT NULL,
    public BLOB NOT NULL CHECK (length(public) = 32),
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 0,
    ended TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (station, public)
) STRICT, WITHOUT ROWID;
INSERT INTO station_key (station, public, since, until, ended)
    SELECT number, public, enrolled, revoked, CASE revoked WHEN 0 THEN '' ELSE 'revoked' END FROM station
"""


@_migrations()
def fifth(db: Database) -> None:
    """Add all keys that a station ever had."""
    _run(db, _FIFTH)
    db.conn.execute("PRAGMA user_version = 5")


# No station has made such slips before.
_SIXTH = """
CREATE TABLE reprint (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    issuer TEXT NOT NULL,
    code TEXT NOT NULL,
    number TEXT NOT NULL,
    day TEXT NOT NULL,
    count INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID
"""


@_migrations()
def sixth(db: Database) -> None:
    """Add the slips of other stations' tickets that stations printed."""
    _run(db, _SIXTH)
    db.conn.execute("PRAGMA user_version = 6")


# `begun`, `epoch` and `seq` tell where the word about a ticket's paper stands.
_SEVENTH = """
CREATE TABLE paper (
    station TEXT NOT NULL,
    code TEXT NOT NULL,
    outcome TEXT NOT NULL,
    begun INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID
"""


@_migrations()
def seventh(db: Database) -> None:
    """Keep what is said of tickets' paper apart from the tickets."""
    _run(db, _SEVENTH)
    db.conn.execute("PRAGMA user_version = 7")


# What stations refused before comes in by `kiosk center rebuild`.
_EIGHTH = """
CREATE TABLE release_refused (
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID
"""


@_migrations()
def eighth(db: Database) -> None:
    """Add the catalogue releases that stations refused."""
    _run(db, _EIGHTH)
    db.conn.execute("PRAGMA user_version = 8")


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


def open_for_writing(path: Path, *, checkpoints: bool) -> Database:
    """Open the database for a writer, made or brought to the newest schema. Belongs to the calling thread.

    `checkpoints`: this writer is the one that moves the log into the file. Raises StoreTrouble.
    """
    connection = None
    try:
        if not path.exists():
            # SQLite would make it for everybody to read; its log takes over what the file allows.
            path.touch(mode=0o600)
        connection = _connect(f"file:{_escaped(path)}?mode=rwc")
        _check(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {1000 if checkpoints else 0}")
        database = Database(connection, execute_plugins=False)
        _migrations.apply(database)
    except OSError as error:
        raise StoreTrouble(f"{path}: cannot be made: {error.strerror}") from None
    except (sqlite3.Error, StoreTrouble) as error:
        if connection is not None:
            connection.close()
        raise error if isinstance(error, StoreTrouble) else _trouble(path, error) from None
    return database


def open_for_reading(path: Path) -> Database:
    """Open the database read-only, beside the writer. Raises StoreTrouble."""
    try:
        connection = _connect(f"file:{_escaped(path)}?mode=ro")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        _check(path, connection)
    except sqlite3.Error as error:
        raise _trouble(path, error) from None
    return Database(connection, execute_plugins=False)


def _trouble(path: Path, error: Exception) -> StoreTrouble:
    # SQLite's own words (https://www.sqlite.org/rescode.html#corrupt, #notadb).
    if any(words in str(error) for words in ("malformed", "not a database")):
        what = "stop the center and put its last backup in this place; stations send again what that lacks"
        return StoreTrouble(f"{path}: is damaged ({error}): {what}")
    return StoreTrouble(f"{path}: {error}")


def _escaped(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _connect(uri: str) -> Any:
    connection = sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None)
    for pragma in ("busy_timeout = 5000", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _check(path: Path, connection: Any) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION_ID and (application or tables):
        raise StoreTrouble(f"{path}: belongs to another program; choose another folder")
    if version > VERSION:
        raise StoreTrouble(
            f"{path}: was written by a newer version (schema {version}, this one knows {VERSION}); update the program"
        )
