"""The center of a simulation, the product's own, and a network before it that does anything."""

import contextlib
import shutil
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlite_utils import Database

from center.asking import Asks
from center.books import Books
from center.database import open_for_reading, open_for_writing
from center.exchanging import Exchanging, Outcome
from center.store import Store
from center.taking import Declined
from kiosk.link.machine import Trouble
from kiosk.link.transport import LineTrouble, Reply
from kiosk.wire.exchange import MEDIA_TYPE, read_answer

if TYPE_CHECKING:
    from tests.link.simulation import World

T = TypeVar("T")

DAY_S = 86_400


class Crash(BaseException):
    """The process is killed here. Not an Exception, so that no product code can handle it."""


def run_now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("it waits")


class Center(Store):
    """The center's process: its own exchange and SQLite books, which can be killed and put back to a backup."""

    def __init__(self, folder: Path, world: "World") -> None:
        self.folder = folder
        self.world = world
        self.restored = False
        folder.mkdir()
        self.start()

    def start(self) -> None:
        # A process that starts remembers nothing.
        super().__init__(lambda: self.world.now)
        self.db: Database = open_for_writing(self.folder / "center.db", checkpoints=True)
        self.reading: Database = open_for_reading(self.folder / "center.db")
        self.books = Books(self.db, lambda name: self.world.perhaps_kill())
        self.exchanging = Exchanging(self, self.world.ms)

    def kill(self) -> None:
        self.reading.close()
        self.db.close()
        self.start()
        self.world.bookings.ask()

    def back_up(self, to: Path) -> None:
        self.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        shutil.copy(self.folder / "center.db", to)

    def restore(self, backup: Path) -> None:
        self.world.log("the center comes back from a backup")
        # What a station's lost journal had sent may be lost for good when the center's is lost as well.
        for station in self.world.stations:
            if station.restored:
                station.may_be_lost |= set(station.promised)
        self.world.bookings.forget_center()
        self.reading.close()
        self.db.close()
        for file in self.folder.glob("center.db*"):
            file.unlink()
        shutil.copy(backup, self.folder / "center.db")
        self.restored = True
        self.start()
        self.world.bookings.ask()

    def handle(self, station: str, headers: Mapping[str, str], content: bytes) -> Outcome:
        """Answer a request; the center may be killed meanwhile, and is then up again."""
        try:
            enrolled = run_now(self.exchanging.admit(station, headers))
            if isinstance(enrolled, Declined):
                return self.exchanging.decline(enrolled)
            return run_now(self.exchanging.exchange(enrolled, headers, content))
        except Crash:
            self.world.log("the center is killed")
            self.kill()
            raise

    async def open(self) -> None:
        """It is open from the start."""

    async def read(self, asks: Asks[T]) -> T:
        return self.books.follow(asks())

    async def write(self, asks: Asks[T]) -> T:
        with self.books.transaction(), self.books.part():
            return self.books.follow(asks())

    async def close(self) -> None:
        self.db.close()


class Network:
    """A station's way to the center, with all that can happen on it."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.stale: list[Reply] = []

    def post(self, path: str, headers: Mapping[str, str], content: bytes) -> Reply:
        world = self.world
        station = path.split("/")[3]
        world.now += world.random.uniform(0.02, 2.0)
        if world.healed:
            return self._answer(self._delivered(station, headers, content))
        if station in world.cut:
            raise LineTrouble(Trouble.NO_LINE, "unplugged")
        if world.random.random() >= world.plan.loss:
            return self._answer(self._delivered(station, headers, content))
        match world.random.randrange(10):
            case 0:
                raise LineTrouble(Trouble.TIMEOUT, "the request is lost")
            case 1:
                self._delivered(station, headers, content)
                raise LineTrouble(Trouble.TIMEOUT, "the answer is lost")
            case 2:
                self._delivered(station, headers, content)
                return self._answer(self._delivered(station, headers, content))
            case 3:
                world.later(world.random.uniform(1, 4000), lambda: self._late(station, headers, content))
                raise LineTrouble(Trouble.TIMEOUT, "the request is late")
            case 4:
                cut = content[: world.random.randrange(len(content))]
                return self._answer(self._delivered(station, headers, cut))
            case 5:
                reply = self._answer(self._delivered(station, headers, content))
                cut = reply.content[: world.random.randrange(len(reply.content))]
                return Reply(reply.status, reply.media_type, cut)
            case 6:
                return Reply(200, "text/html", b"<html>Welcome to the hotel</html>")
            case 7 if self.stale:
                return world.random.choice(self.stale)
            case 8:
                return Reply(503, "text/html", b"<html>Bad gateway</html>", world.random.choice([0.0, 20.0]))
            case _:
                reply = self._answer(self._delivered(station, headers, content))
                broken = bytearray(reply.content)
                broken[world.random.randrange(len(broken))] ^= 1 << world.random.randrange(8)
                return Reply(reply.status, reply.media_type, bytes(broken))

    def abort(self) -> None:
        """Nothing is ever under way."""

    def close(self) -> None:
        """Nothing is open."""

    def _delivered(self, station: str, headers: Mapping[str, str], content: bytes) -> Outcome:
        try:
            outcome = self.world.center.handle(station, headers, content)
        except Crash:
            raise LineTrouble(Trouble.CUT_OFF, "the center went away") from None
        if outcome.status == 200:
            self.world.note_promise(station, read_answer(outcome.content))
        return outcome

    def _answer(self, outcome: Outcome) -> Reply:
        reply = Reply(outcome.status, MEDIA_TYPE, outcome.content, float(outcome.retry_after))
        self.stale = [*self.stale[-3:], reply]
        return reply

    def _late(self, station: str, headers: Mapping[str, str], content: bytes) -> None:
        with contextlib.suppress(LineTrouble):
            self._delivered(station, headers, content)


def tickets(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("SELECT * FROM ticket ORDER BY station, code").fetchall()


def papers(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("SELECT station, code, outcome FROM paper ORDER BY station, code").fetchall()


def appointments(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("SELECT * FROM appointment ORDER BY station, code, turn, loan").fetchall()
