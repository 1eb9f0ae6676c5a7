"""The district's services, each from the welcome to its slip: with a center on the line, and with nobody there.

One station serves them all, one resident after the other, as it does in its hall. Help at home is in test_requests.py.
What takes more than five seconds is marked `system`, as are all with a center.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.forms import FieldKind, Form
from kiosk.journal.store import Reader
from kiosk.keys import open_station_key
from kiosk.link.enrolment import enrol
from kiosk.link.transport import Transport, unpinned
from kiosk.text import Language
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import ENROL_LIMIT
from kiosk.wire.entries import Body, read_body
from screens.hands import RESULT_SECONDS
from screens.held import NEXT_REPEAT
from tests import enrolled
from tests.center.serving import KIOSK, free_port, serving
from tests.journeys.conftest import WELCOME
from tests.terminal import Terminal
from tests.waiting import wait_for

RELEASE = read_release(paths.release_dir() / "catalog.msgpack")
FORMS = {form.id: form for form in RELEASE.requests}
PHONE, MASKED = "13800001234", "138****1234"
PROJECT = "26113502110401123456"
FIRM = "91110000600037341L"
TAIWAN_PERMIT = "12345678"
FIRM_BY_ROWS = "".join(key if key.isalpha() else f"{int(key) // 7 + 1}{int(key) % 7 + 1}" for key in FIRM)
"""The firm's code as a keypad types it: for each digit its row, then its place in that row of seven."""
TYPED = {
    FieldKind.PHONE: PHONE,
    FieldKind.PROJECT_CODE: PROJECT,
    FieldKind.CREDIT_CODE: FIRM_BY_ROWS,
    FieldKind.PERSON: TAIWAN_PERMIT,
}
DIGIT = 4
"""Cells from the label of a card to the left, where its digit stands."""

MOST_LOOKS = 5
"""How often somebody comes back to look before the center's word must be there."""

BEGINNING = 6
"""Characters of a question that stand in one line on every page."""


class Booth:
    """The station in its terminal, the paper that came out of it, and its center if there is one."""

    def __init__(self, terminal: Terminal, printer: VirtualPrinter, state: Path, center: Path | None) -> None:
        self.terminal = terminal
        self.state = state
        self.center = center
        self._printer = printer
        self._taken = 0

    @property
    def online(self) -> bool:
        return self.center is not None

    def see(self, *wanted: str) -> None:
        """Wait until all of `wanted` stand on the screen, wherever their lines break."""
        parts = ["".join(one.split()) for one in wanted]
        self.terminal.wait(
            lambda: all(part in "".join(self.terminal.text().split()) for part in parts), " and ".join(wanted)
        )

    def press(self, keys: str, *seen: str) -> None:
        """Press keys once the page has come to rest, and see where that leads."""
        self.terminal.settle()
        self.terminal.press(keys)
        self.see(*seen)

    def choose(self, label: str, *seen: str) -> None:
        """Press the digit of the card on which `label` stands, and see where that leads."""
        self.terminal.see(label)
        self.terminal.settle()
        column, row = self.terminal.place(label)
        beside = (self.terminal.cell(column - DIGIT, row + by) for by in (0, 1, -1))
        digit = next((one for one in beside if one.isdigit()), None)
        assert digit, f"no digit before {label}\n{self.terminal.text()}"
        self.terminal.press(digit)
        self.see(*seen)

    def enter(self, channel: str, *seen: str) -> None:
        """Go from the welcome to a channel, behind 更多特色服务 if it stands there."""
        self.press("\r", "您要办什么事")
        if channel not in self.terminal.text():
            self.choose("更多特色服务", "特色服务：要去哪一个")
        self.choose(channel, *seen)

    def fill_in(self, form: Form, language: Language, known: tuple[str, ...]) -> None:
        """Answer all fields of a form but the `known`: the first option, a number; words and names are left out."""
        for field in form.fields:
            if field.id in known:
                continue
            self.see(field.question.in_(language)[:BEGINNING])
            self.terminal.settle()
            if field.kind in {FieldKind.NAME, FieldKind.WORDS}:
                self.terminal.press("9")
            elif field.kind in TYPED:
                self._type(TYPED[field.kind])
                self.terminal.settle()
                self.terminal.press("\r")
            else:
                self.terminal.press("1")

    def _type(self, keys: str) -> None:
        """Press one key after the other; the same one again only when a held key would have repeated by then."""
        before = ""
        for key in keys:
            if key == before:
                self.terminal.settle(NEXT_REPEAT + 0.02)
            self.terminal.press(key)
            before = key

    def paper(self) -> str:
        """Wait for the one slip that this resident gets; its text without the breaks of its lines."""
        self.terminal.wait(lambda: len(self._printer.slips) > self._taken, "the slip")
        self._taken += 1
        assert len(self._printer.slips) == self._taken
        assert self._printer.unknown == []
        return "".join(self._printer.slips[-1].text.split())

    def codes(self) -> list[str]:
        """What is behind the codes of the last slip."""
        return list(self._printer.slips[-1].codes)

    def code(self) -> str:
        """The public code on the screen."""
        found = re.search(r"(\d{4})\s+(\d{4})\s+(\d{4})\s+(\d{4})", self.terminal.text())
        assert found, self.terminal.text()
        return "".join(found.groups())

    def leave(self) -> None:
        """End the visit by its keys, whatever page it is on, in Simplified or Traditional."""
        self.terminal.settle(RESULT_SECONDS + 0.1)
        self.press("#")
        self._wait_for_one_of("要结束并清除吗", "要結束並清除嗎")
        self.press("1")
        self._wait_for_one_of(WELCOME, "请带走您的纸", "請帶走您的紙")
        if WELCOME not in self.terminal.text():
            self.press("1", WELCOME)

    def _wait_for_one_of(self, *wanted: str) -> None:
        self.terminal.wait(lambda: any(one in self.terminal.text() for one in wanted), " or ".join(wanted))

    def entry(self, kind: str) -> Body:
        """The newest entry of that kind, once the center has it if there is one."""

        def newest() -> list[Body]:
            reader = Reader(self.state)
            entries = [one for one in reader.entries() if one.kind == kind]
            reader.close()
            assert not self.online or entries
            return [read_body(one.body) for one in entries[-1:] if one.acknowledged or not self.online]

        wait_for(lambda: bool(newest()))
        return newest()[0]

    def at_the_center(self, *words: str) -> str:
        """Run a command of the center beside it; what it prints."""
        assert self.center is not None
        command = [*KIOSK, "center", "requests", *words, "--folder", self.center]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module", params=["nobody on the line", pytest.param("a center", marks=pytest.mark.system)])
def booth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booth]:
    """A station that is enrolled; with nobody on the line its center does not listen."""
    place, printer = tmp_path_factory.mktemp("booth"), VirtualPrinter(paper_mm=58)
    state, device = place / "state", place / "printer"
    with VirtualPort(printer, device):
        if request.param == "a center":
            folder = place / "center"
            with serving(folder, "07") as (port, code):
                keys = state / "keys"
                keys.parent.mkdir(mode=0o700)
                line = Transport(f"https://localhost:{port}", unpinned(), ENROL_LIMIT)
                keep_trust(keys, enrol(line, "07", code, open_station_key(keys)))
                line.close()
                with _station(place, state, device, port) as terminal:
                    yield Booth(terminal, printer, state, folder)
        else:
            enrolled.enrol(state)
            with _station(place, state, device, free_port()) as terminal:
                yield Booth(terminal, printer, state, None)


def _station(place: Path, state: Path, device: Path, port: int) -> Terminal:
    file = place / "kiosk.toml"
    file.write_text(
        f'[printer]\nport = "{device}"\nbaud = 115200\n[idle]\nquiet_seconds = 600\nanswer_seconds = 20\n'
        f'[qr]\nhosts = ["station.example"]\n[center]\nurl = "https://localhost:{port}"\ninterval_seconds = 5\n',
        "utf-8",
    )
    return Terminal([*KIOSK, "run", "--config", file, "--state", state])


@pytest.fixture
def resident(booth: Booth) -> Iterator[Booth]:
    """Somebody in front of the welcome page, who leaves nothing behind."""
    booth.see(WELCOME)
    yield booth
    booth.leave()


def send(
    resident: Booth, form: Form, language: Language = Language.HANS, known: tuple[str, ...] = ()
) -> tuple[str, str]:
    """Fill a form in from its first question, send it, take the slip; returns its code and its text."""
    hant = language is Language.HANT
    resident.fill_in(form, language, known)
    resident.see("還沒有提交" if hant else "还没有提交", PHONE)
    resident.press("\r", "已經提交" if hant else "已经提交")
    code, paper = resident.code(), resident.paper()
    assert "".join(form.name.in_(language).split()) in paper
    assert code in paper
    assert MASKED in paper and PHONE not in paper
    assert resident.codes() == [f"https://STATION.EXAMPLE/T/{code}"]
    entry = resident.entry("request.made")
    assert (entry.data["form"], entry.data["code"]) == (form.id, code)
    if resident.online:
        assert code in json.dumps(json.loads(resident.at_the_center("list", "--json")))
    return code, paper


@pytest.mark.system
def test_the_student_station_helps_with_a_matter_and_prints_its_manual(resident: Booth) -> None:
    resident.enter("大学生创业就业驿站", "代办事项", "65 项", "9 项", "请到驿站咨询")
    resident.choose("服务手册", "打印手册的码")
    resident.choose("打印手册的码", "请取走小票")
    assert "服务手册" in resident.paper()
    assert resident.codes() == ["https://STATION.EXAMPLE/G/51S"]
    resident.terminal.settle(RESULT_SECONDS + 0.1)
    resident.press("*", "打印手册的码")
    resident.press("*", "代办事项")
    resident.choose("代办事项", "区人社局", "23 项", "集美公安分局")
    resident.choose("区人社局", "高校毕业生报到")
    resident.choose("高校毕业生报到", "跑几趟", "以窗口为准")
    resident.choose("请人导办、帮代办", "开始填")
    resident.press("1")
    _, paper = send(resident, FORMS["agent-service"], known=("unit", "matter"))
    assert "高校毕业生报到" in paper


def test_compatriots_from_taiwan_read_traditional_from_the_first_touch_on(resident: Booth) -> None:
    resident.choose("台胞台企", "阿集驛站", "警務事項", "6 項", "辦稅事項", "5 項", "銀行服務點")
    resident.choose("請台胞專員幫忙", "開始填")
    resident.press("1")
    _, paper = send(resident, FORMS["specialist"], Language.HANT)
    assert TAIWAN_PERMIT not in paper


def test_the_advisory_group_calls_back_about_one_of_its_measures(resident: Booth) -> None:
    resident.enter("赋能顾问团", "服务举措", "成员单位", "10 项")
    resident.choose("请顾问答疑", "开始填")
    resident.press("1")
    _, paper = send(resident, FORMS["advice"])
    assert FORMS["advice"].fields[0].label.hans in paper


@pytest.mark.system
def test_a_project_is_registered_with_its_codes(resident: Booth) -> None:
    resident.enter("阿集帮办", "四个审批阶段")
    resident.choose("四个审批阶段", "立项用地规划许可", "竣工验收")
    resident.press("*", "项目建档")
    resident.choose("项目建档", "开始填")
    resident.press("1")
    _, paper = send(resident, FORMS["project-register"])
    assert "2611-350211-04-01-123456" in paper


@pytest.mark.system
def test_a_partner_districts_matter_is_asked_for_here(resident: Booth) -> None:
    resident.enter("跨省通办", "合作地区", "4 项", "42 项")
    resident.choose("合作地区", "贵州省贵阳市白云区")
    resident.press("*", "通办事项")
    resident.choose("请跨省通办窗口联系", "开始填")
    resident.press("1")
    _, paper = send(resident, FORMS["cross-province"])
    assert "贵州省贵阳市白云区" in paper


def test_each_package_and_channel_leads_to_the_queue_of_its_theme(resident: Booth) -> None:
    letters = {theme.of: theme.letter for theme in RELEASE.themes}
    resident.enter("阿集帮办", "取号")
    resident.choose("取号", "号码已取好")
    number = resident.entry("ticket.issued").data["number"]
    assert number.startswith(f"{letters['project_assist']}07-")
    assert number in resident.paper()
    resident.terminal.settle(RESULT_SECONDS + 0.1)
    resident.press("2", "您要办什么事")
    for _ in range(3):
        resident.press("1")
    resident.choose("直接取号", "号码已取好")
    number = resident.entry("ticket.issued").data["number"]
    assert number.startswith(f"{letters[RELEASE.cycles[0].id]}07-")
    assert number in resident.paper()


@pytest.mark.system
def test_progress_is_what_the_center_said_last_and_of_nobody_else(resident: Booth) -> None:
    resident.enter("大学生创业就业驿站", "预约咨询")
    resident.choose("预约咨询", "开始填")
    resident.press("1")
    code, _ = send(resident, FORMS["consultation"])
    resident.leave()
    if resident.online:
        resident.at_the_center("answer", code, "taken-on", "--words", "请带身份证来")
    for _ in range(MOST_LOOKS):
        resident.press("\r", "办件进度")
        resident.choose("办件进度", "小票上的编号")
        resident.press(code, code[12:])
        resident.press("\r", "这是您的申请", "进度")
        resident.terminal.settle()
        if not resident.online or "请带身份证来" in resident.terminal.text():
            break
        resident.leave()
    resident.see(*(("有人在办", "请带身份证来") if resident.online else ("已收到", "已保存在本机")))
    assert PHONE not in resident.terminal.text()


def test_a_service_is_rated_by_the_code_of_its_slip(resident: Booth) -> None:
    resident.enter("阿集帮办", "取号")
    resident.choose("取号", "号码已取好")
    resident.paper()
    resident.terminal.settle(RESULT_SECONDS + 0.1)
    code = resident.entry("ticket.issued").data["code"]
    resident.choose("评价服务", "非常满意", "基本满意", "非常不满意")
    resident.choose("不满意", "办得慢")
    resident.choose("办得慢", "谢谢")
    entry = resident.entry("rating.given")
    assert entry.data["code"] == code
    assert entry.data["answers"] == {"grade": "poor", "reason": "slow"}


@pytest.mark.system
def test_trips_are_estimates_and_a_single_matter_promises_none(resident: Booth) -> None:
    resident.press("\r", "您要办什么事")
    for _ in range(3):
        resident.press("1")
    resident.choose("看后面的说明", "一趟不用跑，网上可以办完（未核实）", "仅供参考")
    resident.press("/", "您要办什么事")
    resident.leave()
    resident.enter("大学生创业就业驿站", "代办事项")
    resident.choose("代办事项", "税务局")
    resident.choose("税务局", "14 项")
    resident.press("1", "跑几趟", "以窗口为准")
    resident.choose("打印指南", "请取走")
    assert "跑几趟：以窗口为准" in resident.paper()


def test_the_search_leads_to_a_channel_by_its_initials_and_to_a_number(resident: Booth) -> None:
    resident.press("\r", "您要办什么事")
    resident.choose("查找", "打首字母")
    resident.press("fngwt", "赋能顾问团")
    resident.choose("赋能顾问团", "服务举措")
    resident.choose("取号", "号码已取好")
    assert resident.entry("ticket.issued").data["number"] in resident.paper()
