"""QR codes on the screen have the size that the pages are planned for, and say what they should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segno import consts, encoder

from screens.widgets.qr import QUIET, modules, panel_size

TICKET = "https://STATION.EXAMPLE/T/1234567890123456"


def test_a_host_of_sixteen_characters_leaves_25_modules() -> None:
    link = "https://" + "H" * 16 + "/T/1234567890123456"
    assert len(modules(link)) == 25
    assert panel_size(link) == (33, 17)


def test_the_code_is_the_one_that_another_encoder_draws() -> None:
    """The same segments in the same version; which of the eight masks is best may be judged differently."""
    segments = encoder.Segments()
    for text, mode in (
        ("https://", consts.MODE_BYTE),
        ("STATION.EXAMPLE/T/", consts.MODE_ALPHANUMERIC),
        ("1234567890123456", consts.MODE_NUMERIC),
    ):
        segments.add_segment(encoder.make_segment(text, mode))
    version = encoder.find_version(segments, consts.ERROR_LEVEL_L, eci=False, micro=False)
    drawn = [
        encoder._encode(segments, consts.ERROR_LEVEL_L, version, mask, eci=False, boost_error=False).matrix
        for mask in range(8)
    ]
    assert modules(TICKET) in [tuple(tuple(map(bool, row)) for row in matrix) for matrix in drawn]


@given(st.from_regex(r"https://[A-Z0-9.]{4,25}/[TG]/[A-Z0-9]{2,20}", fullmatch=True))
def test_every_address_of_the_station_fits_a_page_of_its_own(link: str) -> None:
    width, rows = panel_size(link)
    assert width <= 80
    assert rows <= 22
    assert width == len(modules(link)) + 2 * QUIET


@pytest.mark.parametrize(
    "link", ["http://A.B/T/1", "https://a.b/T/1", "https://A.B/T/1\n", "", "https://A.B/T/1?x=[/]"]
)
def test_only_addresses_of_the_station_become_codes(link: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        modules(link)
