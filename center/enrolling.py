"""Lets a station in that proves by HMAC that it has its one-time code, and gives it the center's public keys.

An enrolled station may later have a new key take over, which the old one signs.
"""

from center.kept import Enrolled
from center.numbers import highest
from center.store import Store
from center.taking import Declined
from kiosk.keys import verify
from kiosk.sealing import HPKE
from kiosk.wire.enrolment import (
    CenterKeys,
    EnrolAnswer,
    center_proof,
    encoded,
    read_enrol_request,
    same,
    station_proof,
)
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import ED25519, Reason
from kiosk.wire.renewal import RenewalAnswer, read_renewal_request


class Enrolling:
    """Answers enrolments and renewals."""

    def __init__(self, store: Store, ca: str, sealing: bytes, release: bytes) -> None:
        """`ca`: PEM of the CA that stations shall pin. `sealing` and `release`: the center's raw public keys."""
        self._store = store
        self._ca = ca
        self._sealing = sealing
        self._release = release

    async def enrol(self, station: str, content: bytes, now: int) -> EnrolAnswer | Declined:
        """Enrol the station that sent `content`. An answer that was lost is given again to the same key."""
        try:
            request = read_enrol_request(content)
        except Unreadable as error:
            return Declined(Reason.MALFORMED, str(error))
        if request.station != station:
            return Declined(Reason.MALFORMED, "the content is another station's")
        code = await self._store.code(station, request.public, now)
        proof = station_proof(code or b"", station, request.public, request.nonce)
        if code is None or not same(proof, request.proof):
            return Declined(Reason.BAD_CODE, "the code is wrong, used up or older than a day, or is another station's")
        await self._store.enrol(Enrolled(station, request.public, now))
        keys = encoded(
            CenterKeys(
                station=station,
                ca=self._ca,
                sealing_alg=HPKE,
                sealing=self._sealing,
                release_alg=ED25519,
                release=self._release,
                time=now,
                numbers=await self._store.read(lambda: highest(station, now)),
            )
        )
        return EnrolAnswer(content=keys, proof=center_proof(code, station, request.public, request.nonce, keys))

    async def renew(self, station: str, content: bytes, now: int) -> RenewalAnswer | Declined:
        """Let the new key of the station that sent `content` take over, if the old one and itself have signed that."""
        try:
            request = read_renewal_request(content)
        except Unreadable as error:
            return Declined(Reason.MALFORMED, str(error))
        if request.station != station:
            return Declined(Reason.MALFORMED, "the content is another station's")
        text = request.message()
        if not (verify(request.old, text, request.by_old) and verify(request.new, text, request.by_new)):
            return Declined(Reason.BAD_SIGNATURE, "the request is not signed by both keys")
        since = await self._store.renew(request, now)
        return since if isinstance(since, Declined) else RenewalAnswer(public=request.new, since=since)
