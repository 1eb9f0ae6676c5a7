"""Requests after they are sent: nothing personal on paper or in the open, and states that only go onward."""

import datetime
import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.forms import OTHER, Field, FieldKind, Form, Moment, check, half_days, next_field, options
from kiosk.hours import CHINA
from kiosk.requests import (
    BY_STAFF,
    STATE_WORDS,
    Say,
    Seen,
    State,
    half_day_words,
    lines,
    may_become,
    parted,
    shown,
    takes_personal_data,
)
from kiosk.text import Language, Text, ambiguous
from kiosk.wording import Wording

RELEASE = read_release(paths.release_dir() / "catalog.msgpack")
WORDING = Wording(paths.release_dir())
NOW = Moment(datetime.datetime(2026, 11, 24, 9, 0, tzinfo=CHINA), RELEASE.hall)
FORMS = {form.id: form for form in RELEASE.requests}
TYPED = {
    FieldKind.PHONE: "13800001234",
    FieldKind.PERSON: "11010519491231002X",
    FieldKind.CREDIT_CODE: "91110000600037341L",
    FieldKind.PROJECT_CODE: "2611-350211-04-01-123456",
    FieldKind.NAME: "陈某某",
    FieldKind.WORDS: "我家门口的路灯坏了",
    FieldKind.NUMBER: "1",
}


def say_in(language: Language) -> Say:
    return lambda sentence, /, **values: WORDING.say(language, sentence, **values)


def answer(field: Field, answers: dict[str, str], pick: int) -> str:
    """Return something that can stand in `field`, the one or the other by `pick`."""
    if field.kind is FieldKind.HALF_DAY:
        offered = half_days(field, NOW)
        return offered[pick % len(offered)].value
    if field.kind is FieldKind.CHOICE:
        offers = options(field, answers)
        return offers[pick % len(offers)].id if offers else f"{OTHER}样例社区"
    return TYPED[field.kind]


def filled_in(form: Form, pick: int = 0) -> dict[str, str]:
    answers: dict[str, str] = {}
    while field := next_field(form, answers):
        answers[field.id] = answer(field, answers, pick)
    return answers


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("pick", [0, 1, -1])
def test_every_request_can_be_filled_in_to_its_end(name: str, pick: int) -> None:
    assert check(FORMS[name], filled_in(FORMS[name], pick), NOW) == ()


@pytest.mark.parametrize("name", FORMS)
def test_nothing_that_was_typed_stands_whole_on_paper_or_is_read_back(name: str) -> None:
    form = FORMS[name]
    answers = filled_in(form)
    secret = [answers[field.id].removeprefix(OTHER) for field in form.fields if field.personal and field.id in answers]
    for language, seen in itertools.product(Language, (Seen.PAPER, Seen.BACK)):
        told = " ".join(value for _, value in lines(form, answers, language, say_in(language), seen))
        assert not [one for one in secret if one in told]
    checked = " ".join(value for _, value in lines(form, answers, Language.HANS, say_in(Language.HANS), Seen.CHECK))
    assert all(one in checked for one in secret)


@pytest.mark.parametrize("name", FORMS)
def test_personal_answers_are_parted_from_the_open_ones(name: str) -> None:
    form = FORMS[name]
    answers = filled_in(form)
    parts = parted(form, answers)
    assert parts.open.keys() | parts.personal.keys() == answers.keys()
    for field in form.fields:
        if field.kind in {FieldKind.PHONE, FieldKind.NAME, FieldKind.WORDS}:
            assert field.id in parts.personal
    assert not any(value.startswith(OTHER) for value in parts.open.values())
    assert takes_personal_data(form) is bool(parts.personal)


def test_a_rating_holds_nothing_personal_and_asks_a_reason_for_the_two_bad_grades_alone() -> None:
    rating = FORMS["rating"]
    grades = [option.id for option in rating.field("grade").options]
    assert len(grades) == 5
    asking = [grade for grade in grades if next_field(rating, {"grade": grade}) is not None]
    assert asking == grades[-2:]
    assert rating.field("reason").optional
    assert not takes_personal_data(rating)


def test_a_left_out_answer_is_read_back_as_left_out_and_not_sent() -> None:
    form = FORMS["home-visit"]
    answers = filled_in(form) | {"name": ""}
    told = dict(lines(form, answers, Language.HANS, say_in(Language.HANS), Seen.CHECK))
    assert told["姓名"] == "没有填"
    assert "name" not in parted(form, answers).personal


def test_what_is_read_back_speaks_three_languages() -> None:
    form = FORMS["home-visit"]
    answers = filled_in(form)
    told = {language: lines(form, answers, language, say_in(language), Seen.PAPER) for language in Language}
    assert ("Time", "Wed 25 November, morning") in told[Language.EN]
    assert ("时间", "11月25日（周三）上午") in told[Language.HANS]
    assert all(label.isascii() and value.isascii() for label, value in told[Language.EN] if label != "Name")
    assert not any(ambiguous(label + value) for said in told.values() for label, value in said)
    assert half_day_words("whenever", say_in(Language.HANS)) == "没有填"


@given(st.sampled_from(FieldKind), st.text(min_size=1, max_size=60), st.sampled_from([Seen.BACK, Seen.PAPER]))
def test_whatever_stands_in_a_personal_field_is_never_shown_whole(kind: FieldKind, value: str, seen: Seen) -> None:
    # What looks like the mask itself, or like the words that stand for an answer, tells nothing.
    assume(set(value) != {"*"} and value not in "已填写没有填")
    word = Text("x", "x", "x")
    field = Field(id="one", kind=kind, question=word, label=word, personal=True)
    told = shown(field, value, Language.HANS, say_in(Language.HANS), seen)
    assert told != value
    assert value not in told or len(value) == 1


def test_a_request_is_never_as_if_nobody_had_seen_it_again_and_ends_once() -> None:
    for before, after in itertools.product(State, State):
        assert may_become(before, after) is (not before.over and after is not State.RECEIVED)
    assert {state for state in State if state.over} == {State.DONE, State.REFUSED, State.CANCELLED}
    assert set(BY_STAFF) == set(State) - {State.RECEIVED, State.CANCELLED}
    assert set(STATE_WORDS) == set(State)
    assert all(WORDING.say(Language.EN, words).isascii() for words in STATE_WORDS.values())
