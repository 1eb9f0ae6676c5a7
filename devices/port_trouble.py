"""Why a serial port cannot be used: looked up where opening it has failed, for a person who is to mend it.

The errors of opening a port do not tell its mistakes apart: a port in use, a file and a folder read much the same.
"""

import errno
import fcntl
import os
import stat
import termios
from enum import StrEnum
from pathlib import Path


class PortTrouble(StrEnum):
    """What stands between a program and a serial port."""

    MISSING = "missing"
    DANGLING = "dangling"  # a link that leads to nothing
    FOLDER = "folder"
    NO_PORT = "no-port"  # a file, or a device without a line
    FORBIDDEN = "forbidden"
    IN_USE = "in-use"
    DEAD = "dead"  # the name of a port behind which there is no hardware
    NONE = "none"


def port_trouble(port: str) -> PortTrouble:
    """Return what is wrong with `port`, a device's path; NONE where it could be opened now."""
    try:
        kind = Path(port).stat().st_mode
    except PermissionError:
        return PortTrouble.FORBIDDEN
    except (OSError, ValueError):
        return PortTrouble.DANGLING if os.path.lexists(port) else PortTrouble.MISSING
    if stat.S_ISDIR(kind):
        return PortTrouble.FOLDER
    # What is no device is not opened: a named pipe would keep us waiting.
    return _opened(port) if stat.S_ISCHR(kind) else PortTrouble.NO_PORT


def _opened(port: str) -> PortTrouble:
    try:
        descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        match error.errno:
            case errno.EACCES | errno.EPERM:
                return PortTrouble.FORBIDDEN
            case errno.EBUSY:  # TIOCEXCL, ioctl_tty(2)
                return PortTrouble.IN_USE
            case _:
                return PortTrouble.DEAD
    try:
        termios.tcgetattr(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return PortTrouble.IN_USE
    except termios.error as error:
        return PortTrouble.NO_PORT if error.args[0] == errno.ENOTTY else PortTrouble.DEAD
    except OSError:
        return PortTrouble.DEAD
    finally:
        os.close(descriptor)
    return PortTrouble.NONE
