"""data/printers.toml, as shipped and with the mistakes that a hand makes in it."""

from pathlib import Path

import pytest

from devices.profile import Profile, read_profiles

GOOD = """
[[printer]]
name = "mine"
columns = 32
dots = 384
cut = "partial"
native_qr = true
process_id = false
charset = "gbk"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "printers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_printers_cover_both_papers_and_all_column_counts(profiles: dict[str, Profile]) -> None:
    assert {"generic-58", "generic-80"} <= set(profiles)
    assert {profile.columns for profile in profiles.values()} == {32, 42, 48}
    assert (profiles["generic-58"].dots, profiles["generic-80"].dots) == (384, 576)


def test_a_printer_of_ones_own_is_read(tmp_path: Path) -> None:
    assert read_profiles(written(tmp_path, GOOD)) == {"mine": Profile("mine", 32, 384, "partial", True, False, "gbk")}


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (("columns = 32", 'columns = "32"'), "columns"),
        (("columns = 32", "columns = 33"), "must be at least 24 and fit 384 dots, which are 32 columns"),
        (("columns = 32", "columns = 20"), "at least 24"),
        (('cut = "partial"', 'cut = "half"'), "cut"),
        (('charset = "gbk"', 'charset = "big5"'), "charset"),
        (("dots = 384", ""), "dots"),
        (("dots = 384", "dots = 384\nspeed = 9"), "speed"),
        (("dots = 384", "dots = "), "line 5"),
        (("[[printer]]", "[[printers]]"), "printers"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, mistake: tuple[str, str], told: str) -> None:
    path = written(tmp_path, GOOD.replace(*mistake))
    with pytest.raises(ValueError, match=r"printers\.toml") as caught:
        read_profiles(path)
    assert told in str(caught.value)


def test_two_printers_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two printers are named mine"):
        read_profiles(written(tmp_path, GOOD + GOOD))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "printers.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"printers\.toml"):
        read_profiles(path)
