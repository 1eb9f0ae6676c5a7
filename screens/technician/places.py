"""Which page shows the spot where a technician is."""

from collections.abc import Callable

from screens.pages.page import Page
from screens.scene import Scene
from screens.technician.bench import BenchPage
from screens.technician.code import LockedPage, TechnicianCodePage
from screens.technician.line import LinePage
from screens.technician.overview import OverviewPage
from screens.technician.paper import PaperPage, ReasonPage, RollPage, SlipPage
from screens.technician.person import person_page
from screens.technician.record import FilterPage, FolderPage, RecordPage, SearchDigitsPage
from screens.technician.rehearsal import RehearsalPage
from screens.technician.settings import SettingsPage
from screens.technician.shift import (
    AtLine,
    AtOverview,
    AtPaper,
    AtRecord,
    AtRehearsal,
    AtSettings,
    AtSlip,
    AtTests,
    CodeWanted,
    DigitsWanted,
    FilterWanted,
    FolderWanted,
    PersonAsked,
    ReasonWanted,
    RollWanted,
    Running,
    Shift,
    Tested,
    Told,
)
from screens.technician.told import ResultPage, RunningPage, ToldPage


def technician_page(scene: Scene, shift: Shift, monotonic: Callable[[], float], focus: int | None) -> Page:
    """Return the page of `shift`; `monotonic` gives seconds, `focus` is as for every page."""
    match spot := shift.spot:
        case CodeWanted():
            until = spot.until
            if until > monotonic():
                return LockedPage(scene, shift, lambda: until - monotonic(), focus=focus)
            return TechnicianCodePage(scene, shift, spot, focus=focus)
        case AtOverview():
            return OverviewPage(scene, shift, focus=focus)
        case AtTests():
            return BenchPage(scene, shift, focus=focus)
        case Running():
            return RunningPage(scene, shift, focus=focus)
        case Tested():
            return ResultPage(scene, shift, spot, focus=focus)
        case PersonAsked():
            return person_page(scene, shift, spot, focus)
        case AtPaper():
            return PaperPage(scene, shift, spot, focus=focus)
        case RollWanted():
            return RollPage(scene, shift, focus=focus)
        case AtSlip():
            return SlipPage(scene, shift, spot, focus=focus)
        case ReasonWanted():
            return ReasonPage(scene, shift, spot, focus=focus)
        case AtRecord():
            return RecordPage(scene, shift, spot, focus=focus)
        case FilterWanted():
            return FilterPage(scene, shift, spot, focus=focus)
        case DigitsWanted():
            return SearchDigitsPage(scene, shift, spot, focus=focus)
        case FolderWanted():
            return FolderPage(scene, shift, spot, focus=focus)
        case AtLine():
            return LinePage(scene, shift, spot, focus=focus)
        case AtSettings():
            return SettingsPage(scene, shift, spot, focus=focus)
        case AtRehearsal():
            return RehearsalPage(scene, shift, focus=focus)
        case Told():
            return ToldPage(scene, shift, spot, focus=focus)
