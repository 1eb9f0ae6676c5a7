"""`kiosk center slots`: the places that can be booked. Lists them, changes a day's capacity, lends to a station."""

import argparse
import datetime
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.center_store import add_center, now_ms, with_store
from kiosk.cli.failure import Failure, told

if TYPE_CHECKING:
    from center.lending import SlotView, Waits
    from center.store import Store
    from kiosk.appointments import Coming
    from kiosk.catalog.model import Release

DAYS = 7
"""Days ahead that are listed when nobody says."""

_COUNT = re.compile(r"\d{1,4}", re.ASCII)
_GO_ON = "if this center was not put back to a backup: kiosk center slots go-on"


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `actions`."""
    parser = actions.add_parser("slots", help="the places that can be booked, and what of them is lent to stations")
    doing = parser.add_subparsers(dest="doing", required=True, metavar="ACTION")
    listing = doing.add_parser("list", help="the slots ahead: capacity, lent, come back, booked")
    listing.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"days ahead (default: {DAYS})")
    capacity = doing.add_parser("set", help="give one slot another capacity than data/slots.toml")
    lend = doing.add_parser(
        "lend",
        help="lend places to one station",
        description="Lend places to one station, besides those that every station is lent by itself. It has them after"
        " its next exchange, sells them also without a line, and gives back a day before what nobody took.",
    )
    for action in (capacity, lend):
        action.add_argument("theme", metavar="THEME", help="the queue's letter, or the id of its cycle or channel")
        action.add_argument("day", metavar="DATE", help="such as 2026-12-01")
        action.add_argument("session", metavar="TIMES", help="such as 15:00-17:30")
    lend.add_argument("station", metavar="NN", help="the station's two digits")
    for action in (capacity, lend):
        action.add_argument("places", metavar="PLACES", help="how many")
    go_on = doing.add_parser(
        "go-on",
        help="lend without waiting for stations that have not answered since the center was started",
        description="After each start the center asks all stations which loans they hold, and lends nothing before all"
        " have answered: if it was put back to a backup it does not know what it has lent since. When it was not, say"
        " so by this command; stations that are out of order then hold nobody up.",
    )
    for action in (listing, capacity, lend, go_on):
        add_center(action)


def run(folder: Path, arguments: argparse.Namespace) -> int:
    """Run the command."""
    doing: dict[str, Callable[[Path, argparse.Namespace], int]] = {
        "list": _list,
        "set": _set,
        "lend": _lend,
        "go-on": _go_on,
    }
    return doing[arguments.doing](folder, arguments)


def _list(folder: Path, arguments: argparse.Namespace) -> int:
    from center import inventory
    from center.lending import slot_view

    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=arguments.days)
    ahead = [one for one in _coming(_release(folder)) if one.slot.day <= until.date()]

    async def look(store: "Store") -> "tuple[list[SlotView], tuple[str, ...]]":
        await store.settle()
        views = [await store.read(lambda one=one: slot_view(one)) for one in ahead]  # type: ignore[misc]
        return views, await store.read(inventory.silent)

    views, silent = with_store(folder, arguments, look)
    for one, view in zip(ahead, views, strict=True):
        lent = sum(loan.places for loan in view.loans)
        back = sum(min(loan.returned, loan.places) for loan in view.loans)
        print(
            f"{one.slot.theme} {one.slot.day} {one.slot.session.label}  {one.rule.name.hans}"
            f"{'（样例）' if one.rule.sample else ''}  capacity {view.capacity}, lent {lent}, back {back},"
            f" booked {view.booked}, left {max(0, view.capacity - view.used)}"
        )
        for loan in view.loans:
            if loan.kept:
                print(f"  station {loan.station}: {loan.kept} lent, {loan.booked} booked")
        if view.stray:
            print(f"  {view.stray} booked of loans that are not known here")
    if not ahead:
        print("no slot; they stand in data/slots.toml")
    if silent:
        print(f"nothing is lent before these stations say what they hold: {', '.join(silent)}")
        print(f"  {_GO_ON}")
    return os.EX_OK


def _set(folder: Path, arguments: argparse.Namespace) -> int:
    from center.lending import set_capacity

    one, places = _slot(_release(folder), arguments), _places(arguments.places)
    with_store(folder, arguments, lambda store: store.write(lambda: set_capacity(one.slot, places)))
    print(f"{one.slot.theme} {one.slot.day} {one.slot.session.label}: capacity {places}; what is lent stays lent")
    return os.EX_OK


def _lend(folder: Path, arguments: argparse.Namespace) -> int:
    from center.lending import Waits, lend, new_loan

    one, places = _slot(_release(folder), arguments), _places(arguments.places)

    async def work(store: "Store") -> "int | Waits | None":
        await store.settle()
        if not (known := await store.station(arguments.station)) or known.revoked:
            return None
        return await store.write(lambda: lend(one, arguments.station, places, new_loan(), now_ms()))

    lent = with_store(folder, arguments, work)
    if lent is None:
        raise Failure([f"{arguments.station}: no such station is enrolled"], os.EX_DATAERR)
    if isinstance(lent, Waits) and lent.stations == (arguments.station,):
        raise Failure(
            [f"{arguments.station}: has not said yet which loans it holds; wait for its line"], os.EX_TEMPFAIL
        )
    if isinstance(lent, Waits):
        waits = f"these stations have not said which loans they hold: {', '.join(lent.stations)}"
        raise Failure([f"nothing is lent, because {waits}; {_GO_ON}"], os.EX_TEMPFAIL)
    if not lent:
        raise Failure(["nothing is lent: no place of this slot is left; see: kiosk center slots list"], os.EX_DATAERR)
    print(f"lent to station {arguments.station}: {lent}")
    return os.EX_OK


def _go_on(folder: Path, arguments: argparse.Namespace) -> int:
    from center import inventory

    with_store(folder, arguments, lambda store: store.write(inventory.trust))
    print("places are lent until the next start without the word of stations that have not answered")
    return os.EX_OK


def _release(folder: Path) -> "Release":
    from center.folder import releases_dir
    from center.shelf import Current, Shelf
    from kiosk import paths
    from kiosk.catalog.load import FILE

    with told():
        return Current(Shelf(releases_dir(folder)), paths.release_dir() / FILE).release()


def _coming(release: "Release") -> "tuple[Coming, ...]":
    from kiosk.appointments import coming

    return coming(release.slots, release.hall, datetime.datetime.now(datetime.UTC))


def _slot(release: "Release", arguments: argparse.Namespace) -> "Coming":
    theme = next((one for one in release.themes if arguments.theme in (one.letter, one.of)), None)
    letter = theme.letter if theme else ""
    for one in _coming(release):
        if (one.slot.theme, str(one.slot.day), one.slot.session.label) == (letter, arguments.day, arguments.session):
            return one
    words = f"{arguments.theme} {arguments.day} {arguments.session}: no such slot lies ahead"
    raise Failure([f"{words}; see: kiosk center slots list --days 60"], os.EX_USAGE)


def _places(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise Failure([f"{text}: must be a number of places, at most 9999"], os.EX_USAGE)
    return int(text)
