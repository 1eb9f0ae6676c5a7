"""The packages of one cycle."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Package
from kiosk.text import wrap
from kiosk.visit import PackagePage, Packages
from screens.frame import row_height, stack
from screens.intents import Go
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.choice import CAP, Words
from screens.widgets.painted import Painted

_TALLEST = 7


class PackagesPage(Page):
    """One card a package: what it is called, and what it bundles."""

    STEP = 2

    def __init__(self, scene: Scene, place: Packages, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._cycle = scene.desk.cycle(place.cycle)

    def heading(self) -> str:
        """Ask which package."""
        return self.scene.say("{cycle}：要办哪一件？", cycle=self.scene.text(self._cycle.label))

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the packages one below the other."""
        packages = self.scene.desk.packages(self._cycle.id)
        high = row_height(room.height, len(packages), most=_TALLEST, two_lines=True)
        for place, package in zip(stack(room, [high] * len(packages)), packages, strict=True):
            width = room.width - CAP - 2
            label = self.scene.title(package.name, package.short, width)
            yield self.choice(place, Words(label, self._gloss(package, width, high)), Go(PackagePage(package.id)))

    def _gloss(self, package: Package, width: int, high: int) -> str:
        """Return what the package bundles, or how many matters where there is no room to name them."""
        summary = self.scene.text(package.summary)
        if len(wrap(summary, width)) < high - 2:
            return summary
        return self.scene.say("{n} 件事一次办", n=len(package.matters))
