"""The ticket and the guide of every package, in every language, on both papers: what a resident holds in the end."""

import datetime
import itertools
from collections.abc import Iterator

import msgspec
import pytest

from devices.escpos import encode
from devices.profile import Profile, read_profiles
from devices.virtual_printer import VirtualPrinter
from kiosk import paths, slips
from kiosk.catalog.guide import guide_code, merge
from kiosk.catalog.load import read_release
from kiosk.catalog.model import UNSURE, Answer, Checklist, Material, MaterialKind, Package, Release
from kiosk.documents import Code, Cut, Document, Item, Row, Words, layout, marked
from kiosk.hours import CHINA
from kiosk.slips import BOX, TicketFacts
from kiosk.text import Language, Text, ambiguous
from kiosk.wording import Wording

LANGUAGES = tuple(Language)
PAPERS = ("generic-58", "generic-80")
STATION = Text("集美区24小时e政务便民服务站", "集美區24小時e政務便民服務站", "Jimei 24-hour e-Government Station")
HALL = Text("集美区政务服务中心", "集美區政務服務中心", "Jimei Government Service Centre")
LONGEST_HOST = "S" * 25
"""As long as kiosk.toml allows: the signed link then has 180 characters."""
FACTS = TicketFacts(
    number="A07-012",
    theme=Text("出生一件事", "出生一件事", "Birth"),
    day=datetime.date(2026, 11, 25),
    session="08:30-12:00",
    running=False,
    certain=True,
    station="07",
    station_name=STATION,
    hall=HALL,
    code="1234567890123456",
    issued=datetime.datetime(2026, 11, 24, 22, 5, tzinfo=CHINA),
    qr=(f"https://{LONGEST_HOST}/T/1234567890123456/" + "A7" * 90)[:180],
)


@pytest.fixture(scope="module")
def release() -> Release:
    return read_release(paths.release_dir() / "catalog.msgpack")


@pytest.fixture(scope="module")
def materials(release: Release) -> dict[str, Material]:
    return {material.id: material for material in release.materials}


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(paths.release_dir())


@pytest.fixture(scope="module")
def profiles() -> dict[str, Profile]:
    return read_profiles(paths.data_dir() / "printers.toml")


def unsure(package: Package, materials: dict[str, Material]) -> Checklist:
    return merge(package, materials, [UNSURE] * len(package.questions))


def all_answers(package: Package) -> Iterator[tuple[Answer, ...]]:
    choices: list[list[Answer]] = [[*range(len(question.options)), UNSURE] for question in package.questions]
    return itertools.product(*choices)


def guide(
    wording: Wording, language: Language, package: Package, checklist: Checklist, host: str = LONGEST_HOST
) -> Document:
    link = f"https://{host}/G/{guide_code(package, checklist.answers, language)}"
    return slips.guide(wording, language, package, checklist, link)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Words | Item)]


def sizes(document: Document) -> dict[str, int]:
    return {block.text: block.size for block in document.blocks if isinstance(block, Words)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_packages_slip_is_read_back_from_the_paper_whole(
    release: Release,
    materials: dict[str, Material],
    wording: Wording,
    profiles: dict[str, Profile],
    language: Language,
    paper: str,
) -> None:
    themes = {theme.of: theme for theme in release.themes}
    for package in release.packages:
        facts = msgspec.structs.replace(FACTS, theme=themes[package.cycle].name)
        link = f"https://{LONGEST_HOST}/G/{package.code}"
        slip = slips.ticket_with_guide(wording, language, facts, package, unsure(package, materials), link)
        printer = VirtualPrinter(dots=profiles[paper].dots)
        encoded = encode(slip, profiles[paper], b"0001")
        assert printer.feed(encoded.data) == b"\x37\x220001\x00\x00"
        rows = [line.text for line in layout(slip, profiles[paper].columns) if isinstance(line, Row)]
        (piece,) = printer.slips
        assert [line for line in piece.text.split("\n") if line] == rows
        assert printer.codes == [facts.qr, link]
        assert printer.unknown == []
        head = printer.head
        assert (printer.junk, head.overflow, head.misplaced, head.left_out, encoded.missing) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("language", "limit"), [(Language.HANS, 520), (Language.HANT, 520), (Language.EN, 620)])
@pytest.mark.parametrize("paper", PAPERS)
def test_every_ticket_fits_its_bytes_also_reprinted(
    release: Release, wording: Wording, profiles: dict[str, Profile], paper: str, language: Language, limit: int
) -> None:
    for theme, running in itertools.product(release.themes, (True, False)):
        facts = msgspec.structs.replace(FACTS, theme=theme.name, running=running, certain=False, number="A07-1000")
        facts = msgspec.structs.replace(facts, priority=True)
        slip = marked(slips.ticket(wording, language, facts), 2)
        assert len(encode(slip, profiles[paper], b"0001").data) <= limit


@pytest.mark.parametrize(
    ("language", "base", "each"), [(Language.HANS, 520, 30), (Language.HANT, 520, 30), (Language.EN, 800, 50)]
)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_guide_fits_its_bytes_with_any_answers(
    release: Release,
    materials: dict[str, Material],
    wording: Wording,
    profiles: dict[str, Profile],
    paper: str,
    language: Language,
    base: int,
    each: int,
) -> None:
    for package in release.packages:
        for answers in all_answers(package):
            checklist = merge(package, materials, answers)
            size = len(encode(guide(wording, language, package, checklist), profiles[paper], b"0001").data)
            assert size <= base + each * checklist.now, (package.id, answers)


def test_there_is_a_box_to_tick_for_each_thing_to_bring_and_for_nothing_else(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    for package in release.packages:
        for answers in all_answers(package):
            checklist = merge(package, materials, answers)
            items = [block for block in guide(wording, Language.HANS, package, checklist).blocks if type(block) is Item]
            assert len(items) == checklist.now
            assert all(item.lead == BOX for item in items)
            named = [item.text for item in items][: len(checklist.bring)]
            assert named == [material.name.hans for material in checklist.bring]


def test_a_guide_says_what_each_thing_is_and_what_can_be_fetched(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    package = next(package for package in release.packages if package.id == "company-setup")
    slip = guide(wording, Language.HANS, package, unsure(package, materials))
    notes = {block.text: block.note for block in slip.blocks if isinstance(block, Item)}
    for material in unsure(package, materials).bring:
        kind = {MaterialKind.ORIGINAL: "原件", MaterialKind.COPY: "复印件", MaterialKind.LICENCE: "证照"}[material.kind]
        assert notes[material.name.hans] == kind + "*" * material.electronic
    assert notes["合并申请表（6合1）"] == "现场填"
    assert "* 可电子调取" in texts(slip)


def test_a_single_form_keeps_its_name(release: Release, materials: dict[str, Material], wording: Wording) -> None:
    single = [p for p in release.packages if len(unsure(p, materials).forms) == 1]
    assert single
    for package in single:
        checklist = unsure(package, materials)
        slip = guide(wording, Language.EN, package, checklist)
        assert Item(BOX, checklist.forms[0].name.en, "on site") in slip.blocks


def test_a_guide_says_what_need_not_be_brought_and_why(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    package = next(p for p in release.packages if p.id == "flexible-retirement")
    checklist = unsure(package, materials)
    printed = "".join(texts(guide(wording, Language.HANS, package, checklist)))
    assert checklist.on_the_way and checklist.sent
    assert f"中途产生，不用带：{checklist.on_the_way[0].name.hans}" in printed
    assert f"单位之间转递，不用带：{checklist.sent[0].name.hans}" in printed


def test_a_guide_shows_what_going_together_saves(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    package = release.packages[0]
    checklist = unsure(package, materials)
    assert f"分开办 {checklist.before} 份，一起办只要 {checklist.now} 份" in texts(
        guide(wording, Language.HANS, package, checklist)
    )


def test_who_was_unsure_is_sent_to_the_window_first(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    package = next(p for p in release.packages if p.id == "newborn-birth")
    doubtful = guide(wording, Language.HANS, package, unsure(package, materials))
    clear = guide(wording, Language.HANS, package, merge(package, materials, (0, 0, 0)))
    assert "说不清楚的先问窗口" in texts(doubtful)
    assert "说不清楚的先问窗口" not in texts(clear)


def test_facts_that_nobody_has_confirmed_say_so(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    package = release.packages[0]
    checklist = unsure(package, materials)
    confirmed = msgspec.structs.replace(package, reference_only=False)
    assert package.reference_only
    assert "仅供参考，以窗口为准" in texts(guide(wording, Language.HANS, package, checklist))
    assert "仅供参考，以窗口为准" not in texts(guide(wording, Language.HANS, confirmed, checklist))


def test_a_later_sessions_day_and_time_are_large_and_a_running_ones_are_not(wording: Wording) -> None:
    later = sizes(slips.ticket(wording, Language.HANS, FACTS))
    assert later["A07-012"] == 4
    assert later["出生一件事"] == 2
    assert (later["11月25日 周三"], later["08:30-12:00"]) == (2, 2)
    running = sizes(slips.ticket(wording, Language.HANS, msgspec.structs.replace(FACTS, running=True)))
    assert running["11月25日 周三 08:30-12:00"] == 1


@pytest.mark.parametrize(
    ("language", "day"),
    [(Language.HANS, "11月25日 周三"), (Language.HANT, "11月25日 週三"), (Language.EN, "Wed 25 Nov")],
)
def test_the_day_is_written_in_the_slips_language(wording: Wording, language: Language, day: str) -> None:
    assert day in texts(slips.ticket(wording, language, FACTS))


def test_a_ticket_says_where_to_go_and_promises_no_call(wording: Wording) -> None:
    later = texts(slips.ticket(wording, Language.HANS, FACTS))
    now = texts(slips.ticket(wording, Language.HANS, msgspec.structs.replace(FACTS, running=True)))
    assert "请带好材料，按时到集美区政务服务中心窗口出示小票" in later
    assert "请带好材料，现在到集美区政务服务中心窗口出示小票" in now
    assert not any("叫号" in text or "前面" in text for text in later + now)


def test_an_uncertain_day_says_so(wording: Wording) -> None:
    uncertain = slips.ticket(wording, Language.HANS, msgspec.structs.replace(FACTS, certain=False))
    assert "日期以大厅公告为准" in texts(uncertain)
    assert "日期以大厅公告为准" not in texts(slips.ticket(wording, Language.HANS, FACTS))


def test_a_ticket_carries_its_code_in_groups_its_station_and_its_time(wording: Wording) -> None:
    printed = texts(slips.ticket(wording, Language.HANS, FACTS))
    assert "凭证码 1234 5678 9012 3456" in printed
    assert "07号站 2026-11-24 22:05" in printed


def test_without_a_host_no_code_is_printed(release: Release, materials: dict[str, Material], wording: Wording) -> None:
    bare = msgspec.structs.replace(FACTS, qr=None)
    package = release.packages[0]
    slip = slips.ticket_with_guide(wording, Language.EN, bare, package, unsure(package, materials), None)
    assert not any(isinstance(block, Code) for block in slip.blocks)
    assert not any("scan" in text.lower() for text in texts(slip))


def test_ticket_and_guide_come_as_one_piece(release: Release, materials: dict[str, Material], wording: Wording) -> None:
    package = release.packages[0]
    slip = slips.ticket_with_guide(wording, Language.HANS, FACTS, package, unsure(package, materials), None)
    assert [block for block in slip.blocks if isinstance(block, Cut)] == [slip.blocks[-1]]
    assert {"A07-012", package.name.hans} <= set(texts(slip))


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        (Language.HANS, "样张，不作办事凭据"),
        (Language.HANT, "樣張，不作辦事憑據"),
        (Language.EN, "SPECIMEN, not valid"),
    ],
)
def test_a_specimen_says_so_first(wording: Wording, language: Language, mark: str) -> None:
    assert texts(slips.ticket(wording, language, FACTS, specimen=True))[0] == mark
    assert mark not in texts(slips.ticket(wording, language, FACTS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_slip_is_in_its_language(
    release: Release, materials: dict[str, Material], wording: Wording, language: Language
) -> None:
    """Latin letters alone for English, no Simplified-only character of the slip's own words for Traditional."""
    for package in release.packages:
        slip = slips.ticket_with_guide(wording, language, FACTS, package, unsure(package, materials), None)
        printed = "".join(texts(slip))
        if language is Language.EN:
            assert printed.isascii()
        elif language is Language.HANT:
            assert not set("样张证带据时办们号复电调务这") & set(printed)


def test_nothing_on_a_slip_is_drawn_one_cell_wide_here_and_two_there(
    release: Release, materials: dict[str, Material], wording: Wording
) -> None:
    for package, language in itertools.product(release.packages, LANGUAGES):
        slip = slips.ticket_with_guide(wording, language, FACTS, package, unsure(package, materials), None)
        assert ambiguous("".join(texts(slip))) == ""


def test_simplified_slips_need_no_more_than_a_gb2312_font(
    release: Release, materials: dict[str, Material], wording: Wording, profiles: dict[str, Profile]
) -> None:
    for package in release.packages:
        slip = slips.ticket_with_guide(wording, Language.HANS, FACTS, package, unsure(package, materials), None)
        assert encode(slip, profiles["raster-58"]).missing == 0
