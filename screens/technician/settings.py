"""The settings in use, and where each comes from."""

from kiosk.technician.origins import Origin
from kiosk.text import cells, wrap_evenly
from screens.lines import paragraph
from screens.scene import Scene
from screens.technician.page import TechnicianPage, Way
from screens.technician.shift import AtSettings, Shift
from screens.technician.tasks import Area, Open
from screens.widgets.choice import Words
from screens.widgets.sheet import Line, Span

_ORIGINS = {Origin.FILE: "文件", Origin.DEFAULT: "默认", Origin.CHANGED: "已改，重启后生效"}


class SettingsPage(TechnicianPage):
    """A line for each setting. They are changed in the file alone."""

    def __init__(self, scene: Scene, shift: Shift, spot: AtSettings, *, focus: int | None = None) -> None:
        super().__init__(scene, shift, focus=focus)
        self._view = spot.view

    def heading(self) -> str:
        """Say what this is."""
        return self.scene.say("设置")

    def aside(self) -> str:
        """Nothing is changed here."""
        return self.scene.say("只能在文件里改")

    def ways(self) -> list[Way]:
        """Back to the overview."""
        return [(Words(self.scene.say("返回")), Open(Area.OVERVIEW))]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the file, how to change it, and the settings."""
        say, view = self.scene.say, self._view
        told = say("改完运行 kiosk run --check 核对，再重新启动站点。")
        told = told if view.readable else say("文件现在读不出来，重启以后站点不会启动。")
        where: tuple[Line, ...] = tuple((Span(line, bold=True),) for line in wrap_evenly(view.path, width))
        groups = [*([where] if view.path else []), paragraph(told, width, "muted")]
        left = max(cells(one.name) for one in view.settings) + 2
        for one in view.settings:
            origin = say(_ORIGINS[one.origin])
            first, *rest = wrap_evenly(one.value, width - left - cells(origin) - 2) if one.value else ("-",)
            head: Line = (Span(one.name, 0, "muted"), Span(first, left), Span(origin, -1, "muted"))
            groups.append((head, *((Span(line, left),) for line in rest)))
        return groups
