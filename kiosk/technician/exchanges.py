"""How the running station's own exchanges with the center go. Nothing is sent for this test."""

from collections.abc import Callable

import msgspec

from kiosk.link.machine import State, Status, Trouble
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found
from kiosk.wire.exchange import Reason

_SYMPTOMS: dict[str, str] = {
    Reason.REVOKED: "key-revoked",
    Reason.UNKNOWN_STATION: "key-unknown",
    Reason.BAD_SIGNATURE: "key-signature",
    Reason.FORK: "center-differs",
    Reason.ALTERED: "center-differs",
    Reason.TROUBLE: "center-fails",
    Trouble.NO_LINE: "line-route",
    Trouble.TIMEOUT: "line-timeout",
    Trouble.NOT_THE_CENTER: "line-foreign",
    Trouble.CUT_OFF: "line-cut-off",
    Trouble.BUSY: "center-busy",
    Trouble.CENTER_FAILS: "center-fails",
    Trouble.JOURNAL: "database-unreadable",
    Trouble.DIFFERS: "center-differs",
}


def symptom_of(trouble: str) -> str:
    """Return the symptom of a Trouble or Reason as the link tells it, also of one that a newer center knows."""
    return _SYMPTOMS.get(trouble, "center-refuses")


class Exchanged(msgspec.Struct, frozen=True):
    """How the link is. `ago`: seconds since the last answer, None before the first.

    `sent`, `received`: bytes of requests and answers since the start.
    """

    status: Status
    ago: float | None = None
    sent: int = 0
    received: int = 0


class Exchanges:
    """Do the station and its center understand each other?"""

    name, title, kind = "line", "线路", Kind.AUTOMATIC
    reason = "没有线路时记录只能留在本机"

    def __init__(self, exchanged: Callable[[], Exchanged | None], *, has_center: bool) -> None:
        """`exchanged()`: None while the station is not enrolled."""
        self._exchanged = exchanged
        self._has_center = has_center

    def run(self) -> Finding:
        """Tell how the last exchange went, when, how long it took, and how much has gone over the line."""
        if not self._has_center:
            return found(self.name, "center-none")
        exchanged = self._exchanged()
        if exchanged is None:
            return found(self.name, "center-not-enrolled")
        status = exchanged.status
        ago = "-" if exchanged.ago is None else f"{exchanged.ago:.0f} s"
        value = f"{ago}, {status.seconds * 1000:.0f} ms, {exchanged.sent} / {exchanged.received} B"
        if status.state is State.WELL:
            return found(self.name, value=value)
        if not status.trouble:
            return found(self.name, "line-untried")
        return found(self.name, symptom_of(status.trouble), f"{ago}, {status.detail}"[:80])
