"""Finds printers at serial ports, their speed, and which questions they answer. Nothing comes out on paper.

A printer that does not know a command may take its bytes for text; an init at the end drops that line unprinted.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec.structs import replace

from devices.commands import INIT, UNASKED_OFF
from devices.inquiry import Inquiry, Limits
from devices.profile import Profile
from devices.serial_line import SerialLine, StuckError
from devices.serial_port import PortLostError
from kiosk.ports import Part
from kiosk.text import clean

_BY_ID = "serial/by-id/*"
_NAMES = ("ttyUSB*", "ttyACM*", "ttyS*")
_PROCESS_ID = b"PRBE"
_IDENTITY = {"firmware": 65, "maker": 66, "model": 67}
_LABEL = 40
_PARTS = {2: (Part.COVER,), 3: (Part.CUTTER, Part.HEAD), 4: (Part.PAPER, Part.ROLL)}
"""Which parts the answer to DLE EOT 2, 3 or 4 tells of."""


class Probed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one printer answers. `real_time`: the numbers of DLE EOT that it answers, of 1 to 4.

    `unasked`: it tells of itself when that is switched on (GS a). `queued`: it answers GS r 1. `process_id`: it echoes
    GS ( H. `clear`: it confirms DLE DC4 8. `firmware`, `maker`, `model`: what it calls itself (GS I); clones lie.
    """

    port: str
    baud: int
    real_time: tuple[int, ...]
    unasked: bool
    queued: bool
    process_id: bool
    clear: bool
    firmware: str = ""
    maker: str = ""
    model: str = ""


class Nothing(StrEnum):
    """Why there is no printer at a port, as far as is known."""

    SILENT = "silent"
    NOISE = "noise"  # something came back, at no speed whole
    STUCK = "stuck"  # the line takes no bytes
    NO_PORT = "no-port"  # the port cannot be used


class NothingFoundError(Exception):
    """No printer answered at `port`; `why` says more."""

    def __init__(self, port: str, why: Nothing) -> None:
        super().__init__(f"{port}: {why}")
        self.port = port
        self.why = why


def serial_ports(devices: Path = Path("/dev")) -> tuple[str, ...]:
    """Return the serial ports of this machine, by the names that stay the same where there are such."""
    by_id = sorted(devices.glob(_BY_ID))
    named = {port.resolve() for port in by_id}
    others = (port for pattern in _NAMES for port in sorted(devices.glob(pattern)))
    return tuple(map(str, [*by_id, *(port for port in others if port.resolve() not in named)]))


def probe(port: str, bauds: Sequence[int], limits: Limits | None = None) -> Probed:
    """Ask at `port`, at one of `bauds` after the other, until a printer answers. Raises NothingFoundError."""
    limits = limits or Limits(tries=2)
    noise = False
    try:
        for baud in bauds:
            line = SerialLine(port, baud)
            inquiry = Inquiry(line, limits)
            try:
                line.open()
                real_time, disturbed = inquiry.real_time_answers()
                noise = noise or disturbed
                if not disturbed and (real_time or inquiry.queued_status() is not None):
                    return _questioned(port, baud, line, inquiry, real_time)
            finally:
                line.close()
    except PortLostError:
        raise NothingFoundError(port, Nothing.NO_PORT) from None
    except StuckError:
        raise NothingFoundError(port, Nothing.STUCK) from None
    raise NothingFoundError(port, Nothing.NOISE if noise else Nothing.SILENT)


def applied(profile: Profile, probed: Probed) -> Profile:
    """Return `profile` with what the printer itself has shown."""
    status = "real-time" if probed.real_time else "unasked" if probed.unasked else "none"
    senses = profile.senses
    if status == "real-time":
        silent = {part for number, parts in _PARTS.items() if number not in probed.real_time for part in parts}
        senses = tuple(part for part in senses if part not in silent)
    return replace(profile, status=status, senses=senses, process_id=probed.process_id, clear=probed.clear)


def read_probed(path: Path) -> Probed | None:
    """Return what was stored in `path`, None if there is nothing. Raises ValueError naming the file, or OSError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Probed)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: {error}; make it anew with: kiosk printer probe") from None


def store(path: Path, probed: Probed) -> None:
    """Put `probed` into `path` in one step. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(probed)) + b"\n")
    fresh.replace(path)


def _questioned(port: str, baud: int, line: SerialLine, inquiry: Inquiry, real_time: tuple[int, ...]) -> Probed:
    queued = inquiry.queued_status() is not None
    unasked = inquiry.unasked_block() is not None
    line.urge(UNASKED_OFF)
    process_id = inquiry.echoes(_PROCESS_ID)
    names = {key: clean(inquiry.identity(which) or "", _LABEL) for key, which in _IDENTITY.items()}
    clear = inquiry.clear()
    line.urge(INIT)
    return Probed(port, baud, real_time, unasked, queued, process_id, clear, **names)
