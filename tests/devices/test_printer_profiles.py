"""data/printers.toml, as shipped and with the mistakes that a hand makes in it."""

from pathlib import Path

import pytest

from devices.profile import FACTS, Profile, read_profiles
from devices.wire import Flow
from kiosk.ports import Part

FACTS_OF_MINE = {
    "columns": "32",
    "dots": "384",
    "dots_per_mm": "8",
    "speed": "60",
    "cut": '"partial"',
    "native_qr": "true",
    "charset": '"gbk"',
    "glyphs": '"user"',
    "slots": "10",
    "status": '"real-time"',
    "senses": '["cover", "paper"]',
    "process_id": "false",
    "clear": "false",
    "flow": '"xon-xoff"',
    "bauds": "[9600]",
}
GOOD = '[[printer]]\nname = "mine"\n' + "".join(
    f'{fact} = {value}\nsource.{fact} = "manual, page 1"\n' for fact, value in FACTS_OF_MINE.items()
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "printers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_printers_cover_both_papers_and_all_column_counts(profiles: dict[str, Profile]) -> None:
    assert {"generic-58", "generic-80"} <= set(profiles)
    assert {profile.columns for profile in profiles.values()} == {32, 42, 48}
    assert (profiles["generic-58"].dots, profiles["generic-80"].dots) == (384, 576)


def test_a_printer_of_ones_own_is_read(tmp_path: Path) -> None:
    profile = read_profiles(written(tmp_path, GOOD))["mine"]
    assert (profile.columns, profile.flow, profile.senses) == (32, Flow.XON_XOFF, (Part.COVER, Part.PAPER))
    assert profile.unverified == ()


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (("columns = 32", 'columns = "32"'), "columns"),
        (("columns = 32", "columns = 33"), "must be at least 24 and fit 384 dots, which are 32 columns"),
        (("columns = 32", "columns = 20"), "at least 24"),
        (('cut = "partial"', 'cut = "half"'), "cut"),
        (('charset = "gbk"', 'charset = "big5"'), "charset"),
        (("dots = 384", ""), "dots"),
        (("flow = ", "pace = "), "pace"),
        (('flow = "xon-xoff"', 'flow = "dtr"'), "flow"),
        (("slots = 10", "slots = 95"), "1 to 94"),
        (("speed = 60", "speed = 5000"), "20 to 500 millimetres"),
        (("dots_per_mm = 8", "dots_per_mm = 203"), "dots_per_mm"),
        (("bauds = [9600]", "bauds = [9601]"), "9600, 19200"),
        (("bauds = [9600]", "bauds = []"), "9600, 19200"),
        (('["cover", "paper"]', '["cover", "lid"]'), "senses"),
        (("clear = false\n", ""), "clear is missing"),
        (('source.clear = "manual, page 1"\n', ""), "source.clear is missing"),
        (('source.clear = "manual, page 1"', 'source.clear = " "'), "source.clear is missing"),
        (("source.clear", "source.cleer"), "source.clear is missing"),
        (("name = ", 'source.colour = "manual"\nname = '), "source.colour is the source of no fact"),
        (("dots = 384", "dots = "), "line 5"),
        (("[[printer]]", "[[printers]]"), "printers"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, mistake: tuple[str, str], told: str) -> None:
    path = written(tmp_path, GOOD.replace(*mistake))
    with pytest.raises(ValueError, match=r"printers\.toml") as caught:
        read_profiles(path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_fact_of_a_shipped_printer_has_its_source_or_is_marked(profiles: dict[str, Profile]) -> None:
    for profile in profiles.values():
        assert set(profile.source) == set(FACTS)
        assert set(profile.unverified) < set(FACTS)
    assert "process_id" not in profiles["tm-80"].unverified
    assert "process_id" in profiles["generic-58"].unverified


def test_two_printers_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two printers are named mine"):
        read_profiles(written(tmp_path, GOOD + GOOD))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "printers.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"printers\.toml"):
        read_profiles(path)
