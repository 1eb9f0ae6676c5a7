"""What a stranger gets: a fresh clone and one command, then the same with no network; and the program as a wheel."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.system

TREE = Path(__file__).parents[2]
INSTALLING = 300.0


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "clone"
    subprocess.run(["git", "clone", "-q", TREE, folder], check=True)
    return folder


def demo(clone: Path, *before: str) -> None:
    """Run `make demo`, look at the welcome page, and end it."""
    command = [*before, "make", "-s", "-C", clone, "demo"]
    with Terminal(command, environment={"PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", "/tmp/pip")}) as terminal:
        terminal.see("触摸屏幕", "演示", patience=INSTALLING)
        os.killpg(terminal.process.pid, signal.SIGTERM)
        terminal.end()


def test_make_demo_works_alone_on_a_fresh_clone_and_again_without_a_network(clone: Path) -> None:
    demo(clone)
    assert os.geteuid() == 0, "cutting the network off needs root"
    demo(clone, "unshare", "--net")


def test_the_wheel_carries_its_data_and_runs_without_the_checkout(clone: Path, tmp_path: Path) -> None:
    pip = [clone / ".venv/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, clone], check=True, timeout=INSTALLING)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    into = next((tmp_path / "venv" / "lib").iterdir()) / "site-packages"
    subprocess.run([*pip, "install", "--no-deps", "--target", into, wheel], check=True, timeout=INSTALLING)
    beside = next((clone / ".venv" / "lib").iterdir()) / "site-packages"
    # What it depends on is taken from the clone's environment, the program and its data from the wheel alone.
    run = "import kiosk, sys; from kiosk.cli import main; print(kiosk.__file__); sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [
            tmp_path / "venv/bin/python",
            "-c",
            run,
            "receipt",
            "guide",
            "newborn-birth",
            "--config",
            clone / "kiosk.toml",
        ],
        env={"PYTHONPATH": f"{into}:{beside}", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.splitlines()[0].startswith(str(into))
    assert "父母双方居民身份证" in done.stdout
