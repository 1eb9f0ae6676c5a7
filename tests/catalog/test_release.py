"""The release file: what goes in comes out, and whatever happened to the file is said in one line."""

import datetime
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kiosk.catalog import build as builder
from kiosk.catalog.build import build, build_date
from kiosk.catalog.check import Checked
from kiosk.catalog.load import FORMAT, CatalogError, packed, read_release
from kiosk.catalog.model import Release
from kiosk.hours import CHINA

DAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 23, 30, tzinfo=datetime.UTC)


def test_what_is_built_is_what_a_station_reads(release: Release, tmp_path: Path) -> None:
    (tmp_path / "again").write_bytes(packed(release))
    assert read_release(tmp_path / "again") == release
    assert (release.version, release.built) == (0, DAY)


def test_the_same_files_give_the_same_bytes(checked: Checked, built: Path, tmp_path: Path) -> None:
    build(checked, tmp_path, DAY)
    for name in ("catalog.msgpack", "en.mo", "zh-Hant.mo"):
        assert (tmp_path / name).read_bytes() == (built / name).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalog.msgpack", "en.mo", "zh-Hant.mo"]


def test_the_day_of_building_can_be_fixed_and_is_china_s() -> None:
    assert build_date({"SOURCE_DATE_EPOCH": "1790000000"}, NOW) == datetime.date(2026, 9, 21)
    assert build_date({}, NOW) == datetime.date(2026, 11, 25)
    assert build_date({}, NOW.astimezone(CHINA)) == datetime.date(2026, 11, 25)


@pytest.mark.parametrize("epoch", ["yesterday", "1e9", "9" * 30])
def test_an_epoch_that_is_no_number_is_refused(epoch: str) -> None:
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH"):
        build_date({"SOURCE_DATE_EPOCH": epoch}, NOW)


def test_a_release_cut_off_anywhere_is_refused(built: Path, tmp_path: Path) -> None:
    whole = (built / "catalog.msgpack").read_bytes()
    file = tmp_path / "catalog.msgpack"
    for length in [*range(60), *range(60, len(whole), len(whole) // 50), len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(CatalogError, match=r"catalog\.msgpack: .*; make it anew with: make release$"):
            read_release(file)


def test_a_release_with_a_flipped_bit_is_refused(built: Path, tmp_path: Path) -> None:
    whole = bytearray((built / "catalog.msgpack").read_bytes())
    file = tmp_path / "catalog.msgpack"
    for place in [*range(50), *range(50, len(whole), len(whole) // 50)]:
        whole[place] ^= 1
        file.write_bytes(whole)
        whole[place] ^= 1
        with pytest.raises(CatalogError):
            read_release(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no catalogue release, or was cut off"),
        (b"\x00", "is no catalogue release"),
        (b"not a release at all", "is no catalogue release"),
        (b"\xc1" * 100, "is no catalogue release"),
        (b"\xdd\xff\xff\xff\xff", "is no catalogue release"),
        (b"\x91" * 100_000, "is no catalogue release"),
        (msgspec.msgpack.encode((FORMAT + 1, b"", b"")), "has format 3, this program reads 2"),
        (msgspec.msgpack.encode((FORMAT, b"", b"")), "is damaged"),
    ],
)
def test_what_is_no_release_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(CatalogError, match=said):
        read_release(tmp_path / "file")


def test_a_release_of_another_program_is_refused(release: Release, tmp_path: Path) -> None:
    class Other(msgspec.Struct):
        version: str

    (tmp_path / "file").write_bytes(packed(Other("new")))  # type: ignore[arg-type]
    with pytest.raises(CatalogError, match="was made by another version of this program"):
        read_release(tmp_path / "file")


def test_a_missing_release_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="nowhere: cannot be read: No such file or directory; make it anew"):
        read_release(tmp_path / "nowhere")
    with pytest.raises(CatalogError, match="cannot be read: Is a directory"):
        read_release(tmp_path)


def test_a_full_disk_leaves_the_old_release(
    checked: Checked, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.msgpack"
    file.write_bytes((built / "catalog.msgpack").read_bytes())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(builder.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        build(checked, tmp_path, DAY + datetime.timedelta(days=1))
    assert read_release(file).built == DAY
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.msgpack"]


def test_reading_a_release_loads_nothing_that_only_builds_one() -> None:
    code = "import sys, kiosk.catalog.load, kiosk.catalog.search, kiosk.catalog.guide; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"opencc", "pypinyin", "babel", "tomllib", "textual", "chinese_calendar"} & set(loaded)
