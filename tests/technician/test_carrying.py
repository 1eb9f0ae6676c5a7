"""Where a technician can write files: what is plugged in and writable, and the station's own folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.services import Refused
from kiosk.settings import Settings, load
from kiosk.technician.carrying import OUTGOING, Folder, folders, write
from kiosk.technician.findings import Finding, Grade
from kiosk.technician.origins import Origin, view
from kiosk.technician.report import code
from kiosk.technician.symptoms import SYMPTOMS, found


def test_only_the_own_folder_where_nothing_is_plugged_in(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "36 22 8:17 / /media/STICK\\040ONE ro,nosuid - vfat /dev/sdb1 ro\n"
        "37 22 8:33 / /media/not-there rw,nosuid - vfat /dev/sdc1 rw\n"
        "cut off"
    )
    assert folders(tmp_path, mounts) == (Folder(tmp_path / OUTGOING, plugged=False),)
    assert folders(tmp_path, tmp_path / "none") == (Folder(tmp_path / OUTGOING, plugged=False),)


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "own", plugged=False)
    assert write(folder, "a.txt", b"whole").read_bytes() == b"whole"
    assert [path.name for path in folder.path.iterdir()] == ["a.txt"]
    with pytest.raises(Refused, match="没有写成"):
        write(Folder(tmp_path / "pulled out", plugged=True), "a.txt", b"whole")


def test_each_setting_tells_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[station]\nnumber = "12"\n[printer]\nbaud = 19200\n', "utf-8")
    settings = load(path)
    told = {one.name: one for one in view(settings).settings}
    assert told["station.number"].origin is Origin.FILE
    assert told["printer.columns"].origin is Origin.DEFAULT
    path.write_text('[station]\nnumber = "13"\n', "utf-8")
    told = {one.name: one for one in view(settings).settings}
    assert (told["station.number"].value, told["station.number"].origin) == ("12", Origin.CHANGED)
    assert told["printer.baud"].origin is Origin.CHANGED
    path.write_text("[", "utf-8")
    assert not view(settings).readable
    assert view(Settings()).readable


@given(st.lists(st.sampled_from(sorted(SYMPTOMS)), max_size=60))
def test_a_report_of_any_length_goes_into_one_code(symptoms: list[str]) -> None:
    findings = tuple(found(f"test-{number}", symptom) for number, symptom in enumerate(symptoms))
    whole = code("07", 1_780_000_000_000, (*findings, Finding("fine", Grade.OK)))
    assert len(whole) <= 180
    assert whole.isascii()
    assert ";OK=1;" in whole
    left_out = int(whole.rpartition("+")[2]) if "+" in whole else 0
    told = sum(one.grade in {Grade.SEVERE, Grade.ATTENTION, Grade.UNKNOWN} for one in findings)
    assert whole.count(":") == told - left_out
