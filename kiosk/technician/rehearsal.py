"""Faults to practise with, where no real device can come to harm."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from kiosk.technician.audit import Hand


class Fault(msgspec.Struct, frozen=True):
    """A fault that can be switched on and off: its code, and its name in Simplified words."""

    name: str
    title: str


class Rehearsal:
    """The faults of virtual devices."""

    def __init__(self, faults: Sequence[Fault], switch: Callable[[str, bool], None], hand: Hand) -> None:
        """`switch(name, on)` lets a fault happen or takes it away; it returns at once."""
        self.faults = tuple(faults)
        self._switch = switch
        self._hand = hand
        self._on: set[str] = set()

    def is_on(self, name: str) -> bool:
        """Whether that fault is there now; answers at once."""
        return name in self._on

    async def toggle(self, name: str) -> None:
        """Let a fault happen, or take it away."""
        on = name not in self._on
        self._switch(name, on)
        (self._on.add if on else self._on.discard)(name)
        await asyncio.to_thread(lambda: self._hand.did("fault-on" if on else "fault-off", fault=name))

    def clear(self) -> None:
        """Take every fault away, because the next who comes is a resident; returns at once."""
        for name in sorted(self._on):
            self._switch(name, False)
        self._on.clear()
