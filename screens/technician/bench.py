"""The list of tests, each with how it ended last."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.technician.symptoms import GRADES
from screens.frame import columns, stack
from screens.intents import TurnSheet
from screens.technician.page import Technical, Way
from screens.technician.tasks import Area, Open, RunAll, RunTest
from screens.widgets.choice import Words
from screens.widgets.painted import Painted

_SHEET = 6
"""Tests on one sheet: digits are left for the ways below them."""


class BenchPage(Technical):
    """Tests side by side; below them all at once, the next sheet, and faults to practise with where there are any."""

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("测试")

    def aside(self) -> str:
        """Which sheet is turned up."""
        count = -(-len(self.shift.door.bench.tests()) // _SHEET)
        return self.scene.say("第{n}页，共{total}页", n=self.shift.sheet % count + 1, total=count)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the tests of the sheet that is turned up, and the ways below."""
        say, bench = self.scene.say, self.shift.door.bench
        tests = bench.tests()
        sheets = -(-len(tests) // _SHEET)
        sheet = self.shift.sheet % sheets
        across = 1 if self.scene.frame.tall else 2
        high = 5 if self.scene.frame.rows >= 50 else 3
        shown = tests[sheet * _SHEET : (sheet + 1) * _SHEET]
        bands = stack(room, [high] * (_SHEET // across) + [3])
        places = [place for band in bands[:-1] for place in columns(band, across, 2)]
        for place, test in zip(places, shown, strict=False):
            result = bench.result(test.name)
            gloss = f"{say(GRADES[result.finding.grade])} {self.moment(result.time)}" if result else ""
            yield self.choice(place, Words(say(test.title), gloss), RunTest(test.name))
        ways: list[Way] = [
            (Words(say("全部测试")), RunAll()),
            *([(Words(say("演练")), Open(Area.REHEARSAL))] if self.shift.door.rehearsal else []),
            (Words(say("翻页")), TurnSheet((sheet + 1) % sheets)),
        ]
        for place, (words, task) in zip(columns(bands[-1], len(ways), 1), ways, strict=True):
            yield self.choice(place, words, task)
