"""Where data, state and settings are looked for."""

import os
from pathlib import Path

import pytest

from kiosk import paths


def test_a_checkout_has_its_data_beside_the_package() -> None:
    assert (paths.data_dir() / "materials.toml").is_file()
    assert paths.release_dir() == paths.data_dir() / "release"


def test_a_wheel_has_its_data_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kiosk" / "data").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "kiosk")
    assert paths.data_dir() == tmp_path / "kiosk" / "data"


@pytest.mark.parametrize(
    ("explicit", "environ", "folder"),
    [
        (Path("/srv/a"), {"KIOSK_STATE": "/srv/b"}, "/srv/a"),
        (None, {"KIOSK_STATE": "/srv/b", "XDG_STATE_HOME": "/srv/c"}, "/srv/b"),
        (None, {"XDG_STATE_HOME": "/srv/c", "HOME": "/home/x"}, "/srv/c/kiosk"),
        (None, {"XDG_STATE_HOME": "relative", "HOME": "/home/x"}, "/home/x/.local/state/kiosk"),
        (None, {"XDG_STATE_HOME": "", "HOME": "/home/x"}, "/home/x/.local/state/kiosk"),
        (None, {}, "/nowhere"),
    ],
)
def test_the_state_folder_is_the_first_that_is_named(
    explicit: Path | None, environ: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "SYSTEM_STATE", Path("/nowhere"))
    assert paths.state_dir(explicit, environ) == Path(folder)


def test_the_system_s_state_folder_counts_when_it_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "SYSTEM_STATE", tmp_path)
    assert paths.state_dir(None, {"XDG_STATE_HOME": "/srv/c"}) == tmp_path
    assert paths.state_dir(None, {"KIOSK_STATE": "/srv/b"}) == Path("/srv/b")


def test_the_settings_are_the_first_that_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.settings_path(Path("a.toml"), {"KIOSK_CONFIG": "b.toml"}) == Path("a.toml")
    assert paths.settings_path(None, {"KIOSK_CONFIG": "b.toml"}) == Path("b.toml")
    assert paths.settings_path(None, {}) == Path("/etc/kiosk/kiosk.toml")
    (tmp_path / "kiosk.toml").touch()
    assert paths.settings_path(None, {}) == Path("kiosk.toml")
    assert os.environ.get("KIOSK_CONFIG") is None
