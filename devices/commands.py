"""The few bytes that both the encoder and the one who asks the printer send (Epson ESC/POS command reference)."""

INIT = b"\x1b@"
"""Drops the unprinted line and all settings; keeps the receive buffer."""

QUEUED_STATUS = b"\x1dr\x01"
"""GS r 1: answered by one byte `0xx0xxxx` once all before it was processed; never with paper out or cover open."""

PROCESS_ID = b"\x1d(H\x06\x0000"
"""GS ( H function 48, followed by four bytes 20h to 7Eh, which come back when the printing before it is completed."""

UNASKED_ON, UNASKED_OFF = b"\x1da\xff", b"\x1da\x00"
"""GS a: four bytes of status at once, then with each change. An init switches it off on some printers."""
