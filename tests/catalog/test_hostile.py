"""Files that no clerk would write: the check answers with lines, whatever they hold."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.catalog.check import check
from kiosk.catalog.origin import Origin, parse

LINES = (Path(__file__).resolve().parents[2] / "data/cycles/veteran.toml").read_text("utf-8").splitlines()
VALUES = st.sampled_from(
    [
        "1", "-1", "1e400", "nan", "true", "[]", "[[]]", "{}", "{id = 1}", '""', '"x"', '["x"]', '[""]', "[1, 'a']",
        "2027-01-01", "07:32:00", "1979-05-27T07:32:00Z", '"\\u0000"', '"\\u001b[2J"', '"[/]"', "'''a\n[b]\nc = 1'''",
        '"' + "长" * 400 + '"',
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one cycle; what is missing is reported as well."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "cycles").mkdir()
    (folder / "channels").mkdir()
    return folder


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """A cycle's file with a few lines dropped, doubled, moved, or given another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(lines) - 1))
        deed = draw(st.sampled_from(["drop", "double", "move", "value", "key"]))
        line = lines[place]
        if deed == "drop":
            del lines[place]
        elif deed == "double":
            lines.insert(place, line)
        elif deed == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
        elif "=" in line and deed == "value":
            lines[place] = line.split("=")[0] + "= " + draw(VALUES)
        elif "=" in line:
            lines[place] = (
                draw(st.sampled_from(["id", "adds", "matter", "x", '"a b"', "a.b"])) + " =" + line.split("=", 1)[1]
            )
    return "\n".join(lines)


@given(text=spoiled())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_spoiled_file_is_answered_with_lines(text: str, folder: Path) -> None:
    (folder / "cycles/veteran.toml").write_text(text, "utf-8")
    for mistake in check(folder).mistakes:
        line = str(mistake)
        assert line.isprintable()
        assert mistake.file and mistake.wrong and mistake.allowed
        assert 0 <= mistake.line <= text.count("\n") + 1


@given(content=st.binary(max_size=400))
@settings(max_examples=80, deadline=None)
def test_bytes_of_any_kind_are_answered_with_lines(content: bytes, folder: Path) -> None:
    (folder / "cycles/veteran.toml").write_bytes(content)
    assert check(folder).mistakes


@given(text=st.text(alphabet=string.ascii_letters + "[]{}=\"'.\n# 1", max_size=120))
@settings(max_examples=300, deadline=None)
def test_every_key_of_a_file_that_parses_has_a_line(text: str) -> None:
    origin = parse("x.toml", text)
    if isinstance(origin, Origin):
        for key in origin.tables:
            assert 0 <= origin.line((key,)) <= text.count("\n") + 1
