"""The slip of an appointment: whole on every paper, in every language, and honest about what it is not."""

import datetime

import pytest

from kiosk import paths, slips
from kiosk.documents import Code, Row, layout
from kiosk.hours import CHINA
from kiosk.text import Language, Text
from kiosk.wording import Wording

WORDING = Wording(paths.release_dir())
CODE = "7184059362718405"
HALL = Text("集美区政务服务中心", "集美區政務服務中心", "Jimei Government Service Centre")


def rows_of(language: Language, columns: int, *, certain: bool = True, changed: bool = False) -> str:
    """The slip's text without blanks."""
    facts = slips.AppointmentFacts(
        name=Text("银行服务点", "銀行服務點", "Bank service point"),
        day=datetime.date(2026, 12, 1),
        session="15:00-17:30",
        certain=certain,
        changed=changed,
        code=CODE,
        station="07",
        station_name=Text("集美区24小时e政务便民服务站", "集美區24小時e政務便民服務站", "Jimei Station"),
        hall=HALL,
        made=datetime.datetime(2026, 11, 24, 9, 0, tzinfo=CHINA),
        qr=f"https://STATION.EXAMPLE/T/{CODE}",
    )
    document = slips.appointment(WORDING, language, facts)
    assert [block.data for block in document.blocks if isinstance(block, Code)] == [facts.qr]
    rows = [row.text for row in layout(document, columns) if isinstance(row, Row)]
    return "".join("".join(rows).split())


@pytest.mark.parametrize("columns", [24, 32, 42, 48])
@pytest.mark.parametrize("language", list(Language))
def test_it_says_what_when_where_and_by_which_code_it_is_changed(language: Language, columns: int) -> None:
    text = rows_of(language, columns)
    where = WORDING.say(language, "请带好材料，按时到{hall}窗口出示小票", hall=HALL.in_(language))
    how = WORDING.say(language, "要改时间或取消，到{station}号站输入编号", station="07")
    for said in (CODE, "15:00-17:30", where, how):
        assert "".join(said.split()) in text


@pytest.mark.parametrize("language", list(Language))
def test_a_changed_one_voids_those_before_and_an_uncertain_day_is_called_so(language: Language) -> None:
    void, doubt = (
        "".join(WORDING.say(language, said).split()) for said in ("以前的预约单不算了", "日期以大厅公告为准")
    )
    plain, other = rows_of(language, 32), rows_of(language, 32, certain=False, changed=True)
    assert (void in plain, doubt in plain) == (False, False)
    assert (void in other, doubt in other) == (True, True)
