"""Where the station finds its data and keeps its state: one function each, in a checkout and in an installed wheel."""

import os
from collections.abc import Mapping
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
SYSTEM_STATE = Path("/var/lib/kiosk")
SYSTEM_SETTINGS = Path("/etc/kiosk/kiosk.toml")


def data_dir() -> Path:
    """Return the folder of the bureau's files: inside the package in a wheel, beside it in a checkout."""
    packed = _PACKAGE / "data"
    return packed if packed.is_dir() else _PACKAGE.parent / "data"


def release_dir() -> Path:
    """Return the folder of the built catalogue release and wording."""
    return data_dir() / "release"


def state_dir(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of journal and keys: `--state`, $KIOSK_STATE, /var/lib/kiosk if writable, else by XDG.

    The folder need not exist yet. A relative $XDG_STATE_HOME is ignored (XDG Base Directory Specification).
    """
    if explicit is not None:
        return explicit
    if named := environ.get("KIOSK_STATE"):
        return Path(named)
    if os.access(SYSTEM_STATE, os.W_OK | os.X_OK) and SYSTEM_STATE.is_dir():
        return SYSTEM_STATE
    base = Path(environ.get("XDG_STATE_HOME", ""))
    if base.is_absolute():
        return base / "kiosk"
    home = environ.get("HOME")
    return Path(home) / ".local" / "state" / "kiosk" if home else SYSTEM_STATE


def settings_path(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the settings file: `--config`, $KIOSK_CONFIG, ./kiosk.toml if it is there, else /etc/kiosk/kiosk.toml."""
    if explicit is not None:
        return explicit
    if named := environ.get("KIOSK_CONFIG"):
        return Path(named)
    here = Path("kiosk.toml")
    return here if here.exists() else SYSTEM_SETTINGS
