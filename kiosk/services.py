"""What works at the station right now, and why something does not, in Simplified sentences for `wording.say`."""

import msgspec

from kiosk.ports import Condition

_PRINTER_WORDS = {
    Condition.PAPER_OUT: "打印机缺纸",
    Condition.COVER_OPEN: "打印机盖子开着",
    Condition.CUTTER: "打印机切刀卡住",
    Condition.ERROR: "打印机有故障",
    Condition.OFFLINE: "打印机没有就绪",
    Condition.NO_ANSWER: "打印机没有回应",
    Condition.NOISE: "打印机线路有干扰",
    Condition.NO_PORT: "打印机没有连接",
    Condition.NOT_CONFIGURED: "这台机器没有打印机",
}


class Refused(Exception):
    """A write did not happen and nothing is half done; `sentence` is the Simplified sentence that says so."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Availability(msgspec.Struct, frozen=True):
    """Whether a service works right now; `reason` says in Simplified why not, empty when it does."""

    ok: bool
    reason: str = ""


class Services(msgspec.Struct, frozen=True):
    """What works right now."""

    guides: Availability
    numbers: Availability
    printing: Availability


def printing(condition: Condition) -> Availability:
    """Return whether slips can be printed with the printer in `condition`."""
    reason = _PRINTER_WORDS.get(condition, "")
    return Availability(not reason, reason)
