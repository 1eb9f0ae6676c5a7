"""Names from outside are painted as they stand: no markup, no links, no commands to the terminal."""

import msgspec
import pytest

from kiosk.desk import Text
from kiosk.visit import PackagePage
from tests.screens.stage import SIZES, Stage, Visitor, walk_to_package

NAMES = [
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold red]",
    "{n}{}",
    "%s",
    "\x1b]52;c;aGk=\x07Q",
    "\x1b[2JQ",
    "\u202eQ",
    "x" * 300,
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_outside_is_only_ever_text(stage: Stage, name: str, size: tuple[int, int]) -> None:
    hostile = Text(name, name, name)
    packages = [
        msgspec.structs.replace(package, name=hostile, short=hostile, summary=hostile, audience=hostile)
        for package in stage.release.packages
    ]
    cycles = [msgspec.structs.replace(cycle, label=hostile, gloss=hostile) for cycle in stage.release.cycles]
    stage.release = msgspec.structs.replace(stage.release, packages=tuple(packages), cycles=tuple(cycles))

    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")
        text = "".join(visitor.lines())
        assert text.isprintable()
        if name.isprintable() and len(name) < 40:
            assert name in text
        for row in range(visitor.page.scene.frame.rows):
            await visitor.finger(True, 20, row)
            await visitor.finger(False, 20, row)
        assert visitor.app.return_code is None

    stage.play(story, size)
