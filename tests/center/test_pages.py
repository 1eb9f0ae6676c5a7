"""What a phone sees behind the QR codes."""

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import msgspec
import pytest
from starlette.applications import Starlette

from center.appointment_page import AppointmentPages
from center.board import Place
from center.guide_page import GuidePages
from center.html import POLICY, text
from center.kept import AnswerView, AppointmentView, RequestView, StoreTrouble, TicketView
from center.manual_page import ManualPages
from center.pace import ADDRESSES, Pace
from center.public import BURST, PublicPages
from center.request_page import RequestPages
from center.ticket_page import TicketPages, language_of
from kiosk import paths
from kiosk.catalog.guide import guide_code, manual_code, merge
from kiosk.catalog.load import read_release
from kiosk.catalog.model import UNSURE, Release
from kiosk.requests import State
from kiosk.text import Language, Text
from kiosk.tickets import grouped
from kiosk.wording import Wording

TICKET = TicketView(
    "07", "1234567890123459", "A07-012", "A", "newborn-birth", "2026-11-25", "08:30-12:00", 1, False, "printed"
)


@pytest.fixture(scope="module")
def release() -> Release:
    return read_release(paths.release_dir() / "catalog.msgpack")


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(paths.release_dir())


@pytest.fixture(scope="module")
def guides(wording: Wording) -> GuidePages:
    return GuidePages(wording)


@pytest.fixture(scope="module")
def tickets(wording: Wording) -> TicketPages:
    return TicketPages(wording)


class Read(HTMLParser):
    """What is on a page: its words, its elements, the addresses of its links."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.words = ""
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.boxes = 0
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        assert not any(name.startswith("on") for name in values)
        if tag == "a":
            self.links.append(values["href"] or "")
        self.boxes += tag == "input"

    def handle_data(self, data: str) -> None:
        self.words += data


def codes(release: Release) -> Iterator[tuple[str, int]]:
    """Guide codes of every package, all unsure and all first answers, and how many papers each lists."""
    materials = {material.id: material for material in release.materials}
    for package, language in itertools.product(release.packages, Language):
        for answers in ((UNSURE,) * len(package.questions), (0,) * len(package.questions)):
            checklist = merge(package, materials, answers)
            pieces = 0 if checklist.blocked else checklist.now
            yield guide_code(package, answers, language), pieces


def test_every_package_s_page_lists_what_the_station_lists_and_is_small(release: Release, guides: GuidePages) -> None:
    for code, pieces in codes(release):
        page = guides.page(release, code)
        assert page is not None
        assert len(page) <= 50_000
        read = Read(page)
        assert read.boxes == pieces
        assert not {"script", "img", "iframe", "form", "object"} & read.tags
        assert len(read.links) == 2
        assert all(re.fullmatch(r"/g/[0-9a-z]+", link) for link in read.links)
        assert all(guides.page(release, link.removeprefix("/g/")) for link in read.links)


def test_a_manual_tells_everything_of_its_channel_in_its_language_and_is_small(
    release: Release, wording: Wording
) -> None:
    manuals = ManualPages(wording)
    for channel, language in itertools.product(release.channels, Language):
        page = manuals.page(release, manual_code(channel, language).lower())
        assert page is not None
        assert len(page) <= 50_000
        read = Read(page)
        assert not {"script", "img", "iframe", "form", "object"} & read.tags
        assert len(read.links) == 2
        assert all(manuals.page(release, link.removeprefix("/g/")) for link in read.links)
        told = [value for fact in channel.about for value in fact.values]
        told += [section.name for section in channel.sections]
        told += [item.name for section in channel.sections for item in section.items]
        told += [form.name for form in release.requests if form.id in channel.requests]
        assert not [words.in_(language) for words in told if words.in_(language) not in read.words]
        assert wording.say(language, "仅供参考，以窗口为准") in read.words


def test_a_manual_says_where_to_ask_for_what_is_not_listed_and_how_often_to_come(
    release: Release, wording: Wording
) -> None:
    manuals = ManualPages(wording)
    assert "实践实训请到驿站咨询" in Read(manuals.page(release, "51S") or b"").words
    assert "跑几趟：一趟不用跑" in Read(manuals.page(release, "56S") or b"").words
    assert "跑几趟" not in Read(manuals.page(release, "51S") or b"").words


def test_a_page_is_the_same_in_any_case_of_letters(release: Release, guides: GuidePages) -> None:
    code, _ = next(codes(release))
    assert guides.page(release, code.lower()) == guides.page(release, code.upper())


@pytest.mark.parametrize("code", ["", "01", "01S", "99S000", "01X00", "0" * 5000, "01S9999", "<script>", "０１S００"])
def test_codes_that_no_station_made_have_no_page(release: Release, guides: GuidePages, code: str) -> None:
    assert guides.page(release, code) is None
    assert "<script>" not in guides.missing(Language.EN).decode()


def test_hostile_names_in_a_release_stay_text(release: Release, wording: Wording) -> None:
    evil = '<script>alert("1")</script>\u202e'
    package = msgspec.structs.replace(release.packages[0], name=Text(evil, evil, evil))
    hostile = msgspec.structs.replace(release, packages=(package,))
    page = GuidePages(wording).page(hostile, guide_code(package, (UNSURE,) * len(package.questions), Language.HANS))
    assert page is not None
    assert "script" not in Read(page).tags
    assert "\u202e" not in page.decode()
    assert text('"<&>') == "&quot;&lt;&amp;&gt;"


def test_a_reported_number_is_shown_with_the_way_to_its_list(
    release: Release, tickets: TicketPages, guides: GuidePages
) -> None:
    for language in Language:
        read = Read(tickets.known(release, TICKET, language))
        assert all(words in read.words for words in ("A07-012", "2026-11-25 08:30-12:00", "1234 5678 9012 3459"))
        (guide,) = (link for link in read.links if link.startswith("/g/"))
        assert guides.page(release, guide.removeprefix("/g/")) is not None


def test_a_number_of_a_package_or_theme_that_is_gone_is_shown_all_the_same(
    release: Release, tickets: TicketPages
) -> None:
    gone = msgspec.structs.replace(TICKET, package="gone", theme="Z", day="rubbish", doubtful=True)
    assert "A07-012" in Read(tickets.known(release, gone, Language.EN)).words


def test_a_number_that_has_not_arrived_is_not_called_wrong(tickets: TicketPages) -> None:
    assert "一样有效" in tickets.unknown(TICKET.code, Language.HANS).decode()
    assert "counts all the same" in tickets.unknown(TICKET.code, Language.EN).decode()
    wrong = tickets.unknown("1234567890123456<b>", Language.HANS).decode()
    assert "一样有效" not in wrong
    assert "<b>" not in wrong


@pytest.mark.parametrize(
    ("letter", "accepted", "language"),
    [
        ("", "", Language.HANS),
        ("E", "zh", Language.EN),
        ("t", "en", Language.HANT),
        ("x", "fr,en-GB;q=0.9", Language.EN),
        ("", "zh-TW,zh;q=0.9", Language.HANT),
        ("", "zh-CN,en", Language.HANS),
        ("", "fr,de", Language.HANS),
        ("", "," * 100_000, Language.HANS),
    ],
)
def test_the_language_is_the_chosen_one_else_the_phone_s(letter: str, accepted: str, language: Language) -> None:
    assert language_of(letter, accepted) is language


def test_one_address_may_ask_only_so_often_and_does_not_slow_others() -> None:
    now = [0.0]
    pace = Pace(3, 60, lambda: now[0])
    assert [pace.allows("a") for _ in range(4)] == [True, True, True, False]
    assert pace.allows("b")
    now[0] = 20.0
    assert [pace.allows("a") for _ in range(2)] == [True, False]
    for number in range(3 * ADDRESSES):
        pace.allows(str(number))
    assert len(pace._buckets) == ADDRESSES


REQUEST = RequestView(
    station="08",
    code="0000000000000106",
    form="home-visit",
    version=1,
    language="zh-Hans",
    answers={"area": "guankou"},
    project="",
    matter="",
    made=1_795_500_000_000,
    doubtful=False,
    cancelled=0,
    answered=(AnswerView(State.WAITING, "请带<b>身份证", "爱心帮办", 1_795_500_060_000),),
)


APPOINTMENT = AppointmentView("07", "0000000000000227", "T", "2026-12-01", "15:00-17:30", False)


class Known:
    """A store that knows one ticket, one request and one appointment."""

    async def ticket(self, code: str) -> TicketView | None:
        return TICKET if code == TICKET.code else None

    async def request(self, code: str) -> RequestView | None:
        return REQUEST if code == REQUEST.code else None

    async def appointment(self, code: str) -> AppointmentView | None:
        return APPOINTMENT if code == APPOINTMENT.code else None


def ask(app: Starlette, path: str) -> tuple[int, dict[str, str], str]:
    """Ask for a page without a server around it."""
    import asyncio

    raw, _, query = path.partition("?")
    messages: list[dict] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": raw,
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": [],
        "client": ("198.51.100.7", 1),
        "server": ("x", 80),
        "scheme": "http",
        "http_version": "1.1",
    }

    async def run() -> None:
        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            messages.append(message)

        await app(scope, receive, send)

    asyncio.run(run())
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], headers, b"".join(one.get("body", b"") for one in messages[1:]).decode()


@pytest.fixture
def app(release: Release, wording: Wording) -> Starlette:
    return Starlette(routes=PublicPages(Known(), lambda: release, wording, lambda: 0.0).routes())  # type: ignore[arg-type]


def test_the_addresses_on_paper_lead_to_the_pages(app: Starlette, release: Release) -> None:
    code, _ = next(codes(release))
    paper = f"/T/{TICKET.code}"
    for path in (f"/G/{code}", f"/g/{code.lower()}", paper, f"{paper}/ABCDEF", f"{paper.lower()}?l=e"):
        status, headers, page = ask(app, path)
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8"), path
        assert headers["content-security-policy"] == POLICY
        assert page.startswith("<!doctype html>")
    assert ask(app, f"/t/{TICKET.code}")[1]["cache-control"] == "no-store"
    assert ask(app, f"/t/{grouped(TICKET.code).replace(chr(32), chr(45))}")[0] == 200, "typed from the slip"
    assert ask(app, "/g/rubbish")[0] == ask(app, "/t/rubbish")[0] == 404


def test_while_the_books_cannot_be_read_nothing_is_said_of_the_code(
    release: Release, wording: Wording, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Known):
        async def ticket(self, code: str) -> TicketView | None:
            raise StoreTrouble("the database does not answer")

    down = Starlette(routes=PublicPages(Broken(), lambda: release, wording, lambda: 0.0).routes())  # type: ignore[arg-type]
    for language, words in (("s", "现在查不到"), ("t", "現在查不到"), ("e", "cannot be looked up right now")):
        status, _, page = ask(down, f"/t/{TICKET.code}?l={language}")
        assert (status, words in page) == (503, True)
    assert "the database does not answer" in caplog.text


def test_codes_cannot_be_guessed_through(app: Starlette) -> None:
    statuses = [ask(app, f"/t/{number:016d}")[0] for number in range(BURST + 5)]
    assert statuses == [404] * BURST + [429] * 5


def test_a_request_s_page_tells_kind_state_and_date_in_three_languages_and_nothing_else(app: Starlette) -> None:
    told = {
        "s": ("预约上门办理", "等您补充"),
        "t": ("預約上門辦理", "等您補充"),
        "e": ("Ask for a home visit", "Waiting"),
    }
    for letter, words in told.items():
        status, headers, page = ask(app, f"/T/{REQUEST.code}?l={letter}")
        assert (status, headers["cache-control"]) == (200, "no-store")
        read = Read(page.encode())
        for said in (*words, "请带<b>身份证", "2026-11-24 14:01", "0000 0000 0000 0106"):
            assert said in read.words
        assert "<b>身" not in page
        assert not [word for word in ("灌口", "guankou", "爱心帮办", "Guankou") if word in page]
        assert len(read.links) == 2


def test_an_appointment_s_page_tells_when_it_is_and_whether_it_stands(
    app: Starlette, wording: Wording, release: Release
) -> None:
    for letter, words in {"s": ("约好了", "星期二"), "t": ("約好了", "星期二"), "e": ("Booked", "Tuesday")}.items():
        status, headers, page = ask(app, f"/T/{APPOINTMENT.code}?l={letter}")
        assert (status, headers["cache-control"]) == (200, "no-store")
        read = Read(page.encode())
        for said in (*words, "2026-12-01", "15:00-17:30", "0000 0000 0000 0227"):
            assert said in read.words
    gone = msgspec.structs.replace(APPOINTMENT, theme="Z", cancelled=True)
    assert "Cancelled" in Read(AppointmentPages(wording).known(release, gone, Language.EN)).words


def test_a_request_that_is_over_or_of_a_kind_that_is_gone_has_its_page(wording: Wording, release: Release) -> None:
    gone = msgspec.structs.replace(REQUEST, form="gone", answered=(), cancelled=5)
    words = Read(RequestPages(wording).known(release, gone, Language.EN)).words
    assert "Cancelled" in words
    assert "station" not in words


@pytest.mark.parametrize("language", list(Language))
def test_the_page_of_a_number_tells_its_turn_only_as_the_center_knows_it(
    tickets: TicketPages, release: Release, wording: Wording, language: Language
) -> None:
    moment = 1_795_485_300_000  # 2026-11-24 09:55 in China
    age = wording.say(language, "{time} 的情况", time="09:55")
    waits = Read(tickets.known(release, TICKET, language, Place(("A07-003", "A08-001", "A09-001"), 4, moment))).words
    called = wording.say(language, "、").join(("A07-003", "A08-001"))
    assert wording.say(language, "正在办理 {called}，您前面 {n} 人（{age}）", called=called, n=4, age=age) in waits
    gone = Read(tickets.known(release, TICKET, language, Place(("A07-003",), None, moment))).words
    assert wording.say(language, "大厅已经叫到 {number}（{age}）", number="A07-012", age=age) in gone
    for words in ("正在办理", "叫到", "Now serving", "called", "前面"):
        assert words not in Read(tickets.known(release, TICKET, language)).words
