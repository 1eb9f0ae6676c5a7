"""What a command prints must arrive: how it ends when standard output takes no more."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.cli.failure import Failure


@contextmanager
def printed() -> Iterator[None]:
    """Flush standard output at the end, whichever way that comes.

    Raises Failure: code 74 for an error of input or output that nobody foresaw, such as a full disk behind standard
    output; without words and with the code of SIGPIPE where its reader has gone, as `head` does.
    """
    try:
        try:
            yield
        finally:
            _flush()
    except BrokenPipeError:
        _silence()
        raise Failure([], 128 + signal.SIGPIPE) from None
    except OSError as error:
        where = error.filename or "input or output failed"
        raise Failure([f"{where}: {error.strerror or error}"], os.EX_IOERR) from None


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _silence()
        raise Failure([f"standard output: cannot be written: {error.strerror}"], os.EX_IOERR) from None


def _silence() -> None:
    # What is left in the buffer must not raise again at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
