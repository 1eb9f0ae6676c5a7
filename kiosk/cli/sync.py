"""`kiosk sync --once`: one exchange after another until the center has all, while no station is running here."""

import argparse
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.failure import Failure, told
from kiosk.cli.station import add_places, read_settings, state_folder

if TYPE_CHECKING:
    from kiosk.link.carrier import Carrier
    from kiosk.link.machine import Status
    from kiosk.settings import Settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("sync", help="one exchange with the center")
    parser.add_argument("--once", action="store_true", required=True, help="send what waits, then end")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 69 when the center has not got everything."""
    from kiosk import paths
    from kiosk.catalog.installed import FOLDER, newest
    from kiosk.catalog.load import FILE
    from kiosk.journal.folder import StateFolder
    from kiosk.journal.store import Journal
    from kiosk.journal.writer import JournalError, Writer
    from kiosk.link.machine import State
    from kiosk.link.opening import open_carrier
    from kiosk.wire.exchange import Heartbeat

    settings = read_settings(arguments.config)
    if not settings.center.url:
        raise Failure([f"{settings.path}: center.url is empty: this station has no center"], os.EX_CONFIG)
    state: Path = state_folder(arguments.state)
    number = settings.station.number
    trouble: list[Exception] = []
    with told(), StateFolder(state):
        release = newest(state / FOLDER, paths.release_dir() / FILE)
        writer = Writer(lambda: Journal(state, number, _now()), trouble.append)
        writer.start()
        try:
            carrier = open_carrier(
                settings.center.url,
                number,
                state,
                writer,
                _now,
                lambda run: Heartbeat(
                    release=release.version,
                    unsent=run.newest - run.first + 1,
                    oldest=run.oldest,
                    time=_now(),
                ),
                lambda ms, seconds: None,
                lambda: release,
                lambda newer: print(f"catalogue release {newer.version} is here"),
                settings.retention.personal_hours,
                refused=lambda version, why: print(f"catalogue release {version} is refused: {why}"),
            )
            if carrier is None:
                raise Failure([f"{state}: this station is not enrolled; run: kiosk enroll CODE"], os.EX_CONFIG)
            status = _deliver(settings, carrier)
            if status.state is State.WELL:
                carrier.between()
            carrier.close()
        except JournalError as error:
            raise trouble[0] if trouble else Failure([f"{state}: {error}"], os.EX_IOERR) from None
        finally:
            writer.close()
    if status.state is not State.WELL:
        words = f"{settings.center.url}: {status.trouble}: {status.detail}; everything is kept and will be sent later"
        raise Failure([words], os.EX_UNAVAILABLE)
    return os.EX_OK


def _deliver(settings: "Settings", carrier: "Carrier") -> "Status":
    """Exchange until the center has all or an exchange fails, telling each; returns how it ended."""
    from kiosk.link.machine import Answered, Event, Link, Tick

    link = Link(settings.center.interval_seconds, random.random)
    pending: list[Event] = [Tick()]
    sent = 0
    while pending:
        for action in link.step(time.monotonic(), pending.pop(0)):
            outcome = carrier.do(action)
            if outcome is None:
                continue
            if isinstance(outcome, Answered):
                sent += len(outcome.run.entries)
                print(f"epoch {outcome.answer.epoch}: the center has entries 1 to {outcome.answer.acknowledged}")
            pending.append(outcome)
    print(f"{sent} entries sent")
    return link.status


def _now() -> int:
    return time.time_ns() // 1_000_000
