"""A station's process for the tests that kill it: gives out numbers and sends them, until it is killed or told to end.

Arguments: state folder, the center's address, numbers to give out. Prints one line for each number, once it is on disk.
Then sends until the center has all, and prints "all".
"""

import datetime
import sys
import time
from pathlib import Path

from kiosk import paths
from kiosk.catalog.load import FILE, read_release
from kiosk.documents import Cut, Document, Words
from kiosk.hours import Service, Session
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.journal.writer import Writer
from kiosk.link.carrier import Carrier
from kiosk.link.machine import Link, State
from kiosk.link.opening import open_carrier
from kiosk.link.worker import LinkThread
from kiosk.text import Language
from kiosk.tickets import Ticket
from kiosk.wire.exchange import Heartbeat


def slip(ticket: Ticket, epoch: str, seq: int) -> Document:
    """The shortest slip."""
    return Document(ticket.number, Language.HANS, (Words(ticket.number, 4), Cut()))


def main() -> None:
    """Run until all is sent."""
    state, url, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    def now_ms() -> int:
        return time.time_ns() // 1_000_000

    # Retries come at once, so that a round of the test is short.
    link = Link(0.2, lambda: 0.0)
    release = read_release(paths.release_dir() / FILE)

    def opening() -> Carrier | None:
        return open_carrier(
            url,
            "07",
            state,
            writer,
            now_ms,
            lambda run: Heartbeat(),
            lambda ms, seconds: None,
            lambda: release,
            lambda newer: None,
            24,
        )

    thread = LinkThread(link, opening)
    writer = Writer(
        lambda: Journal(state, "07", now_ms(), entered=thread.entered), lambda error: print(error, file=sys.stderr)
    )
    service = Service(datetime.date(2026, 11, 25), Session(510, 720), False, True)
    with StateFolder(state):
        writer.start()
        thread.start()
        for visit in range(count):
            request = Request("A", "newborn-birth", service, time.time_ns() % 2**52 + visit, now_ms(), False)
            ticket, _, _ = writer.submit(lambda journal, request=request: journal.issue(request, slip)).result()  # type: ignore[misc]
            print(ticket.code, ticket.number, flush=True)
        while not _has_all(writer) or thread.status.state is not State.WELL:
            time.sleep(0.02)
        print("all", flush=True)
        thread.close()
        writer.close()


def _has_all(writer: Writer) -> bool:
    """Whether the center has every entry, among them what its own answers led to."""
    return writer.submit(lambda journal: journal._ledger.place.acknowledged >= journal.seq).result()


main()
