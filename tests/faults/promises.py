"""What a journal promised, held against what a station finds that starts after its disk lost what was not synced."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.documents import Cut, Document, Words
from kiosk.hours import Service, Session
from kiosk.journal.folder import StateError
from kiosk.journal.recovery import open_journal
from kiosk.journal.store import Reader
from kiosk.journal.ticket_rows import Request
from kiosk.text import Language
from kiosk.tickets import Ticket
from kiosk.wire.entries import read_body

NOW = 1_795_500_000_000

_SERVICE = Service(datetime.date(2026, 11, 24), Session(510, 1050), True, True)


def wanted(visit: int) -> Request:
    """What each visit asks for."""
    return Request("A", "newborn-birth", _SERVICE, visit, NOW + visit, False)


def compose(ticket: Ticket, epoch: str, seq: int) -> Document:
    """A slip as long as most are."""
    words = (Words(ticket.number, 4), Words(f"{epoch} {seq}"), *(Words(f"带身份证原件 {line}") for line in range(12)))
    return Document(ticket.number, Language.HANS, (*words, Cut()))


@dataclass(frozen=True)
class Found:
    """What is there after a start: the number of each code, the number and code that came next, and every fault."""

    tickets: Mapping[str, str]
    next: tuple[str, str]
    faults: tuple[str, ...]


def start(folder: Path, visit: int) -> Found:
    """Start on what is in `folder`, and give a number to `visit`, which had none before."""
    try:
        journal = open_journal(folder, "07", NOW)
    except StateError as error:
        return Found({}, ("", ""), (f"does not start: {error}",))
    ticket, _, _ = journal.issue(wanted(visit), compose)
    journal.close()
    reader = Reader(folder)
    said = [read_body(entry.body).data for entry in reader.entries() if entry.kind == "ticket.issued"]
    faults = reader.verify()[1]
    reader.close()
    if list(folder.glob("damaged-*")):
        faults.append("what the disk lost was taken for damage")
    numbers = [data["number"] for data in said]
    faults += [f"{number} was given out twice" for number in {one for one in numbers if numbers.count(one) > 1}]
    return Found({data["code"]: data["number"] for data in said}, (ticket.number, ticket.code), tuple(faults))


def broken(found: Found, promised: Mapping[str, str]) -> list[str]:
    """What is not as it was promised; `promised`: the number of each code that somebody was told."""
    gone = [f"{number} is gone" for code, number in promised.items() if found.tickets.get(code) != number]
    number, code = found.next
    doubled = [f"{number} comes twice"] if number in {one for key, one in promised.items() if key != code} else []
    return [*gone, *doubled, *found.faults]
