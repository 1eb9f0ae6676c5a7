"""For which session a number is, on working days, at night, on holidays and beyond the known calendar."""

import datetime

import pytest

from kiosk.hours import CHINA, Hall, Session, begun, service, working_day
from kiosk.text import Text

MORNING, AFTERNOON = Session(510, 720), Session(900, 1050)


def hall(*, closed: tuple[str, ...] = (), opened: tuple[str, ...] = ()) -> Hall:
    days = datetime.date.fromisoformat
    return Hall(
        Text("厅", "廳", "Hall"),
        True,
        (MORNING, AFTERNOON),
        15,
        tuple(map(days, closed)),
        tuple(map(days, opened)),
    )


def at(moment: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(moment).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "day", "session", "running"),
    [
        ("2026-11-24T09:00", "2026-11-24", MORNING, True),
        ("2026-11-24T08:29", "2026-11-24", MORNING, False),
        ("2026-11-24T08:30", "2026-11-24", MORNING, True),
        ("2026-11-24T11:44", "2026-11-24", MORNING, True),
        ("2026-11-24T11:45", "2026-11-24", AFTERNOON, False),
        ("2026-11-24T17:15", "2026-11-25", MORNING, False),
        ("2026-11-24T23:59", "2026-11-25", MORNING, False),
        ("2026-11-27T18:00", "2026-11-30", MORNING, False),  # Friday evening: Monday
        ("2026-09-30T18:00", "2026-10-08", MORNING, False),  # the National Day holiday
        ("2026-10-10T09:00", "2026-10-10", MORNING, True),  # a Saturday made a working day
    ],
)
def test_the_session_a_number_is_for(moment: str, day: str, session: Session, running: bool) -> None:
    found = service(at(moment), hall())
    assert (found.day.isoformat(), found.session, found.running, found.certain) == (day, session, running, True)


@pytest.mark.parametrize(
    ("moment", "session"),
    [
        ("2026-11-24T08:29", None),
        ("2026-11-24T08:30", MORNING),
        ("2026-11-24T12:30", MORNING),
        ("2026-11-24T15:00", AFTERNOON),
        ("2026-11-24T23:30", AFTERNOON),
        ("2026-11-28T10:00", None),  # a Saturday
    ],
)
def test_the_session_whose_numbers_are_called(moment: str, session: Session | None) -> None:
    found = begun(at(moment), hall())
    assert (found and found.session) == session


def test_the_zone_of_the_machine_does_not_matter() -> None:
    utc = datetime.datetime(2026, 11, 24, 1, 0, tzinfo=datetime.UTC)
    new_york = utc.astimezone(datetime.timezone(datetime.timedelta(hours=-5)))
    assert service(utc, hall()) == service(new_york, hall()) == service(at("2026-11-24T09:00"), hall())


def test_the_bureaus_own_list_overrides_the_calendar() -> None:
    assert service(at("2026-11-24T09:00"), hall(closed=("2026-11-24",))).day.isoformat() == "2026-11-25"
    assert service(at("2026-11-28T09:00"), hall(opened=("2026-11-28",))).day.isoformat() == "2026-11-28"


def test_a_year_that_is_not_announced_goes_by_weekdays_and_says_so() -> None:
    assert working_day(datetime.date(2041, 10, 1), hall()) == (True, False)
    assert working_day(datetime.date(2041, 10, 1), hall(closed=("2041-10-01",))) == (False, True)
    assert not service(at("2041-11-26T09:00"), hall()).certain
    assert not service(at("1970-01-01T09:00"), hall()).certain


def test_a_hall_that_never_opens_is_an_error_and_not_an_endless_search() -> None:
    with pytest.raises(LookupError):
        service(at("2026-11-24T09:00"), Hall(Text("厅", "廳", "Hall"), True, (), 15, (), ()))
