"""What the commands share that work on a station's settings and state."""

import argparse
import os
from pathlib import Path

from kiosk import paths, settings
from kiosk.cli.failure import told
from kiosk.settings import Settings


def add_places(parser: argparse.ArgumentParser) -> None:
    """Add --config and --state."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (default: $KIOSK_CONFIG, ./kiosk.toml)")
    parser.add_argument("--state", type=Path, metavar="FOLDER", help="state folder (default: $KIOSK_STATE)")


def read_settings(explicit: Path | None) -> Settings:
    """Return the settings. Raises Failure with every mistake."""
    from kiosk.cli.attached import profiles

    with told():
        return settings.load(paths.settings_path(explicit, os.environ), frozenset(profiles()))


def state_folder(explicit: Path | None) -> Path:
    """Return the state folder that the command works on."""
    return paths.state_dir(explicit, os.environ)
