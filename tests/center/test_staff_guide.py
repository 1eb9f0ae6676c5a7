"""docs/中心人员指南.md says what the commands really do."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.cli import parser
from kiosk.requests import BY_STAFF, STATE_WORDS

PAGE = Path(__file__).parents[2] / "docs" / "中心人员指南.md"
TEXT = PAGE.read_text("utf-8")
LINES = [
    line for block in re.findall(r"^```\w*\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE) for line in block.splitlines()
]
COMMANDS = [line for line in LINES if line.startswith("kiosk ")]


def options(which: argparse.ArgumentParser) -> Iterator[str]:
    """Every option of a command and of the commands below it."""
    for action in which._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from options(below)
        yield from (word for word in action.option_strings if word.startswith("--"))


def command(*names: str) -> argparse.ArgumentParser:
    """The parser of a command."""
    found = parser("center")
    for name in names:
        (below,) = (action for action in found._actions if isinstance(action, argparse._SubParsersAction))
        found = below.choices[name]
    return found


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_on_the_page_can_be_typed(line: str) -> None:
    _, *words = shlex.split(line, comments=True)
    assert parser().parse_args(words).command == "center"


def test_every_option_of_the_requests_is_explained_and_no_other() -> None:
    real = set(options(command("center", "requests"))) - {"--help"}
    assert real <= set(re.findall(r"--[a-z]+", TEXT))
    (section,) = re.findall(r"^## 申请\n(.*?)^## ", TEXT, re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"--[a-z]+", section)) <= real


def test_the_states_are_those_that_residents_read() -> None:
    told = dict(re.findall(r"^\| `([a-z][a-z-]*)` \| (\S+) \|", TEXT, re.MULTILINE))
    assert told == {state.value: STATE_WORDS[state] for state in BY_STAFF}
