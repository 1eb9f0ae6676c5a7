"""What `kiosk printer` says of a printer and its port: what is wrong, and what to do about it."""

import datetime
import grp
from pathlib import Path

from devices.port_trouble import PortTrouble, port_trouble
from kiosk.hours import CHINA
from kiosk.ports import Condition, Part, Proof, Reading, State

_CONDITIONS = {
    Condition.READY: "ready",
    Condition.PAPER_LOW: "ready, but the paper is nearly used up: have a new roll at hand",
    Condition.PAPER_OUT: "out of paper: put in a new roll",
    Condition.COVER_OPEN: "the cover is open: close it",
    Condition.CUTTER: "the cutter is stuck: switch off, free it, switch on",
    Condition.ERROR: "reports an error: let it cool, or switch it off and on again",
    Condition.OFFLINE: "is offline: check for a pressed feed button, then switch it off and on again",
    Condition.NO_ANSWER: "does not answer: check power, cable and speed (baud); kiosk printer probe finds the speed",
    Condition.NOISE: "answers with noise: wrong speed (baud) or bad cable; kiosk printer probe finds the speed",
    Condition.NO_PORT: "the port cannot be used",
    Condition.NOT_CONFIGURED: "this station has no printer",
    Condition.UNKNOWN: "answers only in part, so how it is is unknown: check the cable, switch it off and on",
    Condition.UNSUPPORTED: "does not tell how it is, by its profile: look at a page of: kiosk printer test",
}
_WAITING = "waiting: it has told us to send nothing (XOFF) and not yet to go on; switch it off and on again"
_PARTS = {
    Part.LINE: "line",
    Part.COVER: "cover",
    Part.PAPER: "paper",
    Part.ROLL: "roll",
    Part.CUTTER: "cutter",
    Part.HEAD: "head",
    Part.READER: "reader",
}
_READINGS = {
    Reading.FINE: "fine",
    Reading.LOW: "nearly used up",
    Reading.WAITING: "waiting",
    Reading.FAULT: "fault",
    Reading.UNKNOWN: "unknown",
    Reading.UNSUPPORTED: "not told by this printer",
}
_MORE = {
    (Part.HEAD, Reading.WAITING): ", goes on by itself once it has cooled",
    (Part.LINE, Reading.WAITING): " to be told to go on (XON)",
    (Part.LINE, Reading.UNKNOWN): ", questions were left unanswered",
}
_NOT_WELL = {Reading.WAITING, Reading.FAULT, Reading.UNKNOWN}
_PORTS = {
    PortTrouble.MISSING: "no such port: check the cable and the name (ls -l /dev/serial/by-id shows what is there)",
    PortTrouble.DANGLING: "leads to nothing: its adapter is not plugged in, or its virtual printer has ended",
    PortTrouble.FOLDER: "is a folder: name a device in it, such as /dev/ttyUSB0",
    PortTrouble.NO_PORT: "is no serial port: name a device such as /dev/ttyUSB0",
    PortTrouble.IN_USE: "in use by another program (fuser tells which): end that first",
    PortTrouble.DEAD: "there is no hardware behind it: choose another port, or unplug the adapter and plug it in again",
    PortTrouble.NONE: "could not be opened a moment ago, and can be now: try again",
}


def is_well(state: State) -> bool:
    """Whether a slip would come out of a printer that is so, by all that it should tell."""
    said = state.condition in {Condition.READY, Condition.PAPER_LOW}
    return said and _NOT_WELL.isdisjoint(state.readings.values())


def in_a_line(port: str, state: State) -> str:
    """Return the one thing to tell first of a printer at `port`, and what to do."""
    if state.condition is Condition.NO_PORT:
        return f"{port}: {why_no_port(port)}"
    if state.condition is Condition.OFFLINE and state.readings.get(Part.LINE) is Reading.WAITING:
        return f"{port}: {_WAITING}"
    return f"{port}: {_CONDITIONS[state.condition]}"


def part_by_part(state: State) -> list[str]:
    """Return what is known of each part, a line each; nothing where nothing is."""
    if state.readings.keys() and set(state.readings.values()) <= {Reading.FAULT, Reading.UNKNOWN, Reading.UNSUPPORTED}:
        return []
    return [
        f"  {_PARTS[part]}: {_READINGS[reading]}{_MORE.get((part, reading), '')}"
        for part, reading in state.readings.items()
    ]


def proved_by(proof: Proof) -> str:
    """Return how it is known that a page is on paper."""
    return "its process id came back" if proof is Proof.PROCESS_ID else "the printer processed all of it"


def why_no_port(port: str) -> str:
    """Return what is wrong with `port` and what to do; asks the system anew."""
    trouble = port_trouble(port)
    if trouble is PortTrouble.FORBIDDEN:
        return f"not permitted: add this user to the group {_group(port)}, then log in again"
    return _PORTS[trouble]


def clock(moment: int) -> str:
    """Return `moment`, UTC milliseconds, as it is written in China."""
    return f"{datetime.datetime.fromtimestamp(moment / 1000, CHINA):%Y-%m-%d %H:%M:%S}"


def _group(port: str) -> str:
    """Return what group may use `port`, where there is one that a person can be added to."""
    try:
        found = Path(port).stat()
        name = grp.getgrgid(found.st_gid).gr_name
    except (OSError, KeyError):
        return "that owns the port (often dialout)"
    return name if found.st_gid and found.st_mode & 0o060 == 0o060 else "that owns serial ports (often dialout)"
