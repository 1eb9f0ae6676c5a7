"""Which page shows the spot where a technician is."""

from collections.abc import Callable

from screens.pages.page import Page
from screens.scene import Scene
from screens.technician import shift as at
from screens.technician.bench import BenchPage
from screens.technician.code import LockedPage, TechnicianCodePage
from screens.technician.line import LinePage
from screens.technician.overview import OverviewPage
from screens.technician.paper import PaperPage, ReasonPage, RollPage, SlipPage
from screens.technician.person import person_page
from screens.technician.record import FilterPage, FolderPage, RecordPage, SearchDigitsPage
from screens.technician.rehearsal import RehearsalPage
from screens.technician.settings import SettingsPage
from screens.technician.told import ResultPage, RunningPage, ToldPage


def technician_page(scene: Scene, shift: at.Shift, monotonic: Callable[[], float], focus: int | None) -> Page:
    """Return the page of `shift`; `monotonic` gives seconds, `focus` is as for every page."""
    match spot := shift.spot:
        case at.CodeWanted():
            until = spot.until
            if until > monotonic():
                return LockedPage(scene, shift, lambda: until - monotonic(), focus=focus)
            return TechnicianCodePage(scene, shift, spot, focus=focus)
        case at.AtOverview():
            return OverviewPage(scene, shift, focus=focus)
        case at.AtTests():
            return BenchPage(scene, shift, focus=focus)
        case at.Running():
            return RunningPage(scene, shift, focus=focus)
        case at.Tested():
            return ResultPage(scene, shift, spot, focus=focus)
        case at.PersonAsked():
            return person_page(scene, shift, spot, focus)
        case at.AtPaper():
            return PaperPage(scene, shift, spot, focus=focus)
        case at.RollWanted():
            return RollPage(scene, shift, focus=focus)
        case at.AtSlip():
            return SlipPage(scene, shift, spot, focus=focus)
        case at.ReasonWanted():
            return ReasonPage(scene, shift, spot, focus=focus)
        case at.AtRecord():
            return RecordPage(scene, shift, spot, focus=focus)
        case at.FilterWanted():
            return FilterPage(scene, shift, spot, focus=focus)
        case at.DigitsWanted():
            return SearchDigitsPage(scene, shift, spot, focus=focus)
        case at.FolderWanted():
            return FolderPage(scene, shift, spot, focus=focus)
        case at.AtLine():
            return LinePage(scene, shift, spot, focus=focus)
        case at.AtSettings():
            return SettingsPage(scene, shift, spot, focus=focus)
        case at.AtRehearsal():
            return RehearsalPage(scene, shift, focus=focus)
        case at.Told():
            return ToldPage(scene, shift, spot, focus=focus)
