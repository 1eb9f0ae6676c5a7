"""Finding a printer, its speed and what it answers, without a drop of ink."""

from pathlib import Path

import msgspec
import pytest

from devices.inquiry import Limits
from devices.probe import Nothing, NothingFoundError, Probed, applied, probe, read_probed, serial_ports, store
from devices.profile import Profile
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.wire import BAUDS
from kiosk.ports import Part

QUICK = Limits(answer=0.05, tries=2)
ALL = Probed("/dev/ttyUSB0", 9600, (1, 2, 3, 4), True, True, True, True, "1.00", "VIRTUAL", "VIRTUAL PRINTER")


@pytest.mark.parametrize("baud", BAUDS)
def test_a_printer_is_found_at_any_speed_and_nothing_comes_out(baud: int) -> None:
    virtual = VirtualPrinter()
    with VirtualPort(virtual, baud=baud) as port:
        assert probe(port.name, BAUDS, QUICK) == msgspec.structs.replace(ALL, port=port.name, baud=baud)
    virtual.feed(b"\n")
    assert virtual.text() == "", "what a printer may have taken for text was dropped"


class Clone(VirtualPrinter):
    """Answers DLE EOT 1, 2 and 4 alone, and takes what it does not know for text."""

    def answer(self, data: bytes) -> None:
        if len(data) == 1 and data[0] & 0x93 == 0x12 and self._arrived[-1:] != b"\x03":
            super().answer(data)


def test_a_clone_that_knows_little_is_described_as_it_is(narrow: Profile) -> None:
    with VirtualPort(Clone()) as port:
        probed = probe(port.name, (9600,), QUICK)
    assert probed == Probed(port.name if port.name else probed.port, 9600, (1, 2, 4), False, False, False, False)
    profile = applied(narrow, probed)
    assert (profile.status, profile.process_id, profile.clear) == ("real-time", False, False)
    assert profile.senses == (Part.COVER, Part.PAPER, Part.ROLL)


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, "real-time"), ({"real_time": ()}, "unasked"), ({"real_time": (), "unasked": False}, "none")],
)
def test_what_it_answers_decides_how_it_is_asked(narrow: Profile, changes: dict[str, object], status: str) -> None:
    assert applied(narrow, msgspec.structs.replace(ALL, **changes)).status == status


def test_silence_and_noise_are_told_apart() -> None:
    virtual = VirtualPrinter()
    virtual.silent = True
    with VirtualPort(virtual) as port:
        with pytest.raises(NothingFoundError) as silence:
            probe(port.name, (9600, 19200), QUICK)
        port.noise = True
        with pytest.raises(NothingFoundError) as noise:
            probe(port.name, (9600, 19200), QUICK)
    assert (silence.value.why, noise.value.why) == (Nothing.SILENT, Nothing.NOISE)


def test_a_port_that_is_none_is_told() -> None:
    with pytest.raises(NothingFoundError) as nothing:
        probe("/nonexistent/ttyUSB0", (9600,))
    assert nothing.value.why is Nothing.NO_PORT


def test_ports_are_named_so_that_the_name_stays(tmp_path: Path) -> None:
    by_id = tmp_path / "serial" / "by-id"
    by_id.mkdir(parents=True)
    for name in ("ttyUSB0", "ttyUSB1", "ttyACM0", "ttyS0", "tty1", "random"):
        (tmp_path / name).touch()
    (by_id / "usb-Prolific-if00-port0").symlink_to(tmp_path / "ttyUSB1")
    names = [str(Path(port).relative_to(tmp_path)) for port in serial_ports(tmp_path)]
    assert names == ["serial/by-id/usb-Prolific-if00-port0", "ttyUSB0", "ttyACM0", "ttyS0"]


def test_what_was_found_is_stored_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "printer.json"
    assert read_probed(path) is None
    store(path, ALL)
    assert read_probed(path) == ALL
    assert [file.name for file in tmp_path.iterdir()] == ["printer.json"]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"port": 1}', b"[]"])
def test_a_file_that_was_damaged_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "printer.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"printer\.json: .*kiosk printer probe"):
        read_probed(path)


def test_names_of_a_printer_cannot_reach_the_terminal() -> None:
    class Rude(VirtualPrinter):
        def answer(self, data: bytes) -> None:
            super().answer(b"\x5fA\x1b[2J\x00" if data.startswith(b"\x5f") else data)

    with VirtualPort(Rude()) as port:
        probed = probe(port.name, (9600,), QUICK)
    assert "\x1b" not in probed.maker + probed.model + probed.firmware
