"""What a technician sees who edits kiosk.toml."""

from pathlib import Path

import pytest

from kiosk.settings import Settings, SettingsError, load

SHIPPED = Path(__file__).parents[2] / "kiosk.toml"


def mistakes(folder: Path, text: str) -> list[str]:
    file = folder / "kiosk.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, frozenset({"generic-58", "generic-80"}))
    assert all(str(file) in line and "\n" not in line for line in caught.value.mistakes)
    return caught.value.mistakes


def test_the_shipped_file_holds_every_setting_at_its_default() -> None:
    settings = load(SHIPPED, frozenset({"generic-58"}))
    assert settings == Settings(path=SHIPPED)


def test_every_setting_of_the_shipped_file_has_a_comment() -> None:
    lines = [line for line in SHIPPED.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
    assert len(lines) > 25
    assert all(" # " in line for line in lines)


def test_all_mistakes_come_in_one_go(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """
        [station]
        number = 7
        nam_zh = "x"
        [printr]
        port = ""
        [printer]
        baud = 1200
        [idle]
        quiet_seconds = 5
        """,
    )
    assert len(found) == 5
    assert any("did you mean 'name_zh'?" in line for line in found)
    assert any("did you mean 'printer'?" in line for line in found)
    assert any("9600, 19200" in line for line in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[station]\nnumber = "00"', '"01" to "99"'),
        ('[station]\nnumber = "7a"', '"01" to "99"'),
        ('[station]\nnumber = "٠٧"', '"01" to "99"'),
        ('[station]\nname_zh = "' + "集" * 17 + '"', "at most 32 cells"),
        ('[station]\nname_zh = "a\\u001b[31m"', "without control characters"),
        ('[station]\nname_zh = ""', "without control characters or blanks"),
        ('[station]\nname_en = "Jimei \\u201cstation\\u201d"', "different widths"),
        ('[display]\ntheme = "dark"', "'day', 'contrast'"),
        ('[display]\nlarge_type = "wayland"', "'none', 'sway'"),
        ('[display]\noutput = "*; exec sh"', 'such as "HDMI-A-1"'),
        ("[display]\nscale = 9", "0.5 to 4"),
        ("[display]\nscale = nan", "0.5 to 4"),
        ('[keypad]\nback = "1"', "not a digit 1 to 9"),
        ('[keypad]\nback = "/"', "more than one place"),
        ('[printer]\nport = "/tmp"', "is a folder"),
        ('[printer]\nport = "/etc/hostname"', "is an ordinary file"),
        ('[printer]\nport = "ttyUSB0"', "a full path"),
        ("[printer]\nbaud = true", "one of 9600"),
        ("[printer]\ncolumns = 12", "24 to 64"),
        ('[printer]\nprofile = "generic-85"', "did you mean"),
        ('[languages]\noffered = ["zh-Hans", "fr"]', "zh-Hant"),
        ("[languages]\noffered = []", "zh-Hant"),
        ("[idle]\nanswer_seconds = 19", "20 to 300"),
        ("[idle]\nanswer_seconds = 30.0", "a whole number"),
        ('[qr]\nhosts = ["https://a.cn"]', "without https://"),
        ('[qr]\nhosts = ["' + "a" * 30 + '.cn"]', "at most 25"),
        ('[qr]\nhosts = "a.cn"', "a list of host names"),
        ('[center]\nurl = "http://a.cn"', "https://"),
        ("[retention]\ncounters_days = 30", "400 to"),
        ("station = 3", "must be a section"),
        ("[station\n", "not valid TOML"),
        ("[a]\n[a]\n", "not valid TOML"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    (line,) = mistakes(tmp_path, text)
    assert said in line


def test_a_missing_file_a_folder_and_foreign_bytes_get_one_line_each(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes('[station]\nname_zh = "集美"'.encode("gbk"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(gbk)
