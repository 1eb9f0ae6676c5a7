"""How a command ends when it cannot do its work: lines for a person, and an exit code of sysexits.h."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.catalog.load import CatalogError
from kiosk.journal.folder import StateError
from kiosk.keys import KeyFileError
from kiosk.settings import SettingsError


class Failure(Exception):
    """Ends the command: `lines` go to standard error, `code` is the exit code."""

    def __init__(self, lines: list[str], code: int) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
        self.code = code


def of(error: Exception) -> Failure:
    """Return the failure that a known error means; errors that are not known come back as internal (70)."""
    match error:
        case SettingsError():
            return Failure(error.mistakes, os.EX_CONFIG)
        case CatalogError():
            return Failure([str(error)], os.EX_DATAERR)
        case KeyFileError():
            return Failure([str(error)], os.EX_CONFIG)
        case StateError():
            return Failure([str(error)], os.EX_CANTCREAT)
        case _:
            return Failure([f"internal error: {type(error).__name__}: {error}"], os.EX_SOFTWARE)


@contextmanager
def told() -> Iterator[None]:
    """Turn the errors of settings, catalogue, keys and state folder into their Failure."""
    try:
        yield
    except (SettingsError, CatalogError, KeyFileError, StateError) as error:
        raise of(error) from None
