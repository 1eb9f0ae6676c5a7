"""One of each document that the station prints, in each language, from fixed facts: what golden bytes are made of."""

import datetime
from functools import cache

from devices.profile import Profile
from kiosk import paths, slips
from kiosk.catalog.guide import guide_code, merge
from kiosk.catalog.model import Material, MaterialKind, Matter, Option, Package, Question
from kiosk.documents import Document, marked
from kiosk.hours import CHINA
from kiosk.technician.by_hand import test_page as page_for
from kiosk.text import NO_TEXT, Language, Text
from kiosk.wording import Wording

TICKET_LINK = "https://STATION.EXAMPLE/T/1234567890123456/" + "A7B" * 36

_FACTS = slips.TicketFacts(
    number="A07-012",
    theme=Text("出生一件事", "出生一件事", "Birth"),
    day=datetime.date(2026, 11, 25),
    session="08:30-12:00",
    running=False,
    certain=False,
    station="07",
    station_name=Text(
        "集美区24小时e政务便民服务站", "集美區24小時e政務便民服務站", "Jimei 24-hour e-Government Station"
    ),
    hall=Text("集美区政务服务中心", "集美區政務服務中心", "Jimei Government Service Centre"),
    code="1234567890123456",
    issued=datetime.datetime(2026, 11, 24, 22, 5, tzinfo=CHINA),
    qr=TICKET_LINK,
)


def _material(name: str, text: Text, kind: MaterialKind, *, electronic: bool = False) -> Material:
    return Material(name, text, kind, electronic, True, NO_TEXT)


_MATERIALS = (
    _material("id", Text("父母双方居民身份证", "父母雙方居民身分證", "ID cards of both parents"), MaterialKind.LICENCE),
    _material(
        "book", Text("拟落户户主居民户口簿", "擬落戶戶主居民戶口簿", "Household register"), MaterialKind.ORIGINAL
    ),
    _material(
        "record",
        Text("分娩信息（住院病历摘要）", "分娩資訊（住院病歷摘要）", "Delivery record (abstract of the hospital file)"),
        MaterialKind.ORIGINAL,
        electronic=True,
    ),
    _material("form1", Text("户口登记表", "戶口登記表", "Registration form"), MaterialKind.FORM),
    _material("form2", Text("参保登记表", "參保登記表", "Insurance form"), MaterialKind.FORM),
    _material("made", Text("出生医学证明", "出生醫學證明", "Birth certificate"), MaterialKind.ORIGINAL),
)
_PACKAGE = Package(
    id="specimen",
    code="01",
    cycle="birth",
    name=Text("新生儿出生一件事", "新生兒出生一件事", "Newborn package"),
    short=Text("新生儿", "新生兒", "Newborn"),
    summary=NO_TEXT,
    audience=NO_TEXT,
    departments=(),
    matters=(
        Matter(Text("出生证明", "出生證明", "Certificate"), NO_TEXT, ("id", "record"), ("made",)),
        Matter(Text("户口登记", "戶口登記", "Register"), NO_TEXT, ("id", "book", "made", "form1"), ()),
        Matter(Text("参保登记", "參保登記", "Insurance"), NO_TEXT, ("id", "made", "form2"), ()),
    ),
    steps=(
        Text(
            "在终端或省网上办事大厅选择本套餐，父亲先授权证照给母亲",
            "在終端或省網上辦事大廳選擇本套餐，父親先授權證照給母親",
            "Choose this package at a station or online; the father first shares his licences with the mother",
        ),
        Text("办结后短信通知", "辦結後簡訊通知", "You are told by text message"),
    ),
    trips=1,
    online=True,
    fee=NO_TEXT,
    days=None,
    days_unit=NO_TEXT,
    days_scope=NO_TEXT,
    note=NO_TEXT,
    questions=(
        Question(
            Text("已婚吗？", "已婚嗎？", "Married?"),
            True,
            (
                Option(Text("是", "是", "Yes"), NO_TEXT, (), (), (), False),
                Option(Text("否", "否", "No"), NO_TEXT, (), (), (), False),
            ),
        ),
    ),
    reference_only=True,
)


@cache
def _wording() -> Wording:
    return Wording(paths.release_dir())


def documents(language: Language) -> dict[str, Document]:
    """Return every document by name."""
    wording = _wording()
    checklist = merge(_PACKAGE, {material.id: material for material in _MATERIALS}, [0])
    link = f"https://STATION.EXAMPLE/G/{guide_code(_PACKAGE, [0], language)}"
    ticket = slips.ticket(wording, language, _FACTS)
    return {
        "ticket": ticket,
        "reprint": marked(ticket, 2),
        "guide": slips.guide(wording, language, _PACKAGE, checklist, link),
        "ticket-and-guide": slips.ticket_with_guide(wording, language, _FACTS, _PACKAGE, checklist, link),
    }


def test_page(profile: Profile) -> Document:
    """Return the page of `kiosk printer test`."""
    return page_for(profile.name, profile.columns)


test_page.__test__ = False  # type: ignore[attr-defined]
