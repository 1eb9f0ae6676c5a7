"""What is physically on paper, piece by piece, and what went wrong before: one JSON object a line."""

import json
from collections.abc import Callable

from devices.virtual_paper import Slip
from devices.virtual_printer import VirtualPrinter

DOTS_PER_MM = 8


class PaperLog:
    """Writes a line for each event and for each piece that is cut off; each line is a JSON object with `what`.

    A piece has its number, its length in `millimetres`, its `lines` of text, blank ones left out, and the payloads of
    its `codes`.
    """

    def __init__(self, printer: VirtualPrinter, write: Callable[[str], None]) -> None:
        self._printer = printer
        self._write = write
        self._seen = 0

    def event(self, event: str) -> None:
        """Write down that `event` happened, with the lines printed before it."""
        self.look()
        self._put({"what": event, "line": self._printer.head.lines})

    def look(self) -> list[Slip]:
        """Write down the pieces cut off since the last look, and return them."""
        slips = self._printer.slips
        fresh = slips[len(slips) - min(self._printer.head.cuts - self._seen, len(slips)) :]
        for slip in fresh:
            self._seen += 1
            self._put({"what": "cut", "piece": self._seen, **_told(slip)})
        return fresh

    def end(self) -> None:
        """Write down what is in the printer and not cut off."""
        self.look()
        if self._printer.piece.marks:
            self._put({"what": "uncut", "piece": self._seen + 1, **_told(self._printer.piece)})

    def _put(self, entry: dict[str, object]) -> None:
        self._write(json.dumps(entry, ensure_ascii=False))


def _told(slip: Slip) -> dict[str, object]:
    return {
        "millimetres": slip.height // DOTS_PER_MM,
        "lines": [line.strip() for line in slip.text.split("\n") if line.strip()],
        "codes": list(slip.codes),
    }
