"""A station's journal as a process that a test can kill: sells the places that it was lent, changes and takes back.

Arguments: state folder, name of the step at which to die by SIGKILL (or "none"), how often that step may pass first.
Prints one line for each thing that was done: "booked CODE", "changed CODE", "cancelled CODE", "returned PLACES".
"""

import datetime
import os
import signal
import sys
from pathlib import Path

import msgspec

from kiosk.appointments import GIVE_BACK_MS, Slot
from kiosk.documents import Cut, Document, Words
from kiosk.hours import Session
from kiosk.journal.places import Appointment, Wish
from kiosk.journal.store import Journal
from kiosk.text import Language
from kiosk.wire.exchange import Downward
from kiosk.wire.places import LENT, Lent

SLOTS = [Slot("T", datetime.date(2026, 12, day), Session(900, 1050)) for day in (1, 8)]
PLACES = 3
NOW = SLOTS[0].begins - 2 * GIVE_BACK_MS


def slip(made: Appointment) -> Document:
    """The shortest slip."""
    return Document(made.code, Language.HANS, (Words(made.code), Cut()))


def lend(journal: Journal) -> None:
    """What the center would send, and send again, before anything is sold."""
    items = []
    for seq, slot in enumerate(SLOTS, start=1):
        day, session = slot.day.isoformat(), slot.session.label
        epoch, loan = journal.epoch, f"loan {seq}"
        lent = Lent(loan=loan, station="07", epoch=epoch, theme="T", day=day, session=session, places=PLACES, lent=NOW)
        items.append(Downward(seq, LENT, msgspec.json.encode(lent.proved())))
    journal.keep(items, NOW)
    journal.places.attest(journal.epoch)


def main() -> None:
    """Do a little of everything, or die at the step."""
    state, fatal, passes = sys.argv[1:]
    left = int(passes)

    def step(name: str) -> None:
        nonlocal left
        if name == fatal:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    journal = Journal(Path(state), "07", NOW, step=step)
    lend(journal)
    places = journal.places
    for visit, slot in enumerate(SLOTS):
        if places.free(NOW).get(slot):
            made, _, _ = places.book(Wish(slot, "aji_station", visit, NOW, False), slip)
            print("booked", made.code, flush=True)
            other = SLOTS[1 - visit]
            if places.free(NOW).get(other):
                places.change(made.code, Wish(other, "aji_station", visit, NOW, False), slip)
                print("changed", made.code, flush=True)
            if visit:
                places.cancel(made.code, NOW)
                print("cancelled", made.code, flush=True)
    print("returned", places.give_back(SLOTS[0].begins - GIVE_BACK_MS), flush=True)
    journal.close()


if __name__ == "__main__":
    main()
