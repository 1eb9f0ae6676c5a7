"""Why a serial port cannot be used: each mistake told as what it is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from devices.port_trouble import PortTrouble, port_trouble
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter

NOBODY = 65534


@pytest.fixture
def port() -> Iterator[str]:
    with VirtualPort(VirtualPrinter()) as port:
        yield port.name


@contextmanager
def another_user() -> Iterator[None]:
    """What root may do, it may do without permission."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)


def test_a_port_that_can_be_opened_has_no_trouble(port: str) -> None:
    assert port_trouble(port) is PortTrouble.NONE


def test_a_port_that_another_program_has_is_in_use(port: str) -> None:
    with serial.Serial(port, exclusive=True):
        assert port_trouble(port) is PortTrouble.IN_USE
    assert port_trouble(port) is PortTrouble.NONE


def test_a_port_without_permission_is_forbidden(port: str) -> None:
    Path(port).chmod(0)
    with another_user():
        assert port_trouble(port) is PortTrouble.FORBIDDEN


def test_what_is_no_port_is_told_as_what_it_is(tmp_path: Path) -> None:
    file, pipe, lost, loop = (tmp_path / name for name in ("file", "pipe", "lost", "loop"))
    file.touch()
    os.mkfifo(pipe)
    lost.symlink_to(tmp_path / "nothing")
    loop.symlink_to(loop)
    assert port_trouble(str(file)) is PortTrouble.NO_PORT
    assert port_trouble(str(pipe)) is PortTrouble.NO_PORT
    assert port_trouble("/dev/null") is PortTrouble.NO_PORT
    assert port_trouble(str(tmp_path)) is PortTrouble.FOLDER
    assert port_trouble(str(lost)) is PortTrouble.DANGLING
    assert port_trouble(str(loop)) is PortTrouble.DANGLING
    assert port_trouble(str(file / "port")) is PortTrouble.MISSING
    assert port_trouble("/nonexistent/ttyUSB0") is PortTrouble.MISSING
    assert port_trouble("a" * 5000) is PortTrouble.MISSING
    assert port_trouble("a\0b") is PortTrouble.MISSING
