"""Puts a carrier together for a station that is enrolled."""

import os
import ssl
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.catalog.installed import FOLDER
from kiosk.catalog.model import Release
from kiosk.journal.outgoing import Outgoing, Run
from kiosk.journal.writer import Writer
from kiosk.keyring import Keyring
from kiosk.keys import KeyFileError
from kiosk.link.carrier import Carrier
from kiosk.link.transport import Transport, pinned
from kiosk.link.updating import Told, Updating
from kiosk.trust import read_trust
from kiosk.wire.exchange import ANSWER_LIMIT, Heartbeat
from kiosk.wire.queue import QueueSnapshot

HOUR_MS = 3_600_000


def open_carrier(
    url: str,
    station: str,
    state: Path,
    writer: Writer,
    now_ms: Callable[[], int],
    heartbeat: Callable[[Run], Heartbeat],
    heard: Callable[[int, float], None],
    release: Callable[[], Release],
    renew: Callable[[Release], None],
    personal_hours: int,
    called: Callable[[QueueSnapshot, float], None] = lambda queue, seconds: None,
    refused: Callable[[int, str], None] = lambda version, reason: None,
) -> Carrier | None:
    """Return the carrier of the station whose state folder is `state`, None while it is not enrolled.

    `release()` is the newest catalogue here, `renew` is given one that the center sent, `called` how the hall's calling
    stood so many seconds ago, `refused` the version of a release that is not taken, and why. `personal_hours`: how long
    sealed personal data stays here once the center has it. Waits for the journal to be opened by `writer`. Raises
    JournalError, StateError, KeyFileError.
    """
    trust = read_trust(state / "keys")
    if trust is None:
        return None
    if trust.station != station:
        raise KeyFileError(
            f"{state / 'keys'}: is enrolled as station {trust.station}, the settings say {station}; enrol it again"
        )
    try:
        context = pinned(trust.ca)
    except ssl.SSLError as error:
        raise KeyFileError(f"{state / 'keys'}: the center's CA cannot be used: {error}; enrol it again") from None
    writer.submit(lambda journal: journal.seq).result()
    keyring = Keyring(state / "keys")

    def tell(told: Told) -> None:
        data = {"version": told.version} | ({"reason": told.reason} if told.reason else {})
        writer.submit(lambda journal: journal.enter(told.kind, now_ms(), data)).result()
        if told.reason:
            refused(told.version, told.reason)

    return Carrier(
        station=station,
        outgoing=Outgoing(state),
        record=lambda work: writer.submit(work).result(),
        sign=keyring.sign,
        line=Transport(url, context, ANSWER_LIMIT),
        heartbeat=heartbeat,
        heard=heard,
        now_ms=now_ms,
        monotonic=time.monotonic,
        random_bytes=os.urandom,
        personal_ms=personal_hours * HOUR_MS,
        keyring=keyring,
        updating=Updating(state / FOLDER, trust.release, release, renew, tell),
        called=called,
    )
