"""The rooms stay apart at run time as well, and the first screen does not wait for what it does not need."""

import subprocess
import sys

import pytest


def loaded_by(module: str) -> set[str]:
    """Return the names of all modules that a fresh process has after importing `module`."""
    code = f"import sys, {module}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["kiosk.desk", "kiosk.station", "kiosk.spooler", "kiosk.cli.journal"])
def test_the_domain_loads_neither_terminal_toolkit_nor_port(module: str) -> None:
    loaded = loaded_by(module)
    assert not {"textual", "rich", "serial", "screens", "devices"} & loaded


def test_the_virtual_printer_loads_no_encoder() -> None:
    assert not {"devices.escpos", "kiosk.documents"} & (loaded_by("devices.virtual_printer") - loaded_by("kiosk.ports"))


def test_what_only_builds_the_catalogue_is_not_loaded_by_the_station() -> None:
    assert not {"opencc", "pypinyin", "babel"} & loaded_by("kiosk.station")
