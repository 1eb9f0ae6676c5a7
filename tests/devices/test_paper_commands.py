"""`kiosk receipt` and `kiosk printer` from the shell: what they print, and how they end."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from devices.glyphs import GlyphReader, Glyphs
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk.cli import main
from kiosk.cli.attached import profile_of
from kiosk.settings import load

GLYPHS = Path(__file__).parents[2] / "data" / "glyphs" / "glyphs24"
SETTINGS = str(Path(__file__).parents[2] / "kiosk.toml")


@pytest.fixture
def virtual() -> VirtualPrinter:
    return VirtualPrinter(read=GlyphReader(Glyphs(GLYPHS)))


@pytest.fixture
def port(virtual: VirtualPrinter) -> Iterator[str]:
    with VirtualPort(virtual) as port:
        yield port.name


def receipt(*words: str) -> int:
    return main(["receipt", *words, "--config", SETTINGS])


@pytest.mark.parametrize(("language", "mark"), [("zh-Hans", "样张"), ("zh-Hant", "樣張"), ("en", "SPECIMEN")])
@pytest.mark.parametrize(("paper", "columns"), [("58", 32), ("80", 48)])
def test_a_specimen_ticket_is_shown_as_its_paper(
    capsys: pytest.CaptureFixture[str], language: str, mark: str, paper: str, columns: int
) -> None:
    assert receipt("ticket", "newborn-birth", "--lang", language, "--paper", paper, "--preview") == 0
    shown = capsys.readouterr().out
    assert mark in shown
    assert "█▀▀█ █  █  ▄▀     █  █ █  █ █  █" in shown, "the number A07-000"
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= columns + 1


def test_a_specimen_guide_is_shown_as_its_paper(capsys: pytest.CaptureFixture[str]) -> None:
    assert receipt("guide", "newborn-birth") == 0
    shown = capsys.readouterr().out
    assert "[] 父母双方居民身份证" in shown
    assert "仅供参考，以窗口为准" in shown


def test_the_bytes_are_those_that_a_printer_understands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ticket.bin"
    assert receipt("ticket", "newborn-birth", "--bytes", str(file)) == 0
    assert capsys.readouterr().out == ""
    printer = VirtualPrinter()
    printer.feed(file.read_bytes())
    (slip,) = printer.slips
    assert "A07-000" in slip.text
    assert slip.codes[0].startswith("https://STATION.EXAMPLE/T/")
    assert printer.unknown == []


def test_two_specimens_have_different_keys_and_codes(tmp_path: Path) -> None:
    contents = set()
    for name in ("one", "two"):
        assert receipt("ticket", "newborn-birth", "--bytes", str(tmp_path / name)) == 0
        printer = VirtualPrinter()
        printer.feed((tmp_path / name).read_bytes())
        contents.add(printer.codes[0])
    assert len(contents) == 2


def test_an_unknown_package_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert receipt("guide", "newborn-brith") == os.EX_USAGE
    said = capsys.readouterr().err
    assert said.startswith("kiosk: no package is called 'newborn-brith'; nearest: newborn-birth")
    assert said.count("\n") == 1


def test_a_hostile_package_name_cannot_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert receipt("guide", "\x1b]0;x\x07") == os.EX_USAGE
    assert "\x1b" not in capsys.readouterr().err


def test_bytes_that_cannot_be_written_end_with_73(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert receipt("ticket", "newborn-birth", "--bytes", str(tmp_path / "none" / "x")) == os.EX_CANTCREAT
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "wrong", [("card", "newborn-birth"), ("ticket",), ("ticket", "newborn-birth", "--paper", "60")]
)
def test_wrong_words_are_a_usage_error_of_one_line(capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        receipt(*wrong)
    assert ended.value.code == os.EX_USAGE
    assert capsys.readouterr().err.count("\n") == 1


def test_status_of_a_printer_that_is_well(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["printer", "status", "--port", port]) == 0
    first, *parts = capsys.readouterr().out.splitlines()
    assert first == f"{port}: ready"
    assert parts == [f"  {part}: fine" for part in ("line", "cover", "paper", "roll", "cutter", "head")]


def test_status_of_parts_that_a_printer_does_not_tell_of(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["printer", "status", "--port", port, "--profile", "raster-58"]) == 0
    shown = capsys.readouterr().out
    assert "  cover: fine\n" in shown
    assert "  cutter: not told by this printer\n" in shown


@pytest.mark.parametrize(
    ("fault", "told"), [("paper_out", "out of paper"), ("cover_open", "cover is open"), ("silent", "does not answer")]
)
def test_status_of_a_printer_that_is_not(
    port: str, virtual: VirtualPrinter, capsys: pytest.CaptureFixture[str], fault: str, told: str
) -> None:
    setattr(virtual, fault, True)
    assert main(["printer", "status", "--port", port]) == os.EX_UNAVAILABLE
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("fault", "told", "part"),
    [
        ("line_held", "waiting: it has told us to send nothing (XOFF)", "  line: waiting to be told to go on (XON)\n"),
        ("head_hot", "reports an error: let it cool", "  head: waiting, goes on by itself once it has cooled\n"),
        ("half", "answers only in part", "  line: unknown, questions were left unanswered\n"),
    ],
)
def test_a_printer_that_waits_or_answers_by_halves_is_not_ready(
    port: str, virtual: VirtualPrinter, capsys: pytest.CaptureFixture[str], fault: str, told: str, part: str
) -> None:
    setattr(virtual, fault, True)
    assert main(["printer", "status", "--port", port]) == os.EX_UNAVAILABLE
    shown = capsys.readouterr()
    assert told in shown.err
    assert part in shown.out
    assert "ready" not in shown.out + shown.err


@pytest.mark.parametrize("answered", [(1,), (1, 2), (1, 4), (2, 3), (1, 2, 4), (1, 2, 3), (1, 3, 4), (4,)])
def test_a_printer_that_answers_some_questions_alone_is_not_ready(
    capsys: pytest.CaptureFixture[str], answered: tuple[int, ...]
) -> None:
    class Partly(VirtualPrinter):
        def answer(self, data: bytes) -> None:
            if self._arrived[-3:-1] != b"\x10\x04" or self._arrived[-1] in answered:
                super().answer(data)

    with VirtualPort(Partly()) as port:
        assert main(["printer", "status", "--port", port.name]) == os.EX_UNAVAILABLE
    shown = capsys.readouterr()
    assert "ready" not in shown.out + shown.err
    assert ("  paper: fine" in shown.out) is (4 in answered)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("/tmp", "is a folder"),
        ("/nonexistent/tty", "no such port"),
        ("/dev/null", "is no serial port"),
        (__file__, "is no serial port"),
    ],
)
@pytest.mark.parametrize("action", ["status", "test"])
def test_a_port_that_is_none_is_one_line_and_69(
    capsys: pytest.CaptureFixture[str], action: str, place: str, told: str
) -> None:
    assert main(["printer", action, "--port", place]) == os.EX_UNAVAILABLE
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_a_station_without_printer_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text('[printer]\nport = ""\n')
    assert main(["printer", "status", "--config", str(settings)]) == os.EX_CONFIG
    assert "printer.port is empty" in capsys.readouterr().err


def test_the_test_page_shows_columns_sizes_fonts_and_a_code(
    port: str, virtual: VirtualPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["printer", "test", "--port", port]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{port}: ready; the test page is printed (its process id came back)"
    assert second.startswith("  look at the page: of generic-58 unverified are cut, ")
    (page,) = virtual.slips
    assert "12345678901234567890123456789012" in page.text.split("\n")
    for sample in ("简体", "繁體", "English", "镕堃喆", "𠮷", "两倍 2x", "四倍 4x"):
        assert sample in page.text
    assert page.codes == ("https://STATION.EXAMPLE/T/0000000000000000",)
    assert (virtual.junk, virtual.head.overflow, virtual.unknown) == (0, 0, [])


def test_a_test_page_that_stops_half_way_says_so(
    port: str, virtual: VirtualPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    virtual.head.paper_left = 100
    assert main(["printer", "test", "--port", port]) == os.EX_UNAVAILABLE
    said = capsys.readouterr().err
    assert "out of paper: put in a new roll; what came out of the test page is not whole: tear it off" in said


def test_an_unknown_kind_of_printer_names_the_known_ones(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["printer", "test", "--port", port, "--profile", "laser"]) == os.EX_USAGE
    assert "generic-58" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "code"), [("[[printer]]\nname = 7\n", os.EX_DATAERR), (None, os.EX_NOINPUT)])
def test_a_wrong_file_of_printers_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    content: str | None,
    code: int,
) -> None:
    monkeypatch.setattr("kiosk.paths.data_dir", lambda: tmp_path)
    if content:
        (tmp_path / "printers.toml").write_text(content)
    assert main(["printer", "status", "--port", "/nonexistent/tty"]) == code
    said = capsys.readouterr().err
    assert "printers.toml" in said
    assert said.count("\n") == 1


def test_columns_that_the_printer_has_not_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text('[printer]\nport = "/dev/null"\ncolumns = 48\n')
    assert main(["printer", "status", "--config", str(settings)]) == os.EX_CONFIG
    said = capsys.readouterr().err
    assert "printer.columns" in said
    assert said.count("\n") == 1


def test_a_probe_finds_speed_and_answers_and_stores_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "ttyPRINTER"
    state = tmp_path / "state"
    settings = tmp_path / "kiosk.toml"
    settings.write_text(f'[printer]\nport = "{link}"\nbaud = 19200\nprofile = "rongta-80"\ncolumns = 48\n')
    virtual = VirtualPrinter(80)
    with VirtualPort(virtual, link, baud=19200) as port:
        words = ["printer", "probe", "--port", port.name, "--config", str(settings), "--state", str(state)]
        assert main(words) == 0
        said = capsys.readouterr().out.splitlines()
        assert said == [
            f"{port.name}: of the settings, asking at 19200, 115200, 57600, 38400, 9600 baud",
            "  a printer at 19200 baud, calls itself VIRTUAL VIRTUAL PRINTER 1.00",
            "  DLE EOT: 1 2 3 4; unasked status: yes; GS r 1: yes; GS ( H: yes; DLE DC4 8: yes",
            f"stored in {state / 'printer.json'}",
        ]
    assert virtual.text() == "", "nothing comes out on paper"
    profile = profile_of(load(settings), state)
    assert (profile.process_id, profile.clear) == (True, True)
    (state / "printer.json").write_text("{}")
    assert profile_of(load(settings), state).process_id is False


def test_a_probe_tells_what_the_settings_must_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualPort(VirtualPrinter(), baud=9600) as port:
        assert main(["printer", "probe", "--port", port.name, "--config", SETTINGS, "--state", str(tmp_path)]) == 0
        assert f'port = "{port.name}", baud = 9600' in capsys.readouterr().out


def test_a_probe_that_finds_nothing_says_of_each_port_why_and_ends_with_one_line_and_69(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.cli.probing.BAUDS", (9600, 19200))
    silent, state = VirtualPrinter(), tmp_path / "state"
    silent.silent = True
    with (
        VirtualPort(silent) as quiet,
        VirtualPort(VirtualPrinter()) as disturbed,
        VirtualPort(VirtualPrinter()) as used,
    ):
        disturbed.noise = True
        ports = ["/nonexistent/tty", "/dev/null", quiet.name, disturbed.name, used.name]
        words = [word for port in ports for word in ("--port", port)]
        with serial.Serial(used.name, exclusive=True):
            assert main(["printer", "probe", *words, "--config", SETTINGS, "--state", str(state)]) == os.EX_UNAVAILABLE
    shown = capsys.readouterr()
    told = shown.out.splitlines()
    assert [line.split(":")[0] for line in told[::2]] == ports
    for line, why in zip(
        told[1::2], ("no such port", "is no serial", "no answer", "noise at", "in use by"), strict=True
    ):
        assert line.strip().startswith(why)
    assert shown.err == "kiosk: no printer answers at any of 5 ports: see above\n"
    assert not state.exists()


def test_a_probe_looks_first_at_the_port_and_speed_of_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.cli.probing.serial_ports", lambda: ("/nonexistent/ttyS0",))
    settings = tmp_path / "kiosk.toml"
    with VirtualPort(VirtualPrinter()) as port:
        settings.write_text(f'[printer]\nport = "{port.name}"\nbaud = 38400\n')
        words = ["printer", "probe", "--config", str(settings), "--state", str(tmp_path / "state")]
        assert main(words) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"{port.name}: of the settings, asking at 38400, ")
        assert "  a printer at 38400 baud" in shown
        assert "ttyS0" not in shown, "it is found, and no other port is disturbed"
    assert main(words) == os.EX_UNAVAILABLE
    shown = capsys.readouterr().out
    assert [line for line in shown.splitlines() if not line.startswith(" ")] == [
        f"{port}: {where}asking at 38400, 115200, 57600, 19200, 9600 baud"
        for port, where in (
            (tomllib.loads(settings.read_text())["printer"]["port"], "of the settings, "),
            ("/nonexistent/ttyS0", ""),
        )
    ]


def test_a_speed_or_kind_alone_counts_for_the_port_of_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "kiosk.toml"
    with VirtualPort(VirtualPrinter(), baud=19200) as port:
        settings.write_text(f'[printer]\nport = "{port.name}"\nbaud = 9600\n')
        words = ["printer", "status", "--config", str(settings), "--state", str(tmp_path / "state")]
        assert main(words) == os.EX_UNAVAILABLE
        assert main([*words, "--baud", "19200"]) == 0
        assert main([*words, "--baud", "19200", "--profile", "raster-58"]) == 0
        assert "  cutter: not told by this printer\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("--port", ""), ("--port", " "), ("--baud", "300"), ("--paper", "58", "--profile", "raster-58")]
)
@pytest.mark.parametrize("action", ["status", "test"])
def test_wrong_words_for_a_port_are_a_usage_error_of_one_line(
    capsys: pytest.CaptureFixture[str], action: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["printer", action, *words])
    assert ended.value.code == os.EX_USAGE
    assert capsys.readouterr().err.count("\n") == 1
