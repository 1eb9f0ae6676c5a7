"""The journal's SQLite file: connections, schema, migrations.

One process, one writer thread that is also the only checkpointer, read-only readers (https://sqlite.org/wal.html,
section 11: the WAL-reset race needs two connections that write or checkpoint at the same moment). WAL with
synchronous=FULL loses no acknowledged commit when the power goes. Exceptions come from `sqlite3` as sqlite_utils chose
it; never import another one.
"""

from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations
from sqlite_utils.utils import sqlite3

from kiosk.journal.folder import APPLICATION_ID, VERSION, Damaged, StateError, check_header, disk_trouble
from kiosk.wire.requests import CANCELLED, MADE, RATED, TOLD

BUSY_MS = 5000
"""How long a connection waits for another one's lock."""

_migrations = Migrations("kiosk.journal")

# Also what the disk itself can no longer read (https://sqlite.org/rescode.html).
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_READ", "SQLITE_IOERR_SHORT_READ")

# Times are UTC milliseconds, days ISO dates in China's time, hashes 32 bytes of SHA-256.
_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    body BLOB NOT NULL,
    sealed BLOB,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    acknowledged INTEGER,
    PRIMARY KEY (epoch, seq)
) STRICT;
CREATE TABLE counter (
    day TEXT NOT NULL,
    theme TEXT NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (day, theme)
) STRICT, WITHOUT ROWID;
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    document BLOB,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'printed', 'held', 'unknown', 'abandoned')),
    condition TEXT NOT NULL,
    proof TEXT NOT NULL,
    copies INTEGER NOT NULL DEFAULT 0 CHECK (copies >= 0),
    visit INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX job_waiting ON job (state) WHERE state IN ('queued', 'sending', 'held', 'unknown');
CREATE TABLE ticket (
    code TEXT PRIMARY KEY CHECK (length(code) = 16),
    theme TEXT NOT NULL CHECK (length(theme) = 1),
    station TEXT NOT NULL CHECK (length(station) = 2),
    running INTEGER NOT NULL CHECK (running > 0),
    package TEXT NOT NULL,
    day TEXT NOT NULL,
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    in_session INTEGER NOT NULL,
    certain INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    visit INTEGER NOT NULL,
    job INTEGER NOT NULL REFERENCES job (id),
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    UNIQUE (day, theme, station, running),
    FOREIGN KEY (epoch, seq) REFERENCES entry (epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_visit ON ticket (visit);
CREATE TABLE appointment (
    code TEXT PRIMARY KEY CHECK (length(code) = 16),
    theme TEXT NOT NULL,
    day TEXT NOT NULL,
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    state TEXT NOT NULL,
    job INTEGER REFERENCES job (id),
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    FOREIGN KEY (epoch, seq) REFERENCES entry (epoch, seq)
) STRICT, WITHOUT ROWID;
"""


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


@_migrations()
def first(db: Database) -> None:
    """Make the tables of schema 1."""
    _run(db, _FIRST)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.conn.execute("PRAGMA user_version = 1")


# Programs of schema 1 can do without these, so the version that they refuse to pass stays 1.
_SECOND = """
CREATE INDEX entry_sealed ON entry (acknowledged) WHERE sealed IS NOT NULL;
CREATE TABLE downward (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    kind TEXT NOT NULL,
    data BLOB NOT NULL,
    received INTEGER NOT NULL
) STRICT;
"""


@_migrations()
def second(db: Database) -> None:
    """Add what the link needs."""
    _run(db, _SECOND)


_THIRD = """
CREATE INDEX ticket_job ON ticket (job);
CREATE TABLE roll (
    id INTEGER PRIMARY KEY,
    changed INTEGER NOT NULL,
    length INTEGER NOT NULL CHECK (length > 0),
    used INTEGER NOT NULL CHECK (used >= 0)
) STRICT;
CREATE TABLE paper_use (
    day TEXT PRIMARY KEY,
    millimetres INTEGER NOT NULL CHECK (millimetres >= 0),
    slips INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@_migrations()
def third(db: Database) -> None:
    """Add the paper odometer, and the way from a print job to its ticket."""
    _run(db, _THIRD)


@_migrations()
def fourth(db: Database) -> None:
    """Keep of each print job whether the printer has dropped what it had not yet printed of it."""
    _run(db, "ALTER TABLE job ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1))")


@_migrations()
def fifth(db: Database) -> None:
    """Keep of each ticket whether a ground for priority was declared; which one is never kept in plain."""
    _run(db, "ALTER TABLE ticket ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority IN (0, 1))")


REQUEST_ENTRY = f"kind IN ('{MADE}', '{CANCELLED}', '{RATED}')"
ENTRY_CODE = "json_extract(CAST(body AS TEXT), '$.data.code')"
"""Which entries are about a public code, and that code: found by an index where both stand in a query."""

# An item that is no JSON must not stop those behind it.
REQUEST_TOLD = f"kind = '{TOLD}' AND json_valid(CAST(data AS TEXT))"
TOLD_CODE = "json_extract(CAST(data AS TEXT), '$.code')"
TOLD_PROJECT = "json_extract(CAST(data AS TEXT), '$.project')"
"""Which downward items tell how far a request is, and of which: found by indexes, likewise."""


@_migrations()
def sixth(db: Database) -> None:
    """Find requests by their codes, and what the center told of a request or of all those of a project."""
    _run(db, f"CREATE INDEX entry_code ON entry ({ENTRY_CODE}) WHERE {REQUEST_ENTRY}")
    _run(db, f"CREATE INDEX downward_code ON downward ({TOLD_CODE}) WHERE {REQUEST_TOLD}")
    _run(db, f"CREATE INDEX downward_project ON downward ({TOLD_PROJECT}) WHERE {REQUEST_TOLD}")


_SEVENTH = """
CREATE TABLE loan (
    id TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    theme TEXT NOT NULL,
    day TEXT NOT NULL,
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    places INTEGER NOT NULL CHECK (places > 0),
    returned INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND places),
    lent INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX loan_day ON loan (day);
CREATE INDEX loan_epoch ON loan (epoch);
ALTER TABLE appointment ADD COLUMN loan TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN visit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN booked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1));
CREATE INDEX appointment_loan ON appointment (loan);
CREATE INDEX appointment_visit ON appointment (visit)
"""


@_migrations()
def seventh(db: Database) -> None:
    """Add the places that the center lends, and what appointments need for them; no program has made any before."""
    _run(db, _SEVENTH)


_EIGHTH = """
CREATE TABLE reprint (
    code TEXT PRIMARY KEY CHECK (length(code) = 16),
    count INTEGER NOT NULL CHECK (count > 0)
) STRICT, WITHOUT ROWID
"""


@_migrations()
def eighth(db: Database) -> None:
    """Add how often the slip of another station's ticket was printed here."""
    _run(db, _EIGHTH)


def open_for_writing(path: Path) -> Database:
    """Open the journal for its one writer, made or brought to the newest schema.

    Belongs to the calling thread. Raises Damaged when what is in the file must be salvaged, and StateError when it is
    foreign, newer, or the disk refuses.
    """
    check_header(path)
    connection = None
    try:
        if not path.exists():
            # SQLite would make it for everybody to read; its log takes over what the file allows.
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        _prepare(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # What is erased is overwritten (https://sqlite.org/pragma.html#pragma_secure_delete).
        connection.execute("PRAGMA secure_delete = ON")
        # Checkpoints happen in this connection alone: when the writer is idle, when it closes, and if neither comes
        # for long, by itself after so many pages (16 MiB) that fewer than one ticket in a hundred waits for it.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        database = Database(connection, execute_plugins=False)
        _check_version(path, connection)
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise Damaged(f"{path}: is damaged ({problem}); run: kiosk journal recover")
        _migrations.apply(database)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        kind = Damaged if is_damage(error) else StateError
        raise kind(f"{path}: {trouble(error)}") from None
    except OSError as error:
        raise StateError(f"{path}: {trouble(error)}") from None
    except StateError:
        if connection is not None:
            connection.close()
        raise
    return database


def empty_log(db: Database) -> bool:
    """Move the whole write-ahead log into the database and cut it to nothing; False while somebody reads from it.

    Nobody is waited for: the writer has residents to serve.
    """
    db.execute("PRAGMA busy_timeout = 0")
    try:
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return not busy


def open_for_reading(path: Path) -> Database:
    """Open the journal read-only, beside a running station or on a read-only disk. Raises StateError."""
    check_header(path)
    if not path.exists():
        raise StateError(f"{path}: no journal here yet; a station that has run makes one")
    last: Exception | None = None
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        try:
            connection = sqlite3.connect(f"file:{escaped(path)}?{mode}", uri=True, timeout=5, isolation_level=None)
            _prepare(connection)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            _check_version(path, connection)
            connection.execute("SELECT count(*) FROM meta").fetchone()
        except sqlite3.Error as error:
            last = error
        else:
            return Database(connection, execute_plugins=False)
    raise StateError(f"{path}: {trouble(last)}")


def escaped(path: Path) -> str:
    """Return a path as it stands in the URI of a database (https://sqlite.org/uri.html)."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _prepare(connection: Any) -> None:
    for pragma in (f"busy_timeout = {BUSY_MS}", "foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA mmap_size = 0")


def _check_version(path: Path, connection: Any) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StateError(
            f"{path}: was written by a newer version (schema {version}, this one knows {VERSION}); update the program"
        )


def is_damage(error: Exception) -> bool:
    """Whether a database error means that the file cannot be read any more, there or as a whole."""
    return getattr(error, "sqlite_errorname", "").startswith(_DAMAGE)


def trouble(error: Exception | None) -> str:
    """Say in words what an error of database or disk means for the person who has to act."""
    if isinstance(error, OSError):
        return disk_trouble(error)
    words = str(error)
    if "disk is full" in words or "disk I/O error" in words:
        return "the disk is full or fails; free some space, nothing was lost"
    if "readonly" in words or "unable to open" in words:
        return "cannot be written to; mount it writable or choose another folder with --state"
    if "malformed" in words or "not a database" in words:
        return "is damaged; restart the station, which salvages it, or run: kiosk journal recover"
    return f"cannot be used: {words}"
