"""What the center knows of a station's numbers keeps a journal that came back from a backup from giving them again."""

from collections.abc import Callable
from pathlib import Path

from kiosk.documents import Document
from kiosk.journal.reserve import BLOCK, prepare
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.tickets import Ticket

NOW = 1_795_500_000_000
TODAY = "2026-11-24"
MakeRequest = Callable[..., Request]
Compose = Callable[[Ticket, str, int], Document]


def test_what_the_center_has_from_this_journal_changes_nothing(
    journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    for visit in range(3):
        journal.issue(request_for(visit), slip)
    journal.learn_numbers({(TODAY, "A"): 3}, NOW)
    assert (journal.issue(request_for(9), slip)[0].running, journal.seq) == (4, 4)


def test_a_center_that_knows_more_raises_all_numbers_of_these_days_once(
    journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    journal.issue(request_for(1), slip)
    journal.issue(request_for(2, theme="B"), slip)
    told = {(TODAY, "A"): 57, (TODAY, "B"): 1}
    for _ in range(2):
        journal.learn_numbers(told, NOW)
    assert journal.issue(request_for(3), slip)[0].running == 57 + BLOCK + 1
    assert journal.issue(request_for(4, theme="B"), slip)[0].running == 1 + BLOCK + 1
    assert journal.issue(request_for(5, theme="C"), slip)[0].running == BLOCK + 1
    assert journal.issue(request_for(6, day="2027-01-30"), slip)[0].running == 1
    assert journal.seq == 2 + 1 + 4


def test_a_station_that_lost_everything_need_not_go_on_from_500_when_the_center_can_tell(
    tmp_path: Path, request_for: MakeRequest, slip: Compose
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "station.key").write_text("")
    journal = Journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(1, theme="B"), slip)[0].running == 500
    journal.learn_numbers({(TODAY, "A"): 57, (TODAY, "B"): 500}, NOW)
    assert journal.issue(request_for(2), slip)[0].running == 57 + BLOCK + 1
    assert journal.issue(request_for(3, theme="B"), slip)[0].running == 501
    assert journal.issue(request_for(4, theme="C"), slip)[0].running == BLOCK + 1
    journal.close()
    again = Journal(tmp_path, "07", NOW)
    assert again.issue(request_for(5, theme="D"), slip)[0].running == BLOCK + 1
    again.close()


def test_a_new_machine_that_gets_its_key_before_its_first_start_begins_with_one(
    tmp_path: Path, request_for: MakeRequest, slip: Compose
) -> None:
    prepare(tmp_path, {})
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "station.key").write_text("")
    prepare(tmp_path, {(TODAY, "B"): 9})
    journal = Journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(1), slip)[0].running == 1
    assert journal.issue(request_for(2, theme="B"), slip)[0].running == 9 + BLOCK + 1
    journal.close()
