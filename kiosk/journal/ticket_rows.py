"""Tickets in the journal's table: what one is asked for with, and a row for each that was given."""

import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from kiosk.hours import Service, Session
from kiosk.journal.ledger import Place
from kiosk.tickets import REPEAT_SECONDS, Ticket


class Request(msgspec.Struct, frozen=True):
    """What a ticket is wanted for. `moment`: UTC milliseconds, `doubtful` as the clock says.

    `priority`: a ground for it was declared.
    """

    theme: str
    package: str
    service: Service
    visit: int
    moment: int
    doubtful: bool
    priority: bool = False


def add(db: Database, ticket: Ticket, visit: int, job: int, place: Place) -> None:
    """Write the row of a ticket whose entry is at `place`, inside a transaction of the caller."""
    service = ticket.service
    db.execute(
        f"INSERT INTO ticket VALUES ({', '.join('?' * 17)})",
        [
            ticket.code,
            ticket.theme,
            ticket.station,
            ticket.running,
            ticket.package,
            service.day.isoformat(),
            service.session.opens,
            service.session.closes,
            service.running,
            service.certain,
            ticket.doubtful,
            ticket.issued,
            visit,
            job,
            place.epoch,
            place.seq,
            ticket.priority,
        ],
    )


def just_issued(db: Database, request: Request) -> tuple[Ticket, int] | None:
    """The ticket, and its print job, that the same visit got for the same package a moment ago."""
    row = next(
        iter(
            db.query(
                "SELECT * FROM ticket WHERE visit = ? AND package = ? AND priority = ? AND abs(issued - ?) <= ?"
                " ORDER BY issued DESC LIMIT 1",
                [request.visit, request.package, request.priority, request.moment, REPEAT_SECONDS * 1000],
            )
        ),
        None,
    )
    return (read(row), row["job"]) if row else None


def read(row: dict[str, Any]) -> Ticket:
    """The ticket of a row."""
    session = Session(row["opens"], row["closes"])
    service = Service(
        datetime.date.fromisoformat(row["day"]),
        session,
        bool(row["in_session"]),
        bool(row["certain"]),
    )
    return Ticket(
        row["theme"],
        row["station"],
        row["running"],
        row["code"],
        row["package"],
        service,
        row["issued"],
        bool(row["doubtful"]),
        bool(row["priority"]),
    )
