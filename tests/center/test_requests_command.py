"""`kiosk center requests`: what a person at the center's desk sees and does."""

import contextlib
import datetime
import json
import os
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from center.authority import SEALING, SEALING_KEY, make, raw_key
from center.folder import database_path, keys_dir
from center.kept import Enrolled
from center.sqlite_store import SqliteStore
from kiosk.cli import main
from kiosk.forms import OTHER
from tests.center.stores import KEY, Kept, rows_of
from tests.center.test_requests import CODE, OTHER_CODE, PHONE, bring, made

TYPED = "1234 5678 9012 3459"
PERSONAL = {"phone": PHONE, "name": "样例", "community": OTHER + "样例社区"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A center with two requests, one of them for a home visit."""
    make(keys_dir(tmp_path), "localhost", datetime.datetime.now(datetime.UTC))
    path = database_path(tmp_path)
    one = Kept(lambda: SqliteStore(path), lambda statement: rows_of(path, statement))
    one.do(one.store.enrol(Enrolled("07", KEY.public, 1)))
    public = raw_key(keys_dir(tmp_path) / SEALING)
    helper = {"code": OTHER_CODE, "form": "project-helper", "answers": {"stage": "completion"}}
    bring(one, [made(1, PERSONAL, public=public), made(2, {"phone": PHONE}, public=public, **helper)])
    one.close()
    return tmp_path


def kiosk(folder: Path, *words: str) -> int:
    return main(["center", "requests", *words, "--folder", str(folder)])


def test_the_list_names_kind_state_place_and_time_and_nobody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kiosk(folder, "list") == 0
    first, second = capsys.readouterr().out.splitlines()
    for said in (TYPED, "预约上门办理", "received", "灌口镇", "11月25日（周三）上午"):
        assert said in first
    assert "请帮办专员" in second
    for secret in PERSONAL.values():
        assert secret.removeprefix(OTHER) not in first + second
    assert kiosk(folder, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["kind"], one["place"]) for one in listed] == [
        (CODE, "home-visit", "灌口镇"),
        (OTHER_CODE, "project-helper", ""),
    ]


@pytest.mark.parametrize(
    ("words", "many"),
    [
        (["--kind", "home-visit"], 1),
        (["--kind", "rating"], 0),
        (["--place", "灌口"], 1),
        (["--place", "guankou"], 1),
        (["--place", "样例社区"], 1),
        (["--place", "后溪"], 0),
    ],
)
def test_staff_finds_the_visits_of_a_place(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], many: int
) -> None:
    assert kiosk(folder, "list", "--json", *words) == 0
    assert len(json.loads(capsys.readouterr().out)) == many


def test_show_opens_what_was_sealed_and_without_the_key_says_where_it_must_be(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kiosk(folder, "show", TYPED) == 0
    shown = capsys.readouterr().out
    for said in (f"电话: {PHONE}", "姓名: 样例", "社区（村）: 样例社区", "街道或镇: 灌口镇"):
        assert said in shown
    key = keys_dir(folder) / SEALING_KEY
    stick = tmp_path / "stick.key"
    key.rename(stick)
    assert kiosk(folder, "show", CODE) == os.EX_NOINPUT
    told = capsys.readouterr()
    assert "灌口镇" in told.out
    assert PHONE not in told.out
    assert str(key) in told.err
    assert told.err.count("\n") == 1
    assert kiosk(folder, "show", CODE, "--key", str(stick)) == 0
    assert PHONE in capsys.readouterr().out
    stick.write_text("ab" * 32)
    assert kiosk(folder, "show", CODE, "--key", str(stick)) == os.EX_DATAERR
    assert "sealed for another key" in capsys.readouterr().err


def test_an_answer_is_in_the_history_with_its_desk_and_the_last_one_erases(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kiosk(folder, "answer", TYPED, "waiting", "--words", "请带身份证", "--by", "爱心帮办") == 0
    assert kiosk(folder, "answer", TYPED, "done") == 0
    assert "personal data is erased" in capsys.readouterr().out
    assert kiosk(folder, "show", CODE) == 0
    shown = capsys.readouterr().out
    assert "waiting 请带身份证 (爱心帮办)" in shown
    assert "no personal data is kept" in shown
    assert PHONE not in shown
    assert kiosk(folder, "list") == 0
    assert TYPED not in capsys.readouterr().out
    assert kiosk(folder, "list", "--all") == 0
    assert TYPED in capsys.readouterr().out
    assert kiosk(folder, "answer", TYPED, "taken-on") == os.EX_DATAERR
    told = capsys.readouterr().err
    assert "is done since" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show", "1234"], os.EX_USAGE, "16 digits"),
        (["show", "0000000000000038"], os.EX_USAGE, "16 digits"),
        (["show", "0000000000000106"], os.EX_DATAERR, "no request with this code"),
        (["answer", CODE, "taken-on", "--words", f"请打{PHONE}"], os.EX_DATAERR, "long number"),
        (["answer", CODE, "taken-on", "--by", "很长的名字" * 9], os.EX_DATAERR, "20 characters"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert kiosk(folder, *words) == code
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert kiosk(folder, "list", "--json") == 0
    assert [one["state"] for one in json.loads(capsys.readouterr().out)] == ["received", "received"]


def test_ratings_are_counted_by_grade_and_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["center", "ratings", "--folder", str(folder)]) == 0
    assert "nothing was rated" in capsys.readouterr().out
    with contextlib.closing(sqlite3.connect(database_path(folder))) as db, db:
        for code, grade, reason in ((CODE, "poor", "slow"), (OTHER_CODE, "very-good", "")):
            db.execute("INSERT INTO rating VALUES ('07', ?, 1, ?, ?, 5)", (code, grade, reason))
    assert main(["center", "ratings", "--folder", str(folder)]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["1", "不满意", "办得慢"],
        ["1", "非常满意"],
    ]


@pytest.mark.parametrize("state", ["received", "cancelled", "finished"])
def test_a_state_that_staff_cannot_give_is_answered_with_those_that_they_can(
    folder: Path, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        kiosk(folder, "answer", CODE, state)
    assert ended.value.code == os.EX_USAGE
    told = capsys.readouterr().err
    assert "'taken-on', 'waiting', 'done', 'refused'" in told
    assert told.count("\n") == 1
