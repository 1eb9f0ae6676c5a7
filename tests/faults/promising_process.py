"""The journal's own way of giving out numbers, as a process from under which a test pulls the disk.

Arguments: state folder, PRAGMA synchronous (FULL is the product's), number of the first visit, tickets to take, and how
it ends: "close" or "kill". It writes one line for each ticket, number and code, as soon as the journal has taken it.
"""

import contextlib
import os
import sys
from pathlib import Path

from sqlite_utils.utils import sqlite3

from kiosk.journal.folder import StateError
from kiosk.journal.recovery import open_journal
from kiosk.journal.store import Journal
from kiosk.ports import Condition, Outcome, Proof, Result
from tests.faults.promises import NOW, compose, wanted

CHECKPOINT_EVERY = 8
"""Tickets. A station checkpoints when it rests; here the plug must have its chance of falling into one."""


def promise(journal: Journal, visit: int) -> None:
    """Take a ticket, say so, and let it be printed."""
    ticket, job, _ = journal.issue(wanted(visit), compose)
    os.write(1, f"{ticket.number} {ticket.code}\n".encode())
    if visit % 3 == 0:
        journal.start(job, NOW + visit)
        journal.settle(job, Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID, millimetres=60), NOW + visit)
    if visit % CHECKPOINT_EVERY == 0:
        journal.acknowledge(journal.epoch, journal.seq // 2, NOW + visit)
        journal.checkpoint()


def main() -> None:
    """Take the tickets, or as many as the disk allows."""
    folder, synchronous, first, count, end = sys.argv[1:]
    # With the disk away there is nobody left to promise anything to.
    with contextlib.suppress(sqlite3.Error, OSError, StateError):
        journal = open_journal(Path(folder), "07", NOW)
        journal._db.execute(f"PRAGMA synchronous = {synchronous}")
        for visit in range(int(first), int(first) + int(count)):
            promise(journal, visit)
        if end == "kill":
            os._exit(os.EX_OK)
        journal.close()


main()
