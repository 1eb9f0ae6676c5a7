"""The station's side of an enrolment by one-time code."""

import os

from kiosk.keys import StationKey
from kiosk.link.machine import Trouble
from kiosk.link.transport import Line, LineTrouble
from kiosk.wire.enrolment import (
    CenterKeys,
    EnrolRequest,
    center_proof,
    encoded,
    enrol_path,
    read_center_keys,
    read_enrol_answer,
    same,
    station_proof,
)
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import MEDIA_TYPE, read_refusal


class NotEnrolled(Exception):
    """The center refused; the message says why."""


def enrol(line: Line, station: str, code: bytes, key: StationKey) -> CenterKeys:
    """Enrol and return the center's keys, proven by the code. Raises NotEnrolled, and LineTrouble without an answer."""
    nonce = os.urandom(16)
    request = EnrolRequest(
        station=station,
        public=key.public,
        nonce=nonce,
        proof=station_proof(code, station, key.public, nonce),
    )
    reply = line.post(enrol_path(station), {"content-type": MEDIA_TYPE, "accept": MEDIA_TYPE}, encoded(request))
    if reply.media_type != MEDIA_TYPE:
        raise LineTrouble(Trouble.NOT_THE_CENTER, f"status {reply.status}, {reply.media_type or 'no content type'}")
    try:
        if reply.status != 200:
            raise NotEnrolled(read_refusal(reply.content).detail)
        answer = read_enrol_answer(reply.content)
        proof = center_proof(code, station, key.public, nonce, answer.content)
        if not same(proof, answer.proof):
            raise LineTrouble(Trouble.NOT_THE_CENTER, "whoever answered does not know the code")
        keys = read_center_keys(answer.content)
    except Unreadable as error:
        raise LineTrouble(Trouble.NOT_THE_CENTER, str(error)) from None
    return keys
