"""The center's key files: which are refused, and that the words name the file."""

import datetime
import os
from pathlib import Path

import pytest

from center.authority import RELEASE_KEY, SEALING_KEY, SERVER, SERVER_KEY, make
from center.folder import keys_dir, releases_dir
from kiosk.cli import main
from tests.center.serving import free_port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make(keys_dir(tmp_path / "center"), "localhost", datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC))
    return tmp_path / "center"


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Run a command of the center that is refused for its set-up; returns the one line that it says."""
    assert main(["center", *map(str, words)]) == os.EX_CONFIG
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    return said


def serve(folder: Path) -> tuple[str | Path, ...]:
    return "serve", "--address", "127.0.0.1", "--port", str(free_port()), "--folder", folder


@pytest.mark.parametrize("other", ["another-center", "sealing"])
def test_a_release_is_not_signed_by_a_key_that_stations_would_refuse(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    key = keys_dir(folder) / SEALING_KEY
    if other == "another-center":
        make(keys_dir(tmp_path / "other"), "localhost", datetime.datetime.now(datetime.UTC))
        key = keys_dir(tmp_path / "other") / RELEASE_KEY
    said = refused(capsys, "release", "data", "--key", key, "--folder", folder)
    assert str(key) in said and "is not the release key" in said
    assert not releases_dir(folder).exists()


def test_a_key_file_that_others_may_read_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = keys_dir(folder)
    (keys / SERVER_KEY).chmod(0o644)
    assert f"chmod 600 {keys / SERVER_KEY}" in refused(capsys, *serve(folder))
    (keys / RELEASE_KEY).chmod(0o640)
    assert f"chmod 600 {keys / RELEASE_KEY}" in refused(capsys, "release", "data", "--folder", folder)
    (keys / SEALING_KEY).chmod(0o604)
    assert f"chmod 600 {keys / SEALING_KEY}" in refused(capsys, "requests", "list", "--folder", folder)


@pytest.mark.parametrize("name", [SERVER, SERVER_KEY])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe junk", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_serving_with_a_lost_or_damaged_certificate_or_key_names_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None
) -> None:
    path = keys_dir(folder) / name
    path.unlink() if content is None else path.write_bytes(content)
    assert str(path) in refused(capsys, *serve(folder))


def test_serving_with_the_key_of_another_certificate_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(keys_dir(tmp_path / "other"), "localhost", datetime.datetime.now(datetime.UTC))
    (keys_dir(tmp_path / "other") / SERVER_KEY).replace(keys_dir(folder) / SERVER_KEY)
    assert "does not belong to" in refused(capsys, *serve(folder))


def test_a_center_that_could_not_be_made_whole_can_be_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "center"
    words = ["center", "init", "--host", "localhost", "--folder", str(folder)]
    assert main([*words, "--database", f"postgresql://127.0.0.1:{free_port()}/none"]) == os.EX_UNAVAILABLE
    assert not keys_dir(folder).exists()
    # What a run that was killed has left is no center's key.
    (folder / "keys.new").mkdir()
    assert main(words) == os.EX_OK
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["keys"]
    assert main(words) == os.EX_CONFIG
