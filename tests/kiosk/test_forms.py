"""Forms as residents fill them in: what is asked next, what can stand, what goes when an answer changes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.forms import (
    OTHER,
    Field,
    FieldKind,
    Form,
    HalfDay,
    Moment,
    Option,
    Part,
    Problem,
    asked,
    changed,
    check,
    half_days,
    next_field,
    options,
    prefilled,
    read_half_day,
    take,
)
from kiosk.hours import CHINA, Hall, Session
from kiosk.text import Text
from kiosk.tickets import new_code

HALL = Hall(Text("大厅", "大廳", "Hall"), True, (Session(510, 720), Session(900, 1050)), 15, (), ())
TUESDAY = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)
NOW = Moment(TUESDAY, HALL)


def text(word: str) -> Text:
    return Text(word, word, word)


def field(id_: str, kind: FieldKind, **more: object) -> Field:
    return Field(id=id_, kind=kind, question=text(id_), label=text(id_), **more)  # type: ignore[arg-type]


def form(*fields: Field) -> Form:
    return Form(
        id="sample",
        channel="",
        version=1,
        name=text("样例"),
        gloss=text(""),
        purpose=text("用途"),
        next=(),
        cancellable=True,
        fields=fields,
    )


def choice(id_: str, *ids: str, **more: object) -> Field:
    return field(id_, FieldKind.CHOICE, options=tuple(Option(one, text(one)) for one in ids), **more)


AREA = choice("area", "north", "south")
COMMUNITY = field(
    "community",
    FieldKind.CHOICE,
    options=(Option("n1", text("n1"), "north"), Option("s1", text("s1"), "south")),
    within="area",
    other=True,
    longest=8,
)
GRADE = choice("grade", "good", "poor")
REASON = choice("reason", "slow", "far", when="grade", when_is=("poor",), optional=True)
PHONE = field("phone", FieldKind.PHONE)
NAME = field("name", FieldKind.NAME, optional=True, longest=10)
TIME = field("time", FieldKind.HALF_DAY, ahead=3)
ALL = form(AREA, COMMUNITY, GRADE, REASON, PHONE, NAME, TIME)


# ---- which fields ------------------------------------------------------------------------------------------------


def test_fields_come_in_order_and_some_only_after_some_answers() -> None:
    assert next_field(ALL, {}) == AREA
    assert next_field(ALL, {"area": "north"}) == COMMUNITY
    said = {"area": "north", "community": "n1"}
    assert next_field(ALL, said | {"grade": "good"}) == PHONE
    assert next_field(ALL, said | {"grade": "poor"}) == REASON
    assert next_field(ALL, said | {"grade": "poor", "reason": ""}) == PHONE
    assert next_field(form(AREA), {"area": "north"}) is None


def test_only_options_of_the_earlier_answer_are_offered() -> None:
    assert [option.id for option in options(COMMUNITY, {"area": "south"})] == ["s1"]
    assert options(COMMUNITY, {}) == ()
    assert take(COMMUNITY, "n1", {"area": "south"}, NOW) == Problem("community", "请选一项。")


def test_what_fits_no_option_can_be_written() -> None:
    assert take(COMMUNITY, f"{OTHER} 某社区 ", {"area": "north"}, NOW) == f"{OTHER}某社区"
    assert isinstance(take(COMMUNITY, OTHER + "很" * 9, {"area": "north"}, NOW), Problem)
    assert isinstance(take(COMMUNITY, OTHER, {"area": "north"}, NOW), Problem)
    assert isinstance(take(AREA, f"{OTHER}某处", {}, NOW), Problem)


def test_another_answer_takes_away_what_belonged_to_the_old_one() -> None:
    said = {"area": "north", "community": "n1", "grade": "poor", "reason": "slow", "phone": "13800000000"}
    assert changed(ALL, said, "area", "south") == {"area": "south", "grade": "poor", "reason": "slow"} | {
        "phone": "13800000000"
    }
    assert "reason" not in changed(ALL, said, "grade", "good")
    assert changed(ALL, said, "area", "north") == said


def test_what_was_given_on_one_form_is_not_asked_on_the_next() -> None:
    earlier = {("phone", FieldKind.PHONE): "13800000000", ("grade", FieldKind.CHOICE): "good"}
    assert prefilled(ALL, earlier) == {"phone": "13800000000"}


# ---- what can stand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "stands"),
    [
        (FieldKind.PHONE, "138 0000 0000", "13800000000"),
        (FieldKind.PHONE, "0592-0000000", "05920000000"),
        (FieldKind.PERSON, "11010519491231002x", "11010519491231002X"),
        (FieldKind.PERSON, "０１２３４５６７", "01234567"),
        (FieldKind.CREDIT_CODE, "91110000 600037341L", "91110000600037341L"),
        (FieldKind.PROJECT_CODE, "26113502110401123456", "2611-350211-04-01-123456"),
        (FieldKind.CODE, "", Problem("one", "请填写。")),
        (FieldKind.CODE, "1234 5678 9012 3456", Problem("one", "没有这个编号，请对照小票逐位核对。")),
        (FieldKind.NUMBER, "０7", "7"),
        (FieldKind.NUMBER, "13", Problem("one", "请填 {low} 到 {high} 之间的数。", {"low": 1, "high": 12})),
        (FieldKind.NUMBER, "seven", Problem("one", "请填 {low} 到 {high} 之间的数。", {"low": 1, "high": 12})),
        (FieldKind.NAME, " 陈\u202e某\x1b[31m ", "陈某[31m"),
        (FieldKind.WORDS, "①②…", Problem("one", "请填写。")),
        (FieldKind.WORDS, "很" * 13, Problem("one", "最多写 {n} 个字。", {"n": 12})),
        (FieldKind.HALF_DAY, "2026-11-25 am", "2026-11-25 am"),
        (FieldKind.HALF_DAY, "2026-11-24 am", Problem("one", "这个时间约不了，请另选。")),
        (FieldKind.HALF_DAY, "2026-11-28 am", Problem("one", "这个时间约不了，请另选。")),
        (FieldKind.HALF_DAY, "tomorrow", Problem("one", "这个时间约不了，请另选。")),
    ],
)
def test_each_kind_takes_what_belongs_there_and_says_what_does_not(
    kind: FieldKind, typed: str, stands: str | Problem
) -> None:
    assert take(field("one", kind, low=1, high=12, longest=12, ahead=20), typed, {}, NOW) == stands


def test_a_code_from_a_slip_is_taken_with_its_blanks() -> None:
    code = new_code(lambda below: below // 3)
    typed = " ".join(code[place : place + 4] for place in range(0, 16, 4))
    assert take(field("code", FieldKind.CODE), typed, {}, NOW) == code


def test_a_wrong_number_says_which_place() -> None:
    problem = take(field("card", FieldKind.PERSON), "11010519491331002X", {}, NOW)
    assert isinstance(problem, Problem)
    assert problem.values == {"place": 11}


@pytest.mark.parametrize("kind", FieldKind)
def test_only_what_is_optional_may_be_left_out(kind: FieldKind) -> None:
    assert take(field("one", kind, optional=True), " ", {}, NOW) == ""
    assert isinstance(take(field("one", kind), " ", {}, NOW), Problem)


def test_a_form_is_sent_whole_or_not_at_all() -> None:
    said = {"area": "north", "community": "n1", "grade": "good", "phone": "13800000000", "name": ""}
    assert [problem.field for problem in check(ALL, said, NOW)] == ["time"]
    said["time"] = "2026-11-25 pm"
    assert check(ALL, said, NOW) == ()
    assert [problem.field for problem in check(ALL, said | {"reason": "slow"}, NOW)] == ["reason"]
    assert [problem.field for problem in check(ALL, said | {"phone": "138 0000 0000"}, NOW)] == ["phone"]
    assert [problem.field for problem in check(ALL, said | {"strange": "x"}, NOW)] == ["strange"]


# ---- half-days ---------------------------------------------------------------------------------------------------


def test_half_days_begin_tomorrow_and_leave_out_weekends() -> None:
    friday = Moment(datetime.datetime(2026, 11, 27, 23, 0, tzinfo=CHINA), HALL)
    assert [half_day.value for half_day in half_days(TIME, friday)] == [
        "2026-11-30 am",
        "2026-11-30 pm",
        "2026-12-01 am",
    ]


def test_a_certain_weekday_is_offered_with_its_next_date_and_holidays_are_left_out() -> None:
    bank = field("time", FieldKind.HALF_DAY, ahead=2, weekdays=(2,), part=Part.AFTERNOON)
    closed = Moment(TUESDAY, Hall(HALL.name, True, HALL.sessions, 15, (datetime.date(2026, 12, 1),), ()))
    assert half_days(bank, closed) == (
        HalfDay(datetime.date(2026, 12, 8), Part.AFTERNOON),
        HalfDay(datetime.date(2026, 12, 15), Part.AFTERNOON),
    )


def test_a_half_day_without_a_session_is_not_offered() -> None:
    mornings = Moment(TUESDAY, Hall(HALL.name, True, (Session(510, 720),), 15, (), ()))
    assert {half_day.part for half_day in half_days(TIME, mornings)} == {Part.MORNING}


def test_beyond_the_announced_holidays_a_half_day_is_not_certain() -> None:
    later = Moment(datetime.datetime(2031, 3, 3, 9, 0, tzinfo=CHINA), HALL)
    assert not any(half_day.certain for half_day in half_days(TIME, later))


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 1, 1)), st.sampled_from(Part))
def test_a_half_day_reads_back(day: datetime.date, part: Part) -> None:
    half_day = HalfDay(day, part)
    assert read_half_day(half_day.value) == half_day
    assert read_half_day(half_day.value + "x") is None


# ---- any way through ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    field: str
    typed: str


MOVES = st.lists(
    st.builds(
        Move,
        st.sampled_from([field.id for field in ALL.fields]),
        st.sampled_from(
            ["north", "south", "n1", "s1", "good", "poor", "slow", "", "13800000000", "2026-11-25 am", "other:甲"]
        ),
    ),
    max_size=30,
)


@given(MOVES)
def test_however_answers_change_what_is_there_always_belongs_together(moves: list[Move]) -> None:
    said: Mapping[str, str] = {}
    for move in moves:
        wanted = {field.id: field for field in asked(ALL, said)}
        if move.field not in wanted:
            continue
        taken = take(wanted[move.field], move.typed, said, NOW)
        if isinstance(taken, str):
            said = changed(ALL, said, move.field, taken)
        missing = {field.id for field in asked(ALL, said)} - said.keys()
        assert {problem.field for problem in check(ALL, said, NOW)} == {name for name in missing if name != "name"} - {
            "reason"
        }
