"""Opens the journal for the technician's eyes: what is in the way is said in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.journal.folder import StateError
from kiosk.services import Refused

if TYPE_CHECKING:
    from kiosk.journal.listing import Listing


@contextmanager
def read(state: Path) -> "Iterator[Listing]":
    """Open the journal of `state` read-only. Raises Refused where it cannot be read, also for what fails inside."""
    # The database is slow to load, and the first screen must not wait for it.
    from sqlite_utils.utils import sqlite3

    from kiosk.journal.listing import Listing

    try:
        with Listing(state) as listing:
            yield listing
    except (StateError, sqlite3.Error, OSError) as error:
        raise Refused("本机记录读不出来，请看概况怎么处理。") from error
