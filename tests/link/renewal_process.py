"""Renews a station's key as a process that kills itself (SIGKILL) at a step.

Arguments: state folder, the center's address, name of the step.
"""

import os
import signal
import sys
from pathlib import Path

from kiosk.keyring import Keyring
from kiosk.link.renewal import renew
from kiosk.link.transport import Transport, pinned
from kiosk.trust import read_trust
from kiosk.wire.renewal import RENEWAL_LIMIT


def main() -> None:
    """Renew until the step."""
    folder, url, fatal = Path(sys.argv[1]) / "keys", sys.argv[2], sys.argv[3]
    trust = read_trust(folder)
    assert trust is not None

    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    renew(Transport(url, pinned(trust.ca), RENEWAL_LIMIT), "07", Keyring(folder), step)


main()
