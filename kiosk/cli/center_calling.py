"""`kiosk center call THEME`: the next number of a theme's queue, over the tickets of all stations."""

import argparse
import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.center_store import add_center, china_time, with_store
from kiosk.cli.failure import Failure, told

if TYPE_CHECKING:
    from center.calling import Behind, Call, HallQueue, Turn
    from center.store import Store
    from kiosk.catalog.model import Release

    Said = tuple[Turn, Behind | None, tuple[tuple[str, int], ...]]
    """What calling led to, what stands behind it, and in which other sessions of the day tickets wait."""

WINDOW_LENGTH = 20
"""Characters that a window's name may have."""


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `actions`."""
    parser = actions.add_parser("call", help="call the next number of a theme's queue")
    parser.add_argument("theme", metavar="THEME", help="the queue's letter, or the id of its cycle or channel")
    parser.add_argument("--window", default="1", metavar="W", help="the service window that calls (default: 1)")
    parser.add_argument("--day", metavar="DATE", help="of another day, such as 2026-11-24")
    parser.add_argument("--session", metavar="TIMES", help="of another session, such as 08:30-12:00")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the sealing key (default: in the center's folder)")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--again", action="store_true", help="repeat this window's last call")
    instead.add_argument("--absent", action="store_true", help="note that nobody came upon this window's last call")
    add_center(parser)


def run(folder: Path, arguments: argparse.Namespace) -> int:
    """Run the command. That nobody waits is no failure."""
    from center import calling
    from center.folder import releases_dir
    from center.shelf import Current, Shelf
    from kiosk import paths
    from kiosk.catalog.load import FILE
    from kiosk.hours import CHINA

    with told():
        release = Current(Shelf(releases_dir(folder)), paths.release_dir() / FILE).release()
    now = datetime.datetime.now(datetime.UTC)
    queue, window = _queue(release, arguments, now), _window(arguments.window)
    ms, today = int(now.timestamp() * 1000), now.astimezone(CHINA).date().isoformat()

    async def work(store: "Store") -> "Said":
        # Of a center that is not being served nobody else makes the projections.
        await store.settle()
        await store.write(lambda: calling.erase_grounds(today))
        if arguments.again:
            turn = await store.write(lambda: calling.call_again(queue, window))
        elif arguments.absent:
            turn = await store.write(lambda: calling.mark_absent(queue, window, ms))
        else:
            turn = await store.write(lambda: calling.call_next(queue, window, release.priority, ms))
        if turn.call is None:
            return turn, None, await store.read(lambda: calling.elsewhere(queue))
        found = turn.call
        return turn, await store.read(lambda: calling.behind(found)), ()

    turn, behind, others = with_store(folder, arguments, work)
    name = f"{queue.theme} {queue.day} {queue.session}"
    if turn.call is None:
        if arguments.again or arguments.absent:
            raise Failure([f"{name}: window {window} has not called anybody"], os.EX_DATAERR)
        also = "".join(f"; {count} still wait of {session}: add --session {session}" for session, count in others)
        print(f"{name}: nobody waits{also}")
        return os.EX_OK
    print(f"{turn.call.number}  window {window}{_remark(turn, arguments)}")
    for line in _details(folder, arguments, turn.call, behind, release):
        print(f"  {line}")
    print(f"  {turn.waiting} still wait")
    return os.EX_OK


def _queue(release: "Release", arguments: argparse.Namespace, now: datetime.datetime) -> "HallQueue":
    from center.calling import HallQueue
    from kiosk import hours

    theme = next((one for one in release.themes if arguments.theme in (one.letter, one.of)), None)
    if theme is None:
        known = ", ".join(f"{one.letter} ({one.of})" for one in release.themes)
        raise Failure([f"{arguments.theme}: no such theme; known: {known}"], os.EX_USAGE)
    day, session = arguments.day, arguments.session
    if day is not None:
        try:
            day = datetime.date.fromisoformat(day).isoformat()
        except ValueError:
            raise Failure([f"--day {day}: must be a date such as 2026-11-24"], os.EX_USAGE) from None
    if day is None or session is None:
        begun = hours.begun(now, release.hall)
        if day is not None or begun is None:
            labels = ", ".join(one.label for one in release.hall.sessions)
            why = "--day needs --session" if day else "no session has begun today; name --day and --session"
            raise Failure([f"{why} ({labels})"], os.EX_USAGE)
        day, session = begun.day.isoformat(), session or begun.session.label
    return HallQueue(theme.letter, day, session)


def _window(name: str) -> str:
    from kiosk.text import clean

    window = clean(name).strip()
    if not 0 < len(window) <= WINDOW_LENGTH:
        raise Failure([f"--window: a window's name has 1 to {WINDOW_LENGTH} characters"], os.EX_USAGE)
    return window


def _remark(turn: "Turn", arguments: argparse.Namespace) -> str:
    if arguments.absent:
        return "  was marked as absent before" if turn.twice else "  is marked as absent"
    if arguments.again and turn.call:
        return f"  called again ({turn.call.repeated})"
    return "  was called a moment ago; the command was started twice" if turn.twice else ""


def _details(
    folder: Path, arguments: argparse.Namespace, called: "Call", behind: "Behind | None", release: "Release"
) -> list[str]:
    from kiosk.tickets import grouped

    lines = []
    if called.priority:
        lines.append(f"优先 priority: {_ground(folder, arguments, called, behind, release)}")
    if behind:
        package = next((one.name.hans for one in release.packages if one.id == behind.package), "")
        lines.append(f"{behind.package} {package}".rstrip())
    lines.append(f"code {grouped(called.code)}, issued {china_time(called.issued)}")
    return lines


def _ground(
    folder: Path, arguments: argparse.Namespace, called: "Call", behind: "Behind | None", release: "Release"
) -> str:
    """Return the ground as the window is told, or why it has to ask."""
    import msgspec

    from center.authority import SEALING_KEY, private_key
    from center.folder import keys_dir
    from kiosk.sealing import Place, unseal
    from kiosk.tickets import GROUND_PURPOSE, Declared
    from kiosk.wire.entries import Unreadable

    if behind is None or behind.sealed is None:
        return "the ground is not here; ask for it"
    path = arguments.key or keys_dir(folder) / SEALING_KEY
    if not path.exists():
        return f"the ground is sealed and {path} is not here; ask for it"
    place = Place(GROUND_PURPOSE, called.station, behind.epoch, behind.seq)
    try:
        ground = msgspec.json.decode(unseal(private_key(path), place, behind.sealed), type=Declared).ground
    except (Unreadable, msgspec.MsgspecError) as error:
        return f"the ground cannot be read ({error}); ask for it"
    return next((one.name.hans for one in release.priority.grounds if one.id == ground), ground)
