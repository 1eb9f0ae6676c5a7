"""Where files for carrying away can be written: what is plugged in, and a folder of the station's own."""

import errno
import os
from pathlib import Path

import msgspec

from kiosk.services import Refused

MOUNTS = Path("/proc/self/mountinfo")
"""What is mounted, as this process sees it (proc_pid_mountinfo(5))."""

OUTGOING = "outgoing"
"""The station's own folder for such files, in its state folder."""

_PLUGGED = ("/media/", "/run/media/", "/mnt/")
_MOUNT_POINT, _OPTIONS = 4, 5
_WORDS = {
    errno.ENOSPC: "那里没有空间了，没有写成。",
    errno.EDQUOT: "那里没有空间了，没有写成。",
    errno.EROFS: "那里不能写入，没有写成。",
    errno.EACCES: "没有权限写到那里，没有写成。",
    errno.EPERM: "没有权限写到那里，没有写成。",
}


class Folder(msgspec.Struct, frozen=True):
    """A folder that can be written to. `plugged`: it is on something that can be taken away."""

    path: Path
    plugged: bool


def folders(state: Path, mounts: Path = MOUNTS) -> tuple[Folder, ...]:
    """Return what is plugged in and can be written to, and behind it the station's own folder."""
    plugged = []
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        # Without /proc nothing that is plugged in can be found; the own folder is there all the same.
        lines = []
    for line in lines:
        fields = line.split(" ")
        if len(fields) <= _OPTIONS:
            continue
        path = _unescaped(fields[_MOUNT_POINT])
        if path.startswith(_PLUGGED) and "rw" in fields[_OPTIONS].split(",") and os.access(path, os.W_OK):
            plugged.append(Folder(Path(path), plugged=True))
    return (*plugged, Folder(state / OUTGOING, plugged=False))


def write(folder: Folder, name: str, content: bytes) -> Path:
    """Write a file whole or not at all, and wait until it may be pulled out. Raises Refused with what is in the way."""
    path = folder.path / name
    part = folder.path / f"{name}.part"
    try:
        if not folder.plugged:
            folder.path.mkdir(mode=0o700, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(folder.path)
    except OSError as error:
        _remove(part)
        raise Refused(_WORDS.get(error.errno or 0, "那里写不进去，没有写成。")) from error
    return path


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        # The write has told what is wrong already.
        return


def _unescaped(field: str) -> str:
    """Return a path of mountinfo as it is: blanks and the like stand there as three octal digits."""
    pieces = field.split("\\")
    return pieces[0] + "".join(chr(int(piece[:3], 8)) + piece[3:] for piece in pieces[1:])
