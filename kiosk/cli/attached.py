"""The devices that the settings name, with all that is known of them."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import paths
from kiosk.cli.failure import Failure
from kiosk.ports import NoPrinter, Printer, Scanner
from kiosk.settings import Settings

if TYPE_CHECKING:
    from devices.glyphs import Glyphs
    from devices.profile import Profile

PROBED = "printer.json"
"""What `kiosk printer probe` found, in the state folder."""

_log = logging.getLogger(__name__)


def printer_of(settings: Settings, state: Path | None = None) -> Printer:
    """Return the printer that the settings name.

    `state` is the folder where a probe may have left what it found, and where the last that the printer says is kept
    for the commands beside the station.
    """
    if not settings.printer.port:
        return NoPrinter()
    from devices.serial_printer import SerialPrinter

    port, baud = settings.printer.port, settings.printer.baud
    printer = SerialPrinter(port, baud, profile_of(settings, state), glyphs=glyphs())
    if state is None:
        return printer
    from kiosk.cli.last_known import RememberedPrinter

    return RememberedPrinter(printer, port, state)


def same_port(port: str, other: str) -> bool:
    """Whether two names lead to one port."""
    return bool(other) and os.path.realpath(port) == os.path.realpath(other)


def scanner_of(settings: Settings) -> Scanner | None:
    """Return the scanner that the settings name; None where there is none."""
    if not settings.scanner.port:
        return None
    from devices.scanner import SerialScanner, ours

    return SerialScanner(settings.scanner.port, settings.scanner.baud, ours(settings.qr.hosts))


def profiles() -> "dict[str, Profile]":
    """Return the known kinds of printers by name. Raises Failure."""
    from devices.profile import read_profiles

    path = paths.data_dir() / "printers.toml"
    try:
        return read_profiles(path)
    except OSError as error:
        raise Failure([f"{path}: cannot be read: {error.strerror}"], os.EX_NOINPUT) from None
    except ValueError as error:
        raise Failure([str(error)], os.EX_DATAERR) from None


def profile_called(name: str) -> "Profile":
    """Return the kind of printer of that name. Raises Failure."""
    known = profiles()
    if name not in known:
        raise Failure([f"no printer is called {name[:40]!r}; known: {', '.join(known)}"], os.EX_USAGE)
    return known[name]


def profile_of(settings: Settings, state: Path | None) -> "Profile":
    """Return what kind of printer the settings name, and what it has shown of itself at that port and speed."""
    import msgspec

    from devices.probe import applied, read_probed

    profile = profiles()[settings.printer.profile]
    try:
        profile = msgspec.structs.replace(profile, columns=settings.printer.columns)
    except ValueError as error:
        raise Failure([f"{settings.path}: printer.columns: {error}"], os.EX_CONFIG) from None
    if state is None:
        return profile
    try:
        probed = read_probed(state / PROBED)
    except (OSError, ValueError) as error:
        _log.warning("what the printer was found to answer is not known: %s", error)
        return profile
    here = probed is not None and (probed.port, probed.baud) == (settings.printer.port, settings.printer.baud)
    return applied(profile, probed) if probed is not None and here else profile


def glyphs() -> "Glyphs | None":
    """Return the bitmaps for rare characters, or None where they cannot be read: slips come out all the same."""
    from devices.glyphs import GlyphFileError, Glyphs

    try:
        return Glyphs(paths.data_dir() / "glyphs" / "glyphs24")
    except GlyphFileError as error:
        _log.warning("%s", error)
        return None
