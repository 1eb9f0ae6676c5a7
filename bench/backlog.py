"""What a station has to send that had no line for some days: its own journal, and the same for others of its kind."""

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.paper import ticket
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.documents import Document
from kiosk.hours import Service, Session
from kiosk.journal.store import Journal, Reader
from kiosk.journal.ticket_rows import Request
from kiosk.link.machine import FIRST_BATCH, LARGEST_BATCH
from kiosk.ports import Condition, Outcome, Proof, Result
from kiosk.text import Language
from kiosk.tickets import Ticket
from kiosk.wire.entries import Body, read_body
from kiosk.wording import Wording

TICKETS = 300
"""Numbers that a busy station gives out in a day."""

NOW = 1_795_500_000_000
_DAY_MS = 86_400_000
_SESSION = Session(510, 720)


def fill(state: Path, days: int) -> None:
    """Let station 07 give out and print its numbers for so many days, in a journal that is made in `state`."""
    release, wording = read_release(paths.release_dir() / "catalog.msgpack"), Wording(paths.release_dir())
    package = release.packages[0]
    slip = ticket(release, wording, package, Language.HANS)

    def compose(given: Ticket, epoch: str, seq: int) -> Document:
        return slip

    state.mkdir()
    journal = Journal(state, "07", NOW)
    for number in range(days * TICKETS):
        day, of_day = divmod(number, TICKETS)
        moment = NOW + day * _DAY_MS + of_day * _DAY_MS // TICKETS
        service = Service(datetime.date(2026, 11, 24) + datetime.timedelta(day), _SESSION, True, True)
        _, job, _ = journal.issue(Request("A", package.id, service, number, moment, False), compose)
        journal.start(job, moment)
        printed = Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID, millimetres=180)
        journal.settle(job, printed, moment + 4000)
    journal.close()


def bodies(state: Path) -> list[Body]:
    """The entries of the journal in `state`, in order."""
    reader = Reader(state)
    found = [read_body(entry.body) for entry in reader.entries()]
    reader.close()
    return found


def of_another(body: Body, station: str, epoch: str, chance: random.Random) -> bytes:
    """The same entry of another station, with a code of its own: codes are what does not compress."""
    data = {
        key: value.replace("07-", f"{station}-") if isinstance(value, str) else value
        for key, value in body.data.items()
    }
    if "code" in data:
        data["code"] = f"{chance.randrange(10**16):016d}"
    return msgspec.structs.replace(body, station=station, epoch=epoch, data=data).encoded()


def runs(entries: list[bytes]) -> Iterator[list[bytes]]:
    """The entries as the link sends them over a line that is quick."""
    size = FIRST_BATCH
    while entries:
        yield entries[:size]
        entries, size = entries[size:], min(2 * size, LARGEST_BATCH)
