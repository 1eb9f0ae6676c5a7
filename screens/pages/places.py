"""Which page shows a place of the visit."""

from kiosk.visit import (
    About,
    AboutChannel,
    AppointmentFound,
    Asking,
    CallingOff,
    CancellingAppointment,
    ChannelPage,
    Channels,
    Checking,
    CodeAsked,
    Cycles,
    Elsewhere,
    ElsewhereSlip,
    EndAsked,
    Filling,
    FormPage,
    Found,
    GroundAsked,
    Help,
    Home,
    ItemPage,
    ItemSlip,
    ListPage,
    ManualPage,
    ManualSlip,
    NotForYou,
    Number,
    PackagePage,
    Packages,
    Place,
    Rated,
    Rating,
    RecordPage,
    RecordSlip,
    RequestFound,
    Reserved,
    Search,
    SectionPage,
    Sent,
    Slip,
    SlotAsked,
    SlotsPage,
)
from screens.pages.asked import CallOffPage, CodePage, RequestPage
from screens.pages.booking import AppointmentPage, BookedPage, CancelAppointmentPage, SlotPage, SlotsMenuPage
from screens.pages.channels import (
    AboutChannelPage,
    ChannelMenuPage,
    ChannelsPage,
    ItemGuidePage,
    section_page,
)
from screens.pages.check import CheckPage
from screens.pages.checklist import ChecklistPage
from screens.pages.cycles import CyclesPage
from screens.pages.elsewhere import ElsewherePage, ElsewhereSlipPage
from screens.pages.ending import EndPage
from screens.pages.form import FormIntroPage, field_page
from screens.pages.found import FoundPage
from screens.pages.help import AboutPage, HelpPage
from screens.pages.home import HomePage
from screens.pages.manual import ManualCodePage
from screens.pages.number import NumberPage
from screens.pages.package import PackagePageScreen
from screens.pages.packages import PackagesPage
from screens.pages.page import Page
from screens.pages.priority import PriorityPage
from screens.pages.project_record import ProjectRecordPage
from screens.pages.question import NotForYouPage, QuestionPage
from screens.pages.rating import RatedPage, RatingPage
from screens.pages.search import SearchPage
from screens.pages.sent import SentPage
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
        case GroundAsked():
            return PriorityPage(scene, focus=focus)
        case Number():
            return NumberPage(scene, focus=focus)
        case Slip() | ItemSlip() | ManualSlip() | RecordSlip():
            return SlipPage(scene, place, focus=focus)
        case Found():
            return FoundPage(scene, focus=focus)
        case Elsewhere():
            return ElsewherePage(scene, focus=focus)
        case ElsewhereSlip():
            return ElsewhereSlipPage(scene, focus=focus)
        case Channels():
            return ChannelsPage(scene, focus=focus)
        case ChannelPage():
            return ChannelMenuPage(scene, place, focus=focus)
        case SectionPage():
            return section_page(scene, place, focus)
        case ItemPage():
            return ItemGuidePage(scene, place, focus=focus)
        case AboutChannel():
            return AboutChannelPage(scene, place, focus=focus)
        case ManualPage():
            return ManualCodePage(scene, place, focus=focus)
        case FormPage():
            return FormIntroPage(scene, place, focus=focus)
        case Filling():
            return field_page(scene, place, focus)
        case Checking():
            return CheckPage(scene, place, focus=focus)
        case Sent():
            return SentPage(scene, focus=focus)
        case CodeAsked():
            return CodePage(scene, place, focus=focus)
        case RequestFound():
            return RequestPage(scene, focus=focus)
        case RecordPage():
            return ProjectRecordPage(scene, focus=focus)
        case CallingOff():
            return CallOffPage(scene, focus=focus)
        case SlotsPage():
            return SlotsMenuPage(scene, place, focus=focus)
        case SlotAsked():
            return SlotPage(scene, place, focus=focus)
        case Reserved():
            return BookedPage(scene, focus=focus)
        case AppointmentFound():
            return AppointmentPage(scene, focus=focus)
        case CancellingAppointment():
            return CancelAppointmentPage(scene, focus=focus)
        case Rating():
            return RatingPage(scene, place, focus=focus)
        case Rated():
            return RatedPage(scene, focus=focus)
        case Help():
            return HelpPage(scene, focus=focus)
        case About():
            return AboutPage(scene, focus=focus)
        case EndAsked():
            return EndPage(scene, focus=focus)
