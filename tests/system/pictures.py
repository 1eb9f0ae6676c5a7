"""The README's pictures: photographs of the station in its real terminal. Run by `make pictures`."""

import sys
from pathlib import Path

from tests.system.compositor import SIZES, RealTerminal, missing

TREE = Path(__file__).parents[2]
PICTURES = TREE / "docs" / "pictures"

WAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "welcome": ("80x22", ()),
    "home": ("80x22", ("Return",)),
    "cycles": ("80x22", ("Return", "1")),
    "package": ("80x22", ("Return", "1", "1", "1")),
    "question": ("80x22", ("Return", "1", "1", "1", "1")),
    "checklist": ("120x34", ("Return", "1", "1", "1", "1", "1", "1", "1")),
    "demo": ("120x34", ("Return", "1", "1", "1", "1", "1", "1", "1", "2")),
}
"""Name -> size, and the keys that lead there from the welcome."""


def main() -> int:
    """Photograph every way's end."""
    if lacking := missing():
        print(f"pictures: this machine lacks {', '.join(lacking)}; .ci/run installs them", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (size, keys) in WAYS.items():
        command = [sys.executable, "-m", "kiosk.cli", "demo", "--config", TREE / "kiosk.toml"]
        with RealTerminal(command, SIZES[size], {"PYTHONPATH": str(TREE)}) as terminal:
            terminal.press(*keys)
            terminal.photograph(PICTURES / f"{name}.png")
        print(PICTURES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
