"""`kiosk catalog` from the shell: what it prints, and how it ends."""

import re
import shutil
from pathlib import Path

import pytest

from kiosk.cli import main


def test_check_prints_the_counts(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "check", "--data", str(shipped)]) == 0
    counted, trips = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"16 cycles, 50 packages, 247 matters, 289 materials, .*: no mistake", counted)
    estimate = re.fullmatch(
        r"estimate over our own packages, unconfirmed and no official figure: (\d+) of 50 need no trip, "
        r"(\d+) at most one, together (\d+) %",
        trips,
    )
    assert estimate
    none, once, share = map(int, estimate.groups())
    assert share == 2 * (none + once)


def test_check_names_every_mistake_and_ends_with_65(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (data / "themes.toml").read_text("utf-8")
    (data / "themes.toml").write_text(text.replace('letter = "B"', 'letter = "A"'), "utf-8")
    assert main(["catalog", "check", "--data", str(data)]) == 65
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(
        rf"kiosk: {data}/themes.toml:\d+: theme 2 letter: duplicate letter 'A', used before in themes.toml:\d+; .*\n"
        rf"kiosk: {data}: 1 mistake\n",
        said.err,
    )


def test_thousands_of_mistakes_do_not_flood_the_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "materials.toml").write_text("", "utf-8")
    assert main(["catalog", "check", "--data", str(data)]) == 65
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 42
    assert re.search(r"and \d+ more mistakes$", lines[-2])


def test_an_escape_in_a_name_never_reaches_the_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (data / "cycles/birth.toml").read_text("utf-8")
    escaped = text.replace('name_zh = "公民婚育一件事"', 'name_zh = "\\u001b]0;x\\u0007一件事"')
    (data / "cycles/birth.toml").write_text(escaped.replace('code = "02"', 'code = "\\u001b[2J"'), "utf-8")
    assert main(["catalog", "check", "--data", str(data)]) == 65
    said = capsys.readouterr().err
    assert "marriage-childbirth: name_zh: holds the control character U+001B" in said
    assert "\x1b" not in said and "\x07" not in said


@pytest.mark.parametrize("action", ["check", "build"])
def test_a_folder_that_is_not_there_ends_with_66(
    action: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalog", action, "--data", str(tmp_path / "none")]) == 66
    assert capsys.readouterr().err == f"kiosk: {tmp_path}/none: is no folder; give the bureau's files by --data DIR\n"


def test_build_says_what_it_made_and_search_finds_in_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert main(["catalog", "build", "--data", str(data), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.endswith("bytes, built 2026-09-21\n")
    file = str(tmp_path / "out" / "catalog.msgpack")
    assert main(["catalog", "search", "newborn", "--lang", "en", "--release", file]) == 0
    assert capsys.readouterr().out == "01  Birth of a child  (matter: Household registration of a newborn)\n"
    assert main(["catalog", "search", "jvzhuzheng", "--release", file]) == 0
    assert capsys.readouterr().out.startswith("nothing found; nearest:\n19  新市民安居一件事  (matter: 居住证办理)\n")


def test_build_refuses_files_with_mistakes_and_leaves_the_old_release(
    data: Path, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    before = (out / "catalog.msgpack").read_bytes()
    (data / "hall.toml").unlink()
    assert main(["catalog", "build", "--data", str(data), "--out", str(out)]) == 65
    assert "hall.toml: no such file or directory" in capsys.readouterr().err
    assert (out / "catalog.msgpack").read_bytes() == before


def test_a_place_that_cannot_be_written_ends_with_73(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["catalog", "build", "--data", str(data), "--out", str(tmp_path / "file")]) == 73
    assert capsys.readouterr().err == (
        f"kiosk: {tmp_path}/file: cannot be written: File exists; give another folder by --out DIR\n"
    )


def test_search_without_a_release_ends_with_65(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "search", "jzz", "--release", str(tmp_path / "none")]) == 65
    assert "make it anew with: make release" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["catalog"], ["catalog", "search"], ["catalog", "search", "x", "--lang", "de"]])
def test_a_command_that_is_not_understood_ends_with_64(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 64
