"""Faults to practise with: each is let happen, and taken away again."""

from collections.abc import Iterable

from textual.geometry import Region

from screens.frame import columns, stack
from screens.intents import TurnSheet
from screens.technician.page import Technical
from screens.technician.tasks import Toggle
from screens.widgets.choice import Words
from screens.widgets.painted import Painted

_SHEET = 8


class RehearsalPage(Technical):
    """The faults of the virtual printer. What is still on when the technician leaves is taken away."""

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("故障演练")

    def aside(self) -> str:
        """Nothing real comes to harm."""
        return self.scene.say("虚拟打印机")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the faults of the sheet that is turned up."""
        say, rehearsal = self.scene.say, self.shift.door.rehearsal
        faults = rehearsal.faults if rehearsal else ()
        sheets = max(-(-len(faults) // _SHEET), 1)
        sheet = self.shift.sheet % sheets
        across = 1 if self.scene.frame.tall else 2
        bands = stack(room, [3] * (_SHEET // across + 1))
        places = [place for band in bands[:-1] for place in columns(band, across, 2)]
        for place, fault in zip(places, faults[sheet * _SHEET : (sheet + 1) * _SHEET], strict=False):
            on = rehearsal is not None and rehearsal.is_on(fault.name)
            words = Words(say(fault.title), say("已发生") if on else "")
            yield self.choice(place, words, Toggle(fault.name), primary=on)
        if sheets > 1:
            yield self.choice(bands[-1], Words(say("翻页")), TurnSheet((sheet + 1) % sheets))
