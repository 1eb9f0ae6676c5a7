"""A slip of one station at another, with a real center between them: keys, renewal and revocation reach both."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from center.books import Books
from center.database import open_for_reading, open_for_writing
from center.folder import database_path
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.cli import main as kiosk
from kiosk.desk import JobState, OtherTicket, Refused
from kiosk.documents import Code
from kiosk.journal.folder import StateFolder
from kiosk.settings import Center, QrHosts, Settings
from kiosk.settings import Station as StationName
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wording import Wording
from tests.center.running import Listening, listening
from tests.link.test_station import let_in, wait_for
from tests.screens.stage import Obedient


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Listening]:
    with listening(tmp_path / "center", tls=True) as running:
        yield running


class Counter:
    """A whole station without screens, enrolled at a center, with a printer that does as it is told."""

    def __init__(self, number: str, state: Path, center: Listening, stack: ExitStack) -> None:
        self.state, self.printer = state, Obedient()
        self.url = f"https://localhost:{center.port}"
        folder = stack.enter_context(StateFolder(state))
        let_in(center, state, number)
        self.number = number
        self.station = Station(
            Settings(
                station=StationName(number=number),
                center=Center(url=self.url, interval_seconds=5),
                qr=QrHosts(("station.example",)),
            ),
            read_release(paths.release_dir() / "catalog.msgpack"),
            Wording(paths.release_dir()),
            folder,
            self.printer,
            lambda error: None,
        )
        self.station.start()
        stack.callback(self.station.stop)

    def take(self) -> str:
        """Take a number; returns what its slip's code says."""
        desk, before = self.station.desk, len(self.printer.printed)
        visit = desk.begin(Language.HANS)
        asyncio.run(desk.take_ticket(visit, desk.packages("birth")[0].id, None))
        wait_for(lambda: len(self.printer.printed) > before)
        return next(block.data for block in self.printer.printed[-1].blocks if isinstance(block, Code))

    def refusal(self, text: str) -> str:
        """Why a slip is not taken, empty where it is."""
        try:
            asyncio.run(self.station.desk.elsewhere.ticket(text))
        except Refused as refused:
            return refused.sentence
        return ""

    def print(self, text: str) -> JobState:
        """Print another station's slip once more."""
        return asyncio.run(self._print(text))

    async def _print(self, text: str) -> JobState:
        desk = self.station.desk
        visit = desk.begin(Language.HANS)
        ticket = await desk.elsewhere.ticket(text)
        assert isinstance(ticket, OtherTicket)
        job = await desk.elsewhere.print(visit, ticket)
        state = JobState.QUEUED
        while state in {JobState.QUEUED, JobState.SENDING}:
            state = (await asyncio.wait_for(desk.watch(job, state), 20)).state
        return state

    def exchange(self) -> None:
        """Exchange now."""
        assert self.station.link is not None
        self.station.link.hurry()


def reprints(center: Listening, number: str) -> int:
    db = open_for_reading(database_path(center.folder))
    try:
        return next(view.reprints for view in Books(db).stations() if view.number == number)
    finally:
        db.close()


def test_a_slip_of_one_station_is_printed_at_another_until_its_key_is_revoked(
    tmp_path: Path, center: Listening
) -> None:
    with ExitStack() as stack:
        issuer = Counter("07", tmp_path / "07", center, stack)
        other = Counter("08", tmp_path / "08", center, stack)
        first = issuer.take()
        wait_for(lambda: other.refusal(first) == "", 20)
        assert other.print(first) is JobState.PRINTED
        assert "补打" in str(other.printer.printed[-1])
        wait_for(lambda: reprints(center, "08") == 1, 20)

        settings = tmp_path / "kiosk.toml"
        settings.write_text(f'[station]\nnumber = "07"\n[center]\nurl = "{issuer.url}"\n', "utf-8")
        assert kiosk(["enroll", "--renew", "--config", str(settings), "--state", str(issuer.state)]) == 0
        second = issuer.take()
        other.exchange()
        wait_for(lambda: other.refusal(second) == "", 20)
        assert other.refusal(first) == ""

        books = Books(open_for_writing(database_path(center.folder), checkpoints=False))
        with books.transaction():
            books.revoke("07", 5)
        books.close()
        other.exchange()
        wait_for(lambda: "停用" in other.refusal(first), 20)
        assert "停用" in other.refusal(second)
        assert len(other.printer.printed) == 1
