"""The signed QR code of a ticket, and the key file behind it."""

import datetime
from pathlib import Path

import pytest

from kiosk.keys import (
    Claim,
    KeyFileError,
    StationKey,
    open_station_key,
    read_code,
    read_short_link,
    read_ticket_link,
    ticket_link,
    verify,
)
from kiosk.tickets import grouped, new_code

CLAIM = Claim(new_code(lambda below: 123456), "07", 0xDEADBEEF, 12, datetime.date(2026, 11, 25), "A", 1012)


@pytest.fixture(scope="module")
def key() -> StationKey:
    return StationKey.throw_away()


def read(key: StationKey, link: str) -> Claim | None:
    return read_ticket_link(link, lambda station, message, signature: verify(key.public, message, signature))


def test_a_window_reads_the_ticket_from_its_qr_code_with_no_network(key: StationKey) -> None:
    assert read(key, ticket_link("station.example", CLAIM, key.sign)) == CLAIM


def test_the_link_is_capitals_and_digits_and_fits_the_paper(key: StationKey) -> None:
    link = ticket_link("x" * 22 + ".cn", CLAIM, key.sign)
    assert len(link) == 180
    assert link.removeprefix("https://").upper() == link.removeprefix("https://")
    assert link.isascii()


def test_any_altered_character_is_noticed(key: StationKey) -> None:
    link = ticket_link("a.cn", CLAIM, key.sign)
    start = link.index("/T/") + 3
    for place in range(start, len(link)):
        other = "7" if link[place] != "7" else "6"
        altered = link[:place] + other + link[place + 1 :]
        found = read(key, altered)
        # The last base32 character carries one bit that counts; its other bits say nothing.
        assert found is None or (place == len(link) - 1 and found == CLAIM)


@pytest.mark.parametrize("link", ["", "https://a.cn/T/1/2", "https://a.cn/T/" + CLAIM.code + "/0189", "x" * 9999])
def test_other_strings_are_no_ticket(key: StationKey, link: str) -> None:
    assert read(key, link) is None


@pytest.mark.parametrize(
    "spelled",
    [
        CLAIM.code,
        grouped(CLAIM.code),
        f" {grouped(CLAIM.code).replace(' ', '-')}\t",
        grouped(CLAIM.code).replace(" ", "\u2014"),
        "".join(chr(ord(digit) + 0xFEE0) for digit in CLAIM.code),
        "\u3000".join(chr(ord(digit) + 0xFEE0) for digit in CLAIM.code),
    ],
)
def test_a_code_counts_however_it_is_typed_also_in_its_link(spelled: str) -> None:
    assert read_code(spelled) == CLAIM.code
    assert read_short_link(spelled, ()) == CLAIM.code
    assert read_short_link(f"https://STATION.EXAMPLE/T/{spelled}", ("station.example",)) == CLAIM.code


@pytest.mark.parametrize(
    "typed", ["", " ", "-", CLAIM.code[:-1], CLAIM.code + "0", f"{int(CLAIM.code) + 1:016d}", "１" * 16]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
    assert read_short_link(typed, ("station.example",)) is None


@pytest.mark.parametrize(
    "link",
    [
        "http://station.example/T/{}",
        "https://evil.example/T/{}",
        "https://station.example/G/{}",
        "//station.example/T/{}",
    ],
)
def test_another_link_with_a_code_in_it_is_not_ours(link: str) -> None:
    assert read_short_link(link.format(CLAIM.code), ("station.example",)) is None


def test_another_stations_key_does_not_pass(key: StationKey) -> None:
    assert read(StationKey.throw_away(), ticket_link("a.cn", CLAIM, key.sign)) is None


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = open_station_key(tmp_path / "keys")
    assert open_station_key(tmp_path / "keys").public == first.public
    assert (tmp_path / "keys" / "station.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_a_key_file_that_is_open_to_others_or_damaged_is_refused(tmp_path: Path) -> None:
    open_station_key(tmp_path)
    file = tmp_path / "station.key"
    file.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        open_station_key(tmp_path)
    file.chmod(0o600)
    file.write_text("not a key")
    with pytest.raises(KeyFileError, match="is not a station key"):
        open_station_key(tmp_path)
    file.write_text("00ff")
    with pytest.raises(KeyFileError, match="is not a station key"):
        open_station_key(tmp_path)
