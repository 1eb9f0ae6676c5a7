"""The slip of a request and the guide to a matter: whole on every paper, in every language, never personal."""

import datetime

import pytest

from kiosk import paths, slips
from kiosk.catalog.guide import manual_code
from kiosk.catalog.load import read_release
from kiosk.documents import Code, Item, Row, layout
from kiosk.hours import CHINA
from kiosk.requests import Seen, lines
from kiosk.text import Language, Text
from kiosk.wording import Wording
from tests.kiosk.test_requests import TYPED, filled_in, say_in

RELEASE = read_release(paths.release_dir() / "catalog.msgpack")
WORDING = Wording(paths.release_dir())
CODE = "7184059362718405"
COLUMNS = (24, 32, 42, 48)
FORMS = [form for form in RELEASE.requests if form.channel]
PERSONAL = [TYPED[kind] for kind in TYPED if len(TYPED[kind]) > 4 and not TYPED[kind].startswith(("9", "26"))]


def slip(form_id: str, language: Language) -> slips.Document:
    form = next(form for form in FORMS if form.id == form_id)
    facts = slips.RequestFacts(
        name=form.name,
        code=CODE,
        station="07",
        station_name=Text("集美区24小时e政务便民服务站", "集美區24小時e政務便民服務站", "Jimei Station"),
        made=datetime.datetime(2026, 11, 24, 9, 0, tzinfo=CHINA),
        lines=lines(form, filled_in(form), language, say_in(language), Seen.PAPER),
        following=form.next,
        cancellable=form.cancellable,
        large=form.large_print,
        qr=f"https://STATION.EXAMPLE/T/{CODE}",
    )
    return slips.request(WORDING, language, facts)


@pytest.mark.parametrize("form_id", [form.id for form in FORMS])
@pytest.mark.parametrize("language", list(Language))
def test_the_slip_holds_code_steps_and_answers_and_nothing_personal(form_id: str, language: Language) -> None:
    document = slip(form_id, language)
    for columns in COLUMNS:
        rows = [row for row in layout(document, columns) if isinstance(row, Row)]
        text = "".join("".join(row.text for row in rows).split())
        assert CODE in text
        for step in next(form for form in FORMS if form.id == form_id).next:
            assert "".join(step.in_(language).split()) in text
        assert not [said for said in PERSONAL if said in text]
        assert "****" in text
    assert [block.data for block in document.blocks if isinstance(block, Code)] == [f"https://STATION.EXAMPLE/T/{CODE}"]


def test_help_at_home_comes_in_large_type_and_its_code_is_broken_between_groups_alone() -> None:
    rows = [row for row in layout(slip("home-visit", Language.HANS), 32) if isinstance(row, Row)]
    large = [row.text for row in rows if row.size == 2]
    assert [text for text in large if text[:4].isdigit()] == ["7184 0593", "6271 8405"]
    assert len(large) > len(rows) * 3 // 4


@pytest.mark.parametrize("language", list(Language))
def test_the_guide_to_a_matter_lists_what_to_bring_with_boxes(language: Language) -> None:
    channel = next(one for one in RELEASE.channels if one.id == "aji_station")
    item = next(one for one in channel.sections[0].items if one.id == "residence-permit-new")
    materials = {material.id: material for material in RELEASE.materials}
    bring = tuple(materials[one] for one in item.materials)
    document = slips.item_guide(WORDING, language, channel, item, bring)
    entries = [block for block in document.blocks if isinstance(block, Item)]
    assert [entry.text for entry in entries] == [material.name.in_(language) for material in bring]
    assert {entry.lead for entry in entries} == {slips.BOX}
    said = {"仅供参考，以窗口为准", "僅供參考，以窗口為準", WORDING.say(Language.EN, "仅供参考，以窗口为准")}
    assert any(getattr(block, "text", "") in said for block in document.blocks)


@pytest.mark.parametrize("language", list(Language))
def test_a_manuals_slip_says_what_is_in_it_and_carries_its_code(language: Language) -> None:
    for channel in RELEASE.channels:
        link = f"https://STATION.EXAMPLE/G/{manual_code(channel, language)}"
        document = slips.manual(WORDING, language, channel, link)
        entries = [block for block in document.blocks if isinstance(block, Item)]
        assert [entry.text for entry in entries] == [section.name.in_(language) for section in channel.sections]
        assert all(entry.note for entry in entries)
        assert [block.data for block in document.blocks if isinstance(block, Code)] == [link]


def test_the_guide_to_a_matter_promises_no_trips_and_no_papers_that_nobody_named() -> None:
    channels = {channel.id: channel for channel in RELEASE.channels}

    def said(channel: str, item: str, what: str = "跑几趟") -> str:
        one = next(one for section in channels[channel].sections for one in section.items if one.id == item)
        document = slips.item_guide(WORDING, Language.HANS, channels[channel], one, ())
        return next(text for block in document.blocks if what in (text := getattr(block, "text", "")))

    assert said("student_station", "hrss-01") == "跑几趟：以窗口为准"
    assert said("student_station", "hrss-01", "要带什么") == "要带什么：以窗口为准"
    online = next(
        item.id for section in channels["cross_province"].sections for item in section.items if item.trips == 0
    )
    assert said("cross_province", online) == "跑几趟：一趟不用跑，网上可以办完"
