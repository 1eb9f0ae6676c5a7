"""Does what the link's machine decides: reads the journal, signs, sends, understands the answer, writes it down."""

import logging
from collections.abc import Callable

from sqlite_utils.utils import sqlite3

from kiosk.journal.outgoing import Outgoing, Run
from kiosk.journal.store import Journal
from kiosk.journal.writer import JournalError
from kiosk.keyring import Keyring
from kiosk.keys import Sign
from kiosk.link.machine import (
    Action,
    Answered,
    Attest,
    Begin,
    Called,
    Confirm,
    Event,
    Exchange,
    Failed,
    Faulty,
    Heard,
    Keep,
    Learn,
    Refused,
    Trouble,
)
from kiosk.link.parcels import BATCH_BYTES, headers, parcel, request
from kiosk.link.transport import Line, LineTrouble, Reply
from kiosk.link.updating import Updating
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import (
    MEDIA_TYPE,
    Answer,
    Heartbeat,
    Reason,
    Refusal,
    Request,
    read_answer,
    read_numbers,
    read_refusal,
    sync_path,
)
from kiosk.wire.places import Inventory
from kiosk.wire.queue import QueueSnapshot

TIDY_S = 3600.0
"""Seconds between erasures of sealed data that is old enough."""

PLACES_S = 60.0
"""Seconds between two looks whether places are to be given back."""

Record = Callable[[Callable[[Journal], object]], object]
"""Runs work on the journal and returns after its commit. Raises JournalError."""

_log = logging.getLogger(__name__)


class Carrier:
    """The hands of a Link. For one thread."""

    def __init__(
        self,
        station: str,
        outgoing: Outgoing,
        record: Record,
        sign: Sign,
        line: Line,
        heartbeat: Callable[[Run], Heartbeat],
        heard: Callable[[int, float], None],
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        personal_ms: int,
        keyring: Keyring | None = None,
        updating: Updating | None = None,
        called: Callable[[QueueSnapshot, float], None] = lambda queue, seconds: None,
    ) -> None:
        """`heard(ms, seconds)` is told the center's time and how old it may be, `called(queue, seconds)` how the hall's
        calling stood. `now_ms`: the station's clock.

        `personal_ms`: how long sealed personal data stays here after the center has it, which may need it again when
        it comes back from a backup. `keyring`: where a key may stand that the center has already and the station, cut
        off in the middle of its renewal, does not know to be good.
        """
        self._station = station
        self._outgoing = outgoing
        self._record = record
        self._sign = sign
        self._line = line
        self._heartbeat = heartbeat
        self._heard = heard
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._random_bytes = random_bytes
        self._personal_ms = personal_ms
        self._keyring = keyring
        self._updating = updating
        self._called = called
        self._tidied = self._looked = float("-inf")
        self.sent = self.received = 0
        """Bytes of requests and answers since the start."""

    def do(self, action: Action) -> Event | None:
        """Do one action; returns what came of it, if the machine must know."""
        try:
            match action:
                case Exchange():
                    return self._exchange(action)
                case Confirm(epoch, seq):
                    self._record(lambda journal: journal.acknowledge(epoch, seq, self._now_ms()))
                case Attest(epoch):
                    self._record(lambda journal: journal.places.attest(epoch))
                case Begin(reason):
                    _log.warning("a new epoch is begun: %s", reason)
                    self._record(lambda journal: journal.begin_epoch(reason, self._now_ms()))
                case Keep(items):
                    self._record(lambda journal: journal.keep(items, self._now_ms()))
                case Learn(numbers):
                    limits = read_numbers(numbers)
                    self._record(lambda journal: journal.learn_numbers(limits, self._now_ms()))
                case Heard(ms, seconds):
                    self._heard(ms, seconds)
                case Called(queue, seconds):
                    self._called(queue, seconds)
        except JournalError as error:
            return Failed(Trouble.JOURNAL, str(error))
        except sqlite3.Error as error:
            return Failed(Trouble.JOURNAL, str(error))
        return None

    def between(self) -> None:
        """Do what is not pressing, when no exchange is due.

        Sealed data that has had its time is erased, places that nobody took go back, a release is taken in.
        """
        now = self._monotonic()
        try:
            if now - self._tidied >= TIDY_S:
                self._tidied = now
                self._record(lambda journal: journal.erase_sealed(self._now_ms() - self._personal_ms))
            if now - self._looked >= PLACES_S:
                self._looked = now
                self._record(lambda journal: journal.places.give_back(self._now_ms()))
            if self._updating is not None:
                self._updating.look(self._outgoing.offered(), self._line, now)
        except (JournalError, sqlite3.Error) as error:
            # The next pause tries again.
            _log.error("between exchanges: %s", error)

    def abort(self) -> None:
        """Make an exchange under way fail at once; may come from another thread."""
        self._line.abort()

    def close(self) -> None:
        """Close the line and the journal's reading side."""
        self._line.close()
        self._outgoing.close()

    def _exchange(self, action: Exchange) -> Event:
        run = self._outgoing.run(action.first, action.entries, BATCH_BYTES, action.past)
        if run.fault and not run.entries:
            return Faulty(run)
        nonce = self._random_bytes(8)
        cursor = self._outgoing.cursor()
        held = Inventory(action.word, self._outgoing.loans(self._station)) if action.word else None
        made = request(self._station, run, self._heartbeat(run), cursor, nonce, numbers=action.numbers, inventory=held)
        event = self._post(made, run, self._sign)
        if isinstance(event, Refused) and event.refusal.reason == Reason.BAD_SIGNATURE and self._keyring:
            return self._post_renewed(made, run, self._keyring) or event
        return event

    def _post_renewed(self, made: Request, run: Run, keyring: Keyring) -> Event | None:
        """Try the key that is to follow; the center that takes it has it, and then so has the station."""
        following = keyring.following()
        event = self._post(made, run, following.sign) if following else None
        if not isinstance(event, Answered):
            return None
        try:
            keyring.switch()
        except OSError as error:
            # The center takes this key alone, so the next exchange comes here again.
            _log.error("the new key is good, but: %s", error)
        return event

    def _post(self, made: Request, run: Run, sign: Sign) -> Event:
        ready = parcel(made, run.head, sign)
        started = self._monotonic()
        self.sent += len(ready.content)
        try:
            reply = self._line.post(sync_path(self._station), headers(ready), ready.content)
        except LineTrouble as error:
            return Failed(error.trouble, error.detail)
        self.received += len(reply.content)
        return understood(reply, run, made.nonce, self._monotonic() - started)


def understood(reply: Reply, run: Run, nonce: bytes, seconds: float) -> Event:
    """Return what `reply` to the request with `run` and `nonce` means.

    Whatever is not in the center's own form is taken for a passing trouble of the line: a captive portal, a proxy.
    """
    if reply.media_type != MEDIA_TYPE:
        words = f"status {reply.status}, {reply.media_type or 'no content type'}"
        trouble = Trouble.CENTER_FAILS if reply.status >= 500 else Trouble.NOT_THE_CENTER
        return Failed(trouble, words, reply.retry_after)
    try:
        if reply.status == 200:
            return _answered(read_answer(reply.content), run, nonce, seconds)
        return _refused(read_refusal(reply.content), reply, run)
    except Unreadable as error:
        return Failed(Trouble.NOT_THE_CENTER, str(error))


def _answered(answer: Answer, run: Run, nonce: bytes, seconds: float) -> Event:
    if answer.nonce != nonce:
        return Failed(Trouble.NOT_THE_CENTER, "an answer to another request")
    return Answered(run, answer, seconds)


def _refused(refusal: Refusal, reply: Reply, run: Run) -> Event:
    if reply.status == 429 or reply.status >= 500:
        return Failed(
            Trouble.BUSY if reply.status in (429, 503) else Trouble.CENTER_FAILS, refusal.detail, reply.retry_after
        )
    return Refused(run, refusal)
