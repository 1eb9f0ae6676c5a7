"""Which page shows a place of the visit."""

from kiosk.visit import (
    About,
    Asking,
    Cycles,
    EndAsked,
    Found,
    Help,
    Home,
    ListPage,
    NotForYou,
    Number,
    PackagePage,
    Packages,
    Place,
    Search,
    Slip,
)
from screens.pages.checklist import ChecklistPage
from screens.pages.cycles import CyclesPage
from screens.pages.ending import EndPage
from screens.pages.found import FoundPage
from screens.pages.help import AboutPage, HelpPage
from screens.pages.home import HomePage
from screens.pages.number import NumberPage
from screens.pages.package import PackagePageScreen
from screens.pages.packages import PackagesPage
from screens.pages.page import Page
from screens.pages.question import NotForYouPage, QuestionPage
from screens.pages.search import SearchPage
from screens.pages.slip import SlipPage
from screens.scene import Scene


def page_of(place: Place, scene: Scene, focus: int | None) -> Page:
    """Return the page of `place`; `focus` is the choice that has the focus, None while nobody uses keys."""
    match place:
        case Home():
            return HomePage(scene, focus=focus)
        case Cycles():
            return CyclesPage(scene, place, focus=focus)
        case Packages():
            return PackagesPage(scene, place, focus=focus)
        case Search():
            return SearchPage(scene, place, focus=focus)
        case PackagePage():
            return PackagePageScreen(scene, place, focus=focus)
        case Asking():
            return QuestionPage(scene, place, focus=focus)
        case NotForYou():
            return NotForYouPage(scene, place, focus=focus)
        case ListPage():
            return ChecklistPage(scene, place, focus=focus)
        case Number():
            return NumberPage(scene, focus=focus)
        case Slip():
            return SlipPage(scene, place, focus=focus)
        case Found():
            return FoundPage(scene, focus=focus)
        case Help():
            return HelpPage(scene, focus=focus)
        case About():
            return AboutPage(scene, focus=focus)
        case EndAsked():
            return EndPage(scene, focus=focus)
