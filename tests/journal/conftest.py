"""A journal in a temporary state folder, and requests for tickets."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.documents import Cut, Document, Words
from kiosk.hours import Service, Session
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.text import Language
from kiosk.tickets import Ticket

NOW = 1_795_500_000_000

MakeRequest = Callable[..., Request]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path, "07", NOW)
    yield opened
    opened.close()


@pytest.fixture
def request_for() -> MakeRequest:
    def make(visit: int, *, theme: str = "A", day: str = "2026-11-24", moment: int = NOW) -> Request:
        service = Service(datetime.date.fromisoformat(day), Session(510, 1050), True, True)
        return Request(theme, "newborn-birth", service, visit, moment, False)

    return make


@pytest.fixture
def slip() -> Callable[[Ticket, str, int], Document]:
    def compose(ticket: Ticket, epoch: str, seq: int) -> Document:
        return Document(ticket.number, Language.HANS, (Words(ticket.number, 4), Words(f"{epoch} {seq}"), Cut()))

    return compose
