"""The workbench: the overview, and every test of the registry run by hand, its result kept and noted."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from kiosk.technician.audit import Hand
from kiosk.technician.by_hand import ByHand
from kiosk.technician.findings import Finding, Kind, Test
from kiosk.technician.overview import Overview
from kiosk.technician.rounds import Rounds
from kiosk.technician.symptoms import found

Progress = Callable[[Finding], None]


class Result(msgspec.Struct, frozen=True):
    """How a test ended last during this stay, and when, UTC milliseconds."""

    finding: Finding
    time: int


class Bench:
    """Runs tests one at a time or all in turn. Reads answer at once; runs are awaited."""

    def __init__(
        self,
        tests: Callable[[], Sequence[Test]],
        overview: Callable[[], Overview],
        hand: Hand,
        now_ms: Callable[[], int],
    ) -> None:
        """`tests()` puts the registry together anew, so that each run asks anew; `overview()` answers at once."""
        self._tests = tests
        self._overview = overview
        self._hand = hand
        self._now_ms = now_ms
        self._rounds = Rounds()
        self._listed: tuple[Test, ...] = ()
        self._results: dict[str, Result] = {}

    def overview(self) -> Overview:
        """What the station last found of itself, the worst first."""
        return self._overview()

    def tests(self) -> tuple[Test, ...]:
        """Every test, in the order of the registry, for its words; each run puts it together anew."""
        if not self._listed:
            self._listed = tuple(self._tests())
        return self._listed

    def test(self, name: str) -> Test:
        """One test by its code. Raises KeyError."""
        return {test.name: test for test in self.tests()}[name]

    def by_hand(self, name: str) -> ByHand:
        """One test that a person judges, by its code. Raises KeyError."""
        return {test.name: test for test in self.tests() if isinstance(test, ByHand)}[name]

    @property
    def automatic(self) -> int:
        """How many of them need nobody."""
        return sum(test.kind is Kind.AUTOMATIC for test in self.tests())

    def result(self, name: str) -> Result | None:
        """How a test ended last, None where it was not run since somebody came in."""
        return self._results.get(name)

    async def begin(self) -> None:
        """Begin anew: another technician sees no results that are not theirs."""
        self._results.clear()
        self._listed = await asyncio.to_thread(lambda: tuple(self._tests()))

    async def run(self, name: str) -> Finding:
        """Run one test, within the time that a round has. Raises KeyError."""
        (finding,) = await self._run(lambda test: test.name == self.test(name).name, lambda finding: None)
        return finding

    async def run_all(self, progress: Progress) -> tuple[Finding, ...]:
        """Run all that need nobody, side by side; `progress` is told of each in this loop. The worst comes first."""
        return await self._run(lambda test: test.kind is Kind.AUTOMATIC, progress)

    async def answer(self, name: str, *, well: bool) -> Finding:
        """Take a person's word for how a test ended."""
        finding = found(name, "" if well else "person-says-no")
        await self._keep(finding, "person")
        return finding

    async def _run(self, wanted: Callable[[Test], bool], progress: Progress) -> tuple[Finding, ...]:
        loop = asyncio.get_running_loop()

        def done(finding: Finding, seconds: float) -> None:
            loop.call_soon_threadsafe(progress, finding)

        def run() -> tuple[Finding, ...]:
            return self._rounds.run([test for test in self._tests() if wanted(test)], done=done)

        findings = await asyncio.to_thread(run)
        for finding in findings:
            await self._keep(finding, "station")
        return findings

    async def _keep(self, finding: Finding, by: str) -> None:
        self._results[finding.test] = Result(finding, self._now_ms())
        await asyncio.to_thread(self._hand.tested, finding.test, finding.grade, finding.symptom, by)
