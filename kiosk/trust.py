"""What a station keeps of its center since its enrolment: the CA of its address and its public keys."""

import os
from pathlib import Path

from kiosk.keys import KeyFileError
from kiosk.wire.enrolment import CenterKeys, encoded, read_center_keys
from kiosk.wire.entries import Unreadable

FILE = "center.keys"


def read_trust(folder: Path) -> CenterKeys | None:
    """Return what stands in the keys folder, None before enrolment. Raises KeyFileError."""
    path = folder / FILE
    try:
        return read_center_keys(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be read: {error.strerror}") from None
    except Unreadable:
        raise KeyFileError(f"{path}: is damaged; enrol this station again with: kiosk enroll CODE") from None


def keep_trust(folder: Path, keys: CenterKeys) -> None:
    """Keep `keys` in the keys folder, on disk when this returns. Raises OSError."""
    path = folder / FILE
    temporary = path.with_name(FILE + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, encoded(keys))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(path)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
