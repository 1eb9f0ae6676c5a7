"""What a clerk can do by editing a file: add a channel, a matter, a field; and what the check says to mistakes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.catalog.build import build
from kiosk.catalog.check import Checked, check
from kiosk.catalog.compile_channels import TERMS
from kiosk.catalog.load import read_release
from kiosk.catalog.model import Audience, Release
from kiosk.forms import FieldKind, options
from tests.catalog.conftest import BUILT

VISIT = "requests/home-visit.toml"
AGENT = "requests/agent-service.toml"
RATING = "requests/rating.toml"
PROJECT = "requests/project-register.toml"

NEW_CHANNEL = """
[channel]
id = "library-desk"
code = "57"
place = 7
name_zh = "样例服务台"
name_en = "Sample desk"
label_zh = "样例服务台"
label_en = "Sample desk"
gloss_zh = "样例"
gloss_en = "Sample"
location_zh = "样例地点"
location_en = "A sample place"
source = "样例"

[[section]]
list = "item"
name_zh = "可以办的事"
name_en = "What is done here"

[[item]]
id = "card"
name_zh = "样例事项"
name_en = "Sample matter"
condition_zh = "样例条件"
condition_en = "A sample condition"
materials = ["photo"]
package = "senior-benefits"
source = "样例"
"""

NEW_REQUEST = """
[request]
id = "library-card"
channel = "library-desk"
place = 1
version = 1
name_zh = "样例申请"
name_en = "Sample request"
gloss_zh = ""
gloss_en = ""
purpose_zh = "样例用途"
purpose_en = "A sample purpose"
next_zh = ["样例步骤"]
next_en = ["A sample step"]
cancellable = true
source = "样例"

[[field]]
id = "matter"
kind = "choice"
question_zh = "要办哪一项？"
question_en = "Which matter?"
label_zh = "事项"
label_en = "Matter"
list = "library-desk.item"

[[field]]
id = "phone"
kind = "phone"
question_zh = "打哪个电话？"
question_en = "Which number?"
label_zh = "电话"
label_en = "Phone"
"""

NEW_FIELD = """
[[field]]
id = "people"
kind = "number"
question_zh = "家里有几个人？"
question_en = "How many people live there?"
label_zh = "人数"
label_en = "People"
low = 1
high = 20
"""


def rebuilt(data: Path, out: Path) -> Release:
    checked = check(data)
    assert [str(mistake) for mistake in checked.mistakes] == []
    return read_release(build(checked, out, BUILT))


def test_a_channel_a_request_and_a_field_are_added_by_editing_files(data: Path, tmp_path: Path) -> None:
    (data / "channels/library-desk.toml").write_text(NEW_CHANNEL, "utf-8")
    (data / "requests/library-card.toml").write_text(NEW_REQUEST, "utf-8")
    visit = data / VISIT
    visit.write_text(visit.read_text("utf-8") + NEW_FIELD, "utf-8")
    release = rebuilt(data, tmp_path / "out")
    channel = release.channels[-1]
    assert (channel.id, channel.code, channel.requests) == ("library-desk", "57", ("library-card",))
    item = channel.sections[0].items[0]
    assert (item.name.hant, item.materials, item.package) == ("樣例事項", ("photo",), "senior-benefits")
    assert [fact.term for fact in (*channel.about, *item.facts)] == ["地点", "条件"]
    forms = {form.id: form for form in release.requests}
    assert [option.name.hans for option in forms["library-card"].fields[0].options] == ["样例事项"]
    people = forms["home-visit"].field("people")
    assert (people.kind, people.low, people.high) == (FieldKind.NUMBER, 1, 20)


def test_a_matter_that_is_added_to_a_channel_can_be_asked_for(data: Path, tmp_path: Path) -> None:
    station = data / "channels/student_station.toml"
    matter = """
[[matter]]
id = "hrss-99"
unit = "hrss"
name_zh = "样例事项"
name_en = "Sample matter"
audience = "individual"
source = "样例"
"""
    station.write_text(station.read_text("utf-8") + matter, "utf-8")
    release = rebuilt(data, tmp_path / "out")
    form = next(form for form in release.requests if form.id == "agent-service")
    assert "hrss-99" in [option.id for option in options(form.field("matter"), {"unit": "hrss"})]
    assert "hrss-99" not in [option.id for option in options(form.field("matter"), {"unit": "tax"})]
    items = next(channel for channel in release.channels if channel.id == "student_station").sections[0].items
    assert items[-1].id == "hrss-99"


def test_the_channels_hold_what_was_announced(release: Release) -> None:
    sections = {section.list: section for channel in release.channels for section in channel.sections}
    student = next(channel for channel in release.channels if channel.id == "student_station")
    counts = {name: len(section.items) for name, section in sections.items()}
    assert len(student.sections[0].items) == 65
    assert len(student.sections[0].groups) == 5
    assert {item.audience for item in student.sections[0].items} == set(Audience)
    assert counts["consultation"] == 9
    assert counts["practice"] == 0
    assert (counts["police_matter"], counts["tax_matter"], counts["bank_service"]) == (6, 5, 1)
    assert (counts["department"], counts["measure"], counts["stage"], counts["partner"]) == (10, 10, 4, 4)


def test_what_nobody_confirmed_is_marked(release: Release) -> None:
    aji = next(channel for channel in release.channels if channel.id == "aji_station")
    sure = {item.id: item.sure for section in aji.sections for item in section.items}
    assert not sure["driving-permit"]
    assert sure["bank_service-1"]


def test_every_kind_of_request_of_the_channels_is_there(release: Release) -> None:
    by_channel = {channel.id: channel.requests for channel in release.channels}
    assert all(by_channel.values())
    assert by_channel["student_station"] == ("agent-service", "coordination", "consultation")
    assert {form.id for form in release.requests} - {one for ids in by_channel.values() for one in ids} == {"rating"}


def test_every_term_has_its_english(checked: Checked) -> None:
    known = {message.id for message in checked.messages if isinstance(message.id, str)}
    assert set(TERMS.values()) <= known
    assert {audience.words for audience in Audience} <= known


ONE = [
    (VISIT, 'list = "areas"', 'list = "area"', r"area: list: .*areas, communities, or a channel"),
    (
        VISIT,
        'list = "home_assist.bookable"',
        'list = "home_assist.bookables"',
        r"unknown list .*nearest: home_assist.b",
    ),
    (VISIT, 'list = "areas"\n', "", r"area: option: has neither options nor a list"),
    (VISIT, "other = true\nlist", "list", r"community: longest: belongs to no field of kind 'choice'"),
    (VISIT, 'within = "area"', 'within = "aria"', r"community: within: 'aria' is no choice before .*nearest: area"),
    (
        VISIT,
        'list = "home_assist.bookable"',
        'list = "home_assist.bookable"\nwithin = "area"',
        r"service: within: the entries of 'home_assist.bookable' do not say which area",
    ),
    (VISIT, 'channel = "home_assist"', 'channel = "home"', r"home-visit: channel: unknown cycle or channel 'home'"),
    (VISIT, 'id = "phone"', 'id = "area"', r"area: id: 'area' stands twice"),
    (VISIT, 'kind = "phone"', 'kind = "telephone"', r"phone: kind: is the text 'telephone'"),
    (VISIT, "ahead = 8", "ahead = 0", r"time: ahead: is missing; how many half-days"),
    (VISIT, "longest = 30", "longest = 0", r"name: longest: is missing; how many characters"),
    (VISIT, 'id = "self"', 'id = "family"', r"asker: option: 'family' stands twice"),
    (VISIT, 'question_zh = "您替谁约？"', 'question_zh = "您替谁约?…"', r"question_zh: holds '…'"),
    (AGENT, 'within = "unit"', 'within = "help"', r"matter: within: .*do not say which help they belong to"),
    (AGENT, "place = 1\n", "place = 2\n", r"place: 2 is the place of 'agent-service' already"),
    (RATING, 'when_is = ["poor",', 'when_is = ["por",', r"reason: when_is: unknown option 'por' \(nearest: poor\)"),
    (RATING, 'when_is = ["poor", "very-poor"]\n', "", r"reason: when: when and when_is are not both there"),
    (RATING, 'when = "grade"', 'when = "reason"', r"reason: when: 'reason' is no choice before this field"),
    (PROJECT, "optional = true\n", "optional = true\npersonal = 1\n", r"personal: is the number 1; true or false"),
]


@pytest.mark.parametrize(("file", "says", "instead", "told"), ONE)
def test_a_mistake_in_a_request_is_named_with_its_field(
    data: Path, mistakes: Callable[[], list[str]], file: str, says: str, instead: str, told: str
) -> None:
    path = data / file
    content = path.read_text("utf-8")
    assert says in content
    path.write_text(content.replace(says, instead, 1), "utf-8")
    lines = mistakes()
    assert any(re.search(told, line) and line.startswith("requests/") for line in lines), lines


def test_personal_data_is_asked_for_only_with_its_purpose(data: Path, mistakes: Callable[[], list[str]]) -> None:
    path = data / PROJECT
    content = re.sub(r'purpose_(zh|en) = ".*"', r'purpose_\1 = ""', path.read_text("utf-8"))
    path.write_text(content, "utf-8")
    assert any("purpose_zh: is empty although personal data is asked for" in line for line in mistakes())


def test_a_number_field_has_its_bounds(data: Path, mistakes: Callable[[], list[str]]) -> None:
    path = data / VISIT
    path.write_text(path.read_text("utf-8") + NEW_FIELD.replace("high = 20", "high = 0"), "utf-8")
    assert any("people: high: 0 is not above low, 1" in line for line in mistakes())


@pytest.mark.parametrize(
    ("says", "instead", "told"),
    [
        (
            'list = "police_matter"',
            'list = "police_mater"',
            r"list: unknown table 'police_mater' \(nearest: police_matter",
        ),
        ('list = "tax_matter"', 'list = "police_matter"', r"list: 'police_matter' has a page already"),
        (
            'list = "tax_matter"',
            'group = "tax"\nlist = "tax_matter"',
            r"group: the entries of 'tax_matter' do not say which tax they belong to",
        ),
    ],
)
def test_a_mistake_in_a_page_of_a_channel_is_named(
    data: Path, mistakes: Callable[[], list[str]], says: str, instead: str, told: str
) -> None:
    path = data / "channels/aji_station.toml"
    path.write_text(path.read_text("utf-8").replace(says, instead, 1), "utf-8")
    assert any(re.search(told, line) for line in mistakes())
