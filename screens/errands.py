"""What a visit has the desk do, and where it leads. Each ends with the print job to watch, None where there is none.

All raise Refused with the sentence that says why it was not done.
"""

from collections.abc import Coroutine

from kiosk.desk import Desk, Refused
from kiosk.visit import Found, ListPage, Number, Slip
from screens.flow import complete
from screens.scene import Session

Errand = Coroutine[None, None, int | None]


async def take_number(desk: Desk, session: Session, package: str) -> int:
    """Take a number, with the list on the same slip if all questions are answered."""
    answers = session.visit.answers.get(package, ())
    whole = complete(desk.package(package), answers)
    session.ticket = await desk.take_ticket(session.visit, package, answers if whole else None)
    session.visit.go(Number())
    return session.ticket.job


async def print_guide(desk: Desk, session: Session, package: str) -> int:
    """Print the list without a number."""
    job = await desk.print_guide(session.visit, package, session.visit.answers.get(package, ()))
    session.visit.go(Slip(package))
    return job


async def print_again(desk: Desk, session: Session) -> None:
    """Try the slip that did not come out once more; it is watched already."""
    if session.job:
        await desk.print_again(session.visit, session.job.id)


async def ask_slip(desk: Desk, session: Session) -> int | None:
    """Print the slip of the ticket that was scanned."""
    if session.found is None:
        return None
    session.ticket = session.found.ticket
    await desk.ask_slip(session.visit, session.ticket)
    session.visit.go(Number())
    return session.ticket.job


async def open_slip(desk: Desk, session: Session, text: str) -> None:
    """Open what was scanned: the very list of a guide, or the number of a ticket."""
    session.sheet = 0
    if guide := desk.scan_guide(text):
        package, session.visit.answers[package.id] = guide
        session.visit.go(ListPage(package.id))
        return
    session.found = await desk.scan(text)
    if session.found is None:
        raise Refused("这个码读不出来，或者不是本站的小票。")
    session.visit.go(Found())
