"""A slip of another station under the scanner: checked with no line, printed once more, never taken on trust."""

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.desk import Desk, JobState, OtherTicket, Refused
from kiosk.documents import Code, Words
from kiosk.elsewhere import MOST
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Journal, Reader
from kiosk.keys import Claim, StationKey, read_signed_link, ticket_link
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.tickets import new_code
from kiosk.wire.entries import read_body
from kiosk.wire.exchange import ED25519, Downward
from kiosk.wording import Wording
from tests.screens.stage import MORNING, Obedient

T = TypeVar("T")
Way = Callable[[Desk], Awaitable[None]]

OLD, NEW = StationKey.throw_away(), StationKey.throw_away()
TODAY = MORNING.date()
NOW_MS = int(MORNING.timestamp() * 1000)
CODE, ANOTHER = new_code(lambda below: 1), new_code(lambda below: 2)


def link(key: StationKey = OLD, **claimed: object) -> str:
    claim = Claim(CODE, "08", 0x00112233, 7, TODAY, "A", 12)
    return ticket_link("station.example", msgspec.structs.replace(claim, **claimed), key.sign)


def told(seq: int, key: StationKey, since: int = 1) -> Downward:
    data = {"station": "08", "alg": ED25519, "public": key.public.hex(), "since": since}
    return Downward(seq, "station.key", msgspec.json.encode(data))


REVOKED = Downward(9, "station.revoked", b'{"station":"08"}')


class Counter:
    """Station 07, which knows what its center has told it."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.printer = Obedient()

    def tell(self, *items: Downward) -> None:
        journal = Journal(self.state, "07", NOW_MS)
        journal.keep(items, NOW_MS)
        journal.close()

    def play(self, way: Way) -> None:
        """Run a way through the desk."""
        with StateFolder(self.state) as folder:
            station = Station(
                Settings(qr=QrHosts(("station.example",))),
                read_release(paths.release_dir() / "catalog.msgpack"),
                Wording(paths.release_dir()),
                folder,
                self.printer,
                lambda error: None,
                StationClock(0, wall=lambda: NOW_MS, uptime=lambda: NOW_MS),
            )
            station.start()
            try:
                asyncio.run(_run(way, station.desk))
            finally:
                station.stop()

    def refusal(self, text: str) -> str:
        """Why the station does not take a slip."""
        refused: list[str] = []

        async def way(desk: Desk) -> None:
            with pytest.raises(Refused) as raised:
                await desk.elsewhere.ticket(text)
            refused.append(raised.value.sentence)

        self.play(way)
        return refused[0]


async def _run(way: Way, desk: Desk) -> None:
    await way(desk)


async def printed(desk: Desk, ticket: OtherTicket, language: Language = Language.HANS) -> JobState:
    visit = desk.begin(language)
    job = await desk.elsewhere.print(visit, ticket)
    state = JobState.QUEUED
    while state in {JobState.QUEUED, JobState.SENDING}:
        state = (await asyncio.wait_for(desk.watch(job, state), 20)).state
    desk.end(visit)
    return state


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


@pytest.mark.parametrize("language", list(Language))
def test_its_number_comes_out_once_more_marked_and_the_journal_says_whose_it_is(
    counter: Counter, language: Language
) -> None:
    counter.tell(told(1, OLD))

    async def way(desk: Desk) -> None:
        ticket = await desk.elsewhere.ticket(link())
        assert ticket is not None
        assert (ticket.number, ticket.station, ticket.day, ticket.over) == ("A08-012", "08", TODAY, False)
        assert await printed(desk, ticket, language) is JobState.PRINTED

    counter.play(way)
    (slip,) = counter.printer.printed
    words = " ".join(block.text for block in slip.blocks if isinstance(block, Words))
    assert {Language.HANS: "补打", Language.HANT: "補印", Language.EN: "REPRINT"}[language] in words
    assert "A08-012" in words
    assert "08" in words.replace("A08-012", "")
    # The window checks the very signature of the station that gave the number out.
    (code,) = [block.data for block in slip.blocks if isinstance(block, Code)]
    again, first = read_signed_link(code), read_signed_link(link())
    assert again == first
    reader = Reader(counter.state)
    (data,) = [read_body(one.body).data for one in reader.entries() if one.kind == "ticket.reprinted-elsewhere"]
    assert reader.verify()[1] == []
    reader.close()
    assert data == {
        "code": CODE,
        "count": 1,
        "job": 1,
        "issuer": "08",
        "number": "A08-012",
        "day": TODAY.isoformat(),
        "epoch": "00112233",
        "seq": 7,
    }


def test_one_slip_is_printed_so_often_and_no_more_also_after_a_restart(counter: Counter) -> None:
    counter.tell(told(1, OLD))

    async def once(desk: Desk) -> None:
        ticket = await desk.elsewhere.ticket(link())
        assert ticket is not None
        await printed(desk, ticket)

    for _ in range(MOST):
        counter.play(once)

    async def too_often(desk: Desk) -> None:
        ticket = await desk.elsewhere.ticket(link())
        assert ticket is not None
        with pytest.raises(Refused, match="补打过了"):
            await printed(desk, ticket)
        other = await desk.elsewhere.ticket(link(code=ANOTHER, running=13))
        assert other is not None
        assert await printed(desk, other) is JobState.PRINTED

    counter.play(too_often)
    assert len(counter.printer.printed) == MOST + 1


def test_what_cannot_be_checked_is_said_in_plain_words(counter: Counter) -> None:
    assert "本站还核对不了" in counter.refusal(link())
    counter.tell(told(1, OLD))
    assert "核对不上" in counter.refusal(link(NEW))
    assert "本站还核对不了" in counter.refusal(link(station="09"))
    counter.tell(REVOKED)
    assert "已经停用" in counter.refusal(link())


def test_a_code_that_was_altered_anywhere_prints_nothing(counter: Counter) -> None:
    counter.tell(told(1, OLD))
    good = link()

    async def way(desk: Desk) -> None:
        for place in range(good.index("/T/") + 3, len(good), 5):
            altered = good[:place] + ("B" if good[place] != "B" else "C") + good[place + 1 :]
            try:
                assert await desk.elsewhere.ticket(altered) is None
            except Refused:
                continue

    counter.play(way)
    assert counter.printer.printed == []


def test_its_own_slips_and_bare_codes_are_none_of_another_station(counter: Counter) -> None:
    counter.tell(told(1, OLD))

    async def way(desk: Desk) -> None:
        for text in (link(station="07"), CODE, f"https://STATION.EXAMPLE/T/{CODE}", "", "hello", "https://x/T/1/2"):
            assert await desk.elsewhere.ticket(text) is None

    counter.play(way)


def test_a_day_that_is_over_is_said_and_today_is_not_over(counter: Counter) -> None:
    counter.tell(told(1, OLD))
    overs: list[bool] = []

    async def way(desk: Desk) -> None:
        for days in (-1, 0, 1):
            ticket = await desk.elsewhere.ticket(link(day=TODAY + datetime.timedelta(days=days)))
            assert ticket is not None
            overs.append(ticket.over)

    counter.play(way)
    assert overs == [True, False, False]


def test_slips_of_before_a_renewal_stay_good_for_as_long_as_there_can_be_any(counter: Counter) -> None:
    ended = NOW_MS
    counter.tell(told(1, OLD), told(2, NEW, since=ended))

    async def way(desk: Desk) -> None:
        for key in (OLD, NEW):
            assert await desk.elsewhere.ticket(link(key)) is not None
        # A thief of the old key would sign for days on which it signed no more.
        later = TODAY + datetime.timedelta(days=40)
        assert await desk.elsewhere.ticket(link(NEW, day=later)) is not None
        with pytest.raises(Refused, match="核对不上"):
            await desk.elsewhere.ticket(link(OLD, day=later))

    counter.play(way)
    counter.tell(REVOKED, Downward(10, "station.key", told(10, StationKey.throw_away()).data))
    assert "核对不上" in counter.refusal(link(OLD))
    assert "核对不上" in counter.refusal(link(NEW))
