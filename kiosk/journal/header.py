"""Copies a damaged journal with its header made anew, since SQLite opens no file whose first 100 bytes are not sound.

All that the header tells is known of a journal of this program, or follows from the size of the file.
"""

import os
import shutil
import struct
from pathlib import Path

from kiosk.journal.folder import APPLICATION_ID, VERSION, log_path, size_of

_PAGE = 4096
"""Bytes in a page, which every journal has from its first start."""

_SIZE = 100


def copy_with_header(path: Path, copy: Path) -> None:
    """Copy the journal `path` and its log to `copy`, which then begins as a journal does. Raises OSError.

    `path` may be missing or empty while its log is there: what the log holds is then all that can be read.
    """
    for source, target in ((path, copy), (log_path(path), log_path(copy))):
        if source.exists():
            shutil.copyfile(source, target)
    with os.fdopen(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        pages = max(1, size_of(copy) // _PAGE)
        file.write(_header(pages))
        file.truncate(pages * _PAGE)


def _header(pages: int) -> bytes:
    """The header of a journal of `pages` pages (https://sqlite.org/fileformat.html, 1.3)."""
    in_log_mode, reserved, fractions = (2, 2), 0, (64, 32, 32)
    changes, free_pages, schema_cookie, schema_format = 1, (0, 0), 1, 4
    cache, largest_root, utf8, vacuum = 0, 0, 1, 0
    head = struct.pack(">16sH6B", b"SQLite format 3\0", _PAGE, *in_log_mode, reserved, *fractions)
    body = struct.pack(
        ">12I",
        *(changes, pages, *free_pages, schema_cookie, schema_format),
        *(cache, largest_root, utf8, VERSION, vacuum, APPLICATION_ID),
    )
    # The page count is believed only where this second mark is the number of changes.
    return (head + body).ljust(_SIZE - 8, b"\0") + struct.pack(">II", changes, 0)
