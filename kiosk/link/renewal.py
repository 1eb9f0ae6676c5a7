"""The station's side of a renewal of its key. It may be cut off anywhere and done again."""

from collections.abc import Callable

from kiosk.keyring import Keyring
from kiosk.link.machine import Trouble
from kiosk.link.transport import Line, LineTrouble
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import MEDIA_TYPE, Reason, read_refusal
from kiosk.wire.renewal import RenewalRequest, encoded, message, read_renewal_answer, renewal_path

_PASSING = {Reason.BUSY, Reason.TROUBLE}


class NotRenewed(Exception):
    """The center refused, and the old key stays in use; the message says why."""


def renew(line: Line, station: str, keyring: Keyring, step: Callable[[str], None] = lambda name: None) -> int:
    """Have a new key take over from the station's present one; returns since when, UTC milliseconds.

    `line`: to the pinned center. `step` is told each step by name, for tests. Raises NotRenewed, LineTrouble without an
    answer (the old key stays in use until the station learns that the center has the new one), KeyFileError, OSError.
    """
    old, new = keyring.key, keyring.make_following()
    step("made")
    text = message(station, old.public, new.public)
    request = RenewalRequest(
        station=station, old=old.public, new=new.public, by_old=old.sign(text), by_new=new.sign(text)
    )
    reply = line.post(renewal_path(station), {"content-type": MEDIA_TYPE, "accept": MEDIA_TYPE}, encoded(request))
    step("answered")
    if reply.media_type != MEDIA_TYPE:
        raise LineTrouble(Trouble.NOT_THE_CENTER, f"status {reply.status}, {reply.media_type or 'no content type'}")
    try:
        if reply.status != 200:
            refusal = read_refusal(reply.content)
            if refusal.reason in _PASSING:
                raise LineTrouble(Trouble.BUSY, refusal.detail)
            keyring.drop()
            raise NotRenewed(refusal.detail)
        answer = read_renewal_answer(reply.content)
    except Unreadable as error:
        raise LineTrouble(Trouble.NOT_THE_CENTER, str(error)) from None
    if answer.public != new.public:
        raise LineTrouble(Trouble.NOT_THE_CENTER, "it answers with another key")
    keyring.switch()
    step("switched")
    return answer.since
