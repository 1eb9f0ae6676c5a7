"""Tests of what is attached to the station, by what the devices tell of themselves."""

from collections.abc import Callable

from kiosk.ports import Condition, Part, Proof, Reading, State
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import OF_CONDITION, found

Ask = Callable[[], State | None]
"""Gives the state of a device, None where it is in use and nobody has left word."""


class Printer:
    """Would a slip come out?"""

    name, title, kind = "printer", "打印机", Kind.AUTOMATIC
    reason = "打印机出问题时，来访者拿不到小票"

    def __init__(self, ask: Ask, where: str = "") -> None:
        """`where`: its port and speed, for whoever goes and looks."""
        self._ask = ask
        self._where = where

    def run(self) -> Finding:
        """Ask it, or whoever has it."""
        state = self._ask()
        if state is None:
            return found(self.name, "device-not-asked", self._where)
        reached = state.readings.get(Part.LINE) is not Reading.FAULT
        parts = [f"{part} {reading}" for part, reading in state.readings.items() if reading is not Reading.FINE]
        symptom = OF_CONDITION.get(state.condition, "")
        return found(self.name, symptom, ", ".join([self._where, *parts] if reached else [self._where])[:80])


class Proving:
    """How is it known that a slip is on paper?"""

    name, title, kind = "proof", "打印证实", Kind.AUTOMATIC
    reason = "不能证实的小票，不会记为已打印"

    def __init__(self, proof: Callable[[], Proof | None]) -> None:
        """`proof()` is the strongest that the printer can give as far as is known; None where there is no printer."""
        self._proof = proof

    def run(self) -> Finding:
        """Tell what the printer was found to answer."""
        proof = self._proof()
        if proof is None:
            return found(self.name, "printer-not-configured")
        return found(self.name, "proof-none" if proof is Proof.NONE else "", proof)


class Scanner:
    """Can a slip be held to the station?"""

    name, title, kind = "scanner", "扫码器", Kind.AUTOMATIC
    reason = "扫码器出问题时，凭码补打要用键盘"

    def __init__(self, ask: Ask, where: str = "") -> None:
        self._ask = ask
        self._where = where

    def run(self) -> Finding:
        """Open its port; what it reads only a person can show."""
        state = self._ask()
        if state is None:
            return found(self.name, "device-not-asked", self._where)
        if state.condition is Condition.NOT_CONFIGURED:
            return found(self.name, "scanner-not-configured")
        if state.readings.get(Part.LINE) is Reading.FAULT:
            return found(self.name, "scanner-no-port", self._where)
        return found(self.name, value=f"{self._where}, {state.readings.get(Part.READER, Reading.UNKNOWN)}")


class Sound:
    """Is there a voice?"""

    name, title, kind = "sound", "语音", Kind.AUTOMATIC
    reason = "看不清屏幕的人要靠语音"

    def run(self) -> Finding:
        """There is none yet."""
        return found(self.name, "sound-none")
