"""Bytes from outside into values of a type: whatever is wrong with them is Unreadable, and nothing else is raised."""

from typing import TypeVar

import msgspec

from kiosk.wire.entries import Unreadable

T = TypeVar("T")


def decoded(content: bytes, kind: type[T]) -> T:
    """Return the MessagePack value of type `kind` in `content`. Raises Unreadable."""
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except RecursionError:
        # msgspec's own guard against nesting without end is no MsgspecError.
        raise Unreadable("nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None
