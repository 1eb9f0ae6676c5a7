"""A station that is enrolled at a center of which only the sealing key exists."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.sealing import HPKE
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import CenterKeys


def enrol(state: Path) -> X25519PrivateKey:
    """Enrol the station whose state is kept in `state`; returns the key that opens what it seals."""
    key = X25519PrivateKey.generate()
    folder = state / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = CenterKeys(
        station="07",
        ca="",
        sealing_alg=HPKE,
        sealing=key.public_key().public_bytes_raw(),
        release_alg="none",
        release=b"",
        time=0,
    )
    keep_trust(folder, keys)
    return key
